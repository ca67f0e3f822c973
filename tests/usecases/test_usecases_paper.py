"""A paper form: made with a code and no name, typed in twice, the second time without seeing the first."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest

from service.followup.paper_forms import Turn
from service.followup.participation import Mode
from service.followup.problem import Refusal
from service.measures.instrument import NO_ANSWER
from service.usecases.access import Actor, Denied, NotFound, Role
from service.usecases.add_account import add_account
from service.usecases.close_waves import close_waves
from service.usecases.discard_paper_entry import discard_paper_entry
from service.usecases.enter_answers import enter_answers
from service.usecases.enter_paper import enter_paper
from service.usecases.find_paper_form import find_paper_form
from service.usecases.make_paper_form import make_paper_form
from service.usecases.record_death import record_death
from service.usecases.show_paper_entry import show_paper_entry
from service.usecases.show_paper_form import show_paper_form
from service.usecases.show_paper_forms import show_paper_forms
from service.usecases.submit_answers import submit_answers
from tests.usecases.scene import PASSWORD, make_scene
from tests.usecases.street import Street, street

__all__ = ["street"]

ITEMS = (3, 4, 7, 9, 8, 10)
ALL_YES = dict.fromkeys(ITEMS, "yes")
DAY = date(2026, 3, 4)


@pytest.fixture
def form(street: Street) -> tuple[Street, uuid.UUID]:
    """A form that was made for the first wave, two days later."""
    person, measurement = street.ask("select participant_id, id from measurement order by position limit 1")[0]
    make_paper_form(street.services, street.scene.coordinator, person, measurement)
    street.clock.forward(days=2)
    return street, measurement


def colleague(street: Street) -> Actor:
    account_id = add_account(
        street.services,
        org_id=street.scene.org_id,
        email="collega@voorbeeld.invalid",
        name="collega",
        role=Role.COORDINATOR,
        password=PASSWORD,
    )
    return Actor(account_id, street.scene.org_id, "collega", Role.COORDINATOR)


def type_in(
    form: tuple[Street, uuid.UUID],
    turn: Turn,
    answers: dict[int, str] | None = None,
    *,
    by: Actor | None = None,
    day: date | None = DAY,
) -> Turn | None:
    street, measurement = form
    who = by or street.scene.coordinator
    return enter_paper(street.services, who, measurement, ALL_YES if answers is None else answers, day, turn)


def test_a_form_has_a_code_that_finds_it_and_making_it_again_keeps_the_code(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    person = street.ask("select id from participant")[0][0]
    code = show_paper_form(street.services, street.scene.coordinator, person, measurement).code
    assert code is not None
    make_paper_form(street.services, street.scene.coordinator, person, measurement)
    assert show_paper_form(street.services, street.scene.coordinator, person, measurement).code == code
    assert find_paper_form(street.services, street.scene.coordinator, f"{code[:4].lower()} {code[4:]}") == measurement
    kept = street.ask("select encode(paper_digest, 'hex') from measurement where id = :id", id=measurement)[0][0]
    assert code not in kept


def test_a_slip_and_an_unknown_code_are_told_apart_kindly(form: tuple[Street, uuid.UUID]) -> None:
    street, _ = form
    coordinator = street.scene.coordinator
    other = street.services.links.paper_code(uuid.uuid4(), 0)
    for typed, key in (
        ("123", "paper_code_slip"),
        (other[:-1] + "é", "paper_code_slip"),
        (other, "paper_code_unknown"),
    ):
        with pytest.raises(Refusal) as refused:
            find_paper_form(street.services, coordinator, typed)
        assert refused.value.problems[0].key == key


def test_a_form_is_found_in_its_own_organisation_only(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    person = street.ask("select id from participant")[0][0]
    code = show_paper_form(street.services, street.scene.coordinator, person, measurement).code or ""
    elsewhere = make_scene(street.services, "elders").coordinator
    with pytest.raises(Refusal):
        find_paper_form(street.services, elsewhere, code)
    with pytest.raises(NotFound):
        show_paper_entry(street.services, elsewhere, measurement)
    with pytest.raises(NotFound):
        type_in(form, Turn.FIRST, by=elsewhere)


def test_two_equal_turns_are_kept_as_one_response_on_paper(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    second = colleague(street)
    assert type_in(form, Turn.FIRST) is Turn.SECOND
    assert street.ask("select count(*) from answer_event") == [(0,)]
    assert type_in(form, Turn.SECOND, by=second) is None
    row = street.ask("select status, mode, assisted_by from measurement where id = :id", id=measurement)[0]
    assert row == ("complete", "paper", None)
    events = street.ask("select distinct mode, recorded_by, given_at from answer_event")
    assert [(one.mode, one.recorded_by, one.given_at.isoformat()) for one in events] == [
        ("paper", second.account_id, "2026-03-04T09:30:00+00:00")
    ]
    assert street.ask("select answers, settled_at is not null from paper_entry") == [("", True)]
    assert show_paper_forms(street.services, second)[0] == ()


def test_the_second_person_sees_nothing_of_the_first_and_the_database_cannot_be_read(
    form: tuple[Street, uuid.UUID],
) -> None:
    street, measurement = form
    type_in(form, Turn.FIRST, dict.fromkeys(ITEMS, "more_or_less"))
    view = show_paper_entry(street.services, colleague(street), measurement)
    assert (view.turn, view.first_is_mine, bool(view.differing)) == (Turn.SECOND, False, False)
    assert "more_or_less" not in repr(replace(view, asking=replace(view.asking, options=())))
    assert "more" not in street.ask("select answers from paper_entry")[0][0]


def test_what_differs_is_named_without_what_was_typed_and_decided_once_more(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    second = colleague(street)
    type_in(form, Turn.FIRST)
    assert type_in(form, Turn.SECOND, ALL_YES | {4: "no", 9: NO_ANSWER}, by=second) is Turn.DECISION
    assert street.ask("select count(*) from answer_event") == [(0,)]
    view = show_paper_entry(street.services, second, measurement)
    assert (view.turn, view.differing.items, view.differing.day) == (Turn.DECISION, (4, 9), False)
    assert type_in(form, Turn.DECISION, {4: "no", 9: "yes"}, day=None) is None
    codes = dict(map(tuple, street.ask("select item, code from answer_event")))
    assert codes == ALL_YES | {4: "no"}


def test_a_decision_needs_every_item_that_differs(form: tuple[Street, uuid.UUID]) -> None:
    type_in(form, Turn.FIRST)
    type_in(form, Turn.SECOND, ALL_YES | {4: "no", 9: "no"})
    with pytest.raises(Refusal) as refused:
        type_in(form, Turn.DECISION, {4: "no"})
    assert [(one.key, one.where) for one in refused.value.problems] == [("paper_item_open", "item_9")]


def test_another_day_is_a_difference_too(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    type_in(form, Turn.FIRST)
    assert type_in(form, Turn.SECOND, day=DAY - timedelta(days=1)) is Turn.DECISION
    assert show_paper_entry(street.services, street.scene.coordinator, measurement).differing.day
    assert type_in(form, Turn.DECISION, {}, day=DAY - timedelta(days=1)) is None
    assert type_in(form, Turn.DECISION, {}, day=DAY - timedelta(days=1)) is None  # pressed twice
    assert street.ask("select distinct given_at::date from answer_event") == [(DAY - timedelta(days=1),)]


def test_who_ticked_to_be_called_stands_on_the_list_once(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    for turn in (Turn.FIRST, Turn.SECOND):
        enter_paper(street.services, street.scene.coordinator, measurement, ALL_YES, DAY, turn, call_wanted=True)
    assert street.ask("select reason, done_at from call_task") == [("asked_for_call", None)]


def test_one_person_alone_may_do_both_turns_and_that_is_written_down(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    type_in(form, Turn.FIRST)
    assert show_paper_entry(street.services, street.scene.coordinator, measurement).first_is_mine
    assert show_paper_forms(street.services, street.scene.coordinator)[0][0].mine
    type_in(form, Turn.SECOND)
    lines = street.ask("select action, details from audit_event where action like 'enter_paper%' order by sequence")
    assert [tuple(line) for line in lines] == [
        ("enter_paper_first", {}),
        ("enter_paper_second", {"differing": 0, "same_person": True}),
    ]


def test_the_same_turn_sent_twice_is_one_turn(form: tuple[Street, uuid.UUID]) -> None:
    street, _ = form
    second = colleague(street)
    assert type_in(form, Turn.FIRST) is type_in(form, Turn.FIRST) is Turn.SECOND
    assert type_in(form, Turn.SECOND, by=second) is type_in(form, Turn.SECOND, by=second) is None
    assert street.ask("select count(*) from answer_event") == [(6,)]
    assert street.ask("select count(*) from paper_entry") == [(1,)]


def test_two_who_both_began_as_the_first_are_the_first_and_the_second(form: tuple[Street, uuid.UUID]) -> None:
    street, _ = form
    type_in(form, Turn.FIRST)
    assert type_in(form, Turn.FIRST, by=colleague(street)) is None
    assert street.ask("select status from measurement where mode = 'paper'") == [("complete",)]


def test_two_second_turns_at_the_same_moment_are_kept_once(form: tuple[Street, uuid.UUID]) -> None:
    street, _ = form
    people = [colleague(street), street.scene.coordinator]
    type_in(form, Turn.FIRST)
    start, found = threading.Barrier(2), []

    def race(who: Actor) -> None:
        start.wait()
        found.append(type_in(form, Turn.SECOND, by=who))

    threads = [threading.Thread(target=race, args=(who,)) for who in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [None, None]
    assert street.ask("select count(*) from answer_event") == [(6,)]
    assert street.ask("select count(*) from score") == [(1,)]
    assert street.ask("select count(*) from audit_event where action = 'enter_paper_second'") == [(1,)]


def test_the_day_on_the_form_says_whether_it_is_late_not_the_day_it_is_typed(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    street.clock.forward(days=90)
    close_waves(street.services)
    assert street.ask("select status from measurement where id = :id", id=measurement) == [("missed",)]
    type_in(form, Turn.FIRST)
    type_in(form, Turn.SECOND)
    row = street.ask("select status, status_reason, completed_at from measurement where id = :id", id=measurement)[0]
    assert (row.status, row.status_reason) == ("complete", "")
    assert row.completed_at.date() == DAY


def test_a_form_filled_in_after_the_window_is_late_and_long_after_it_is_refused(
    form: tuple[Street, uuid.UUID],
) -> None:
    street, measurement = form
    closes = street.ask("select closes_at from measurement where id = :id", id=measurement)[0][0]
    street.clock.forward(days=120)
    late, too_late = (closes + timedelta(days=days) for days in (3, 40))
    with pytest.raises(Refusal) as refused:
        type_in(form, Turn.FIRST, day=too_late.date())
    assert refused.value.problems[0].key == "answers_expired"
    type_in(form, Turn.FIRST, day=late.date())
    type_in(form, Turn.SECOND, day=late.date())
    assert street.ask("select status from measurement where id = :id", id=measurement) == [("late",)]


def test_an_answer_given_after_the_form_was_filled_in_stays(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    street.clock.forward(days=1)
    submit_answers(street.services, street.services.links.token(measurement), {3: "no"})
    type_in(form, Turn.FIRST)
    type_in(form, Turn.SECOND)
    assert street.ask("select code, mode from answer_event where item = 3") == [("no", "web")]
    assert street.ask("select count(*) from answer_event") == [(6,)]


@pytest.mark.parametrize(
    ("answers", "day", "key"),
    [
        ({3: "yes"}, DAY, "paper_item_open"),
        (ALL_YES, None, "required"),
        (ALL_YES, date(2026, 3, 5), "date_in_future"),
        (ALL_YES, date(2025, 3, 4), "paper_too_early"),
        (ALL_YES | {3: "soms"}, DAY, "answer_unknown"),
    ],
)
def test_a_turn_that_is_not_whole_is_not_kept(
    form: tuple[Street, uuid.UUID], answers: dict[int, str], day: date | None, key: str
) -> None:
    with pytest.raises(Refusal) as refused:
        type_in(form, Turn.FIRST, answers, day=day)
    assert refused.value.problems[0].key == key
    assert form[0].ask("select count(*) from paper_entry") == [(0,)]


def test_questions_that_were_answered_meanwhile_take_no_form(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    type_in(form, Turn.FIRST)
    coordinator = street.scene.coordinator
    enter_answers(
        street.services,
        coordinator,
        measurement,
        dict.fromkeys(ITEMS, "no"),
        mode=Mode.TELEPHONE,
        helper_delivers=False,
    )
    with pytest.raises(Refusal) as refused:
        type_in(form, Turn.SECOND)
    assert refused.value.problems[0].key == "answers_answered"


@pytest.mark.parametrize("turn", [Turn.SECOND, Turn.DECISION])
def test_an_empty_turn_of_a_form_that_was_thrown_away_is_not_called_kept(
    form: tuple[Street, uuid.UUID], turn: Turn
) -> None:
    street, measurement = form
    type_in(form, Turn.FIRST)
    discard_paper_entry(street.services, street.scene.coordinator, measurement)
    with pytest.raises(Refusal) as refused:
        type_in(form, turn, {})
    assert refused.value.problems[0].key == "paper_settled"


def test_after_a_death_nothing_is_made_or_typed_in(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    person = street.ask("select id from participant")[0][0]
    record_death(street.services, street.scene.coordinator, person, DAY)
    with pytest.raises(Refusal) as typed:
        type_in(form, Turn.FIRST)
    with pytest.raises(Refusal) as made:
        make_paper_form(street.services, street.scene.coordinator, person, measurement)
    assert {one.value.problems[0].key for one in (typed, made)} == {"answers_deceased"}


def test_only_coordinators_handle_forms(form: tuple[Street, uuid.UUID]) -> None:
    street, measurement = form
    person = street.ask("select id from participant")[0][0]
    services = street.services
    for actor in (street.scene.evaluator, street.scene.administrator):
        with pytest.raises(Denied):
            type_in(form, Turn.FIRST, by=actor)
        with pytest.raises(Denied):
            make_paper_form(services, actor, person, measurement)
        with pytest.raises(Denied):
            show_paper_form(services, actor, person, measurement)
        with pytest.raises(Denied):
            find_paper_form(services, actor, "K7P M3X RTH")
        with pytest.raises(Denied):
            show_paper_entry(services, actor, measurement)
        with pytest.raises(Denied):
            show_paper_forms(services, actor)
        with pytest.raises(Denied):
            discard_paper_entry(services, actor, measurement)
