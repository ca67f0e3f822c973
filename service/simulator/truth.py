"""What really happened, as the provider knows it: an append-only log, and the state that follows from it.

The log is the judge in tests about lost and doubled messages, so nothing changes state except an event in it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path

# English words that a provider acts upon by itself, whatever the service does with them.
STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"})
START_WORDS = frozenset({"START", "UNSTOP", "YES"})
FINAL = frozenset({"delivered", "undelivered"})


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened. `number` counts from 1 without gaps."""

    number: int
    at: str  # ISO 8601, UTC
    kind: str
    facts: dict[str, str]

    @property
    def moment(self) -> datetime:
        """When it happened."""
        return datetime.fromisoformat(self.at)


@dataclass(slots=True)
class Sms:
    """A text message in either direction. `told`: what the service knows of its end."""

    sid: str
    inbound: bool
    to: str
    sender: str
    text: str
    at: datetime
    callback: str = ""
    status: str = "queued"
    told: str = ""
    code: str = ""


@dataclass(slots=True)
class Mail:
    """A caught e-mail, as it came over the wire."""

    key: str
    to: str
    raw: str
    at: datetime


@dataclass
class Truth:
    """The log and its state. Every method may be called from any thread."""

    file: Path | None = None
    events: list[Event] = field(default_factory=list)
    sms: dict[str, Sms] = field(default_factory=dict)
    mails: dict[str, Mail] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    stopped: set[str] = field(default_factory=set)
    _lock: threading.RLock = field(default_factory=threading.RLock)

    def __post_init__(self) -> None:
        if self.file is not None and self.file.exists():
            whole, newline, _ = self.file.read_text("utf-8").rpartition("\n")
            self.file.write_text(whole + newline, "utf-8")  # a last line that was cut off by a kill is no event
            for line in whole.splitlines():
                self._apply(Event(**json.loads(line)))

    def note(self, kind: str, **facts: str) -> Event:
        """Write down that something happened."""
        with self._lock:
            event = Event(len(self.events) + 1, datetime.now(UTC).isoformat(), kind, facts)
            if self.file is not None:
                with self.file.open("a", encoding="utf-8") as lines:
                    lines.write(json.dumps(asdict(event), ensure_ascii=True) + "\n")
            self._apply(event)
            return event

    def conversation(self, number: str) -> list[Sms]:
        """Every message to and from this number, oldest first."""
        with self._lock:
            return [sms for sms in self.sms.values() if number in {sms.to, sms.sender}]

    def outbound(self) -> list[Sms]:
        """Every message the service sent, newest first."""
        with self._lock:
            return [sms for sms in reversed(self.sms.values()) if not sms.inbound]

    def unfinished(self) -> list[Sms]:
        """What the service has not heard yet: it is told again when the simulator starts."""
        with self._lock:
            return [sms for sms in self.sms.values() if not sms.told and (sms.inbound or sms.callback)]

    def phones(self) -> list[str]:
        """Every number there is, the one with the latest message first, those without messages last."""
        with self._lock:
            active = (sms.sender if sms.inbound else sms.to for sms in reversed(self.sms.values()))
            return list(dict.fromkeys([*active, *self.named(mailbox=False)]))

    def mailboxes(self) -> list[str]:
        """Every e-mail address there is, the one with the latest mail first."""
        with self._lock:
            caught = (mail.to for mail in reversed(self.mails.values()))
            return list(dict.fromkeys([*caught, *self.named(mailbox=True)]))

    def named(self, *, mailbox: bool) -> list[str]:
        """The phones (or mailboxes) that were given a name, the first one first: that is who one looks at first."""
        with self._lock:
            return [address for address in self.labels if ("@" in address) is mailbox]

    def inbox(self, address: str) -> list[Mail]:
        """The mails to this address, newest first."""
        with self._lock:
            return [mail for mail in reversed(self.mails.values()) if mail.to == address]

    def answers(self) -> list[bytes]:
        """The mails with which people answered, oldest first."""
        with self._lock:
            return [event.facts["raw"].encode("latin-1") for event in self.events if event.kind == "mail_answer"]

    def latest(self, kinds: frozenset[str], count: int) -> list[Event]:
        """The last few events of these kinds, oldest first."""
        with self._lock:
            found: list[Event] = []
            for event in reversed(self.events):
                if event.kind in kinds:
                    found.append(event)
                if len(found) == count:
                    break
            return found[::-1]

    def __iter__(self) -> Iterator[Event]:
        with self._lock:
            return iter(list(self.events))

    def _apply(self, event: Event) -> None:
        self.events.append(event)
        change = CHANGES.get(event.kind)
        if change is not None:
            change(self, event)


def _accepted(truth: Truth, event: Event) -> None:
    facts = event.facts
    truth.sms[facts["sid"]] = Sms(
        facts["sid"], False, facts["to"], facts["sender"], facts["text"], event.moment, facts["callback"]
    )


def _reply(truth: Truth, event: Event) -> None:
    facts = event.facts
    sms = Sms(facts["sid"], True, facts["to"], facts["sender"], facts["text"], event.moment, status="received")
    truth.sms[sms.sid] = sms
    word = sms.text.strip().upper()
    if word in STOP_WORDS:
        truth.stopped.add(sms.sender)
    elif word in START_WORDS:
        truth.stopped.discard(sms.sender)


def _moved(truth: Truth, event: Event) -> None:
    sms = truth.sms[event.facts["sid"]]
    if sms.status in FINAL:
        return
    sms.status, sms.code = event.kind, event.facts.get("code", "")


def _told(truth: Truth, event: Event) -> None:
    sms = truth.sms[event.facts["sid"]]
    if event.facts["status"] != "sent":  # the first of two callbacks is not the end of it
        sms.told = event.kind


def _mail(truth: Truth, event: Event) -> None:
    facts = event.facts
    truth.mails[facts["key"]] = Mail(facts["key"], facts["to"], facts["raw"], event.moment)


def _label(truth: Truth, event: Event) -> None:
    truth.labels[event.facts["address"]] = event.facts["label"]


CHANGES: dict[str, Callable[[Truth, Event], None]] = {
    "accepted": _accepted,
    "reply": _reply,
    "sent": _moved,
    "delivered": _moved,
    "undelivered": _moved,
    "told": _told,
    "refused_by_service": _told,
    "given_up": _told,
    "mail": _mail,
    "label": _label,
}
