"""What happens to somebody who takes part: changes, withdrawing, dying, leaving, calls and messages."""

from __future__ import annotations

import uuid
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from service.followup.consent import Purpose
from service.followup.participation import ExitKind
from service.followup.problem import Refusal
from service.usecases.access import NotFound
from service.usecases.edit_contact import ContactForm, edit_contact
from service.usecases.enrol_participant import enrol_participant
from service.usecases.log_call import CallOutcome, log_call
from service.usecases.record_consent import record_consent
from service.usecases.record_death import record_death
from service.usecases.record_exit import record_exit
from service.usecases.resend_link import resend_link
from service.usecases.send_test_message import send_test_message
from service.usecases.services import Services
from service.usecases.show_contact import show_contact
from service.usecases.undo_call import undo_call
from service.usecases.withdraw_participant import withdraw_participant
from tests.builders import Clock
from tests.usecases.scene import ALL, GIVEN, Scene, make_scene, rows


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def contact_form(**changes: Any) -> ContactForm:
    values = {
        "first_name": "Wil",
        "last_name": "de Boer",
        "mobile": "06 0000 0137",
        "email": "",
        "landline": "",
        "preferred_channel": "sms",
        "language": "nl",
    }
    return ContactForm(**{**values, **changes})


def states(database: Engine, table: str) -> list[tuple[str, str]]:
    order = {"measurement": "position", "message": "due_at"}[table]
    columns = {"measurement": "status, status_reason", "message": "state, reason"}[table]
    return [(row[0], row[1]) for row in rows(database, f"select {columns} from {table} order by {order}")]


def refusal_of(call: Any) -> str:
    with pytest.raises(Refusal) as refusal:
        call()
    return str(refusal.value.problems[0].key)


def test_a_replaced_number_keeps_its_row(scene: Scene, database: Engine) -> None:
    person = enrol_participant(scene.services, scene.coordinator, scene.form())
    edit_contact(scene.services, scene.coordinator, person.participant_id, contact_form(mobile="06 0000 0200"))
    page = show_contact(scene.services, scene.coordinator, person.participant_id)
    assert [one.value for one in page.contact.addresses] == ["+31600000200"]
    closed = rows(
        database, "select replaced_at is not null as closed from contact.address order by created_at, closed desc"
    )
    assert [row.closed for row in closed] == [True, False]


def test_a_number_that_comes_later_makes_what_was_missing_planned(scene: Scene, database: Engine) -> None:
    form = scene.form(mobile="", preferred_channel="phone")
    person = enrol_participant(scene.services, scene.coordinator, form)
    assert rows(database, "select id from message") == []
    edit_contact(scene.services, scene.coordinator, person.participant_id, contact_form())
    assert len(rows(database, "select id from message")) == 12
    edit_contact(scene.services, scene.coordinator, person.participant_id, contact_form(last_name="Boer"))
    assert len(rows(database, "select id from message")) == 12


def test_consent_that_comes_later_makes_the_plan(scene: Scene, database: Engine) -> None:
    person = enrol_participant(scene.services, scene.coordinator, scene.form(consents={}))
    assert states(database, "measurement") == []
    record_consent(
        scene.services, scene.coordinator, person.participant_id, {Purpose.QUESTIONS: GIVEN, Purpose.SMS: GIVEN}
    )
    assert len(states(database, "measurement")) == 4
    assert len(states(database, "message")) == 12


def test_withdrawing_from_the_questions_ends_everything(scene: Scene, database: Engine, clock: Clock) -> None:
    person = enrol_participant(scene.services, scene.coordinator, scene.form())
    clock.forward(days=2)
    ended = withdraw_participant(scene.services, scene.coordinator, person.participant_id, [Purpose.QUESTIONS])
    assert ended == ("questions",)
    assert states(database, "measurement") == [("missed", "refused"), *[("cancelled", "withdrawn")] * 3]
    assert set(states(database, "message")) == {("cancelled", "withdrawn")}
    assert len(rows(database, "select id from message_event where event = 'cancel'")) == 12
    assert withdraw_participant(scene.services, scene.coordinator, person.participant_id, [Purpose.QUESTIONS]) == ()


def test_withdrawing_from_sms_leaves_the_waves_for_a_person_to_ask(
    scene: Scene, database: Engine, clock: Clock
) -> None:
    person = enrol_participant(scene.services, scene.coordinator, scene.form())
    clock.forward(days=2)
    withdraw_participant(scene.services, scene.coordinator, person.participant_id, [Purpose.SMS])
    assert {state for state, _ in states(database, "measurement")} == {"scheduled"}
    assert [state for state, _ in states(database, "message")] == ["cancelled"] * 3 + ["planned"] * 9


def test_a_number_of_somebody_with_the_same_name_is_refused_and_of_another_noted(scene: Scene) -> None:
    enrol_participant(scene.services, scene.coordinator, scene.form())
    second = enrol_participant(scene.services, scene.coordinator, scene.form(mobile="06 0000 0300")).participant_id
    form = contact_form(mobile="06 0000 0137")
    assert refusal_of(lambda: edit_contact(scene.services, scene.coordinator, second, form)) == "participant_known"
    notes = edit_contact(scene.services, scene.coordinator, second, contact_form(first_name="An"))
    assert [note.key for note in notes] == ["address_shared"]


