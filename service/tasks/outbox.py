"""What a worker does for messages that go out. No task carries anything: the work stands in the tables."""

from __future__ import annotations

from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.reconcile_messages import reconcile_messages
from service.usecases.services import Services

#: A task ends well within the broker's visibility time-out; what is left waits for the next tick, seconds later.
MOST_ROUNDS = 50


def dispatch(services: Services) -> int:
    """Send what is due, batch after batch, until nothing is. How many were sent."""
    total = 0
    for _ in range(MOST_ROUNDS):
        done = dispatch_messages(services)
        total += done
        if done == 0:
            break
    return total


def reconcile(services: Services) -> int:
    """Ask the provider about messages whose fate is unknown, batch after batch. How many changed.

    A provider that does not answer ends it: these messages are held, and asked about at a later tick.
    """
    total = 0
    for _ in range(MOST_ROUNDS):
        done = reconcile_messages(services)
        total += done
        if done == 0:
            break
    return total
