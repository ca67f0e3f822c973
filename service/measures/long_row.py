"""One row of the long file, and what a column of it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

#: The status reason of a row whose answers are left out: the person did not agree that others read along.
NOT_SHARED = "not_shared"


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of an export: name, meaning (nl and en), type, and for coded variables `code = label` pairs."""

    name: str
    meaning_nl: str
    meaning_en: str
    kind: str  # text | integer | number | date | datetime | code
    codes: tuple[tuple[str, str], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class LongRow:
    """One wave of one enrolment. Dates are local to the protocol. No organisation, no name, no contact details.

    A wave that is not planned for somebody (yet) has a row without status and dates.

    `answers` maps item number -> stored code; `scores` maps score key -> points (None when it cannot be scored).
    A measurement without an answer has no mode, no answered_on, no answers and no scores, and still a row. `modes` are
    the ways in which the answers that count came, joined by a plus.
    """

    pseudonym: str
    intervention: str
    programme: str
    arm: str
    enrolled_on: date
    wave: str
    wave_position: int
    target_on: date | None
    opened_on: date | None
    closed_on: date | None
    status: str
    status_reason: str
    mode: str | None
    language: str
    instrument: str
    instrument_version: str
    answered_on: date | None
    answers: Mapping[int, str] = field(default_factory=dict)
    scores: Mapping[str, int | None] = field(default_factory=dict)
    band: str | None = None
    cutoff_set: str | None = None
    lower_bound: bool | None = None
    missing: int | None = None
    scoring_version: str | None = None
    modes: str | None = None
    assisted: bool | None = None
    helper_delivers: bool | None = None
    enrolment: int = 1
    site: str = ""
    goal: str = ""
    age_group: str = ""
    received: bool | None = None
    exit_kind: str | None = None
    exited_on: date | None = None
    planned_end_on: date | None = None
    wave_number: int | None = None
    wave_role: str = ""
    wave_days: float | None = None
    wave_title_nl: str = ""
    wave_title_en: str = ""
    outcome: str | None = None
    reach: str | None = None
    in_course: bool | None = None
    in_change: bool | None = None
    as_of: datetime | None = None

    @property
    def key(self) -> str:
        """What tells enrolments of one programme apart: the pseudonym, and which enrolment of that person it is."""
        return f"{self.pseudonym}/{self.enrolment}"

    @property
    def counted(self) -> bool:
        """Whether this is a measurement of the figures: the plan and the protocol have it."""
        return self.outcome is not None
