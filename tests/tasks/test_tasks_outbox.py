"""What a worker does for messages that go out."""

from __future__ import annotations

from sqlalchemy import Engine

from service.channels.base import Unknown
from service.channels.memory import MemoryChannel
from service.tasks import outbox
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from tests.builders import Clock
from tests.usecases.scene import make_scene, rows


def test_after_a_bad_hour_all_that_is_in_doubt_is_looked_up_at_once(
    services: Services, clock: Clock, database: Engine
) -> None:
    """More messages than one batch: none waits for another tick, or an outage of a thousand would last for hours."""
    scene = make_scene(services)
    for number in range(45):
        enrol_participant(
            services, scene.coordinator, scene.form(mobile=f"06 0000 {2000 + number}", last_name=f"B{number}")
        )
    assert isinstance(services.sms, MemoryChannel)
    services.sms.answer = lambda _: Unknown("ReadTimeout")
    outbox.dispatch(services)
    in_doubt = "select count(*) from message where state = 'unknown'"
    assert rows(database, in_doubt) == [(45,)]
    clock.forward(minutes=2)
    assert outbox.reconcile(services) == 45
    assert rows(database, in_doubt) == [(0,)]
