"""SMS through Twilio: sending and looking up by its SDK, and reading what it posts to us."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from types import MappingProxyType
from typing import Final

from requests import RequestException, Session
from requests.adapters import HTTPAdapter
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client
from urllib3.exceptions import HTTPError

from service.channels.base import (
    Accepted,
    Forged,
    Incoming,
    Malformed,
    Outcome,
    Outgoing,
    Receipt,
    Rejected,
    Throttled,
    Unknown,
)

PROVIDER: Final = "twilio"
REPLY_PATH: Final = "/webhooks/twilio/sms"
RECEIPT_PATH: Final = "/webhooks/twilio/status"
PROVIDER_HOST: Final = "https://api.twilio.com"
CONNECT_SECONDS: Final = 3.05
READ_SECONDS: Final = 10.0
MOST_MATCHES: Final = 200

# https://www.twilio.com/docs/api/errors; an answer with any other code and status 4xx is a refusal of this one message.
OPTED_OUT: Final = frozenset({21610})
BAD_ADDRESS: Final = frozenset({21211, 21214, 21217, 21614, 21635, 30005, 30006})
# Trouble of our account, not of this message: it was not taken, and may go once the trouble is over.
NOT_NOW: Final = frozenset({20003, 20005, 20404, 20429, 21611, 30001, 30002, 63038})

STATUS: Final[Mapping[str, str | None]] = MappingProxyType({
    "queued": None,
    "accepted": None,
    "scheduled": None,
    "sending": None,
    "sent": "sent",
    "delivered": "delivered",
    "read": "delivered",
    "undelivered": "undelivered",
    "failed": "failed",
    "canceled": "failed",
})  # fmt: skip

# The signature has no separators: only fields of a fixed form keep one field from swallowing the next.
FORM: Final[Mapping[str, re.Pattern[str]]] = MappingProxyType({
    "MessageSid": re.compile(r"[A-Z]{2}[0-9a-f]{32}"),
    "From": re.compile(r"\+?[0-9]{3,15}"),
    "To": re.compile(r"\+?[0-9]{3,15}"),
    "MessageStatus": re.compile(r"[a-z_]{3,20}"),
    "ErrorCode": re.compile(r"[0-9]{0,6}"),
})  # fmt: skip

# What the network, the SDK and an unreadable answer may raise.
FAULTS: Final = (RequestException, TwilioException, HTTPError, OSError, ValueError, TypeError, AttributeError, KeyError)


class ProviderClient(HttpClient):  # type: ignore[misc]  # the SDK has no types
    """The SDK's way to the network: one pool for all threads, explicit time-outs, no retries; another host if asked."""

    def __init__(self, api_url: str | None, timeouts: tuple[float, float]) -> None:
        super().__init__(logging.getLogger("twilio.http_client"), False)
        self.base = (api_url or PROVIDER_HOST).rstrip("/")
        self.timeouts = timeouts
        self.session = Session()
        self.session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self.session.mount(scheme, HTTPAdapter(pool_maxsize=32, max_retries=0))

    def request(
        self,
        method: str,
        uri: str,
        *,
        params: dict[str, object] | None = None,
        data: dict[str, object] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ARG002 - the SDK's form; ours are set once
        allow_redirects: bool = False,
    ) -> Response:
        """Make one request, once."""
        answer = self.session.request(
            method.upper(),
            self.base + uri.removeprefix(PROVIDER_HOST),
            params=params,  # type: ignore[arg-type]
            data=data,
            headers=headers,
            auth=auth,
            timeout=self.timeouts,
            allow_redirects=allow_redirects,
        )
        return Response(answer.status_code, answer.text, answer.headers)


