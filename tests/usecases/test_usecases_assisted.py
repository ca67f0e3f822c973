"""Filling in together: a helper enters what somebody says; how, by whom and whether they give the help stays known."""

from __future__ import annotations

import csv
import io
import threading
import uuid

import pytest
from sqlalchemy import text

from service.followup.consent import Purpose, TakenHow
from service.followup.participation import Mode
from service.followup.problem import Refusal
from service.measures.instrument import NO_ANSWER
from service.usecases.access import Denied, NotFound
from service.usecases.close_waves import close_waves
from service.usecases.enter_answers import enter_answers
from service.usecases.export_dataset import export_dataset
from service.usecases.record_consent import record_consent
from service.usecases.show_assisted import show_assisted
from service.usecases.submit_answers import submit_answers
from service.usecases.withdraw_participant import withdraw_participant
from tests.usecases.scene import GIVEN, make_scene
from tests.usecases.street import Street, street

__all__ = ["street"]

ITEMS = (3, 4, 7, 9, 8, 10)
ALL_YES = dict.fromkeys(ITEMS, "yes")


def first_wave(street: Street) -> uuid.UUID:
    found: uuid.UUID = street.ask("select id from measurement order by position limit 1")[0][0]
    return found


def person(street: Street) -> uuid.UUID:
    found: uuid.UUID = street.ask("select id from participant")[0][0]
    return found


def enter(street: Street, answers: dict[int, str], *, mode: Mode = Mode.TELEPHONE, call: bool = False) -> bool:
    return enter_answers(
        street.services,
        street.scene.coordinator,
        first_wave(street),
        answers,
        mode=mode,
        helper_delivers=False,
        call_wanted=call,
    )


def exported(street: Street) -> dict[str, str]:
    lines = "".join(export_dataset(street.services, street.scene.evaluator).lines).removeprefix("\ufeff")
    return next(csv.DictReader(io.StringIO(lines, newline="")))


def test_what_a_helper_enters_is_scored_with_mode_and_helper(street: Street) -> None:
    assert enter(street, ALL_YES) is True
    row = street.ask("select status, mode, assisted_by, helper_delivers from measurement order by position limit 1")[0]
    assert row == ("complete", "telephone", street.scene.coordinator.account_id, False)
    events = street.ask("select distinct mode, recorded_by from answer_event")
    assert events == [("telephone", street.scene.coordinator.account_id)]
    assert street.ask("select primary_value from score") == [(3,)]


def test_the_export_shows_the_last_mode_all_modes_and_the_helper(street: Street) -> None:
    record_consent(street.services, street.scene.coordinator, person(street), {Purpose.SHARING: GIVEN})
    token = street.services.links.token(first_wave(street))
    submit_answers(street.services, token, {3: "yes"})
    before = exported(street)
    assert (before["mode"], before["modes"], before["assisted"], before["helper_delivers"]) == ("web", "web", "0", "")
    enter(street, {item: "yes" for item in ITEMS if item != 3}, mode=Mode.FACE_TO_FACE)
    row = exported(street)
    assert (row["mode"], row["modes"]) == ("face_to_face", "face_to_face+web")
    assert (row["assisted"], row["helper_delivers"], row["total"]) == ("1", "0", "3")


def test_the_modes_of_somebody_who_does_not_share_are_withheld(street: Street) -> None:
    enter(street, ALL_YES)
    row = exported(street)
    assert {row[name] for name in ("mode", "modes", "assisted", "helper_delivers", "total")} == {""}


def test_items_left_open_follow_later_and_the_sms_goes_on_where_the_person_is(street: Street) -> None:
    street.run()
    street.write("ja")
    assert enter(street, {3: "no", 4: NO_ANSWER}) is False
    assert street.ask("select stage, position from conversation") == [("asking", 2)]
    assert enter(street, dict.fromkeys(ITEMS[2:], "no")) is True
    assert street.ask("select stage from conversation") == [("closed",)]


def test_the_helper_sees_which_items_have_an_answer_and_never_which_answer(street: Street) -> None:
    submit_answers(street.services, street.services.links.token(first_wave(street)), {3: "more_or_less"})
    found = show_assisted(street.services, street.scene.coordinator, person(street), first_wave(street))
    assert found.answered == {3}
    assert found.wave["nl"] == "Nulmeting"
    assert (found.name, found.closed) == ("Wil de Boer", None)
    held = set(type(found).__dataclass_fields__)
    assert not held & {"given", "answers", "scores", "score"}


def test_a_person_may_give_another_answer_to_the_helper_and_the_first_stays_in_the_history(street: Street) -> None:
    submit_answers(street.services, street.services.links.token(first_wave(street)), {3: "yes"})
    enter(street, {3: "no"})
    events = street.ask("select code, mode from answer_event where item = 3 order by sequence")
    assert events == [("yes", "web"), ("no", "telephone")]


def test_the_same_form_sent_twice_is_once(street: Street) -> None:
    close_waves(street.services)
    for _ in range(2):
        assert enter(street, ALL_YES, call=True) is True
    assert street.ask("select count(*) from answer_event") == [(6,)]
    assert street.ask("select count(*) from contact_moment") == [(1,)]
    assert street.ask("select count(*) from call_task where reason = 'asked_for_call'") == [(1,)]
    assert street.ask("select count(*) from audit_event where action = 'enter_answers'") == [(1,)]


