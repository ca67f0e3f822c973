"""A worker shows that the whole chain works: clock, queue, worker, database."""

from __future__ import annotations

from service.usecases.record_heartbeat import record_heartbeat
from service.usecases.services import Services


def beat(services: Services) -> int:
    """Leave a sign of life of the worker."""
    record_heartbeat(services, "worker")
    return 1
