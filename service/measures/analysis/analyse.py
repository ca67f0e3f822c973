"""All figures of one programme, from its records and its plan: what pages, snapshots and `peil analyse` show."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any

import numpy as np

from service.measures.analysis.arm_view import ArmView, arms_of
from service.measures.analysis.changes import (
    ask_change,
    fill_bands,
    fill_change,
    fill_reliable,
    fill_subgroups,
)
from service.measures.analysis.checks import fill_attrition, fill_sensitivity
from service.measures.analysis.courses import fill_clusters, fill_contrasts, fill_course, fill_models
from service.measures.analysis.faults import faults_in
from service.measures.analysis.plan import AnalysisPlan
from service.measures.analysis.qualities import fill_drift, fill_quality
from service.measures.analysis.records import Records
from service.measures.analysis.responses import fill_flow, fill_leaving, fill_log_rank, fill_responses
from service.measures.analysis.result import Analysis, Head
from service.measures.analysis.sheet import Sheet
from service.measures.analysis.verdict import fill_equivalence, fill_regression, judge_goal


def analyse(records: Records, plan: AnalysisPlan, *, live: bool, locked_on: date | None = None) -> Analysis:
    """Every figure of this programme by this plan; the same records and plan always give the same result.

    `live`: these are the figures of this moment, not of a snapshot. `locked_on`: when the plan was fixed, None for the
    default plan. With anything in `faults` there is no figure at all.
    """
    head = _head(records, plan, live=live, locked_on=locked_on)
    faults = faults_in(records, plan)
    if faults:
        return Analysis(head, {}, faults=faults)
    sheet, views = Sheet(), arms_of(records, plan)
    # The same data always draw the same permutations.
    chance = np.random.default_rng(int(head.data_digest[:16], 16))
    for view in views:
        _fill(sheet, view, chance)
    fill_log_rank(sheet, views)
    fill_models(sheet, views)
    fill_contrasts(sheet, views)
    figures = sheet.finish()
    if views:
        judge_goal(sheet, views, figures)
    return Analysis(head, figures, sheet.curves, sheet.words)


def _fill(sheet: Sheet, view: ArmView, chance: np.random.Generator) -> None:
    """Everything about one arm by itself."""
    for responses in (fill_responses, fill_flow, fill_leaving):
        responses(sheet, view)
    ask_change(sheet, view)
    fill_change(sheet, view, chance)
    for outcomes in (
        fill_course,
        fill_bands,
        fill_reliable,
        fill_equivalence,
        fill_regression,
        fill_subgroups,
        fill_clusters,
        fill_attrition,
        fill_sensitivity,
        fill_quality,
        fill_drift,
    ):
        outcomes(sheet, view)


def _head(records: Records, plan: AnalysisPlan, *, live: bool, locked_on: date | None) -> Head:
    arms = [view.arm for view in arms_of(records, plan)]
    return Head(
        programme=records.programme,
        intervention=records.intervention,
        goal=str(records.goal),
        instrument=records.instrument.key,
        instrument_version=records.instrument.version,
        outcome=plan.outcome,
        cutoff_set=plan.cutoff_set,
        waves=[wave.key for wave in records.waves],
        baseline=plan.baseline,
        primary=plan.primary,
        arms=arms,
        as_of=records.as_of.isoformat(timespec="seconds"),
        live=live,
        plan_digest=plan.digest,
        plan_locked_on=locked_on.isoformat() if locked_on else "",
        data_digest=digest(records),
        people=len(records.enrolments),
        measurements=len(records.measurements),
        withheld=records.withheld,
    )


def digest(records: Records) -> str:
    """SHA-256 of the data, whatever order or file they came in: the mark by which a figure is found again."""
    parts = {
        "enrolments": sorted((_values(person) for person in records.enrolments), key=str),
        "measurements": sorted((_values(record) for record in records.measurements), key=str),
        "waves": [[wave.key, wave.days] for wave in records.waves],
        "instrument": [records.instrument.key, records.instrument.version, records.instrument.text_hash],
    }
    text = json.dumps(parts, ensure_ascii=False, sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def _values(one: Any) -> list[Any]:
    """The values of a record in the order of its fields; without the row, which depends on the file."""
    values = ((each.name, getattr(one, each.name)) for each in fields(one) if each.name != "row")
    return [
        sorted((str(key), value) for key, value in found.items()) if isinstance(found, Mapping) else found
        for _, found in values
    ]
