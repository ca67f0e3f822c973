"""Personal links: derived, so that a reminder repeats the same one; only their digest is kept."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import uuid
from datetime import datetime, timedelta

from service.messages.paper_codes import make_code

TOKEN_BYTES = 16

#: How long a person may go on on their own page before they must say again who they are; every step begins it anew.
PASS_LIVES = timedelta(minutes=15)

#: What mail programs and telephones put inside an address that was broken over two lines.
UNSEEN = re.compile(r"[\s\u00ad\u200b-\u200f\u2060\ufeff]+")
#: A token, after a bracket or quotation mark that came along. It has one length: whatever follows is not part of it.
TOKEN = re.compile(r"[^A-Za-z0-9_-]*([A-Za-z0-9_-]{22})")


class Links:
    """Makes the personal link of a measurement: 128 bits by HMAC, 22 characters."""

    def __init__(self, secret_key: bytes, public_url: str) -> None:
        self._key = hmac.digest(secret_key, b"personal links", hashlib.sha256)
        self._own_key = hmac.digest(secret_key, b"own pages", hashlib.sha256)
        self._pass_key = hmac.digest(secret_key, b"passes to own pages", hashlib.sha256)
        self._paper_key = hmac.digest(secret_key, b"paper forms", hashlib.sha256)
        self.public_url = public_url.rstrip("/")

    def token(self, measurement_id: uuid.UUID, version: int = 0) -> str:
        """The token of this measurement; always the same, until a new version ends it."""
        about = measurement_id.bytes + (b"|%d" % version if version else b"")
        raw = hmac.digest(self._key, about, hashlib.sha256)[:TOKEN_BYTES]
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def url(self, measurement_id: uuid.UUID, version: int = 0) -> str:
        """The address a participant opens."""
        return f"{self.public_url}/v/{self.token(measurement_id, version)}"

    def own_token(self, participant_id: uuid.UUID, version: int) -> str:
        """The token of a person's own page. A new version is another token: the one before it opens nothing more."""
        raw = hmac.digest(self._own_key, participant_id.bytes + b"|%d" % version, hashlib.sha256)[:TOKEN_BYTES]
        return base64.urlsafe_b64encode(raw).decode().rstrip("=")

    def own_url(self, participant_id: uuid.UUID, version: int) -> str:
        """The address of a person's own page."""
        return f"{self.public_url}/mijn/{self.own_token(participant_id, version)}"

    def own_pass(self, token: str, now: datetime) -> str:
        """What a form carries after the person said who they are: for the page with this token, and not for long."""
        return self._pass(token, int((now + PASS_LIVES).timestamp()))

    def passes(self, written: str, token: str, now: datetime) -> bool:
        """Whether this pass was made here, for the page with this token, and still counts."""
        until = written.partition(".")[0]
        if not (until.isascii() and until.isdigit() and len(until) <= 12) or int(until) <= now.timestamp():
            return False
        return hmac.compare_digest(self._pass(token, int(until)).encode(), written.encode())

    def _pass(self, token: str, until: int) -> str:
        raw = hmac.digest(self._pass_key, f"{token}|{until}".encode(), hashlib.sha256)[:TOKEN_BYTES]
        return f"{until}.{base64.urlsafe_b64encode(raw).decode().rstrip('=')}"

    @staticmethod
    def digest(token: str) -> bytes:
        """What is stored and looked up."""
        return hashlib.sha256(token.encode()).digest()

    @staticmethod
    def mend(written: str) -> str | None:
        """The token in what was taken over from a message, with a full stop, a bracket or a space; None without one."""
        found = TOKEN.match(UNSEEN.sub("", written))
        return None if found is None else found[1]

    def paper_code(self, measurement_id: uuid.UUID, turn: int) -> str:
        """The code on the paper form of this measurement; another `turn` when another form has this code already."""
        return make_code(hmac.digest(self._paper_key, measurement_id.bytes + bytes([turn]), hashlib.sha256))

    def paper_digest(self, org_id: uuid.UUID, code: str) -> bytes:
        """What is stored and looked up of such a code; another one in each organisation."""
        return hmac.digest(self._paper_key, org_id.bytes + code.encode(), hashlib.sha256)
