"""Bring the database to the shape this code expects."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

import service
from service.store.session import make_engine


def configuration(database_url: str) -> Config:
    """Alembic's configuration, from the checkout or from the installed wheel."""
    package = Path(service.__file__).parent
    for folder in (package.parent / "migrations", package.parent / "service_migrations"):
        if folder.is_dir():
            config = Config()
            config.set_main_option("script_location", str(folder))
            config.set_main_option("path_separator", "os")
            config.attributes["database_url"] = database_url
            return config
    raise FileNotFoundError("The migrations are missing from this installation. Install the package again.")


def migrate(database_url: str) -> None:
    """Upgrade to the newest shape. Safe to run by two processes at once, and again."""
    command.upgrade(configuration(database_url), "head")


def pending(database_url: str) -> bool:
    """Whether the database is behind this code."""
    head = ScriptDirectory.from_config(configuration(database_url)).get_current_head()
    engine = make_engine(database_url, pool_size=1)
    try:
        with engine.connect() as connection:
            return MigrationContext.configure(connection).get_current_revision() != head
    finally:
        engine.dispose()
