"""Transactions: begun by use cases only, as the application role, and for one organisation at a time."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.orm import Session
from sqlalchemy.pool import NullPool

from service.followup.problem import Unavailable

#: begin(org_id) -> a session that commits on success and rolls back on an error. Without an organisation no row of any
#: organisation is visible; only the narrow functions of migration 0002 answer.
Transaction = Callable[..., AbstractContextManager[Session]]

APPLICATION_ROLE = "peil_app"
#: A database that hangs is a database that is down: say so instead of waiting for it.
CONNECT_SECONDS = "5"

#: What a statement raises that the database refuses: a mistake of ours, never the person's.
Refused = DBAPIError

#: `Session` is named here too, so that the steps of use cases can say what they are given.
__all__ = ["APPLICATION_ROLE", "Session", "Transaction", "make_engine", "make_transaction"]


def make_engine(database_url: str, *, pool_size: int = 8, hurried: bool = False) -> Engine:
    """An engine for psycopg 3. A plain `postgresql://` address is accepted; `pool_size` 0 keeps no connection.

    `hurried` commits before the disk has it, for data that can be made again (the history of the demonstration).

    Errors do not repeat the values of a statement: they may hold contact details.
    """
    url = make_url(database_url)
    if url.drivername in ("postgresql", "postgres"):
        url = url.set(drivername="postgresql+psycopg")
    url = url.update_query_dict({"connect_timeout": CONNECT_SECONDS}) if "connect_timeout" not in url.query else url
    if hurried:
        url = url.update_query_dict({"options": "-c synchronous_commit=off"})
    if pool_size == 0:
        return create_engine(url, poolclass=NullPool, hide_parameters=True)
    return create_engine(url, hide_parameters=True, pool_size=pool_size, max_overflow=4, pool_pre_ping=True)


def make_transaction(engine: Engine) -> Transaction:
    """The one way to talk to the database. A database that cannot be reached raises Unavailable."""

    @contextmanager
    def transaction(org_id: uuid.UUID | None = None) -> Iterator[Session]:
        try:
            with Session(engine, expire_on_commit=False) as session, session.begin():
                session.execute(
                    text("select set_config('role', :role, true), set_config('app.org_id', :org, true)"),
                    {"role": APPLICATION_ROLE, "org": str(org_id) if org_id else ""},
                )
                yield session
        except (OperationalError, InterfaceError) as error:
            raise Unavailable("The database cannot be reached.") from error

    return transaction
