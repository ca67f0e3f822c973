"""A process says that it is alive."""

from __future__ import annotations

from service.store import heartbeats
from service.usecases.services import Services


def record_heartbeat(services: Services, name: str) -> None:
    """Write down that this process (`clock`, `worker`) is alive now."""
    with services.transaction() as session:
        heartbeats.beat(session, name, services.now())
