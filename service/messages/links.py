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
        self._unsubscribe_key = hmac.digest(secret_key, b"unsubscribe links", hashlib.sha256)
        self.public_url = public_url.rstrip("/")

    def token(self, measurement_id: uuid.UUID) -> str:
        """The token of this measurement; always the same."""
        return _token(self._key, measurement_id)

    def url(self, measurement_id: uuid.UUID) -> str:
        """The address a participant opens."""
        return f"{self.public_url}/v/{self.token(measurement_id)}"

    def unsubscribe_token(self, measurement_id: uuid.UUID) -> str:
        """The token that ends e-mail to this person. It opens no questions, and `token` ends no mail."""
        return _token(self._unsubscribe_key, measurement_id)

    def unsubscribe_url(self, measurement_id: uuid.UUID) -> str:
        """The address in the foot of a mail and in its List-Unsubscribe header: GET shows a button, POST does it."""
        return f"{self.public_url}/u/{self.unsubscribe_token(measurement_id)}"

    @staticmethod
    def digest(token: str) -> bytes:
        """What is stored and looked up."""
        return hashlib.sha256(token.encode()).digest()


def _token(key: bytes, measurement_id: uuid.UUID) -> str:
    raw = hmac.digest(key, measurement_id.bytes, hashlib.sha256)[:TOKEN_BYTES]
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
