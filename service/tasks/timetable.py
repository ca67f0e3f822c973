"""What ticks and how often: one table. Nothing else is scheduled; every date stands in a row of the database."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from service.tasks import followup, outbox, upkeep
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Entry:
    """One task. `at_notice`: also at once when somebody left work behind."""

    name: str
    seconds: float
    run: Callable[[Services], int]
    at_notice: bool = False


TICK_SECONDS = 5.0

TIMETABLE = (
    Entry("followup.receive", 5, followup.receive, at_notice=True),
    Entry("followup.collect", 30, followup.collect),
    Entry("outbox.dispatch", 5, outbox.dispatch, at_notice=True),
    Entry("outbox.reconcile", 20, outbox.reconcile),
    Entry("followup.close", 60, followup.close),
    Entry("followup.encourage", 900, followup.encourage),
    Entry("followup.warn", 5, followup.warn, at_notice=True),
    Entry("followup.escalate", 60, followup.escalate),
    Entry("upkeep.beat", 15, upkeep.beat),
)