def test_after_a_death_everything_stops(scene: Scene, database: Engine, clock: Clock) -> None:
    person = enrol_participant(scene.services, scene.coordinator, scene.form(mobile="", preferred_channel="phone"))
    clock.forward(days=10)
    tomorrow = date(2026, 3, 13)
    assert (
        refusal_of(lambda: record_death(scene.services, scene.coordinator, person.participant_id, tomorrow))
        == "date_in_future"
    )
    record_death(scene.services, scene.coordinator, person.participant_id, date(2026, 3, 11))
    assert states(database, "measurement") == [("missed", "died"), *[("cancelled", "died")] * 3]
    assert rows(database, "select exit_kind, exited_on from enrolment")[0] == ("deceased", date(2026, 3, 11))
    assert [row.outcome for row in rows(database, "select outcome from call_task")] == ["died"]
    again = date(2026, 3, 11)
    assert (
        refusal_of(lambda: record_death(scene.services, scene.coordinator, person.participant_id, again))
        == "participant_died"
    )
    assert refusal_of(lambda: resend_link(scene.services, scene.coordinator, person.participant_id)) == "nothing_open"
    assert (
        refusal_of(lambda: record_consent(scene.services, scene.coordinator, person.participant_id, ALL))
        == "participant_died"
    )


def test_leaving_does_not_end_measurement(scene: Scene, database: Engine) -> None:
    person = enrol_participant(scene.services, scene.coordinator, scene.form())

    def leave(day: date, kind: ExitKind = ExitKind.NO_LONGER_NEEDED) -> None:
        record_exit(
            scene.services,
            scene.coordinator,
            person.participant_id,
            person.enrolment_id,
            exited_on=day,
            exit_kind=kind,
            reason="gaat goed",
        )

    assert refusal_of(lambda: leave(date(2026, 3, 1))) == "date_before_start"
    assert refusal_of(lambda: leave(date(2026, 3, 3))) == "date_in_future"
    assert refusal_of(lambda: leave(date(2026, 3, 2), ExitKind.DECEASED)) == "record_death_instead"
    leave(date(2026, 3, 2))
    assert refusal_of(lambda: leave(date(2026, 3, 2))) == "already_left"
    assert {state for state, _ in states(database, "message")} == {"planned"}
    assert {state for state, _ in states(database, "measurement")} == {"scheduled"}


def test_a_test_message_and_a_link_are_queued_once_a_minute(scene: Scene, database: Engine, clock: Clock) -> None:
    person = enrol_participant(scene.services, scene.coordinator, scene.form())
    clock.forward(days=1)
    for _ in range(2):
        send_test_message(scene.services, scene.coordinator, person.participant_id, "sms")
        resend_link(scene.services, scene.coordinator, person.participant_id)
    clock.forward(minutes=1)
    resend_link(scene.services, scene.coordinator, person.participant_id)
    kinds = [
        row.kind for row in rows(database, "select kind from message where kind in ('test', 'resend') order by kind")
    ]
    assert kinds == ["resend", "resend", "test"]
    assert (
        refusal_of(lambda: send_test_message(scene.services, scene.coordinator, person.participant_id, "email"))
        == "no_address"
    )
    page = show_contact(scene.services, scene.coordinator, person.participant_id)
    assert page.test_message is not None
    assert page.test_message.state == "planned"


def test_a_call_is_written_down_and_can_be_undone(scene: Scene, database: Engine) -> None:
    person = enrol_participant(scene.services, scene.coordinator, scene.form(mobile="", preferred_channel="phone"))
    task = rows(database, "select id, due_on from call_task")[0]

    def now() -> Any:
        return rows(database, "select due_on, done_at is not null as done, outcome from call_task")[0]

    log_call(scene.services, scene.coordinator, person.participant_id, CallOutcome.LATER, task.id)
    assert now() == (task.due_on + timedelta(days=1), False, "later")
    moment = log_call(scene.services, scene.coordinator, person.participant_id, CallOutcome.SPOKEN, task.id)
    assert now().done
    undo_call(scene.services, scene.coordinator, moment)
    undo_call(scene.services, scene.coordinator, moment)
    assert now() == (date(2026, 3, 2), False, None)
    log_call(scene.services, scene.coordinator, person.participant_id, CallOutcome.SPOKEN)
    assert len(rows(database, "select id from contact_moment where undone_at is null")) == 2


def test_another_organisation_reaches_nobody(scene: Scene, services: Services) -> None:
    person = enrol_participant(services, scene.coordinator, scene.form())
    stranger = make_scene(services, "ander").coordinator
    for act in (
        lambda: show_contact(services, stranger, person.participant_id),
        lambda: edit_contact(services, stranger, person.participant_id, contact_form()),
        lambda: withdraw_participant(services, stranger, person.participant_id, [Purpose.QUESTIONS]),
        lambda: record_death(services, stranger, person.participant_id, date(2026, 3, 1)),
        lambda: resend_link(services, stranger, person.participant_id),
        lambda: send_test_message(services, stranger, person.participant_id, "sms"),
        lambda: log_call(services, stranger, person.participant_id, CallOutcome.SPOKEN),
        lambda: undo_call(services, stranger, uuid.uuid4()),
    ):
        with pytest.raises(NotFound):
            act()
