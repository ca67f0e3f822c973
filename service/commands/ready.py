"""What several verbs need: a database that is reachable, of the right shape, and readable with our keys."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from service.bootstrap import build
from service.embedded import AlreadyRunning, Supervisor, ensure_database, postgres_url, valkey_url
from service.settings import KEYS_FILE, Place, Settings, environment_with, make_keys, read_place, read_settings
from service.store import installations
from service.store.migrate import migrate
from service.usecases.check_keys import check_keys
from service.usecases.check_texts import check_texts
from service.usecases.services import Services


class CannotGoOn(Exception):
    """The verb cannot do its work; the message says why and what to do."""


def make_ready(home: Path, environment: dict[str, str]) -> tuple[Settings, Services, Path | None]:
    """Keys, shape and fit. Returns the settings, the services, and the file of keys when it was made just now.

    Raises CannotGoOn when the keys do not fit the data, or when there is data and the keys had to be made anew.
    """
    made = make_keys(home)
    try:
        settings = read_settings(environment)
        migrate(settings.place.database_url)
        services = build(settings, pool_size=0)
        with services.transaction() as session:
            new_keys_for_old_data = made is not None and installations.in_use(session)
        wrong = ("SECRET_KEY", "CONTACT_KEYS", "LOOKUP_KEY") if new_keys_for_old_data else check_keys(services)
        if wrong:
            raise CannotGoOn(
                f"The database holds data made with other keys ({', '.join(wrong)}). "
                f"Put back {home / KEYS_FILE} from your backup, or set those keys in the environment."
            )
        check_texts(services)  # remembers the words of what is in use; `peil doctor` says when they change
    except BaseException:
        if made is not None:
            made.unlink(missing_ok=True)
        raise
    return settings, services, made


def running_settings(place: Place) -> Settings:
    """The settings with the addresses of the embedded servers filled in, whether they run or not."""
    settings = read_settings()
    return replace(
        settings,
        place=replace(
            place,
            database_url=place.database_url or postgres_url(place.home),
            redis_url=place.redis_url or valkey_url(place.home),
        ),
    )


@contextmanager
def ready_services() -> Iterator[Services]:
    """The services on the database of this installation; an embedded one is started for as long as it is needed."""
    place = read_place()
    if place.database_url:
        yield make_ready(place.home, environment_with({}))[1]
        return
    try:
        supervisor = Supervisor(place.home, quiet=True).__enter__()
    except AlreadyRunning:
        yield build(running_settings(place), pool_size=0)
        return
    try:
        url = supervisor.start_postgres()
        ensure_database(place.home)
        yield make_ready(place.home, environment_with({"DATABASE_URL": url}))[1]
    finally:
        supervisor.__exit__(None, None, None)
