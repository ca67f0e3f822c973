"""An analysis plan is locked once, changed with a reason, and says it when it came late."""

from __future__ import annotations

import threading
import uuid
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from service.followup.plan_problems import KEYS, plan_problem
from service.followup.problem import Refusal
from service.measures.analysis.plan import PlanFault, PlanProblem, Subgroup
from service.measures.ancova import Assignment
from service.measures.regression_to_mean import Population
from service.usecases.access import Denied, NotFound
from service.usecases.enrol_participant import enrol_participant
from service.usecases.lock_analysis_plan import Locked, PlanForm, lock_analysis_plan
from service.usecases.services import Services
from service.usecases.show_analysis_plan import show_analysis_plan
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene, rows

KNOWN = Population(2.1, 0.6, 20_000, "Gezondheidsmonitor 2022")


@pytest.fixture
def scene(services: Services) -> Scene:
    return make_scene(services)


def lock(scene: Scene, reason: str = "", **changes: Any) -> Locked:
    plan = replace(show_analysis_plan(scene.services, scene.evaluator, scene.programme_id).start, **changes)
    return lock_analysis_plan(scene.services, scene.evaluator, scene.programme_id, PlanForm(plan, reason))


def test_a_locked_plan_reads_back_to_the_letter_with_who_and_when(scene: Scene, clock: Clock, database: Engine) -> None:
    locked = lock(
        scene,
        margin=1,
        subgroups=(Subgroup.AGE, Subgroup.CLUSTER),
        assignment=Assignment.RANDOMISED,
        population=KNOWN,
        random_slope=True,
        reference_on=date(2027, 1, 1),
        notes="Zoals in de aanvraag ‘Samen’.",
    )
    view = show_analysis_plan(scene.services, scene.coordinator, scene.programme_id)
    [version] = view.versions
    assert version.plan == view.start
    assert version.plan.population == KNOWN
    assert version.plan.digest == version.stored.digest == locked.digest
    assert (version.stored.version, version.stored.late, version.stored.locked_at) == (1, False, clock())
    assert version.stored.locked_by == "evaluator"
    [line] = rows(database, "select actor_id, subject_id, details from audit_event where action = 'lock_analysis_plan'")
    assert (line.actor_id, line.subject_id) == (scene.evaluator.account_id, locked.plan_id)
    assert line.details["digest"] == locked.digest


#: What is changed in a plan that fits -> which sentences, above which fields.
REFUSED: list[tuple[dict[str, Any], list[tuple[str, str]]]] = [
    ({"outcome": "humeur"}, [("plan_unknown_outcome", "outcome"), ("plan_unknown_cutoff_set", "cutoff_set")]),
    ({"outcome": "humeur", "cutoff_set": ""}, [("plan_unknown_outcome", "outcome")]),
    ({"primary": "t99"}, [("plan_unknown_wave", "primary")]),
    ({"baseline": "t99"}, [("plan_unknown_wave", "baseline")]),
    ({"primary": "t0"}, [("plan_same_wave", "primary")]),
    ({"primary": "t3m"}, [("plan_other_primary", "primary")]),
    ({"baseline": "t3m"}, [("plan_other_baseline", "baseline")]),
    ({"cutoff_set": "eigen"}, [("plan_unknown_cutoff_set", "cutoff_set")]),
    ({"margin": 0.0}, [("plan_margin_out_of_range", "margin")]),
    ({"margin": -1.0}, [("plan_margin_out_of_range", "margin")]),
    ({"margin": 6.0}, [("plan_margin_out_of_range", "margin")]),
    ({"margin": float("nan")}, [("plan_unreadable", "margin")]),
    ({"population": replace(KNOWN, correlation=1.01)}, [("plan_population_out_of_range", "population")]),
    ({"population": replace(KNOWN, mean=float("nan"))}, [("plan_unreadable", "population")]),
    ({"reference_on": date(2026, 3, 1)}, [("plan_reference_past", "reference_on")]),
    ({"notes": "x" * 2001}, [("too_long", "notes")]),
    ({"margin": 0.0, "notes": "x" * 2001}, [("plan_margin_out_of_range", "margin"), ("too_long", "notes")]),
]


