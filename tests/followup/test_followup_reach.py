"""By which channel a person is written to."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from service.followup.addresses import as_dialled
from service.followup.conversation import TaskReason
from service.followup.protocol import QuietHours, Slot
from service.followup.reach import Way, choose, valid_minutes, why_nobody_writes

SMS, EMAIL = Way("sms", True, True), Way("email", True, True)


@pytest.mark.parametrize(
    ("preferred", "ways", "channel"),
    [
        ("sms", [SMS, EMAIL], "sms"),
        ("email", [SMS, EMAIL], "email"),
        ("sms", [EMAIL], "email"),
        ("sms", [Way("sms", False, True), EMAIL], "email"),
        ("sms", [Way("sms", False, True), Way("email", True, False)], None),
        ("sms", [Way("sms", True, False), EMAIL], "sms"),
        ("phone", [SMS, EMAIL], None),
        ("sms", [], None),
    ],
)
def test_the_preferred_channel_else_the_other_one_that_was_agreed_to(
    preferred: str, ways: list[Way], channel: str | None
) -> None:
    assert choose(preferred, ways) == channel


def test_a_person_without_a_channel_is_called_for_a_reason() -> None:
    assert why_nobody_writes("sms", []) is TaskReason.NO_CHANNEL
    assert why_nobody_writes("phone", ["landline"]) is TaskReason.ONLY_LANDLINE
    assert why_nobody_writes("phone", ["sms"]) is TaskReason.ASKED_FOR_CALL
    assert why_nobody_writes("sms", ["sms", "landline"]) is TaskReason.UNREACHABLE


def test_an_sms_is_never_tried_into_the_quiet_hours() -> None:
    quiet = QuietHours((Slot(540, 1230),), sundays=False, holidays=False)
    late = datetime(2026, 3, 2, 19, 20, tzinfo=UTC)  # 20.20 in Amsterdam
    assert valid_minutes(late, quiet, "Europe/Amsterdam", late.replace(day=9)) == 10
    assert valid_minutes(late, quiet, "Europe/Amsterdam", late.replace(minute=23)) == 3


@pytest.mark.parametrize(
    ("number", "written"),
    [
        ("+31600000137", "06 0000 0137"),
        ("+31780000137", "078 000 0137"),
        ("+31101234567", "010 123 4567"),
        ("+3225551234", "+32 2 555 12 34"),
        ("", ""),
    ],
)
def test_numbers_are_shown_as_people_dial_them(number: str, written: str) -> None:
    assert as_dialled(number) == written
