"""Whom to call first: the call that helps a person most, then the one that has waited longest."""

from __future__ import annotations

from datetime import datetime

from service.followup.conversation import TaskReason

#: Who asked for us comes first, then who is stuck, then silence, then addresses that do not work.
ORDER = (
    TaskReason.ASKED_FOR_CALL,
    TaskReason.ERASURE_ASKED,
    TaskReason.NEW_ADDRESS,
    TaskReason.WROTE_PERSONALLY,
    TaskReason.STUCK_BY_SMS,
    TaskReason.CHECK_IN,
    TaskReason.ONLY_LANDLINE,
    TaskReason.NO_ANSWER,
    TaskReason.NO_CHANNEL,
    TaskReason.UNREACHABLE,
    TaskReason.FATE_UNKNOWN,
    TaskReason.SHARED_NUMBER,
    TaskReason.WRONG_NUMBER,
)


def call_order(reason: str, since: datetime) -> tuple[int, datetime]:
    """The sort key of one call; a reason that is not in the list comes last."""
    place = next((index for index, known in enumerate(ORDER) if known.value == reason), len(ORDER))
    return place, since
