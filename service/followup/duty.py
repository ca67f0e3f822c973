"""Who is warned about alarming words, how often, and when it goes on to others (domain.md 4.5)."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.measures.instrument import Instrument
from service.measures.scoring import Scored

#: Within so many working days somebody calls after a high score. It is no emergency: many people score high at entry.
CHECK_IN_WITHIN = 3
#: An alert that nobody took on goes to the back-up and to every administrator after this long.
ESCALATE_AFTER = timedelta(minutes=60)
#: A notice that could not be sent is tried again, each time a little later, until this long after the alert.
GIVE_UP_AFTER = timedelta(hours=24)
_WAITS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120, 300, 900))


class AlertOutcome(StrEnum):
    """How an alert ended, in fixed words: what was said is nobody else's business."""

    SPOKEN = "spoken"
    HELP_CALLED = "help_called"  # 112, a general practitioner, or another professional
    FALSE_ALARM = "false_alarm"
    OTHERWISE = "otherwise"


@dataclass(frozen=True, slots=True)
class Guard:
    """A member of staff who can be warned. Without a mobile number only by e-mail."""

    account_id: uuid.UUID
    mobile: str
    email: str
    administrator: bool = False

    @property
    def channels(self) -> tuple[str, ...]:
        """How this person is warned: by every way there is."""
        return ("sms", "email") if self.mobile else ("email",)


@dataclass(frozen=True, slots=True)
class Roster:
    """Who is on duty and who stands behind them; None: nobody was named."""

    on_duty: uuid.UUID | None
    back_up: uuid.UUID | None


def warned_first(roster: Roster, coordinators: Iterable[uuid.UUID], staff: Iterable[Guard]) -> tuple[Guard, ...]:
    """Whom an alert warns at once: who is on duty and the back-up.

    Without anybody on duty, the coordinators of the person's programmes; without those, the administrators. Somebody
    whose account was closed warns nobody: `staff` holds the accounts that can log in.
    """
    guards = {guard.account_id: guard for guard in staff}
    named = [guards[one] for one in (roster.on_duty, roster.back_up) if one in guards]
    if roster.on_duty not in guards:
        named += [guards[one] for one in coordinators if one in guards]
    return tuple(dict.fromkeys(named)) or tuple(guard for guard in guards.values() if guard.administrator)


def warned_later(roster: Roster, staff: Iterable[Guard]) -> tuple[Guard, ...]:
    """Whom an alert warns when nobody took it on in time: the back-up and every administrator."""
    return tuple(guard for guard in staff if guard.administrator or guard.account_id == roster.back_up)


def next_try(tries: int, now: datetime, raised_at: datetime) -> datetime | None:
    """When a notice that failed `tries` times goes out again; None when it has no use any more."""
    moment = now + _WAITS[min(tries, len(_WAITS)) - 1]
    return moment if moment < raised_at + GIVE_UP_AFTER else None


def asks_for_check_in(instrument: Instrument, scored: Scored) -> bool:
    """Whether a score lies in the highest band of the instrument's default set (domain.md 4.5, amber)."""
    cutoffs = instrument.default_cutoffs()
    return cutoffs is not None and scored.band == cutoffs.bands[-1].key
