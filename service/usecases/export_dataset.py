"""The evaluator's file: one row per enrolment and wave, non-response included, by pseudonym, with its codebook."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.exports.long_csv import codebook_csv, long_csv
from service.measures.codebook import codebook
from service.measures.long_row import NOT_SHARED, LongRow
from service.store.audit import append
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services
from service.usecases.steps.analysing import rows_for

__all__ = ["NOT_SHARED", "Dataset", "export_dataset"]


@dataclass(frozen=True, slots=True)
class Dataset:
    """The file line by line, the codebook beside it, and how many rows there are."""

    lines: Iterator[str]
    codebook: str
    rows: int


def export_dataset(services: Services, actor: Actor, programme_id: uuid.UUID | None = None) -> Dataset:
    """All rows of one programme, or of the whole organisation; written down in the audit trail.

    Who did not agree to sharing keeps their rows (the denominators stay right) without answers and scores, with the
    reason `not_shared`. Raises Denied.
    """
    access.require(actor, Action.EXPORT)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        rows = [told for found in rows_for(services, session, programme_id, now) for told in found.rows]
        append(
            session,
            actor.org_id,
            now,
            actor.account_id,
            "export_dataset",
            "programme",
            programme_id,
            {"rows": len(rows)},
        )
    used = sorted({told.row.instrument for told in rows} & set(services.instruments))
    instruments = [services.instruments[key] for key in used] or list(services.instruments.values())
    return Dataset(
        lines=long_csv((told.row if told.shared else _withheld(told.row) for told in rows), instruments),
        codebook=codebook_csv(codebook(instruments)),
        rows=len(rows),
    )


def _withheld(row: LongRow) -> LongRow:
    """The row of somebody who did not agree to sharing: there, without what was answered."""
    return replace(
        row,
        status_reason=NOT_SHARED,
        in_course=None if row.in_course is None else False,
        in_change=None if row.in_change is None else False,
        mode=None,
        answered_on=None,
        answers={},
        scores={},
        band=None,
        cutoff_set=None,
        lower_bound=None,
        missing=None,
        scoring_version=None,
        modes=None,
        assisted=None,
        helper_delivers=None,
    )
