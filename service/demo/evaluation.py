"""What the evaluator did in the year of the demonstration: plans beforehand, and the figures of two reference dates."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial

from service.demo.cast import DAY, MATES, TABLE
from service.demo.history import History
from service.measures.analysis.plan import AnalysisPlan, Subgroup
from service.usecases.access import Actor
from service.usecases.lock_analysis_plan import PlanForm, lock_analysis_plan
from service.usecases.show_analysis_plan import show_analysis_plan
from service.usecases.take_snapshot import take_snapshot

#: How long before now the figures were laid down, in days.
LAID_DOWN = (150, 30)


def plan_evaluation(history: History, evaluator: Actor, programmes: Mapping[str, uuid.UUID], now: datetime) -> None:
    """Let the evaluator lock plans on the first day and lay figures down later. The walks have no plan, as happens."""
    start = history.clock.moment
    for programme, changed in ((TABLE, _table), (MATES, _mates)):
        history.at(start, partial(_lock, history, evaluator, programmes[programme], changed))
    for days in LAID_DOWN:
        history.at(now - days * DAY, partial(take_snapshot, history.services, evaluator, programmes[TABLE]))


def _lock(history: History, evaluator: Actor, programme_id: uuid.UUID, changed: partial[AnalysisPlan]) -> None:
    view = show_analysis_plan(history.services, evaluator, programme_id)
    lock_analysis_plan(history.services, evaluator, programme_id, PlanForm(changed(view.start)))


_table = partial(
    replace,
    subgroups=(Subgroup.AGE,),
    notes="We kijken naar iedereen met twee metingen. Ook apart onder de 75, en 75 of ouder.",
)
_mates = partial(
    replace,
    margin=1.0,
    notes="Het doel is dat het niet erger wordt. Eén punt verschil is voor mensen nauwelijks te merken.",
)
