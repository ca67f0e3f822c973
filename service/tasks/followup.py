"""What a worker does with what comes in, and with the end of a wave."""

from __future__ import annotations

from service.usecases.close_waves import close_waves
from service.usecases.receive_replies import receive_replies
from service.usecases.record_receipts import record_receipts
from service.usecases.services import Services

MOST_ROUNDS = 20


def receive(services: Services) -> int:
    """Work through replies and provider reports that were stored. How many."""
    total = 0
    for _ in range(MOST_ROUNDS):
        done = receive_replies(services) + record_receipts(services)
        total += done
        if done == 0:
            break
    return total


def close(services: Services) -> int:
    """Open, close and mark the waves whose moment has come. How many changed."""
    return close_waves(services)
