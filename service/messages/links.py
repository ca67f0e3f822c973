"""Personal links: derived, so that a reminder repeats the same one; only their digest is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import uuid

TOKEN_BYTES = 16


class Links:
    """Makes the personal link of a measurement: 128 bits by HMAC, 22 characters."""

    def __init__(self, secret_key: bytes, public_url: str) -> None:
        self._key = hmac.digest(secret_key, b"personal links", hashlib.sha256)
        self.public_url = public_url.rstrip("/")

    def token(self, measurement_id: uuid.UUID) -> str:
        """The token of this measurement; always the same."""
        raw = hmac.digest(self._key, measurement_id.bytes, hashlib.sha256)[:TOKEN_BYTES]
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def url(self, measurement_id: uuid.UUID) -> str:
        """The address a participant opens."""
        return f"{self.public_url}/v/{self.token(measurement_id)}"

    @staticmethod
    def digest(token: str) -> bytes:
        """What is stored and looked up."""
        return hashlib.sha256(token.encode()).digest()
