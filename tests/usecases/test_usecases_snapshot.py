"""Figures of a reference date never change; live figures do, and say so."""

from __future__ import annotations

import json
import uuid
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from service import __version__
from service.followup.problem import Refusal
from service.measures.analysis.plan import AnalysisPlan
from service.usecases.access import Denied, NotFound
from service.usecases.lock_analysis_plan import PlanForm, lock_analysis_plan
from service.usecases.services import Services
from service.usecases.show_analysis import AnalysisView, show_analysis
from service.usecases.show_analysis_plan import show_analysis_plan
from service.usecases.show_snapshot import show_snapshot
from service.usecases.steps.calendar import office_day
from service.usecases.take_snapshot import Taken, take_snapshot
from tests.api import year
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene, rows


@pytest.fixture
def scene(services: Services, clock: Clock, database: Engine) -> Scene:
    """Fourteen people, of whom some fell silent; seven months have gone by."""
    scene = make_scene(services)
    year.fill(scene, database, clock, answering=0.9)
    return scene


def live(scene: Scene) -> AnalysisView:
    return show_analysis(scene.services, scene.evaluator, scene.programme_id)


def take(scene: Scene, reference_on: date | None = None) -> Taken:
    return take_snapshot(scene.services, scene.evaluator, scene.programme_id, reference_on)


def laid_down(scene: Scene, taken: Taken) -> AnalysisView:
    return show_snapshot(scene.services, scene.coordinator, scene.programme_id, taken.snapshot_id)


def more_answers(scene: Scene, database: Engine) -> None:
    """Everybody who fell silent at the first wave answers after all."""
    with database.begin() as connection:
        for row in connection.execute(
            text("select id, closes_at from measurement where position = 0 and status = 'missed'")
        ).all():
            at = row.closes_at - timedelta(hours=1)
            year.answer(connection, scene, row.id, scene.services.instruments["djg6"], lonely=0, at=at)


def test_live_figures_say_that_they_are_live_and_by_which_plan(scene: Scene, clock: Clock) -> None:
    before = live(scene)
    assert before.analysis.head.live
    assert before.analysis.faults == ()
    assert (before.plan_version, before.locked_on, before.late, before.snapshot) == (None, None, False, None)
    assert before.analysis.head.plan_locked_on == ""
    lock_analysis_plan(scene.services, scene.evaluator, scene.programme_id, PlanForm(replace(before.plan, margin=1.0)))
    after = live(scene)
    assert (after.plan_version, after.locked_on, after.late) == (1, office_day(clock()), True)
    assert after.plan.margin == 1.0
    assert after.analysis.head.plan_locked_on == office_day(clock()).isoformat()
    assert after.analysis.head.plan_digest == after.plan.digest


def test_a_snapshot_stays_when_answers_come_in_and_the_live_figures_move(
    scene: Scene, clock: Clock, database: Engine
) -> None:
    then = live(scene).analysis
    taken = take(scene)
    more_answers(scene, database)
    clock.forward(days=3)
    now, kept = live(scene), laid_down(scene, taken)
    answered = "response.intervention.t0.complete"
    assert kept.analysis.figures == then.figures
    assert kept.analysis.curves == then.curves
    assert kept.analysis.words == then.words
    assert now.analysis[answered].value != kept.analysis[answered].value
    assert now.analysis.head.data_digest != kept.analysis.head.data_digest
    assert not kept.analysis.head.live
    assert kept.analysis.head.as_of == then.head.as_of
    assert kept.snapshot is not None
    assert [line.id for line in now.snapshots] == [taken.snapshot_id]
    assert (kept.snapshot.taken_by, kept.snapshot.peil_version) == ("evaluator", __version__)


def test_the_same_data_twice_have_the_same_digest(scene: Scene, clock: Clock, database: Engine) -> None:
    first = take(scene)
    clock.forward(seconds=90)
    second = take(scene)
    more_answers(scene, database)
    clock.forward(seconds=1)
    third = take(scene)
    assert first.result_digest == second.result_digest != third.result_digest
    one, two = laid_down(scene, first), laid_down(scene, second)
    assert datetime.fromisoformat(two.analysis.head.as_of) - datetime.fromisoformat(
        one.analysis.head.as_of
    ) == timedelta(seconds=90)
    assert [line.id for line in one.snapshots] == [third.snapshot_id, second.snapshot_id, first.snapshot_id]


def test_a_snapshot_keeps_the_plan_and_the_names_it_was_made_by(scene: Scene, database: Engine) -> None:
    by_default = take(scene)
    plan = replace(show_analysis_plan(scene.services, scene.evaluator, scene.programme_id).start, margin=1.0)
    lock_analysis_plan(scene.services, scene.evaluator, scene.programme_id, PlanForm(plan))
    by_plan = take(scene)
    changed = replace(plan, margin=2.0)
    lock_analysis_plan(scene.services, scene.evaluator, scene.programme_id, PlanForm(changed, "Toch twee punten."))
    with database.begin() as connection:  # whatever the protocol calls its waves later
        renamed = "update protocol_version set source = replace(source, '6 maanden', 'een half jaar')"
        assert connection.execute(text(renamed)).rowcount == 1
    first, second = laid_down(scene, by_default), laid_down(scene, by_plan)
    assert (first.plan_version, first.plan.margin, first.plan.digest) == (None, None, first.analysis.head.plan_digest)
    assert (second.plan_version, second.plan, second.late) == (1, plan, True)
    assert second.waves[2].title["nl"] == "Na 6 maanden"
    assert live(scene).plan == changed


