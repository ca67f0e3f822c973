"""Who answered a wave: a flow whose parts add up by construction, and the response rates of AAPOR."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.intervals import wilson
from service.measures.retention import WaveOutcome

#: A valid primary score: AAPOR's complete interview (I). Late is complete too, and counted apart as well.
VALID = frozenset({WaveOutcome.COMPLETE, WaveOutcome.LATE})
#: In no denominator: nothing can be said of them yet, or any more.
OUTSIDE = frozenset({WaveOutcome.PENDING, WaveOutcome.LEFT})


class Reach(IntEnum):
    """How far a wave came with one person; each step includes the ones before it."""

    NOT_INVITED = 0
    INVITED = 1  # a message was sent, or somebody asked
    DELIVERED = 2  # and it arrived, as far as is known
    STARTED = 3  # and at least one answer came


@dataclass(frozen=True, slots=True)
class Course:
    """What became of one measurement and how far it came."""

    outcome: WaveOutcome
    reach: Reach


@dataclass(frozen=True, slots=True)
class WaveFlow:
    """One wave, in measurements (one per enrolment): every count is a sum of the same cells, so that they add up.

    enrolled = closed + pending + left; closed = complete + partial + refused + bounced + no_reply;
    enrolled >= invited >= delivered >= started >= complete + partial. `late` is part of `complete`.
    """

    wave: str
    cells: Mapping[tuple[WaveOutcome, Reach], int]

    @property
    def enrolled(self) -> int:
        """Everybody for whom this wave was planned."""
        return sum(self.cells.values())

    @property
    def closed(self) -> int:
        """The denominator: the window has closed, and the person was there to be asked until it did."""
        return self.enrolled - self.pending - self.left

    @property
    def invited(self) -> int:
        """Somebody was asked, or a message was sent."""
        return self._reached(Reach.INVITED)

    @property
    def delivered(self) -> int:
        """And it arrived, as far as is known."""
        return self._reached(Reach.DELIVERED)

    @property
    def started(self) -> int:
        """And at least one answer came."""
        return self._reached(Reach.STARTED)

    @property
    def complete(self) -> int:
        """The primary score is valid, in time or late."""
        return self._of(*VALID)

    @property
    def late(self) -> int:
        """Of the complete ones, those after the window."""
        return self._of(WaveOutcome.LATE)

    @property
    def partial(self) -> int:
        """At least one answer, no primary score."""
        return self._of(WaveOutcome.PARTIAL)

    @property
    def refused(self) -> int:
        """Declined this wave, or withdrew while it was open."""
        return self._of(WaveOutcome.REFUSED)

    @property
    def bounced(self) -> int:
        """No message arrived."""
        return self._of(WaveOutcome.UNREACHABLE)

    @property
    def no_reply(self) -> int:
        """The window closed and nothing came."""
        return self._of(WaveOutcome.NO_REPLY)

    @property
    def pending(self) -> int:
        """The window is open or still to open: never non-response."""
        return self._of(WaveOutcome.PENDING)

    @property
    def left(self) -> int:
        """Died, or withdrew consent before the window opened."""
        return self._of(WaveOutcome.LEFT)

    def _of(self, *outcomes: WaveOutcome) -> int:
        return sum(count for (outcome, _), count in self.cells.items() if outcome in outcomes)

    def _reached(self, least: Reach) -> int:
        return sum(count for (_, reach), count in self.cells.items() if reach >= least)


@dataclass(frozen=True, slots=True)
class ResponseRates:
    """AAPOR's rates of one wave, each a share of `closed` (0 to 1) with its Wilson interval, but cooperation."""

    rr1: Estimate | NotEstimable
    rr2: Estimate | NotEstimable
    coop1: Estimate | NotEstimable
    ref1: Estimate | NotEstimable


@dataclass(frozen=True, slots=True)
class WaveResponse:
    """One wave in the course of a panel; both shares with a Wilson interval. See `response_course`."""

    cumulative: Estimate | NotEstimable
    conditional: Estimate | NotEstimable  # NO_DATA at the first wave: there is none before it


