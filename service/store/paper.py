"""Paper forms: found by the code that is printed on them, and typed in twice."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from service.store.tables.measurement import Measurement, PaperEntry
from service.store.vault import Vault

FIELD = "paper_entry"


@dataclass(frozen=True, slots=True)
class Typed:
    """One person's reading of a form: item number -> code, the day on the form, and who typed it."""

    answers: Mapping[int, str]
    filled_in_on: date
    by: uuid.UUID


@dataclass(frozen=True, slots=True)
class Waiting:
    """A form that was typed in once (`second` None), or twice with a difference that nobody decided yet."""

    id: uuid.UUID
    measurement_id: uuid.UUID
    first: Typed
    second: Typed | None


@dataclass(frozen=True, slots=True)
class WaitingForm:
    """A form that waits for the second time, as the list shows it: without a word of what was typed."""

    measurement_id: uuid.UUID
    entered_by: uuid.UUID
    entered_at: datetime


def digest_of(session: Session, measurement_id: uuid.UUID) -> bytes | None:
    """By what the form of this measurement is found; None while no form was made."""
    found: bytes | None = session.execute(
        select(Measurement.paper_digest).where(Measurement.id == measurement_id)
    ).scalar_one_or_none()
    return None if found is None else bytes(found)


def set_digest(session: Session, measurement_id: uuid.UUID, digest: bytes) -> bool:
    """A form is made for this measurement; False when another form is found by the same."""
    taken = select(Measurement.id).where(Measurement.paper_digest == digest, Measurement.id != measurement_id)
    if session.execute(taken).first() is not None:
        return False
    session.execute(update(Measurement).where(Measurement.id == measurement_id).values(paper_digest=digest))
    return True


def find(session: Session, digest: bytes) -> uuid.UUID | None:
    """The measurement whose form this is, within this organisation."""
    found: uuid.UUID | None = session.execute(
        select(Measurement.id).where(Measurement.paper_digest == digest)
    ).scalar_one_or_none()
    return found


def forms_waiting(session: Session) -> list[WaitingForm]:
    """Every form that waits for the second time, the oldest first."""
    rows = session.execute(
        select(PaperEntry.measurement_id, PaperEntry.entered_by, PaperEntry.entered_at)
        .where(PaperEntry.settled_at.is_(None))
        .order_by(PaperEntry.entered_at)
    )
    return [WaitingForm(row.measurement_id, row.entered_by, row.entered_at) for row in rows]


def count_waiting(session: Session) -> int:
    """How many forms wait for the second time."""
    count = select(func.count()).select_from(PaperEntry).where(PaperEntry.settled_at.is_(None))
    return session.execute(count).scalar_one()


def read_waiting(session: Session, vault: Vault, org_id: uuid.UUID, measurement_id: uuid.UUID) -> Waiting | None:
    """What was typed of this form so far, readable. Whoever changes it holds the measurement locked."""
    row = session.execute(
        select(PaperEntry).where(PaperEntry.measurement_id == measurement_id, PaperEntry.settled_at.is_(None))
    ).scalar_one_or_none()
    if row is None:
        return None
    first, *others = json.loads(vault.decrypt(row.answers, org_id, str(measurement_id), FIELD))
    return Waiting(row.id, measurement_id, _typed(first), _typed(others[0]) if others else None)


def keep_first(
    session: Session, vault: Vault, org_id: uuid.UUID, measurement_id: uuid.UUID, typed: Typed, at: datetime
) -> None:
    """Keep what was typed the first time, sealed."""
    session.execute(
        insert(PaperEntry)
        .values(
            org_id=org_id,
            measurement_id=measurement_id,
            answers=_sealed(vault, org_id, measurement_id, typed),
            filled_in_on=typed.filled_in_on,
            entered_by=typed.by,
            entered_at=at,
        )
        .on_conflict_do_nothing()
    )


def keep_second(session: Session, vault: Vault, org_id: uuid.UUID, waiting: Waiting, typed: Typed) -> None:
    """Keep what was typed the second time beside the first, sealed: they differ."""
    sealed = _sealed(vault, org_id, waiting.measurement_id, waiting.first, typed)
    session.execute(update(PaperEntry).where(PaperEntry.id == waiting.id).values(answers=sealed))


def settle(session: Session, waiting: Waiting, at: datetime) -> None:
    """The form is dealt with; what was typed twice is not kept a second time."""
    session.execute(update(PaperEntry).where(PaperEntry.id == waiting.id).values(settled_at=at, answers=""))


def _sealed(vault: Vault, org_id: uuid.UUID, measurement_id: uuid.UUID, *typed: Typed) -> str:
    rows: list[dict[str, object]] = [
        {
            "answers": {str(item): code for item, code in one.answers.items()},
            "filled_in_on": one.filled_in_on.isoformat(),
            "by": str(one.by),
        }
        for one in typed
    ]
    return vault.encrypt(json.dumps(rows), org_id, str(measurement_id), FIELD)


def _typed(row: Mapping[str, str | Mapping[str, str]]) -> Typed:
    answers = row["answers"]
    if isinstance(answers, str):
        raise TypeError("answers")
    codes = {int(item): code for item, code in answers.items()}
    return Typed(codes, date.fromisoformat(str(row["filled_in_on"])), uuid.UUID(str(row["by"])))
