"""Field encryption and keyed look-up for contact details (DESIGN rule 8)."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import uuid
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE_BYTES = 12


class Unreadable(Exception):
    """A field cannot be decrypted: the key is gone, or the value was moved to another row."""


class Vault:
    """AES-256-GCM per field, bound to organisation, subject and field; the key id stands before the value.

    `keys` maps key id -> 32 bytes; the first one encrypts. `lookup_key` never rotates with them.
    """

    def __init__(self, keys: Mapping[str, bytes], lookup_key: bytes) -> None:
        if not keys:
            raise ValueError("The vault needs at least one contact key.")
        self._ciphers = {key_id: AESGCM(key) for key_id, key in keys.items()}
        self._current = next(iter(keys))
        self._lookup_key = lookup_key

    def encrypt(self, value: str, org_id: uuid.UUID, subject: str, field: str) -> str:
        """The value as text that can be stored: `keyid:base64(nonce + ciphertext)`."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = self._ciphers[self._current].encrypt(nonce, value.encode(), self._bound(org_id, subject, field))
        return f"{self._current}:{base64.b64encode(nonce + sealed).decode()}"

    def decrypt(self, stored: str, org_id: uuid.UUID, subject: str, field: str) -> str:
        """The value again. Raises Unreadable."""
        key_id, _, body = stored.partition(":")
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise Unreadable(f"The contact key {key_id!r} is not among CONTACT_KEYS.")
        raw = base64.b64decode(body)
        try:
            return cipher.decrypt(raw[:NONCE_BYTES], raw[NONCE_BYTES:], self._bound(org_id, subject, field)).decode()
        except InvalidTag as error:
            raise Unreadable(f"The field {field!r} cannot be read with contact key {key_id!r}.") from error

    def lookup(self, value: str) -> bytes:
        """The keyed hash by which an address or a name is found again; the same for every organisation."""
        return hmac.digest(self._lookup_key, value.strip().casefold().encode(), hashlib.sha256)

    @staticmethod
    def _bound(org_id: uuid.UUID, subject: str, field: str) -> bytes:
        return f"{org_id}|{subject}|{field}".encode()
