"""The figures of the service and those of its own file, computed without the service, are the same to the last digit."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import Engine, event, text

from service.exports.long_file import read_long_file
from service.followup.consent import Purpose, TakenHow
from service.followup.participation import Arm
from service.measures.analysis.analyse import analyse
from service.measures.analysis.plan import default_plan
from service.measures.analysis.records import Records
from service.measures.analysis.result import as_plain
from service.measures.leaving import Exit
from service.measures.response_rates import Reach
from service.measures.retention import WaveOutcome
from service.usecases.create_programme import create_programme
from service.usecases.enrol_participant import enrol_participant
from service.usecases.export_dataset import export_dataset
from service.usecases.services import Services
from service.usecases.steps.analysing import records_for
from service.usecases.withdraw_participant import withdraw_participant
from tests.builders import Clock
from tests.usecases.analysis_year import Year, live_a_year
from tests.usecases.scene import Scene, make_scene


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


@pytest.fixture
def year(scene: Scene, database: Engine, clock: Clock) -> Year:
    return live_a_year(scene, database, clock)


def from_service(scene: Scene) -> Records:
    with scene.services.transaction(scene.org_id) as session:
        found = records_for(scene.services, session, scene.programme_id, scene.services.now())
    assert found is not None
    return found


def from_file(scene: Scene) -> Records:
    lines = "".join(export_dataset(scene.services, scene.evaluator, scene.programme_id).lines)
    found = read_long_file(lines, scene.services.instruments)
    assert isinstance(found, list), found.faults[:5]
    (records,) = found
    return records


def second_programme(scene: Scene) -> UUID:
    """One more, of the same intervention and protocol."""
    with scene.services.transaction(scene.org_id) as session:
        row = session.execute(text("select intervention_id, protocol_id from programme")).one()
    return create_programme(
        scene.services, scene.administrator, intervention_id=row.intervention_id, protocol_id=row.protocol_id,
        coordinator_id=scene.coordinator.account_id, name="Zuid", site="Zuid", municipality="Dordrecht",
        starts_on=date(2026, 3, 1),
    )  # fmt: skip


def told(records: Records) -> dict[str, Any]:
    plan = default_plan(records.instrument, [wave.key for wave in records.waves], records.primary)
    return as_plain(analyse(records, plan, live=True))


def test_the_file_gives_every_figure_of_the_service_again(scene: Scene, year: Year) -> None:
    ours, theirs = from_service(scene), from_file(scene)
    assert {person.arm for person in ours.enrolments} == {"intervention", "comparison", "waiting_list"}
    assert {person.exit_kind for person in ours.enrolments} > {None, Exit.STOPPED, Exit.DECEASED, Exit.NEVER_STARTED}
    assert [person.key for person in ours.enrolments if person.key.endswith("/2")]
    assert {record.outcome for record in ours.measurements} == set(WaveOutcome)
    assert any("no_answer" in record.codes.values() for record in ours.measurements)
    assert {record.reach for record in ours.measurements} == set(Reach)
    not_begun = {(person.arm, person.exit_kind) for person in ours.enrolments if not person.received}
    assert ("intervention", None) in not_begun  # noted as absent
    assert {kind for arm, kind in not_begun if arm != "intervention"} == {Exit.NEVER_STARTED}
    mine = told(ours)
    assert mine["faults"] == []
    assert mine["figures"]["change.intervention.difference"]["value"] < 0
    assert mine == told(theirs)
    assert theirs.withheld == 0


def test_who_does_not_share_is_without_answers_in_the_file_and_the_file_says_so(scene: Scene, year: Year) -> None:
    quiet = [year.people[Arm.INTERVENTION][place][0] for place in (2, 9)]
    for participant_id in quiet:
        withdraw_participant(scene.services, scene.coordinator, participant_id, [Purpose.SHARING], TakenHow.SPOKEN)
    with scene.services.transaction(scene.org_id) as session:
        people = session.execute(text("select id, pseudonym from participant")).all()
    keys = {f"{row.pseudonym}/1" for row in people if row.id in quiet}
    ours, theirs = from_service(scene), from_file(scene)
    assert theirs.enrolments == ours.enrolments
    answered = 0
    for mine, file in zip(ours.measurements, theirs.measurements, strict=True):
        expected = mine
        if mine.enrolment in keys:
            answered += mine.reach is Reach.STARTED
            expected = replace(
                mine, mode="", answered_on=None, helper_delivers=False, in_course=False, in_change=False, codes={}, scores={}
            )  # fmt: skip
        assert replace(file, row=0) == expected
    assert theirs.withheld == answered > 0
    service, file_ = told(ours), told(theirs)
    process = ("response.", "flow.", "leaving.")
    for key, figure in service["figures"].items():
        if key.startswith(process):
            assert file_["figures"][key] == figure
    assert file_["curves"] == service["curves"]
    assert file_["head"]["withheld"] == theirs.withheld
    pairs = "change.intervention.difference"
    assert 0 < service["figures"][pairs]["n"] - file_["figures"][pairs]["n"] <= len(keys)


def test_records_take_as_many_queries_for_two_people_as_for_many(scene: Scene, database: Engine, clock: Clock) -> None:
    def queries() -> int:
        said: list[str] = []

        def note(*arguments: Any) -> None:
            said.append(str(arguments[2]))

        event.listen(database, "before_cursor_execute", note)
        from_service(scene)
        event.remove(database, "before_cursor_execute", note)
        return len(said)

    enrol_participant(scene.services, scene.coordinator, scene.form())
    few = queries()
    for number in range(8):
        form = scene.form(first_name=f"P{number}", mobile=f"06 0000 010{number}")
        enrol_participant(scene.services, scene.coordinator, form)
    assert queries() == few


def test_another_organisation_has_no_such_programme(scene: Scene) -> None:
    other = make_scene(scene.services, "ander")
    with scene.services.transaction(other.org_id) as session:
        assert records_for(scene.services, session, scene.programme_id, scene.services.now()) is None


def test_the_whole_organisation_is_one_file_with_every_programme_apart(scene: Scene, clock: Clock) -> None:
    second = second_programme(scene)
    for number, programme_id in enumerate((scene.programme_id, second, second)):
        form = scene.form(first_name=f"P{number}", mobile=f"06 0000 010{number}", programme_id=programme_id)
        enrol_participant(scene.services, scene.coordinator, form)
    clock.forward(days=3)
    lines = "".join(export_dataset(scene.services, scene.evaluator).lines)
    found = read_long_file(lines, scene.services.instruments)
    assert isinstance(found, list)
    assert [(one.programme, len(one.enrolments)) for one in found] == [("Samen koken Noord", 1), ("Zuid", 2)]
