"""Whatever is posted: never a 5xx, and every reply that was taken is kept once and gets read."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine

from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.receive_replies import receive_replies
from service.usecases.services import Services
from tests.api.webhook_noise import post_noise
from tests.api.year import browser, make_app
from tests.usecases.scene import make_scene, rows

PEOPLE = 6
SHARED, UNKNOWN = "+31600004009", "+31600004999"


@pytest.mark.parametrize("count", [500, pytest.param(10_000, marks=[pytest.mark.slow, pytest.mark.timeout(900)])])
def test_nothing_that_is_posted_breaks_anything_and_nothing_is_lost(
    services: Services, database: Engine, count: int
) -> None:
    scene = make_scene(services)
    numbers = [f"+3160000{4000 + number}" for number in range(PEOPLE)]
    for place, number in enumerate([*numbers, SHARED, SHARED]):
        form = scene.form(last_name=f"de Boer {place}", mobile=number.replace("+31", "0"), email="")
        enrol_participant(services, scene.coordinator, form)
    dispatch_messages(services)
    client = browser(make_app(services), services)
    heard = post_noise(client, count, [*numbers, SHARED, UNKNOWN])
    assert heard.wrong == []
    assert heard.statuses[204] > 0.85 * count
    assert heard.refused_well > 0.05 * count
    kept = [row.provider_id for row in rows(database, "select provider_id from reply")]
    assert len(kept) == len(set(kept))
    assert set(kept) == heard.taken
    while receive_replies(services):
        dispatch_messages(services)
    assert rows(database, "select 1 from reply where failures > 0") == []
    states = {row.state for row in rows(database, "select distinct state from reply")}
    assert states <= {"done", "to_read"}
