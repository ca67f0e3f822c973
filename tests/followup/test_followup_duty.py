"""Who is warned about alarming words, and how often."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime, timedelta

from service.followup.duty import GIVE_UP_AFTER, Guard, Roster, next_try, warned_first, warned_later
from service.followup.quiet_hours import working_days_later

MARIEKE, SANNE, CHEF = (uuid.uuid4() for _ in range(3))
STAFF = (
    Guard(MARIEKE, "+31600000201", "marieke@voorbeeld.invalid"),
    Guard(SANNE, "", "sanne@voorbeeld.invalid"),
    Guard(CHEF, "", "chef@voorbeeld.invalid", administrator=True),
)
RAISED = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)


def names(guards: tuple[Guard, ...]) -> list[uuid.UUID]:
    return [guard.account_id for guard in guards]


def test_who_is_on_duty_and_the_back_up_are_warned_at_once() -> None:
    assert names(warned_first(Roster(SANNE, MARIEKE), [CHEF], STAFF)) == [SANNE, MARIEKE]


def test_without_duty_the_coordinators_of_the_person_are_warned() -> None:
    assert names(warned_first(Roster(None, None), [MARIEKE], STAFF)) == [MARIEKE]


def test_a_closed_account_on_duty_warns_the_back_up_and_the_coordinators() -> None:
    assert names(warned_first(Roster(uuid.uuid4(), SANNE), [MARIEKE], STAFF)) == [SANNE, MARIEKE]


def test_somebody_is_always_warned() -> None:
    assert names(warned_first(Roster(None, None), [], STAFF)) == [CHEF]


def test_later_the_back_up_and_every_administrator_are_warned() -> None:
    assert names(warned_later(Roster(SANNE, MARIEKE), STAFF)) == [MARIEKE, CHEF]


def test_nobody_is_warned_twice_at_once() -> None:
    assert names(warned_first(Roster(MARIEKE, None), [MARIEKE], STAFF)) == [MARIEKE]


def test_a_guard_without_a_mobile_number_is_warned_by_mail() -> None:
    assert [guard.channels for guard in STAFF[:2]] == [("sms", "email"), ("email",)]


def test_a_notice_is_tried_again_and_again_but_not_for_ever() -> None:
    now, waits = RAISED, []
    for tries in range(1, 200):
        again = next_try(tries, now, RAISED)
        if again is None:
            break
        waits.append(again - now)
        now = again
    assert waits[:3] == [timedelta(seconds=30), timedelta(seconds=60), timedelta(seconds=120)]
    assert waits == sorted(waits)
    assert now < RAISED + GIVE_UP_AFTER <= now + max(waits)


def test_working_days_skip_weekends_and_public_holidays() -> None:
    assert working_days_later(date(2026, 3, 5), 3) == date(2026, 3, 10)  # Thursday to Tuesday
    assert working_days_later(date(2026, 4, 2), 3) == date(2026, 4, 9)  # over Good Friday and Easter Monday
    assert working_days_later(date(2026, 3, 5), 0) == date(2026, 3, 5)
