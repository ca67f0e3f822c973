"""Taking part: arms, the ways to leave, the life of a measurement, and what each of them means for being asked."""

from __future__ import annotations

from enum import StrEnum


class Arm(StrEnum):
    """To which group an enrolment belongs."""

    INTERVENTION = "intervention"
    WAITING_LIST = "waiting_list"
    COMPARISON = "comparison"


class ExitKind(StrEnum):
    """How a person left a programme. Leaving a programme does not end measurement; death does (DESIGN 4)."""

    COMPLETED = "completed"
    STOPPED = "stopped"
    MOVED = "moved"
    ILL = "ill"
    DECEASED = "deceased"
    REFERRED_ON = "referred_on"
    NO_CONTACT = "no_contact"
    NEVER_STARTED = "never_started"
    NO_LONGER_NEEDED = "no_longer_needed"


#: Exits that are drop-out; the others are completion, a competing event or a start that never came.
DROP_OUT = frozenset({ExitKind.STOPPED, ExitKind.NO_CONTACT})


class MeasurementStatus(StrEnum):
    """The life of one measurement."""

    SCHEDULED = "scheduled"
    OPEN = "open"
    PARTIAL = "partial"
    COMPLETE = "complete"
    LATE = "late"
    MISSED = "missed"
    EXCUSED = "excused"
    CANCELLED = "cancelled"


class Mode(StrEnum):
    """How answers were given; never lost."""

    SMS = "sms"
    EMAIL = "email"
    WEB = "web"
    TELEPHONE = "telephone"
    FACE_TO_FACE = "face_to_face"
    PAPER = "paper"
