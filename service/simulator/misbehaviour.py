"""Faults on request: the next so many messages go wrong in one particular way."""

from __future__ import annotations

import threading
from collections import deque
from dataclasses import dataclass, field

WAYS = frozenset({
    "error_after_accept",  # taken, and answered 500
    "drop_answer",  # taken, and the connection ends in the middle of the answer
    "hang_after_accept",  # taken; the answer comes after `seconds`
    "hang",  # not taken; the answer comes after `seconds`
    "error_500",  # not taken, answered 500
    "throttle",  # not taken, answered 429
    "reject",  # not taken, answered 400 with `code`
    "callbacks_doubled",  # taken; the service hears everything twice
    "callbacks_reversed",  # taken; the service hears of the delivery first
    "undelivered",  # taken, and reported undelivered with `code`
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fault:
    """One message's share of trouble."""

    how: str = ""
    seconds: float = 30.0
    code: int = 0


@dataclass
class Misbehaviour:
    """The queue of faults. `look_up_lag` hides messages younger than so many seconds from the list."""

    look_up_lag: float = 0.0
    _queue: deque[Fault] = field(default_factory=deque)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def order(self, count: int, fault: Fault) -> None:
        """Let the next `count` messages suffer this."""
        with self._lock:
            self._queue.extend([fault] * count)

    def next(self) -> Fault:
        """What this message suffers; a Fault without `how` is none."""
        with self._lock:
            return self._queue.popleft() if self._queue else Fault()
