"""Answers that are changed, and changed back: the score is always that of the answers that count."""

from __future__ import annotations

from sqlalchemy import Engine

from service.store.measurements import lock
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.steps.answers import score_measurement
from tests.usecases.scene import make_scene, rows


def test_answers_that_are_changed_back_have_the_first_score_again(services: Services, database: Engine) -> None:
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form())
    (wave,) = rows(database, "select id from measurement where position = 0")
    items = [item.number for item in services.instruments["djg6"].items]
    seen = []
    for code in ("yes", "no", "yes", "yes"):
        with services.transaction(scene.org_id) as session:
            measurement = lock(session, wave.id)
            codes = {**dict.fromkeys(items, "yes"), items[0]: code}
            score_measurement(services, session, scene.org_id, measurement, codes)
        newest = rows(database, "select primary_value from score order by sequence desc limit 1")
        seen.append(newest[0].primary_value)
    assert seen == [3, 2, 3, 3]
    assert len(rows(database, "select 1 from score")) == 3