def test_a_double_click_that_arrives_at_one_moment_is_once(street: Street) -> None:
    start, found = threading.Barrier(2), []

    def click() -> None:
        start.wait()
        found.append(enter(street, ALL_YES, call=True))

    threads = [threading.Thread(target=click) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True, True]
    for table in ("score", "contact_moment", "call_task"):
        assert street.ask(f"select count(*) from {table}") == [(1,)], table
    assert street.ask("select count(*) from answer_event") == [(6,)]


def test_the_call_after_silence_is_done_and_the_contact_written_down(street: Street) -> None:
    street.run()
    street.clock.forward(days=12)
    street.run()
    close_waves(street.services)
    assert street.ask("select reason, done_at from call_task") == [("no_answer", None)]
    enter(street, ALL_YES, mode=Mode.FACE_TO_FACE)
    assert street.ask("select outcome, done_by from call_task") == [("spoken", street.scene.coordinator.account_id)]
    moment = street.ask("select kind, outcome, two_way, task_id from contact_moment")
    assert moment == [("meeting", "spoken", True, None)]


def test_who_wants_to_be_called_afterwards_stands_on_the_list(street: Street) -> None:
    enter(street, ALL_YES, call=True)
    assert street.ask("select reason, done_at from call_task") == [("asked_for_call", None)]


def test_only_a_wish_to_be_called_keeps_no_answers(street: Street) -> None:
    assert enter(street, {}, call=True) is False
    assert street.ask("select count(*) from answer_event") == [(0,)]
    assert street.ask("select count(*) from call_task") == [(1,)]


def test_the_audit_line_holds_no_answers(street: Street) -> None:
    enter(street, {3: "yes"})
    details = street.ask("select details from audit_event where action = 'enter_answers'")[0][0]
    assert details == {"items": 1, "mode": "telephone", "helper_delivers": False, "done": False}


@pytest.mark.parametrize(
    ("days", "key"), [(0.0, None), (20.0, None), (60.0, "answers_expired")], ids=["open", "late", "closed"]
)
def test_a_helper_may_enter_as_long_as_a_link_takes_late_answers(street: Street, days: float, key: str | None) -> None:
    street.clock.forward(days=days)
    close_waves(street.services)
    if key is None:
        assert enter(street, ALL_YES) is True
        return
    with pytest.raises(Refusal) as refused:
        enter(street, ALL_YES)
    assert refused.value.problems[0].key == key
    assert street.ask("select count(*) from answer_event") == [(0,)]


def test_late_answers_to_some_of_the_questions_are_no_longer_called_silence(street: Street) -> None:
    street.clock.forward(days=25)
    close_waves(street.services)
    query = "select status, status_reason, first_answer_at is null from measurement order by position limit 1"
    assert street.ask(query)[0].status == "missed"
    enter(street, {3: "yes"})
    assert street.ask(query) == [("partial", "", False)]
    enter(street, dict.fromkeys(ITEMS[1:], "no"))
    assert street.ask(query) == [("late", "", False)]


def test_after_withdrawal_nothing_is_kept(street: Street) -> None:
    withdraw_participant(
        street.services, street.scene.coordinator, person(street), [Purpose.QUESTIONS], TakenHow.SPOKEN
    )
    with pytest.raises(Refusal) as refused:
        enter(street, ALL_YES)
    assert refused.value.problems[0].key in ("answers_withdrawn", "answers_cancelled")
    assert street.ask("select count(*) from answer_event") == [(0,)]


@pytest.mark.parametrize(
    ("answers", "mode", "key"),
    [
        ({}, Mode.TELEPHONE, "nothing_entered"),
        ({3: "soms"}, Mode.TELEPHONE, "answer_unknown"),
        ({1: "yes"}, Mode.TELEPHONE, "answer_unknown"),
        ({3: "yes"}, Mode.SMS, "choice_unknown"),
    ],
)
def test_what_cannot_be_is_refused(street: Street, answers: dict[int, str], mode: Mode, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        enter(street, answers, mode=mode)
    assert refused.value.problems[0].key == key


def test_only_coordinators_enter_answers_and_only_of_their_own_organisation(street: Street) -> None:
    measurement_id = first_wave(street)
    for actor in (street.scene.evaluator, street.scene.administrator):
        with pytest.raises(Denied):
            enter_answers(street.services, actor, measurement_id, ALL_YES, mode=Mode.TELEPHONE, helper_delivers=True)
        with pytest.raises(Denied):
            show_assisted(street.services, actor, person(street), measurement_id)
    other = make_scene(street.services, "elders").coordinator
    with pytest.raises(NotFound):
        enter_answers(street.services, other, measurement_id, ALL_YES, mode=Mode.TELEPHONE, helper_delivers=True)
    with pytest.raises(NotFound):
        show_assisted(street.services, other, person(street), measurement_id)


def test_a_stop_by_sms_does_not_stop_a_call_by_a_person(street: Street) -> None:
    street.run()
    street.write("STOP")
    assert enter(street, ALL_YES) is True
    with street.database.connect() as connection:
        assert connection.execute(text("select count(*) from score")).scalar() == 1
