"""The calendar of activities: reminders follow it, attendance is noted and taken back."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import Engine

from service.followup.activities import ActivityForm, Attended
from service.followup.consent import Purpose
from service.followup.problem import Refusal
from service.usecases.access import Denied, NotFound
from service.usecases.add_activity import add_activity
from service.usecases.cancel_activity import cancel_activity
from service.usecases.change_activity import change_activity
from service.usecases.enrol_participant import enrol_participant
from service.usecases.record_attendance import record_attendance
from service.usecases.record_everybody import record_everybody
from service.usecases.services import Services
from service.usecases.show_activities import show_activities
from service.usecases.show_activity import show_activity
from service.usecases.undo_everybody import undo_everybody
from tests.builders import Clock
from tests.usecases.scene import ALL, GIVEN, Scene, make_scene, rows

ENCOURAGED = {**ALL, Purpose.ENCOURAGEMENT: GIVEN}
THURSDAY = date(2026, 3, 5)
COFFEE = ActivityForm("Koffie", "Buurthuis Noord", THURSDAY, time(14), 90)


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def people(scene: Scene, *names: str) -> Iterator[uuid.UUID]:
    for number, name in enumerate(names):
        form = scene.form(first_name=name, mobile=f"06 0000 {1000 + number}", consents=ENCOURAGED)
        yield enrol_participant(scene.services, scene.coordinator, form).participant_id


def reminders(database: Engine, state: str = "planned") -> list[Any]:
    query = "select * from message where kind = 'activity' and state = :state order by due_at, created_at"
    return rows(database, query, state=state)


def states(scene: Scene, activity_id: uuid.UUID) -> dict[str, str | None]:
    view = show_activity(scene.services, scene.coordinator, activity_id)
    return {named.name.split()[0]: guest.state for guest, named in view.guests}


def test_whoever_agreed_to_it_is_reminded_the_day_before(scene: Scene, database: Engine) -> None:
    wanted = list(people(scene, "Wil"))
    enrol_participant(scene.services, scene.coordinator, scene.form(first_name="An", mobile="06 0000 2000"))
    [coffee] = add_activity(scene.services, scene.coordinator, scene.programme_id, COFFEE)
    [one] = reminders(database)
    assert (one.participant_id, one.activity_id, one.text_key) == (wanted[0], coffee, "activity_tomorrow")
    assert one.due_at == datetime(2026, 3, 4, 9, tzinfo=UTC)  # Wednesday, ten o'clock in Amsterdam
    assert one.expires_at == datetime(2026, 3, 5, 13, tzinfo=UTC)
    assert one.values == {}


def test_an_activity_repeats_on_the_clock_of_the_wall(scene: Scene, database: Engine) -> None:
    list(people(scene, "Wil"))
    form = ActivityForm("Koffie", "Buurthuis", date(2026, 3, 26), time(14), 90, repeats=2)
    add_activity(scene.services, scene.coordinator, scene.programme_id, form)
    starts = [row.starts_at for row in rows(database, "select starts_at from activity order by 1")]
    assert starts == [datetime(2026, 3, 26, 13, tzinfo=UTC), datetime(2026, 4, 2, 12, tzinfo=UTC)]
    assert reminders(database) == []  # written when it is near


def test_a_moved_activity_moves_what_was_not_sent(scene: Scene, database: Engine) -> None:
    list(people(scene, "Wil"))
    [coffee] = add_activity(scene.services, scene.coordinator, scene.programme_id, COFFEE)
    later = ActivityForm("Koffie", "Buurthuis Zuid", date(2026, 3, 12), time(10), 90)
    assert change_activity(scene.services, scene.coordinator, coffee, later) == (0, 0)
    assert [row.reason for row in reminders(database, "cancelled")] == ["replanned"]
    assert [row.due_at for row in reminders(database)] == [datetime(2026, 3, 11, 9, tzinfo=UTC)]


def test_who_was_reminded_hears_of_another_time_and_of_no_coffee_at_all(
    scene: Scene, database: Engine, clock: Clock
) -> None:
    list(people(scene, "Wil", "An"))
    [coffee] = add_activity(scene.services, scene.coordinator, scene.programme_id, COFFEE)
    first = reminders(database)[0].id
    with database.begin() as connection:
        connection.exec_driver_sql("update message set state = 'delivered' where id = %s", (str(first),))
    clock.forward(days=2)
    moved = ActivityForm("Koffie", "Buurthuis Noord", THURSDAY, time(15), 90)
    assert change_activity(scene.services, scene.coordinator, coffee, moved) == (1, 1)
    assert len(reminders(database)) == 2
    assert cancel_activity(scene.services, scene.coordinator, coffee, tell=True) == (1, 1)
    assert [row.text_key for row in reminders(database)] == ["activity_cancelled"]
    assert cancel_activity(scene.services, scene.coordinator, coffee, tell=True) == (0, 0)
    with pytest.raises(Refusal):
        change_activity(scene.services, scene.coordinator, coffee, moved)


def test_two_taps_and_one_for_everybody(scene: Scene, database: Engine, clock: Clock) -> None:
    wil, an, _ = people(scene, "Wil", "An", "Toon")
    [coffee] = add_activity(scene.services, scene.coordinator, scene.programme_id, COFFEE)
    with pytest.raises(Refusal):
        record_attendance(scene.services, scene.coordinator, coffee, wil, Attended.PRESENT)
    clock.forward(days=3, hours=6)
    record_attendance(scene.services, scene.coordinator, coffee, wil, Attended.PRESENT)
    record_attendance(scene.services, scene.coordinator, coffee, wil, Attended.OPEN)
    assert states(scene, coffee) == {"Wil": None, "An": None, "Toon": None}
    record_attendance(scene.services, scene.coordinator, coffee, an, Attended.ABSENT)
    noted_at = record_everybody(scene.services, scene.coordinator, coffee)
    assert states(scene, coffee) == {"Wil": "present", "An": "absent", "Toon": "present"}
    undo_everybody(scene.services, scene.coordinator, coffee, noted_at)
    assert states(scene, coffee) == {"Wil": None, "An": "absent", "Toon": None}
    with pytest.raises(NotFound):
        record_attendance(scene.services, scene.coordinator, coffee, uuid.uuid4(), Attended.PRESENT)


def test_the_first_time_somebody_came_is_kept_with_the_enrolment(scene: Scene, database: Engine, clock: Clock) -> None:
    [wil] = people(scene, "Wil")
    form = ActivityForm("Koffie", "Noord", THURSDAY, time(14), 90, repeats=2)
    first, second = add_activity(scene.services, scene.coordinator, scene.programme_id, form)
    clock.forward(days=11)

    def anchor() -> date | None:
        found: date | None = rows(database, "select first_activity_on from enrolment")[0].first_activity_on
        return found

    record_attendance(scene.services, scene.coordinator, second, wil, Attended.PRESENT)
    assert anchor() == date(2026, 3, 12)
    record_attendance(scene.services, scene.coordinator, first, wil, Attended.PRESENT)
    assert anchor() == THURSDAY
    record_attendance(scene.services, scene.coordinator, first, wil, Attended.OPEN)
    assert anchor() == date(2026, 3, 12)


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"title": ""}, "title"),
        ({"title": "Eenzaamheidscafé"}, "title"),
        ({"place": "x" * 18}, "place"),
        ({"day": date(2062, 3, 5)}, "day"),
        ({"minutes": 0}, "minutes"),
        ({"repeats": 53}, "repeats"),
    ],
)
def test_what_cannot_stand_in_a_message_is_refused(scene: Scene, changes: dict[str, Any], where: str) -> None:
    values = {name: getattr(COFFEE, name) for name in ActivityForm.__slots__}
    with pytest.raises(Refusal) as refusal:
        add_activity(scene.services, scene.coordinator, scene.programme_id, ActivityForm(**{**values, **changes}))
    assert [problem.where for problem in refusal.value.problems] == [where]


def test_a_coordinator_keeps_the_calendar_and_an_administrator_sees_it(scene: Scene) -> None:
    [coffee] = add_activity(scene.services, scene.coordinator, scene.programme_id, COFFEE)
    seen = show_activities(scene.services, scene.administrator, scene.programme_id)
    assert [one.id for one in seen.coming] == [coffee]
    with pytest.raises(Denied):
        add_activity(scene.services, scene.administrator, scene.programme_id, COFFEE)
    with pytest.raises(Denied):
        show_activity(scene.services, scene.administrator, coffee)
    with pytest.raises(Denied):
        show_activities(scene.services, scene.evaluator, scene.programme_id)
    stranger = make_scene(scene.services, "ander").coordinator
    with pytest.raises(NotFound):
        show_activity(scene.services, stranger, coffee)