@pytest.mark.parametrize(("changes", "expected"), REFUSED)
def test_what_does_not_fit_is_refused_with_its_field(
    scene: Scene, database: Engine, changes: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    with pytest.raises(Refusal) as refused:
        lock(scene, **changes)
    assert [(problem.key, problem.where) for problem in refused.value.problems] == expected
    for problem in refused.value.problems:
        assert "{" not in scene.services.render.problem(problem, "nl") + scene.services.render.problem(problem, "en")
    assert rows(database, "select 1 from analysis_plan") == []


def test_every_fault_of_a_plan_has_its_sentence(scene: Scene) -> None:
    assert set(KEYS) == set(PlanFault)
    for fault in PlanFault:
        problem = plan_problem(PlanProblem("margin", fault))
        for language in ("nl", "en"):
            assert scene.services.render.problem(problem, language)


def test_a_change_is_a_version_beside_the_old_one_with_a_reason(scene: Scene) -> None:
    lock(scene, margin=1.0)
    for reason, changes, key in (
        ("", {"margin": 2.0}, "plan_reason_missing"),
        ("  ", {"margin": 2.0}, "plan_reason_missing"),
        ("Nog eens", {"margin": 1}, "plan_same"),
        ("x" * 501, {"margin": 2.0}, "too_long"),
    ):
        with pytest.raises(Refusal) as refused:
            lock(scene, reason, **changes)
        assert [problem.key for problem in refused.value.problems] == [key]
    assert lock(scene, "De wethouder vroeg om 2 punten.", margin=2.0).version == 2
    new, old = show_analysis_plan(scene.services, scene.evaluator, scene.programme_id).versions
    assert (new.plan.margin, new.stored.reason) == (2.0, "De wethouder vroeg om 2 punten.")
    assert (old.plan.margin, old.stored.reason) == (1.0, "")


def test_a_plan_is_late_from_the_moment_the_wave_it_judges_by_opens_for_anybody(
    scene: Scene, clock: Clock, database: Engine
) -> None:
    enrol_participant(scene.services, scene.coordinator, scene.form())
    [wave] = rows(database, "select opens_at from measurement where wave = 't6m'")
    clock.moment = wave.opens_at
    clock.forward(seconds=-1)
    assert not lock(scene, margin=1.0).late
    assert show_analysis_plan(scene.services, scene.evaluator, scene.programme_id).opened_at is None
    clock.forward(seconds=1)
    assert lock(scene, "Andere marge.", margin=2.0).late
    view = show_analysis_plan(scene.services, scene.evaluator, scene.programme_id)
    assert view.opened_at == wave.opens_at
    assert [one.stored.late for one in view.versions] == [True, False]


def test_a_wave_that_was_cancelled_before_it_opened_makes_no_plan_late(
    scene: Scene, clock: Clock, database: Engine
) -> None:
    enrol_participant(scene.services, scene.coordinator, scene.form())
    with database.begin() as connection:
        connection.execute(text("update measurement set status = 'cancelled'"))
    clock.forward(days=400)
    assert not lock(scene).late


def test_only_an_evaluator_locks_and_only_in_the_own_organisation(scene: Scene) -> None:
    form = PlanForm(show_analysis_plan(scene.services, scene.administrator, scene.programme_id).start)
    for actor in (scene.coordinator, scene.administrator):
        with pytest.raises(Denied):
            lock_analysis_plan(scene.services, actor, scene.programme_id, form)
    other = make_scene(scene.services, "elders")
    for programme_id in (scene.programme_id, uuid.uuid4()):
        with pytest.raises(NotFound):
            lock_analysis_plan(scene.services, other.evaluator, programme_id, form)
        with pytest.raises(NotFound):
            show_analysis_plan(scene.services, other.evaluator, programme_id)


def test_two_locks_at_the_same_time_are_two_versions(scene: Scene) -> None:
    ready = threading.Barrier(2)
    found: list[int] = []

    def one(margin: float) -> None:
        form = PlanForm(replace(start, margin=margin), "Tegelijk.")
        ready.wait()
        found.append(lock_analysis_plan(scene.services, scene.evaluator, scene.programme_id, form).version)

    start = show_analysis_plan(scene.services, scene.evaluator, scene.programme_id).start
    threads = [threading.Thread(target=one, args=(margin,)) for margin in (1.0, 2.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert sorted(found) == [1, 2]
    view = show_analysis_plan(scene.services, scene.evaluator, scene.programme_id)
    assert [one.stored.version for one in view.versions] == [2, 1]


@pytest.mark.parametrize("change", ["update analysis_plan set late = false", "delete from analysis_plan"])
def test_the_application_cannot_change_what_was_locked(scene: Scene, change: str) -> None:
    lock(scene)
    with pytest.raises(DBAPIError, match="permission denied"), scene.services.transaction(scene.org_id) as session:
        session.execute(text(change))


def test_a_plan_whose_text_was_changed_is_not_used(scene: Scene, database: Engine) -> None:
    lock(scene, margin=1.0)
    with database.begin() as connection:
        connection.execute(text("update analysis_plan set plan = replace(plan, '1.0', '2.0')"))
    with pytest.raises(Refusal) as refused:
        show_analysis_plan(scene.services, scene.evaluator, scene.programme_id)
    assert [problem.key for problem in refused.value.problems] == ["plan_damaged"]


def test_a_plan_that_the_protocol_left_behind_says_so_until_the_next_version(scene: Scene, database: Engine) -> None:
    lock(scene, margin=1.0)
    with database.begin() as connection:
        renamed = "update protocol_version set source = replace(source, 'key: t6m', 'key: t5m')"
        assert connection.execute(text(renamed)).rowcount == 1
    view = show_analysis_plan(scene.services, scene.evaluator, scene.programme_id)
    assert [problem.key for problem in view.misfits] == ["plan_unknown_wave"]
    lock(scene, "Het protocol is veranderd.", primary="t5m")
    assert show_analysis_plan(scene.services, scene.evaluator, scene.programme_id).misfits == ()
