"""Try again, when, or give up."""

from __future__ import annotations

from datetime import datetime, timedelta

#: The wait never grows beyond this: a provider that is back after six hours is noticed within the hour.
_LONGEST = timedelta(hours=1)


def next_try(attempt: int, now: datetime, expires_at: datetime) -> datetime | None:
    """When attempt number `attempt` (from 1) was throttled or not found: when to try again, None to give up.

    One minute, then twice as long each time, at most an hour; given up when the message would have expired by then.
    """
    wait = min(timedelta(minutes=2 ** min(attempt - 1, 10)), _LONGEST)
    return now + wait if now + wait < expires_at else None
