"""The evaluator's file: one row per enrolment and wave, non-response included, by pseudonym, with its codebook."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.exports.long_csv import codebook_csv, long_csv
from service.measures.codebook import LongRow, codebook
from service.store.audit import append
from service.store.long_rows import long_rows
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services

#: What stays empty for a person who did not agree that the evaluator reads along.
NOT_SHARED = "not_shared"


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
    with services.transaction(actor.org_id) as session:
        rows = long_rows(session, programme_id)
        append(
            session,
            actor.org_id,
            services.now(),
            actor.account_id,
            "export_dataset",
            "programme",
            programme_id,
            {"rows": len(rows)},
        )
    used = sorted({row.instrument for row, _ in rows} & set(services.instruments))
    instruments = [services.instruments[key] for key in used] or list(services.instruments.values())
    return Dataset(
        lines=long_csv((row if shared else _withheld(row) for row, shared in rows), instruments),
        codebook=codebook_csv(codebook(instruments)),
        rows=len(rows),
    )


def _withheld(row: LongRow) -> LongRow:
    """The row of somebody who did not agree to sharing: there, without what was answered."""
    return replace(
        row,
        status_reason=NOT_SHARED,
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
