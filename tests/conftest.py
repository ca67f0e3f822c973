"""Real PostgreSQL for every test that needs one: one server per run, one database per worker, emptied between tests."""

from __future__ import annotations

import hashlib
import os
import signal
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from service.bootstrap import load_instruments, load_render
from service.channels.memory import MemoryChannel, MemoryInbox
from service.channels.sms_twilio import TwilioWebhooks
from service.embedded import start_postgres
from service.measures.instrument import Instrument
from service.messages.links import Links
from service.store.migrate import migrate
from service.store.session import make_engine, make_transaction
from service.store.vault import Vault
from service.usecases.services import Services
from tests.builders import SIGNS, Clock, CountingTokens, PlainPasswords

#: The rules are pure: their tests have no network, so that none can creep in.
PURE = frozenset({"measures", "followup", "messages", "spec", "exports"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Shut the sockets in the tests of pure code."""
    for item in items:
        if PURE & set(item.path.parts[:-1]):
            item.add_marker("disable_socket")


def short_folder(name: str) -> Path:
    """A short, world-enterable folder: unix sockets have short names, and PostgreSQL does not run as root."""
    digest = hashlib.sha256(f"{Path.cwd()}{os.getpid()}".encode()).hexdigest()[:8]
    return Path(tempfile.gettempdir()) / f"peil-{name}-{digest}"


@pytest.fixture(scope="session")
def database_url() -> Iterator[str]:
    """A migrated database. One server per test process: simple, and workers cannot disturb one another."""
    running = start_postgres(short_folder("test"), durable=False)
    admin = make_engine(running.url.replace("/peil?", "/postgres?"), pool_size=1).execution_options(
        isolation_level="AUTOCOMMIT"
    )
    with admin.connect() as connection:
        connection.execute(text("drop database if exists peil with (force)"))
        connection.execute(text("create database peil"))
    admin.dispose()
    migrate(running.url)
    yield running.url
    running.process.send_signal(signal.SIGINT)
    running.process.wait(10)


@pytest.fixture(scope="session")
def engine(database_url: str) -> Iterator[Engine]:
    """The owner's engine."""
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def emptied(engine: Engine) -> Engine:
    """An empty database: every row of every table is gone, the shape stays."""
    with engine.begin() as connection:
        tables = connection.execute(
            text("select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables "
                 "where schemaname in ('public', 'contact') and tablename <> 'alembic_version'")
        ).scalars()  # fmt: skip
        connection.execute(text(f"truncate {', '.join(tables)} restart identity cascade"))
    return engine


@pytest.fixture
def database(engine: Engine) -> Engine:
    """An empty database."""
    return emptied(engine)


@pytest.fixture
def clock() -> Clock:
    """The moment it is; Monday 2 March 2026, 10.30 in Amsterdam."""
    return Clock()


@pytest.fixture(scope="session")
def instruments() -> Mapping[str, Instrument]:
    """The instruments as shipped."""
    return load_instruments()


def services_on(database: Engine, clock: Clock, instruments: Mapping[str, Instrument]) -> Services:
    """The service on a real database, with channels that remember, a clock that stands still and countable chance."""
    links = Links(b"x" * 32, "https://peil.example")
    return Services(
        transaction=make_transaction(database),
        now=clock,
        vault=Vault({"k1": b"k" * 32}, b"l" * 32),
        tokens=CountingTokens(),
        passwords=PlainPasswords(),
        sms=MemoryChannel("sms"),
        email=MemoryChannel("email"),
        inbox=MemoryInbox(),
        webhooks=TwilioWebhooks("AC" + "0" * 32, ("auth-token",), "https://peil.example"),
        render=load_render(),
        links=links,
        instruments=instruments,
        signs=SIGNS,
        practice_numbers=True,
    )


@pytest.fixture
def services(database: Engine, clock: Clock, instruments: Mapping[str, Instrument]) -> Services:
    """The service on an empty database."""
    return services_on(database, clock, instruments)