class TwilioChannel:
    """Sends SMS. `sender` is our number (+31...) or a messaging service (MG...). Safe to share between threads."""

    name = "sms"

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        sender: str,
        api_url: str | None,
        public_url: str,
        *,
        timeouts: tuple[float, float] = (CONNECT_SECONDS, READ_SECONDS),
    ) -> None:
        # The SDK logs addresses and numbers at INFO, urllib3 at DEBUG: ours are not to be found in any log.
        for logger in ("twilio", "twilio.http_client", "urllib3"):
            logging.getLogger(logger).setLevel(logging.WARNING)
        self.client = Client(account_sid, auth_token, http_client=ProviderClient(api_url, timeouts))
        service = sender.startswith("MG")
        self.sender = {"messaging_service_sid": sender} if service else {"from_": sender}
        self.callback = public_url.rstrip("/") + RECEIPT_PATH

    @property
    def ready(self) -> bool:
        """Always: without settings bootstrap gives a silent channel instead."""
        return True

    def send(self, message: Outgoing) -> Outcome:
        """Send once. A lost answer, a time-out and a 5xx are Unknown: the provider may have taken it."""
        try:
            created = self.client.messages.create(
                to=message.to,
                body=message.text,
                status_callback=f"{self.callback}/{message.token}",
                validity_period=max(1, message.valid_minutes) * 60,
                **self.sender,
            )
        except TwilioRestException as refusal:
            return read_refusal(refusal.status, refusal.code)
        except FAULTS as fault:
            return Unknown(type(fault).__name__)
        if not isinstance(created.sid, str) or not created.sid:
            return Unknown("AnswerWithoutId")
        return Accepted(created.sid)

    def look_up(self, to: str, since: datetime, body_digest: str) -> str | None:
        """The newest of our messages to this number since then with this text (SHA-256, hex)."""
        try:
            found = self.client.messages.list(
                to=to,
                date_sent_after=since.astimezone(UTC).replace(microsecond=0),  # the provider counts whole seconds
                page_size=MOST_MATCHES,
                limit=MOST_MATCHES,
            )
            ours = [m for m in found if str(m.direction).startswith("outbound") and digest(m.body) == body_digest]
            newest = max(ours, key=lambda m: m.date_created.timestamp() if m.date_created else 0.0, default=None)
        except FAULTS as fault:
            raise LookupError(type(fault).__name__) from None  # the original names the number
        return newest.sid if newest else None


def digest(text: str | None) -> str:
    """SHA-256 of a text, hex."""
    return hashlib.sha256((text or "").encode()).hexdigest()


def read_refusal(status: int, code: int | None) -> Outcome:
    """What an answer that is no acceptance means. Only an explicit 4xx with the provider's own code is a refusal."""
    if status == 429 or (code in NOT_NOW and status < 500):
        return Throttled(str(code or status))
    if code is None or code < 10_000 or not 400 <= status < 500:
        return Unknown(f"Status{status}")
    return Rejected(str(code), opted_out=code in OPTED_OUT, bad_address=code in BAD_ADDRESS)


@dataclass(frozen=True, slots=True)
class Fields:
    """A posted form in the shape the signature check wants: every value of every field counts."""

    form: Mapping[str, list[str]]

    def __iter__(self) -> Iterator[str]:
        return iter(self.form)

    def __len__(self) -> int:
        return len(self.form)

    def getlist(self, name: str) -> list[str]:
        """Every value of one field."""
        return list(self.form[name])


@dataclass(frozen=True, slots=True)
class TwilioWebhooks:
    """Reads what Twilio posts. The signature is checked against the configured public address, never the Host header.

    More than one auth token may be valid, so that a token can be replaced without losing a reply.
    """

    account_sid: str
    auth_tokens: tuple[str, ...]
    public_url: str

    def read_reply(self, form: Mapping[str, list[str]], signature: str) -> Incoming:
        """A reply; its text may be empty. Raises Forged or Malformed."""
        self._check(form, REPLY_PATH, signature)
        return Incoming(
            provider=PROVIDER,
            provider_id=required(form, "MessageSid"),
            sender=required(form, "From"),
            sent_to=required(form, "To"),
            text=required(form, "Body"),
        )

    def read_receipt(self, form: Mapping[str, list[str]], token: str, signature: str) -> Receipt | None:
        """What became of the attempt with this token; None when nothing did yet. Raises Forged or Malformed."""
        self._check(form, f"{RECEIPT_PATH}/{token}", signature)
        provider_id = required(form, "MessageSid")
        status = STATUS.get(required(form, "MessageStatus"))
        if status is None:
            return None
        code = required(form, "ErrorCode") if "ErrorCode" in form else ""
        return Receipt(PROVIDER, provider_id, token, status, code)

    def _check(self, form: Mapping[str, list[str]], path: str, signature: str) -> None:
        url = self.public_url.rstrip("/") + path
        fields = Fields(form)
        if not any(RequestValidator(key).validate(url, fields, signature) for key in self.auth_tokens if key):
            raise Forged
        for name, values in form.items():
            if len(values) != 1:
                raise Malformed(f"{name} is there {len(values)} times")
        if required(form, "AccountSid") != self.account_sid:
            raise Malformed("AccountSid is not ours")


def required(form: Mapping[str, list[str]], name: str) -> str:
    """The one value of a field, of the form it must have. Raises Malformed with the field's name, never its value."""
    if name not in form:
        raise Malformed(f"{name} is missing")
    value = form[name][0]
    if name in FORM and not FORM[name].fullmatch(value):
        raise Malformed(f"{name} has another form than it should")
    return value
