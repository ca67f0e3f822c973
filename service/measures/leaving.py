"""When leaving a programme is drop-out, and when it is something else: the rule under every retention curve.

Only what is known of the programme counts: an exit with its kind and date, or the words of somebody who stops. A missed
measurement is never turned into drop-out (measures.md 9, which decides over 4.2): that is told per wave.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from types import MappingProxyType

import numpy as np

from service.measures.competing import IncidenceCurve, cumulative_incidence
from service.measures.estimate import NotEstimable
from service.measures.survival import SurvivalCurve, kaplan_meier


class Exit(StrEnum):
    """How a person left a programme, as it is recorded."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    MOVED = "moved"
    ILL = "ill"
    DECEASED = "deceased"
    REFERRED_ON = "referred_on"
    NO_CONTACT = "no_contact"
    NEVER_STARTED = "never_started"
    NO_LONGER_NEEDED = "no_longer_needed"


class Leaving(StrEnum):
    """What a recorded exit means for retention. The order is that of the causes in `leaving_curves`."""

    STILL_THERE = "still_there"  # taking part at the reference date, or until the planned end: censored
    DROPPED_OUT = "dropped_out"  # stopped, or contact was lost
    DIED = "died"
    MOVED = "moved"
    NO_LONGER_NEEDED = "no_longer_needed"
    OTHER = "other"  # ill or referred on: ended for a reason outside the programme


class NotFollowed(StrEnum):
    """Why somebody has no time in the programme."""

    NEVER_STARTED = "never_started"
    STARTED_LATER = "started_later"  # after the reference date
    EXIT_UNDATED = "exit_undated"  # left, but nobody wrote down when
    DATES_CONTRADICT = "dates_contradict"  # an end before the start: to be mended in the record


#: What every kind of exit means. A completed programme is followed to its end and nothing happened: censored.
MEANING: Mapping[Exit, Leaving] = MappingProxyType(
    {
        Exit.COMPLETED: Leaving.STILL_THERE,
        Exit.STOPPED: Leaving.DROPPED_OUT,
        Exit.NO_CONTACT: Leaving.DROPPED_OUT,
        Exit.DECEASED: Leaving.DIED,
        Exit.MOVED: Leaving.MOVED,
        Exit.NO_LONGER_NEEDED: Leaving.NO_LONGER_NEEDED,
        Exit.ILL: Leaving.OTHER,
        Exit.REFERRED_ON: Leaving.OTHER,
        Exit.NEVER_STARTED: Leaving.STILL_THERE,  # never in the curve: see `spell`
    }
)
#: The ends that exclude each other, in the order of the curves.
CAUSES = tuple(Leaving)[1:]


@dataclass(frozen=True, slots=True)
class Stay:
    """One enrolment in a programme, in local dates. `withdrew_on`: the day a person said they stop with the programme
    while no exit is recorded yet; withdrawing consent to be measured is something else and does not belong here."""

    started_on: date
    exit_kind: Exit | None = None
    exit_on: date | None = None
    withdrew_on: date | None = None
    planned_end: date | None = None


@dataclass(frozen=True, slots=True)
class Spell:
    """How many days somebody was followed in the programme, and what ended it."""

    days: int
    end: Leaving


@dataclass(frozen=True, slots=True, eq=False)
class LeavingCurves:
    """Retention of one programme: Kaplan-Meier for drop-out (every other end censors it), and per cause the share that
    has left for it. `not_followed` counts who is in neither; `followed` and these add up to everybody."""

    drop_out: SurvivalCurve
    incidence: Mapping[Leaving, IncidenceCurve]
    followed: int
    not_followed: Mapping[NotFollowed, int]


def spell(stay: Stay, reference: date) -> Spell | NotFollowed:
    """Time in the programme, in days from the start, as it is known on the reference date ("peildatum").

    An end counts on its own date when that is no later than the reference date and before the planned end; from the
    planned end on the programme was completed. Of an exit and a withdrawal the earlier counts.
    """
    if stay.exit_kind is Exit.NEVER_STARTED:
        return NotFollowed.NEVER_STARTED
    if stay.started_on > reference:
        return NotFollowed.STARTED_LATER
    if stay.exit_kind is not None and stay.exit_on is None:
        return NotFollowed.EXIT_UNDATED
    ended_on, end = _end(stay)
    planned_end = stay.planned_end or date.max
    if min(ended_on, planned_end) < stay.started_on:
        return NotFollowed.DATES_CONTRADICT
    if ended_on >= planned_end or ended_on > reference:
        return Spell((min(reference, planned_end) - stay.started_on).days, Leaving.STILL_THERE)
    return Spell((ended_on - stay.started_on).days, end)


def leaving_curves(stays: Sequence[Stay], reference: date, level: float = 0.95) -> LeavingCurves | NotEstimable:
    """The curves of one programme on the reference date. NO_DATA when nobody was followed."""
    found = [spell(stay, reference) for stay in stays]
    spells = [each for each in found if isinstance(each, Spell)]
    days = np.array([each.days for each in spells], dtype=np.int64)
    places = {leaving: place for place, leaving in enumerate(Leaving)}
    causes = np.array([places[each.end] for each in spells], dtype=np.int64)
    drop_out = kaplan_meier(days, causes == places[Leaving.DROPPED_OUT], level)
    incidence = cumulative_incidence(days, causes, len(CAUSES), level)
    if isinstance(drop_out, NotEstimable):
        return drop_out
    if isinstance(incidence, NotEstimable):
        return incidence
    apart = {why: found.count(why) for why in NotFollowed}
    return LeavingCurves(drop_out, dict(zip(CAUSES, incidence, strict=True)), len(spells), apart)


def _end(stay: Stay) -> tuple[date, Leaving]:
    """The earlier of the recorded exit and the withdrawal; on the same day the exit, which says why."""
    ends = []
    if stay.exit_kind is not None and stay.exit_on is not None:
        ends.append((stay.exit_on, MEANING[stay.exit_kind]))
    if stay.withdrew_on is not None:
        ends.append((stay.withdrew_on, Leaving.DROPPED_OUT))
    return min(ends, key=lambda end: end[0], default=(date.max, Leaving.STILL_THERE))
