"""Alembic's environment: one transaction per migration, one migrator at a time, and time-outs instead of long locks."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection, text

import service.store.tables  # noqa: F401 - makes every table known
from service.store.base import Base
from service.store.session import make_engine

MIGRATION_LOCK = 7_345_120


def include_name(name: str | None, kind: str, _parents: object) -> bool:
    """Compare our own schemas only."""
    return kind != "schema" or name in (None, "contact")


def run(connection: Connection) -> None:
    """Migrate over this connection."""
    connection.execute(text("create schema if not exists contact"))
    connection.execute(text("select pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
    connection.execute(text("set lock_timeout = '4s'"))
    connection.execute(text("set statement_timeout = '60s'"))
    connection.commit()
    try:
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            transaction_per_migration=True,
            include_schemas=True,
            include_name=include_name,
            compare_type=True,
        )
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()
    finally:
        connection.rollback()
        connection.execute(text("select pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
        connection.commit()


given = context.config.attributes.get("connection")
if given is not None:
    run(given)
else:
    engine = make_engine(context.config.attributes["database_url"], pool_size=1)
    with engine.connect() as connection:
        run(connection)
    engine.dispose()
