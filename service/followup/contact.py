"""Contact between people: what kinds there are, and what may be written down about one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from service.followup.problem import Problem, Refusal


class ContactKind(StrEnum):
    """How people were in touch. What the service sends by itself is never one of these."""

    CALL = "call"
    VISIT = "visit"
    MEETING = "meeting"
    LETTER = "letter"
    MESSAGE = "message"  # by hand: from one's own telephone or mail


#: What a coordinator can tap.
USUAL_MINUTES = (5, 15, 30, 60)
LONGEST_MINUTES = 720
_BACK = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Contact:
    """One contact. `on` is a local day; `two_way`: the person took part in it. No word of it is kept."""

    kind: ContactKind
    on: date
    two_way: bool
    minutes: int | None = None


def check_contact(contact: Contact, today: date) -> None:
    """Raises Refusal with every problem found."""
    problems: list[Problem] = []
    if contact.on > today:
        problems.append(Problem("date_in_future", "on"))
    elif contact.on < today - _BACK:
        problems.append(Problem("activity_day", "on"))
    if contact.minutes is not None and not 0 <= contact.minutes <= LONGEST_MINUTES:
        problems.append(Problem("activity_minutes", "minutes", values={"most": LONGEST_MINUTES}))
    if problems:
        raise Refusal(*problems)
