"""Record answers, whoever wrote them down, and score what is complete."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence

from service.followup.participation import MeasurementStatus, Mode
from service.measures.scoring import score
from service.store import (
    measurements,
    messages,
)
from service.store.measurements import Given, Measurement, NewAnswer
from service.store.session import Session
from service.usecases.services import Services


def record_answers(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    measurement: Measurement,
    *,
    given: Mapping[int, Given],
    new: Sequence[NewAnswer],
    mode: Mode,
) -> bool:
    """Append new answers to those given before; with the last item the measurement is scored. Returns whether it is.

    The codes must be the instrument's own. Late answers are kept and labelled late; they never overwrite anything.
    """
    if new:
        measurements.append_answers(session, org_id, new)
        measurements.note_answer(session, measurement.id, mode, new[-1].given_at)
    codes = {item: one.code for item, one in given.items()} | {one.item: one.code for one in new}
    items = {item.number for item in services.instruments[measurement.instrument].items}
    if not items <= set(codes):
        return False
    score_measurement(services, session, org_id, measurement, codes)
    return True


def score_measurement(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    measurement: Measurement,
    codes: Mapping[int, str],
    *,
    in_time: bool = False,
) -> MeasurementStatus:
    """Score what was answered and write what became of the measurement; nobody is asked about it again.

    `in_time` when every answer came inside the window although it is past now.
    """
    now = services.now()
    scored = score(services.instruments[measurement.instrument], codes)
    measurements.add_score(session, org_id, measurement.id, scored, now)
    late = now > measurement.closes_at and not in_time
    status = MeasurementStatus.LATE if late else MeasurementStatus.COMPLETE
    if not scored.complete:
        status = MeasurementStatus.PARTIAL
    measurements.set_status(session, measurement.id, status, "", now if scored.complete else None)
    messages.cancel_unsent(session, now, "answered", measurement_id=measurement.id)
    return status
