"""Is everything alive that must be?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from service.store import heartbeats
from service.usecases.services import Services

LATE_SECONDS = 120
PROCESSES = ("clock", "worker")


@dataclass(frozen=True, slots=True)
class Alive:
    """One process: when it was last alive, and how many seconds ago (None: never)."""

    name: str
    last: datetime | None
    seconds: float | None

    @property
    def late(self) -> bool:
        """Whether it has been silent for too long."""
        return self.seconds is None or self.seconds > LATE_SECONDS


def show_health(services: Services) -> tuple[Alive, ...]:
    """The clock and the worker. Raises Unavailable when the database cannot be reached."""
    now = services.now()
    with services.transaction() as session:
        times = [(name, heartbeats.last(session, name)) for name in PROCESSES]
    return tuple(Alive(name, at, (now - at).total_seconds() if at else None) for name, at in times)
