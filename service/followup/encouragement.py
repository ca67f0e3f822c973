"""A word between the questions: when the next one comes, and what holds one back. The rules are domain.md 4.2's.

At most one in two weeks in the first eight weeks, then one a month; never within 48 hours of a questionnaire or while
somebody is answering; nothing for a while after an alert, a death near the person, or a call that was not answered.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import count

from service.followup.protocol import EncouragementPlan, Period, QuietHours
from service.followup.quiet_hours import next_open, to_utc


class Wish(StrEnum):
    """How often a person wants to hear from us between the questions."""

    NORMAL = "normal"
    LESS = "less"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Next:
    """The next word for one enrolment. `number` counts the places of the plan from 0; both moments are UTC."""

    number: int
    text: str
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What must be known about a person before they are encouraged or reminded of an activity. Moments are UTC."""

    agreed: bool = True  # to encouragement
    taking_part: bool = True  # the enrolment has not ended
    wish: Wish = Wish.NORMAL
    asked_at: tuple[datetime, ...] = ()  # when messages of a questionnaire went out
    to_ask_at: tuple[datetime, ...] = ()  # when such messages are due
    in_conversation: bool = False
    alert_closed_at: datetime | None = None
    bereaved_on: date | None = None
    missed_call_at: datetime | None = None  # a call without an answer, and no talk since
    last_at: datetime | None = None  # the word before this one
    paused_until: datetime | None = None  # the person asked for a pause
    activity_cancelled: bool = False
    not_coming: bool = False


#: So long before and after every message of a questionnaire.
NEAR = timedelta(hours=48)
AFTER_ALERT = timedelta(days=14)
AFTER_BEREAVEMENT = timedelta(weeks=6)
AFTER_MISSED_CALL = timedelta(days=7)
#: So much time between two words, whatever the protocol says.
APART = {Wish.NORMAL: timedelta(days=14), Wish.LESS: timedelta(days=28)}
#: A word that has to wait longer than this has lost its moment.
LIVES = timedelta(days=13)
#: While somebody is answering, we look again so much later.
_LOOK_AGAIN = timedelta(days=1)
#: The time of day that words are planned for; the open hours decide.
_AT = time(10)
#: How many places of a plan we look ahead: more than ten years of months.
_MOST = 200
_WEEK = timedelta(weeks=1)


def places(plan: EncouragementPlan, enrolled_on: date) -> Iterator[tuple[str, date]]:
    """The texts of a plan with their local days, counted from the enrolment and never from one another's delay."""
    start = datetime.combine(enrolled_on, _AT)
    last = start
    for step in plan.steps:
        last = step.after.added_to(start)
        yield step.text, last.date()
    if plan.every is None or not plan.then:
        return
    for number in count(1):
        later = Period(plan.every.count * number, plan.every.unit).added_to(last)
        yield plan.then[(number - 1) % len(plan.then)], later.date()


def next_word(
    plan: EncouragementPlan,
    enrolled_on: date,
    quiet: QuietHours,
    zone: str,
    *,
    after: int | None,
    last_at: datetime | None,
    wish: Wish,
    now: datetime,
) -> Next | None:
    """The first word of the plan that is still to come. `after` is the place that was used last; None when none was.

    Nothing of the past is caught up on. Who asked for less skips what would come too soon after the last one.
    """
    if wish is Wish.NONE:
        return None
    for number, (text, day) in zip(range(_MOST), places(plan, enrolled_on), strict=False):
        if after is not None and number <= after:
            continue
        due = next_open(to_utc(day, _AT, zone), quiet, zone)
        if due < now or (wish is Wish.LESS and last_at is not None and due < plan.less.added_to(last_at)):
            continue
        return Next(number, text, due, due + LIVES)
    return None


def against_word(around: Circumstances) -> str:
    """Why a word of encouragement may not be sent at all; "" when nothing is against it."""
    against = (
        (not around.agreed, "no_encouragement_consent"),
        (not around.taking_part, "left_programme"),
        (around.wish is Wish.NONE, "wants_none"),
    )
    return next((reason for holds, reason in against if holds), "")


def against_reminder(around: Circumstances, *, tells_cancelled: bool) -> str:
    """Why somebody may not be reminded of an activity, or told that it is cancelled; "" when nothing is against it."""
    if around.not_coming:
        return "not_coming"
    if tells_cancelled:  # who was reminded may be on the way there
        return "" if around.agreed else "no_encouragement_consent"
    return "activity_cancelled" if around.activity_cancelled else against_word(around)


def held_back(around: Circumstances, now: datetime, zone: str) -> tuple[datetime, str]:
    """Until when a word has to wait, and for what; the longest wait counts. (now, "") when it need not wait."""
    waits = [
        *((at + NEAR, "near_questionnaire") for at in (*around.asked_at, *around.to_ask_at) if abs(at - now) < NEAR),
        *_pauses(around, zone),
    ]
    if around.in_conversation:
        waits.append((now + _LOOK_AGAIN, "in_conversation"))
    until, reason = max(waits, default=(now, ""))
    return (until, reason) if until > now else (now, "")


def _pauses(around: Circumstances, zone: str) -> Iterator[tuple[datetime, str]]:
    """What asks for quiet, each with its end."""
    if around.paused_until is not None:
        yield around.paused_until, "paused"
    if around.alert_closed_at is not None:
        yield around.alert_closed_at + AFTER_ALERT, "after_alert"
    if around.bereaved_on is not None:
        yield to_utc(around.bereaved_on + AFTER_BEREAVEMENT, time(0), zone), "bereavement"
    if around.missed_call_at is not None:
        yield around.missed_call_at + AFTER_MISSED_CALL, "missed_call"
    if around.last_at is not None and around.wish in APART:
        yield around.last_at + APART[around.wish], "encouraged_lately"


def too_close(plan: EncouragementPlan, enrolled_on: date) -> bool:
    """Whether a plan writes more often than once in two weeks in the first eight, or than once a month after that."""
    before: date | None = None
    for _, (_, day) in zip(range(len(plan.steps) + 14), places(plan, enrolled_on), strict=False):
        if before is not None:
            least = 2 * _WEEK if before < enrolled_on + 8 * _WEEK else 4 * _WEEK
            if day - before < least:
                return True
        before = day
    return False
