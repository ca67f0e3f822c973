"""Until when a personal link takes answers: so long to begin, so long to finish, so long without a new answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from service.followup.planning import later
from service.followup.protocol import LinkLife

#: For a protocol that says nothing about it: how long after its window a link takes answers, kept and labelled late.
LATE = timedelta(days=14)
#: And how long after that somebody who began may finish, so that nobody is locked out with a finger on the button.
TO_FINISH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class LinkMoments:
    """What happened with one link so far. Moments are UTC; `last_answer_at` is None while there is no answer."""

    opens_at: datetime
    closes_at: datetime
    last_answer_at: datetime | None


def expires_at(life: LinkLife | None, link: LinkMoments, zone: str) -> datetime | None:
    """The moment from which the link takes no answers; None when it stays open.

    Not begun: `open` after the opening (0: no end). Begun: the earlier of `open` + `grace` and the last answer +
    `idle`; a part that is 0 sets no bound, and without `open` the grace sets none either. The rule and its examples:
    formr.org, wiki/Expiry (tests/spec/vectors/link_expiry.json).
    """
    if life is None:
        late = link.closes_at + LATE
        return late if link.last_answer_at is None else late + TO_FINISH
    to_begin = later(life.open, link.opens_at, zone) if life.open.count else None
    if link.last_answer_at is None:
        return to_begin
    ends: list[datetime] = []
    if to_begin is not None and life.grace.count:
        ends.append(later(life.grace, to_begin, zone))
    if life.idle.count:
        ends.append(later(life.idle, link.last_answer_at, zone))
    return min(ends, default=None)


def takes_answers(life: LinkLife | None, link: LinkMoments, zone: str, now: datetime) -> bool:
    """Whether the link is open now, as far as time is concerned."""
    end = expires_at(life, link, zone)
    return link.opens_at <= now and (end is None or now < end)
