"""An analysis plan survives its own text, and whatever else stands in a file is a sentence and never a crash."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.measures.analysis.plan import (
    AnalysisPlan,
    PlanFault,
    PlanProblem,
    Subgroup,
    as_plain,
    default_plan,
    from_plain,
    problems,
)
from service.measures.ancova import Assignment
from service.measures.regression_to_mean import Population
from tests.measures.analysis_scene import INSTRUMENT

WAVES = ("t0", "t3m", "t6m")
PLAN = default_plan(INSTRUMENT, WAVES, "t6m")
numbers = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
plans = st.builds(
    AnalysisPlan,
    outcome=texts,
    baseline=texts,
    primary=texts,
    cutoff_set=texts,
    random_slope=st.booleans(),
    margin=st.none() | numbers,
    assignment=st.sampled_from(Assignment),
    subgroups=st.lists(st.sampled_from(Subgroup), unique=True).map(tuple),
    population=st.none() | st.builds(Population, numbers, numbers, st.integers(-10, 10**6), texts),
    reference_on=st.none() | st.dates(),
    notes=texts,
)
anything = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["t0", "age", "random"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)


@given(plans)
def test_a_plan_is_read_back_from_its_own_text(plan: AnalysisPlan) -> None:
    found = from_plain(json.loads(json.dumps(as_plain(plan), allow_nan=False)))
    assert found == plan
    assert isinstance(found, AnalysisPlan)
    assert found.digest == plan.digest


@given(plans, plans)
def test_two_plans_have_one_digest_only_when_they_are_one_plan(one: AnalysisPlan, other: AnalysisPlan) -> None:
    assert (one.digest == other.digest) == (one.text == other.text)
    assert one.text != other.text or one == other


@given(anything)
def test_whatever_stands_in_a_file_is_a_plan_or_a_problem(plain: Any) -> None:
    assert isinstance(from_plain(plain), PlanProblem)


@given(st.sampled_from(sorted(AnalysisPlan.__dataclass_fields__)), anything)
def test_a_field_of_another_kind_is_a_problem_of_that_field(name: str, value: Any) -> None:
    found = from_plain(as_plain(PLAN) | {name: value})
    if isinstance(found, PlanProblem):
        assert (found.field, found.fault) == (name, PlanFault.UNREADABLE)
    else:
        assert from_plain(json.loads(found.text)) == found
        assert len(found.digest) == 64
        assert all(isinstance(one.expected, str) for one in problems(found, INSTRUMENT, WAVES))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("margin", True),
        ("margin", float("nan")),
        ("margin", float("inf")),
        ("margin", "1"),
        ("margin", 10**400),
        ("random_slope", "no"),
        ("random_slope", 1),
        ("subgroups", "age"),
        ("subgroups", ["age", "age"]),
        ("subgroups", {"age": 1}),
        ("population", [4.0, 0.7, 100, "x"]),
        ("population", {"mean": 4.0, "correlation": 0.7, "n": 100}),
        ("population", {"mean": 4.0, "correlation": 0.7, "n": 1.5, "source": ""}),
        ("population", {"mean": True, "correlation": 0.7, "n": 100, "source": ""}),
        ("population", {"mean": 4.0, "correlation": 0.7, "n": 100, "source": "", "more": 1}),
        ("reference_on", 20250101),
        ("reference_on", "soon"),
        ("notes", "half a character: \ud800"),
        ("assignment", None),
        ("outcome", None),
    ],
)
def test_what_python_would_swallow_is_refused(name: str, value: Any) -> None:
    found = from_plain(as_plain(PLAN) | {name: value})
    assert isinstance(found, PlanProblem)
    assert (found.field, found.fault) == (name, PlanFault.UNREADABLE)


@pytest.mark.parametrize("plain", [None, [], "plan", 3, [["outcome", "total"]]])
def test_what_is_no_table_of_fields_is_refused(plain: Any) -> None:
    assert isinstance(from_plain(plain), PlanProblem)


def test_an_unknown_and_a_missing_field_are_named() -> None:
    unknown, missing = from_plain(as_plain(PLAN) | {"colour": 1}), from_plain({"outcome": "total", "baseline": "t0"})
    assert isinstance(unknown, PlanProblem)
    assert isinstance(missing, PlanProblem)
    assert (unknown.field, missing.field) == ("colour", "primary")


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"outcome": "joy"}, PlanFault.UNKNOWN_OUTCOME),
        ({"primary": "t9"}, PlanFault.UNKNOWN_WAVE),
        ({"baseline": "t6m"}, PlanFault.SAME_WAVE),
        ({"cutoff_set": "own"}, PlanFault.UNKNOWN_CUTOFF_SET),
        ({"margin": 11.0}, PlanFault.MARGIN_OUT_OF_RANGE),
        ({"margin": float("nan")}, PlanFault.MARGIN_OUT_OF_RANGE),
        ({"population": Population(4.0, 1.2, 100, "")}, PlanFault.POPULATION_OUT_OF_RANGE),
        ({"population": Population(12.0, 0.7, 100, "")}, PlanFault.POPULATION_OUT_OF_RANGE),
        ({"population": Population(4.0, 0.7, 0, "")}, PlanFault.POPULATION_OUT_OF_RANGE),
        ({"population": Population(float("nan"), 0.7, 10, "")}, PlanFault.POPULATION_OUT_OF_RANGE),
    ],
)
def test_a_plan_that_does_not_fit_is_told_why(changes: dict[str, Any], fault: PlanFault) -> None:
    assert fault in {one.fault for one in problems(replace(PLAN, **changes), INSTRUMENT, WAVES)}


def test_the_digest_follows_the_reference_date() -> None:
    assert replace(PLAN, reference_on=date(2026, 1, 1)).digest != PLAN.digest
