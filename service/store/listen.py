"""Telling the clock that there is work: a notice inside the transaction. Losing one costs seconds, never data."""

from __future__ import annotations

from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy import text
from sqlalchemy.orm import Session

from service.followup.problem import Unavailable

CHANNEL = "peil"
CLOCK_LOCK = 7_345_121


def notify(session: Session) -> None:
    """Wake the clock when this transaction commits. The notice carries nothing: the work stands in the tables."""
    session.execute(text("select pg_notify(:channel, '')"), {"channel": CHANNEL})


class Listener:
    """A direct connection that hears the notices, and the one lock that makes this clock the only one.

    Use as a context. Every method raises Unavailable when the connection is gone; then make a new one.
    """

    def __init__(self, database_url: str) -> None:
        try:
            self._connection = psycopg.connect(
                database_url.replace("postgresql+psycopg://", "postgresql://", 1),
                autocommit=True, connect_timeout=5, keepalives_idle=10, keepalives_interval=5, keepalives_count=2,
                application_name="peil clock",
            )  # fmt: skip
        except psycopg.Error as error:
            raise Unavailable("The database cannot be reached.") from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._connection.close()

    def lead(self) -> bool:
        """Take the lock of the clock and listen. False while another clock holds it; it is ours until we disconnect."""
        try:
            row = self._connection.execute("select pg_try_advisory_lock(%s)", (CLOCK_LOCK,)).fetchone()
            if row is None or not row[0]:
                return False
            self._connection.execute(f"listen {CHANNEL}")
        except psycopg.Error as error:
            raise Unavailable("The database cannot be reached.") from error
        return True

    def wait(self, seconds: float) -> bool:
        """Wait for a notice, at most so long. Several that came together are one."""
        try:
            return bool(list(self._connection.notifies(timeout=seconds, stop_after=1)))
        except psycopg.Error as error:
            raise Unavailable("The database cannot be reached.") from error
