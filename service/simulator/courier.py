"""Brings the service its signed webhooks, in background threads, and tries again while the service is down."""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import requests
from requests.adapters import HTTPAdapter
from twilio.request_validator import RequestValidator

from service.simulator.truth import FINAL, Sms, Truth

THREADS: Final = 4
LAST_TRY: Final = 200
LONGEST_PAUSE: Final = 15.0
SENT_AFTER: Final = 0.15  # seconds; what a real network roughly takes, kept short for people who watch
DELIVERED_AFTER: Final = 0.6


@dataclass(order=True, slots=True)
class Errand:
    """One webhook to bring at one time."""

    due: float
    order: int
    sid: str = field(compare=False)
    status: str = field(compare=False)  # received, sent, delivered or undelivered
    code: str = field(compare=False, default="")
    tries: int = field(compare=False, default=0)


@dataclass(frozen=True, slots=True)
class Account:
    """Whose webhooks these are, and where replies go."""

    sid: str
    token: str
    service_url: str


class Courier:
    """A few threads that take errands in order of time."""

    def __init__(self, account: Account, truth: Truth, *, first_pause: float = 0.5) -> None:
        self.account, self.truth, self.first_pause = account, truth, first_pause
        self._validator = RequestValidator(account.token)
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.mount("http://", HTTPAdapter(pool_maxsize=THREADS))
        self._errands: list[Errand] = []
        self._order = itertools.count()
        self._changed = threading.Condition()
        self._stopping = False
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in range(THREADS)]

    def start(self) -> None:
        """Begin, with what was not finished the last time."""
        for thread in self._threads:
            thread.start()
        for sms in self.truth.unfinished():
            self.bring(sms)

    def stop(self) -> None:
        """End; what is not brought yet is brought at the next start."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        for thread in self._threads:
            thread.join(15)
        self._session.close()

    def bring(self, sms: Sms, *, undelivered: str = "", manner: str = "") -> None:
        """Tell the service about this message. `undelivered` is the code of a message that does not arrive."""
        if sms.inbound:
            self._add(0, sms.sid, "received")
            return
        if sms.status in FINAL:  # it arrived before a restart, and the service does not know
            self._add(0, sms.sid, sms.status, sms.code)
            return
        first, last = SENT_AFTER, DELIVERED_AFTER
        if manner == "callbacks_reversed":
            first, last = last, first
        for _ in range(2 if manner == "callbacks_doubled" else 1):
            self._add(first, sms.sid, "sent")
            self._add(last, sms.sid, "undelivered" if undelivered else "delivered", undelivered)

    def _add(self, wait: float, sid: str, status: str, code: str = "") -> None:
        self._push(Errand(time.monotonic() + wait, next(self._order), sid, status, code))

    def _push(self, errand: Errand) -> None:
        with self._changed:
            heapq.heappush(self._errands, errand)
            self._changed.notify()

    def _take(self) -> Errand | None:
        with self._changed:
            while not self._stopping:
                wait = self._errands[0].due - time.monotonic() if self._errands else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._errands)
                self._changed.wait(wait)
        return None

    def _work(self) -> None:
        while (errand := self._take()) is not None:
            self._run(errand)

    def _run(self, errand: Errand) -> None:
        sms = self.truth.sms[errand.sid]
        if errand.status not in {"received", sms.status} and errand.tries == 0:
            self.truth.note(errand.status, sid=sms.sid, **({"code": errand.code} if errand.code else {}))
        if errand.status != "received" and not sms.callback:
            return
        answer = self._post(sms, errand)
        if 200 <= answer < 300:
            self.truth.note("told", sid=sms.sid, status=errand.status)
        elif 400 <= answer < 500 and answer != 429:
            self.truth.note("refused_by_service", sid=sms.sid, status=errand.status, code=str(answer))
        else:
            self._again(errand, answer)

    def _again(self, errand: Errand, answer: int) -> None:
        errand.tries += 1
        if errand.tries == 1:
            self.truth.note("service_down", sid=errand.sid, status=errand.status, code=str(answer))
        if errand.tries >= LAST_TRY:
            self.truth.note("given_up", sid=errand.sid, status=errand.status)
            return
        errand.due = time.monotonic() + min(LONGEST_PAUSE, self.first_pause * 2 ** min(errand.tries - 1, 8))
        self._push(errand)

    def _post(self, sms: Sms, errand: Errand) -> int:
        """The status the service answered with; 0 when it did not answer."""
        url = self.account.service_url + "/webhooks/twilio/sms" if sms.inbound else sms.callback
        fields = self._reply_fields(sms) if sms.inbound else self._status_fields(sms, errand)
        signature = self._validator.compute_signature(url, fields)
        try:
            answer = self._session.post(
                url, data=fields, headers={"X-Twilio-Signature": signature}, timeout=(3.05, 10), allow_redirects=False
            )
        except requests.RequestException:
            return 0
        return answer.status_code

    def _reply_fields(self, sms: Sms) -> Mapping[str, str]:
        return {
            "ToCountry": "NL", "ToState": "", "SmsMessageSid": sms.sid, "NumMedia": "0", "ToCity": "", "FromZip": "",
            "SmsSid": sms.sid, "FromState": "", "SmsStatus": "received", "FromCity": "", "Body": sms.text,
            "FromCountry": "NL", "To": sms.to, "ToZip": "", "NumSegments": "1", "MessageSid": sms.sid,
            "AccountSid": self.account.sid, "From": sms.sender, "ApiVersion": "2010-04-01",
        }  # fmt: skip

    def _status_fields(self, sms: Sms, errand: Errand) -> Mapping[str, str]:
        fields = {
            "SmsSid": sms.sid, "SmsStatus": errand.status, "MessageStatus": errand.status, "To": sms.to,
            "MessageSid": sms.sid, "AccountSid": self.account.sid, "From": sms.sender, "ApiVersion": "2010-04-01",
        }  # fmt: skip
        return fields | ({"ErrorCode": errand.code} if errand.code else {})