def test_only_today_can_be_laid_down(scene: Scene, clock: Clock, database: Engine) -> None:
    today = office_day(clock())
    for day, key in ((today - timedelta(days=1), "snapshot_past"), (today + timedelta(days=1), "snapshot_future")):
        with pytest.raises(Refusal) as refused:
            take(scene, day)
        assert [problem.key for problem in refused.value.problems] == [key]
        said = scene.services.render.problem(refused.value.problems[0], "nl")
        assert f"{day:%d-%m-%Y}" in said
    assert rows(database, "select 1 from snapshot") == []
    assert take(scene, today).planned_on is None


def test_before_the_reference_date_of_the_plan_it_is_early(scene: Scene, clock: Clock) -> None:
    day = office_day(clock()) + timedelta(days=30)
    plan = show_analysis_plan(scene.services, scene.evaluator, scene.programme_id).start
    form = PlanForm(replace(plan, reference_on=day))
    lock_analysis_plan(scene.services, scene.evaluator, scene.programme_id, form)
    assert take(scene).planned_on == day
    clock.forward(days=30)
    assert take(scene).planned_on is None


def test_what_was_laid_down_is_written_down_without_a_figure(scene: Scene, database: Engine) -> None:
    taken = take(scene)
    [line] = rows(database, "select actor_id, subject_id, details from audit_event where action = 'take_snapshot'")
    assert (line.actor_id, line.subject_id) == (scene.evaluator.account_id, taken.snapshot_id)
    assert set(line.details) == {"programme", "plan", "result", "data"}


def test_nothing_about_a_single_person_is_in_it(scene: Scene, database: Engine) -> None:
    take(scene)
    [kept] = rows(database, "select result, waves from snapshot")
    words = kept.result + json.dumps(kept.waves)
    people = rows(database, "select id, pseudonym, recognition_word from participant")
    assert len(people) == 14
    for person in people:
        assert str(person.id) not in words
        assert person.pseudonym not in words


#: What somebody with the owner's password could do to a snapshot.
TAMPERING = (
    "result = replace(result, '14', '15')",
    "result = replace(result, '2026-', '2025-')",
    "result = 'geen cijfers'",
    "result = '[]'",
    "result_digest = repeat('0', 64)",
    "data_digest = repeat('0', 64)",
    "reference_at = reference_at + interval '1 day'",
)
COLUMNS = "result, result_digest, data_digest, reference_at"
RESTORED = ", ".join(f"{name} = :{name}" for name in COLUMNS.split(", "))


def test_figures_that_were_changed_are_never_shown(scene: Scene, database: Engine) -> None:
    taken = take(scene)
    with database.begin() as connection:
        whole = connection.execute(text(f"select {COLUMNS} from snapshot")).one()
    for change in TAMPERING:
        with database.begin() as connection:
            assert connection.execute(text(f"update snapshot set {change}")).rowcount == 1
        with pytest.raises(Refusal) as refused:
            laid_down(scene, taken)
        [problem] = refused.value.problems
        assert problem.key == "snapshot_damaged", change
        assert str(taken.snapshot_id) in scene.services.render.problem(problem, "en")
        with database.begin() as connection:
            connection.execute(text(f"update snapshot set {RESTORED}"), dict(whole._mapping))
    assert laid_down(scene, taken).analysis.figures


def test_the_application_cannot_change_what_was_laid_down(scene: Scene) -> None:
    take(scene)
    for change in ("update snapshot set result = ''", "delete from snapshot"):
        with pytest.raises(DBAPIError, match="permission denied"), scene.services.transaction(scene.org_id) as session:
            session.execute(text(change))


def test_without_figures_nothing_is_laid_down(scene: Scene, database: Engine) -> None:
    with database.begin() as connection:  # another version of the questionnaire in the middle of the series
        connection.execute(text("update measurement set instrument_version = 'x' where position = 1"))
    assert live(scene).analysis.faults
    with pytest.raises(Refusal) as refused:
        take(scene)
    assert [problem.key for problem in refused.value.problems] == ["snapshot_no_figures"]
    assert rows(database, "select 1 from snapshot") == []


def test_a_questionnaire_that_is_gone_is_said(scene: Scene) -> None:
    taken = take(scene)
    left = {key: one for key, one in scene.services.instruments.items() if key != "djg6"}
    with pytest.raises(Refusal) as refused:
        show_snapshot(replace(scene.services, instruments=left), scene.evaluator, scene.programme_id, taken.snapshot_id)
    assert [problem.key for problem in refused.value.problems] == ["snapshot_instrument_gone"]


def test_who_may_and_where(scene: Scene) -> None:
    taken = take(scene)
    for actor in (scene.coordinator, scene.administrator):
        with pytest.raises(Denied):
            take_snapshot(scene.services, actor, scene.programme_id)
        assert show_analysis(scene.services, actor, scene.programme_id).analysis.figures
        assert show_snapshot(scene.services, actor, scene.programme_id, taken.snapshot_id).analysis.figures
    other = make_scene(scene.services, "elders").evaluator
    for programme_id, snapshot_id in (
        (scene.programme_id, taken.snapshot_id),
        (uuid.uuid4(), uuid.uuid4()),
    ):
        with pytest.raises(NotFound):
            show_analysis(scene.services, other, programme_id)
        with pytest.raises(NotFound):
            take_snapshot(scene.services, other, programme_id)
        with pytest.raises(NotFound):
            show_snapshot(scene.services, other, programme_id, snapshot_id)
    with pytest.raises(NotFound):
        show_snapshot(scene.services, scene.evaluator, scene.programme_id, uuid.uuid4())


def test_the_default_plan_of_then_is_the_default_plan_of_now(scene: Scene) -> None:
    view = laid_down(scene, take(scene))
    assert isinstance(view.plan, AnalysisPlan)
    assert view.plan == live(scene).plan