def wave_flow(wave: str, courses: Sequence[Course]) -> WaveFlow:
    """Count one wave. Who answered has started, whatever the messages did (on paper, say); who was sent a message that
    did not arrive was not delivered one."""
    return WaveFlow(wave, dict(Counter((course.outcome, _reach(course)) for course in courses)))


def response_rates(flow: WaveFlow, level: float = 0.95) -> ResponseRates:
    """AAPOR Standard Definitions for a named panel (measures.md 4.2), where I is complete, P partial, R refused and NC
    bounced or no reply.

    RR1 = I/((I + P) + (R + NC + O) + (UH + UO)); RR2 = (I + P) over the same; COOP1 = I/(I + P + R + O); REF1 = R over
    the denominator of RR1. Everybody in a panel is known by name, so nobody is of unknown eligibility (UH = UO = 0):
    RR1 = RR3 and RR2 = RR4. Who died or withdrew before is not eligible; there are no others (O = 0); a pending
    measurement is in no denominator. NO_DATA while no window has closed, or for cooperation when nobody was in contact.
    """
    contacted = flow.complete + flow.partial + flow.refused
    return ResponseRates(
        rr1=wilson(flow.complete, flow.closed, level),
        rr2=wilson(flow.complete + flow.partial, flow.closed, level),
        coop1=wilson(flow.complete, contacted, level),
        ref1=wilson(flow.refused, flow.closed, level),
    )


def response_course(
    people: Sequence[Sequence[WaveOutcome]], waves: int, level: float = 0.95
) -> tuple[WaveResponse, ...]:
    """Cumulative and conditional response per wave; `people` holds per enrolment its outcome at each of the waves.

    Cumulative: a valid score at wave k, of everybody enrolled for whom that wave is not pending; who died or withdrew
    stays in this denominator. Conditional: the same, of those with a valid score at wave k - 1 for whom wave k has
    closed; who died or withdrew in between is not in it. ValueError when somebody has another number of waves.
    """
    if any(len(outcomes) != waves for outcomes in people):
        raise ValueError(f"one outcome for each of the {waves} waves")
    return tuple(
        WaveResponse(_cumulative(people, wave, level), _conditional(people, wave, level)) for wave in range(waves)
    )


def paired_rate(pairs: Sequence[tuple[WaveOutcome, WaveOutcome]], level: float = 0.95) -> Estimate | NotEstimable:
    """The headline: a valid score before and after, of everybody who could have both (both windows closed, not dead or
    withdrawn before either opened). 0 to 1 with a Wilson interval; NO_DATA when nobody could."""
    could = [pair for pair in pairs if not OUTSIDE.intersection(pair)]
    return wilson(sum(VALID.issuperset(pair) for pair in could), len(could), level)


def _reach(course: Course) -> Reach:
    if course.outcome in VALID or course.outcome is WaveOutcome.PARTIAL:
        return Reach.STARTED
    if course.outcome is WaveOutcome.UNREACHABLE:
        return min(course.reach, Reach.INVITED)
    return course.reach


def _cumulative(people: Sequence[Sequence[WaveOutcome]], wave: int, level: float) -> Estimate | NotEstimable:
    known = [outcomes[wave] for outcomes in people if outcomes[wave] is not WaveOutcome.PENDING]
    return wilson(sum(outcome in VALID for outcome in known), len(known), level)


def _conditional(people: Sequence[Sequence[WaveOutcome]], wave: int, level: float) -> Estimate | NotEstimable:
    if wave == 0:
        return NotEstimable(Reason.NO_DATA, {"n": 0})
    asked = [outcomes[wave] for outcomes in people if outcomes[wave - 1] in VALID and outcomes[wave] not in OUTSIDE]
    return wilson(sum(outcome in VALID for outcome in asked), len(asked), level)
