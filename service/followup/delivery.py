"""The life of one outgoing message: one table of allowed steps, and the decision at send time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from service.followup import encouragement
from service.followup.encouragement import Circumstances
from service.followup.planning import MessageKind
from service.followup.protocol import MOST_REMINDERS, Cap, QuietHours
from service.followup.quiet_hours import Rest, after_rest, next_open, next_welcome


class State(StrEnum):
    """Where a message is (DESIGN section 3)."""

    PLANNED = "planned"
    DUE = "due"
    SENDING = "sending"
    UNKNOWN = "unknown"
    ACCEPTED = "accepted"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    NEEDS_REVIEW = "needs_review"
    SUPPRESSED = "suppressed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"


class Event(StrEnum):
    """What can happen to a message."""

    FALL_DUE = "fall_due"
    CLAIM = "claim"
    ACCEPT = "accept"
    REFUSE = "refuse"  # a known refusal that will not pass
    THROTTLE = "throttle"  # try again later
    LOSE_SIGHT = "lose_sight"  # no explicit answer, or the lease ran out
    FOUND = "found"  # the provider has it after all
    NOT_FOUND = "not_found"  # after the grace period the provider does not have it
    GIVE_UP = "give_up"  # a human must look
    REPORT_SENT = "report_sent"
    REPORT_DELIVERED = "report_delivered"
    REPORT_UNDELIVERED = "report_undelivered"
    REPORT_FAILED = "report_failed"
    SUPPRESS = "suppress"
    EXPIRE = "expire"
    CANCEL = "cancel"
    REPLAN = "replan"  # the protocol or an anchor changed


#: How sure a report is. The furthest report wins, so that their order and number do not matter: a message that
#: reached a telephone has arrived, whatever else was reported about it.
_REPORTS: Mapping[Event, State] = {
    Event.REPORT_SENT: State.SENT,
    Event.REPORT_FAILED: State.FAILED,
    Event.REPORT_UNDELIVERED: State.UNDELIVERED,
    Event.REPORT_DELIVERED: State.DELIVERED,
}
_RANK: Mapping[State, int] = {
    State.DUE: 0,  # a report about an attempt that we took for lost
    State.SENDING: 0,  # a report that came before the answer to our own call
    State.UNKNOWN: 0,
    State.NEEDS_REVIEW: 0,
    State.ACCEPTED: 1,
    State.SENT: 2,
    State.FAILED: 3,
    State.UNDELIVERED: 4,
    State.DELIVERED: 5,
}

#: Every step that is allowed. What is not here changes nothing.
TRANSITIONS: Mapping[tuple[State, Event], State] = {
    (State.PLANNED, Event.FALL_DUE): State.DUE,
    (State.DUE, Event.CLAIM): State.SENDING,
    (State.SENDING, Event.ACCEPT): State.ACCEPTED,
    (State.SENDING, Event.REFUSE): State.FAILED,
    (State.SENDING, Event.THROTTLE): State.DUE,
    (State.SENDING, Event.LOSE_SIGHT): State.UNKNOWN,
    (State.SENDING, Event.SUPPRESS): State.SUPPRESSED,  # the number stopped between the claim and the call
    (State.UNKNOWN, Event.ACCEPT): State.ACCEPTED,  # the answer came after all
    (State.UNKNOWN, Event.REFUSE): State.FAILED,
    (State.UNKNOWN, Event.FOUND): State.ACCEPTED,
    (State.UNKNOWN, Event.NOT_FOUND): State.DUE,
    (State.UNKNOWN, Event.GIVE_UP): State.NEEDS_REVIEW,
    (State.NEEDS_REVIEW, Event.FOUND): State.ACCEPTED,
    **{
        (state, event): end
        for state in (State.PLANNED, State.DUE)
        for event, end in (
            (Event.SUPPRESS, State.SUPPRESSED),
            (Event.EXPIRE, State.EXPIRED),
            (Event.CANCEL, State.CANCELLED),
            (Event.REPLAN, State.PLANNED),
        )
    },
    **{(state, event): end for state, rank in _RANK.items() for event, end in _REPORTS.items() if _RANK[end] > rank},
}

#: States in which nothing more will be sent. Reports may still make one of the last three more certain.
FINAL = frozenset(
    {
        State.SUPPRESSED,
        State.EXPIRED,
        State.CANCELLED,
        State.FAILED,
        State.UNDELIVERED,
        State.DELIVERED,
    }
)


def advance(state: State, event: Event) -> State | None:
    """The state after the event, or None when the event changes nothing (late, repeated or reordered reports)."""
    return TRANSITIONS.get((state, event))


def diagram() -> str:
    """The life of a message as a Mermaid state diagram, printed from the table."""
    lines = ["stateDiagram-v2", f"    [*] --> {State.PLANNED}"]
    lines += [f"    {state} --> {end}: {event}" for (state, event), end in TRANSITIONS.items()]
    lines += [f"    {state} --> [*]" for state in State if state in FINAL]
    return "\n".join(lines) + "\n"


class Verdict(StrEnum):
    """What to do with a message whose moment has come."""

    SEND = "send"
    POSTPONE = "postpone"
    SUPPRESS = "suppress"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Facts:
    """What must be known about a message, read under the row lock at send time. Moments are UTC."""

    kind: MessageKind
    due_at: datetime
    expires_at: datetime
    has_address: bool  # a usable address for the channel
    stopped: bool  # STOP or unsubscribed, on this address
    channel_consent: bool
    questions_consent: bool
    deceased: bool
    answered: bool  # the measurement is complete, declined, closed or cancelled
    replied_at: datetime | None  # when the person last wrote
    sent_last_day: int
    sent_last_30_days: int
    oldest_in_day: datetime | None  # the oldest message that counts for the day's cap
    quiet: QuietHours
    zone: str
    cap: Cap
    held: bool = False  # words that may ask us to stop wait for a person to read them
    urgent: bool = False  # the telephone numbers for somebody who writes of suicide: never too late
    alert_open: bool = False  # somebody wrote alarming words, and nobody has closed the alert
    around: Circumstances | None = None  # for words of encouragement and reminders of activities
    tells_cancelled: bool = False  # it says that an activity does not take place
    asked_at: datetime | None = None  # when an invitation or reminder about this wave was last sent
    reminded: int = 0  # how many reminders about this wave were sent
    pace: timedelta = timedelta(0)  # how long a reminder waits after that
    rest: Rest = ()  # days on which the person would rather not hear from us


@dataclass(frozen=True, slots=True)
class Decision:
    """What to do and why; `until` is the new due moment of a postponed message."""

    verdict: Verdict
    reason: str = ""
    until: datetime | None = None


#: Kinds that answer what the person wrote; within this time of their words they wait for nothing.
_ANSWERS = frozenset({MessageKind.CONVERSATION, MessageKind.STOP_CONFIRMATION})
_JUST_NOW = timedelta(minutes=15)
#: While a person still has to read whether somebody wants us to stop, we look again this much later.
_LOOK_AGAIN = timedelta(hours=1)

#: Kinds that stand apart from the questions: they need a consent of their own.
_BETWEEN = frozenset({MessageKind.ENCOURAGEMENT, MessageKind.ACTIVITY})

#: Kinds that keep the pace of the ladder.
_REMINDING = frozenset({MessageKind.REMINDER, MessageKind.LAST_REMINDER})

#: Kinds that ask for a measurement, and have no purpose once it is answered, declined or closed.
_ASKING = frozenset({MessageKind.INVITE, MessageKind.REMINDER, MessageKind.LAST_REMINDER, MessageKind.RESEND})


def decide(facts: Facts, now: datetime) -> Decision:
    """Consent, opt-out, answered, death, window, days of rest, quiet hours and cap, in that order, with a reason for
    whatever is not sent.

    An answer to someone who wrote less than 15 minutes ago is exempt from days of rest, quiet hours and cap. A stop
    confirmation is sent although the address is stopped; a test message needs no measurement. Everything that cannot
    be sent before it expires has expired: nobody gets a reminder about a closed window.
    """
    reason = _against(facts)
    if reason:
        return Decision(Verdict.SUPPRESS, reason)
    if now >= facts.expires_at:
        return Decision(Verdict.EXPIRE, "expired")
    until, reason = _wait(facts, now)
    if until <= now:
        return Decision(Verdict.SEND)
    if until >= facts.expires_at:
        return Decision(Verdict.EXPIRE, reason)
    return Decision(Verdict.POSTPONE, reason, until)


def _against(facts: Facts) -> str:
    """Why this message may not be sent at all; "" when nothing is against it."""
    confirms = facts.kind is MessageKind.STOP_CONFIRMATION
    asks_consent = facts.kind is not MessageKind.TEST and not confirms and facts.kind not in _BETWEEN
    against = (
        (asks_consent and not facts.questions_consent, "no_consent"),
        (not facts.channel_consent and not confirms, "no_channel_consent"),
        (facts.stopped and not confirms, "stopped"),
        (facts.answered and facts.kind in _ASKING, "answered"),
        (facts.deceased, "deceased"),
        (facts.kind in _REMINDING and facts.reminded >= MOST_REMINDERS, "reminded_enough"),
        (not facts.has_address, "no_address"),
    )
    return next((reason for holds, reason in against if holds), "") or _against_between(facts)


def _against_between(facts: Facts) -> str:
    """Why something between the questions may not be sent."""
    if facts.around is None or facts.kind not in _BETWEEN:
        return ""
    if facts.kind is MessageKind.ENCOURAGEMENT:
        return encouragement.against_word(facts.around)
    return encouragement.against_reminder(facts.around, tells_cancelled=facts.tells_cancelled)


def _wait(facts: Facts, now: datetime) -> tuple[datetime, str]:
    """From when it may be sent, and what it waits for."""
    if now < facts.due_at:
        return facts.due_at, "not_due"
    just_wrote = facts.replied_at is not None and now - facts.replied_at < _JUST_NOW
    if facts.urgent or (facts.kind in _ANSWERS and just_wrote):
        return now, ""
    if facts.held and facts.kind not in _ANSWERS:
        return now + _LOOK_AGAIN, "words_to_read"
    if facts.alert_open and facts.kind not in _ANSWERS:
        return now + _LOOK_AGAIN, "alert_open"
    until, reason = _held_between(facts, now)
    if reason:
        return next_open(until, facts.quiet, facts.zone), reason
    return _wait_for_room(facts, now)


def _held_between(facts: Facts, now: datetime) -> tuple[datetime, str]:
    """Until when something between the questions has to wait. That an activity is cancelled waits for nothing."""
    if facts.around is None or facts.kind not in _BETWEEN or facts.tells_cancelled:
        return now, ""
    if facts.kind is MessageKind.ENCOURAGEMENT:
        return encouragement.held_back(facts.around, now, facts.zone)
    paused = facts.around.paused_until
    return (paused, "paused") if paused is not None and paused > now else (now, "")


def _wait_for_room(facts: Facts, now: datetime) -> tuple[datetime, str]:
    """The pace of the ladder, the person's own days of rest, the open hours, and the cap."""
    if facts.kind in _REMINDING and facts.asked_at is not None and now < facts.asked_at + facts.pace:
        return next_welcome(facts.asked_at + facts.pace, facts.quiet, facts.zone, facts.rest), "just_asked"
    if after_rest(now, facts.rest, facts.zone) > now:
        return next_welcome(now, facts.quiet, facts.zone, facts.rest), "rest_days"
    opens = next_open(now, facts.quiet, facts.zone)
    if opens > now:
        return opens, "quiet_hours"
    if facts.sent_last_day >= facts.cap.per_day:
        free = max((facts.oldest_in_day or now) + timedelta(days=1), now + timedelta(minutes=1))
        return next_open(free, facts.quiet, facts.zone), "cap_per_day"
    if facts.sent_last_30_days >= facts.cap.per_30_days:
        return next_open(now + timedelta(days=1), facts.quiet, facts.zone), "cap_per_30_days"
    if _questions_need_the_room(facts, now):
        return next_open(now + timedelta(days=1), facts.quiet, facts.zone), "questions_first"
    return now, ""


def _questions_need_the_room(facts: Facts, now: datetime) -> bool:
    """Whether what is between the questions would take the last place under the cap from a questionnaire."""
    if facts.around is None or facts.kind not in _BETWEEN:
        return False
    ahead = [at - now for at in facts.around.to_ask_at if at > now - timedelta(hours=1)]
    day, week = (sum(one < timedelta(days=days) for one in ahead) for days in (1, 7))
    return facts.sent_last_day + day >= facts.cap.per_day or facts.sent_last_30_days + week >= facts.cap.per_30_days
