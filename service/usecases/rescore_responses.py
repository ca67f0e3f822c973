"""The operator scores responses again by the rules of today: a new score beside the old one, never instead of it."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

from service.measures.scoring import Scored, UnknownCode, score
from service.store import audit, measurements, organisations, rescoring
from service.store.rescoring import Kept
from service.store.session import Session
from service.usecases.services import Services

BATCH = 500


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """From which rules a response goes to which: the instrument, and twice its version and the scoring version."""

    instrument: str
    version: str
    scoring_version: str
    to_version: str
    to_scoring_version: str


@dataclass(slots=True)
class Tally:
    """How many responses take one step, and in how many of them a score or the band is another one."""

    responses: int = 0
    other_value: int = 0
    other_band: int = 0


@dataclass(slots=True)
class Rescoring:
    """What was found (and kept, when `applied`). All are counts of responses.

    `held_back`: the answers, the versions and the scoring version are those of the newest score, yet the result is
    another one or its cut-off set is. Rules that change need a new version: nothing was written for them.
    `no_instrument` and `unknown_code` cannot be scored today, per instrument.
    """

    applied: bool
    looked_at: int = 0
    steps: dict[Step, Tally] = field(default_factory=dict)
    held_back: Counter[str] = field(default_factory=Counter)
    no_instrument: Counter[str] = field(default_factory=Counter)
    unknown_code: Counter[str] = field(default_factory=Counter)

    @property
    def responses(self) -> int:
        """How many responses get a new score."""
        return sum(tally.responses for tally in self.steps.values())


@dataclass(frozen=True, slots=True)
class _Change:
    kept: Kept
    scored: Scored

    @property
    def other_value(self) -> bool:
        return dict(self.kept.values) != dict(self.scored.values)

    @property
    def needed(self) -> bool:
        """Whether the newest score is not the one that the rules of today give."""
        kept, scored = self.kept, self.scored
        marks = (kept.version, kept.scoring_version, kept.cutoff_set, kept.input_hash, kept.band, kept.lower_bound)
        today = (scored.version, scored.scoring_version, scored.cutoff_set, scored.input_hash, scored.band)
        return self.other_value or marks != (*today, scored.lower_bound)

    @property
    def nameless(self) -> bool:
        """Whether the same answers by the same versions give another result: then the rules changed without a name."""
        kept, scored = self.kept, self.scored
        rules = (kept.version, kept.scoring_version, kept.input_hash)
        return rules == (scored.version, scored.scoring_version, scored.input_hash)


def rescore_responses(
    services: Services, *, org_id: uuid.UUID | None = None, instrument: str | None = None, apply: bool = False
) -> Rescoring:
    """Score every response again of which the newest score is not what the rules of today give; only `apply` writes.

    In one organisation or in all; of one instrument or of all. The answers and what became of a measurement are not
    touched and nobody is called. Every batch is a transaction with its own audit line: a run that dies leaves whole
    batches, and the next run goes on with the rest. A measurement about which somebody writes at this moment waits
    until the end, so that an answer that comes in meanwhile is the last word.
    """
    found = Rescoring(applied=apply)
    with services.transaction() as session:
        chosen = organisations.list_organisation_ids(session) if org_id is None else [org_id]
    for one in chosen:
        busy = [left for batch in _batches(services, one, instrument, found) for left in batch]
        for measurement_id in busy:
            with services.transaction(one) as session:
                _keep(services, session, one, rescoring.lock_one(session, measurement_id), found)
    return found


def _batches(
    services: Services, org_id: uuid.UUID, instrument: str | None, found: Rescoring
) -> Iterator[set[uuid.UUID]]:
    """Go through the responses of an organisation; yields the measurements that others were writing about."""
    after: uuid.UUID | None = None
    while True:
        with services.transaction(org_id) as session:
            page = rescoring.page(session, after, BATCH, instrument)
            changes = _changes(services, session, page, found)
            wanted = {change.kept.measurement_id for change in changes}
            free = rescoring.lock_free(session, wanted) if found.applied else set()
            if found.applied:
                _keep(services, session, org_id, free, found)
            else:
                _possible(changes, found)
        if not page:
            return
        found.looked_at += len(page)
        after = page[-1].measurement_id
        yield wanted - free if found.applied else set()


def _changes(services: Services, session: Session, page: Sequence[Kept], found: Rescoring) -> list[_Change]:
    """What the rules of today make of these responses, as far as that is something else."""
    given = measurements.answers(session, [kept.measurement_id for kept in page])
    changes = []
    for kept in page:
        instrument = services.instruments.get(kept.instrument)
        if instrument is None:
            found.no_instrument[kept.instrument] += 1
            continue
        codes = {item: one.code for item, one in given.get(kept.measurement_id, {}).items()}
        try:
            change = _Change(kept, score(instrument, codes))
        except UnknownCode:
            found.unknown_code[kept.instrument] += 1
            continue
        if change.needed:
            changes.append(change)
    return changes


def _possible(changes: Sequence[_Change], found: Rescoring) -> list[_Change]:
    """The changes by rules that have a name of their own; they are counted, and so is the rest."""
    found.held_back.update(change.kept.instrument for change in changes if change.nameless)
    possible = [change for change in changes if not change.nameless]
    for change in possible:
        kept, scored = change.kept, change.scored
        step = Step(kept.instrument, kept.version, kept.scoring_version, scored.version, scored.scoring_version)
        tally = found.steps.setdefault(step, Tally())
        tally.responses += 1
        tally.other_value += change.other_value
        tally.other_band += kept.band != scored.band
    return possible


def _keep(
    services: Services, session: Session, org_id: uuid.UUID, locked: Collection[uuid.UUID], found: Rescoring
) -> None:
    """Look at these measurements once more, now that they are locked, and keep the new scores with an audit line."""
    now, counted_before = services.now(), Rescoring(applied=True)
    changes = _changes(services, session, rescoring.newest(session, locked), counted_before)
    kept = _possible(changes, found)
    for change in kept:
        measurements.add_score(session, org_id, change.kept.measurement_id, change.scored, now)
    if kept:
        details = {
            "scores": len(kept),
            "other_value": sum(change.other_value for change in kept),
            "instruments": sorted({change.kept.instrument for change in kept}),
        }
        audit.append(session, org_id, now, None, "rescore_responses", "score", None, details)
