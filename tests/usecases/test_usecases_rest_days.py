"""Days on which somebody would rather not hear from us: kept by staff, read at send time, told on the why page."""

from __future__ import annotations

import uuid
from datetime import date

import pytest

from service.followup.delivery import Verdict
from service.followup.problem import Refusal
from service.usecases.access import Denied, NotFound
from service.usecases.add_rest_days import add_rest_days
from service.usecases.cancel_rest_days import cancel_rest_days
from service.usecases.explain_messages import explain_messages
from service.usecases.show_rest_days import show_rest_days
from tests.usecases.street import Street, street

__all__ = ["street"]  # the fixture


def person(street: Street) -> uuid.UUID:
    found: uuid.UUID = street.ask("select id from participant")[0].id
    return found


def test_nothing_is_sent_on_the_days_and_it_comes_after_them(street: Street) -> None:
    services, scene = street.services, street.scene
    add_rest_days(services, scene.coordinator, person(street), date(2026, 3, 2), date(2026, 3, 4))
    street.run()
    assert street.phone == []
    message = street.ask(
        "select reason, due_at at time zone 'Europe/Amsterdam' as at from message where kind = 'invite' order by due_at"
    )[0]
    assert (message.reason, message.at.isoformat()) == ("rest_days", "2026-03-05T10:00:00")
    first = explain_messages(services, scene.coordinator, person(street)).entries[0]
    assert (first.foreseen, first.reason) == (Verdict.SEND, "rest_days")
    street.clock.forward(days=3)
    street.run()
    assert len(street.phone) == 1


def test_who_writes_gets_an_answer_on_a_day_of_rest(street: Street) -> None:
    street.run()
    add_rest_days(street.services, street.scene.coordinator, person(street), date(2026, 3, 2))
    street.write("ja")
    assert "Vraag 1 van 6" in street.phone[-1].text


def test_taking_the_days_away_lets_the_next_message_go(street: Street) -> None:
    services, coordinator = street.services, street.scene.coordinator
    rest_id = add_rest_days(services, coordinator, person(street), date(2026, 3, 1), date(2026, 3, 2))
    [period] = show_rest_days(services, coordinator, person(street)).periods
    assert (period.id, period.first_on, period.last_on, period.source) == (
        rest_id, date(2026, 3, 1), date(2026, 3, 2), "staff",
    )  # fmt: skip
    street.run()
    assert street.phone == []
    cancel_rest_days(services, coordinator, person(street), rest_id)
    assert show_rest_days(services, coordinator, person(street)).periods == []
    street.run()
    assert len(street.phone) == 1
    with pytest.raises(NotFound):
        cancel_rest_days(services, coordinator, person(street), rest_id)
    actions = [row.action for row in street.ask("select action from audit_event order by sequence")]
    assert actions[-2:] == ["add_rest_days", "cancel_rest_days"]


@pytest.mark.parametrize(
    ("first", "last", "key"),
    [
        (date(2026, 3, 5), date(2026, 3, 4), "rest_days_order"),
        (date(2026, 2, 1), date(2026, 3, 1), "rest_days_past"),
        (date(2026, 3, 5), date(2027, 3, 4), "rest_days_long"),
    ],
)
def test_days_that_cannot_be_are_refused(street: Street, first: date, last: date, key: str) -> None:
    with pytest.raises(Refusal) as refusal:
        add_rest_days(street.services, street.scene.coordinator, person(street), first, last)
    assert refusal.value.problems[0].key == key


def test_only_who_may_and_only_of_this_person(street: Street) -> None:
    with pytest.raises(Denied):
        add_rest_days(street.services, street.scene.evaluator, person(street), date(2026, 3, 5))
    with pytest.raises(NotFound):
        add_rest_days(street.services, street.scene.coordinator, uuid.uuid4(), date(2026, 3, 5))


def test_a_long_rest_brings_the_messages_one_by_one(street: Street) -> None:
    """The invitation and both reminders fall in the days of rest: after them they keep their distance."""
    add_rest_days(street.services, street.scene.coordinator, person(street), date(2026, 3, 2), date(2026, 3, 10))
    days = []
    for _ in range(40):
        before = len(street.phone)
        street.run()
        days += [street.clock().date()] * (len(street.phone) - before)
        street.clock.forward(hours=12)
    assert days == [date(2026, 3, 11), date(2026, 3, 13), date(2026, 3, 16)]
    assert "Mogen we u" in street.phone[0].text
    assert "laatste bericht" in street.phone[2].text
