"""STOP against dispatch, many times over: real threads, a real database, and its own commit times as the judge."""

from __future__ import annotations

import dataclasses
import random
import signal
import threading
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, text

from service.channels.base import Accepted, Outcome, Outgoing
from service.channels.memory import MemoryChannel
from service.embedded import Running, ensure_database, start_postgres
from service.followup.planning import MessageKind
from service.measures.instrument import Instrument
from service.store import messages
from service.store.messages import NewMessage
from service.store.migrate import migrate
from service.store.session import make_engine
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.take_reply import take_reply
from tests.builders import Clock
from tests.conftest import services_on
from tests.usecases.scene import Scene, make_scene
from tests.usecases.street import Post

PEOPLE = 20
DISPATCHERS = 2
#: STOP comes at some moment between the beginning and the end of what two dispatchers do with so many messages.
SPREAD_SECONDS = 0.25
#: Claims of this round whose transaction was committed later than the STOP of the same number.
STARTED = """
select count(*) filter (where pg_xact_commit_timestamp(e.xmin) > pg_xact_commit_timestamp(s.xmin)) as after,
  count(*) filter (where pg_xact_commit_timestamp(e.xmin) <= pg_xact_commit_timestamp(s.xmin)) as before,
  count(distinct s.id) as stops
from contact.stop s join contact.address a on a.lookup_hash = s.lookup_hash and a.kind = 'sms'
left join message m on m.participant_id = a.participant_id and m.dedupe_key like :round
left join message_event e on e.message_id = m.id and e.event = 'claim'
where s.lifted_at is null
"""


@dataclass
class Figures:
    """What came of the races. Seconds are of the whole webhook use case, until its commit."""

    races: int = 0
    started_before: int = 0
    started_after: int = 0
    called_after: int = 0  # the provider was called for a send that had started before: the last look lost by a hair
    stop_seconds: list[float] = field(default_factory=list)

    @property
    def slowest(self) -> float:
        return max(self.stop_seconds, default=0.0)


@contextmanager
def server_with_commit_times(folder: Path) -> Iterator[str]:
    """A migrated database on a server that remembers when each transaction was committed."""

    def end(running: Running) -> None:
        running.process.send_signal(signal.SIGINT)
        running.process.wait(10)

    running = start_postgres(folder, durable=False)
    admin = make_engine(running.url.replace("/peil?", "/postgres?"), pool_size=0)
    with admin.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("alter system set track_commit_timestamp = on"))
    end(running)
    running = start_postgres(folder, durable=False)
    try:
        ensure_database(folder, empty=True)
        migrate(running.url)
        yield running.url
    finally:
        end(running)


@dataclass
class Track:
    """People with a message each that is due, and the threads that run against each other."""

    services: Services
    scene: Scene
    database: Engine
    numbers: list[str]
    people: list[tuple[uuid.UUID, uuid.UUID]]  # participant, address
    chance: random.Random
    figures: Figures = field(default_factory=Figures)
    stopped_at: dict[str, float] = field(default_factory=dict)

    def call(self, message: Outgoing) -> Outcome:
        """The provider; called after STOP was committed?"""
        done = self.stopped_at.get(message.to)
        if done is not None and "geen berichten meer" not in message.text and time.perf_counter() > done:
            self.figures.called_after += 1
        return Accepted(f"mem-{message.token}")

    def stop(self, number: str, round_: int, wait: float) -> None:
        time.sleep(wait)
        began = time.perf_counter()
        form = {"sid": [f"SM{round_}-{number}"], "from": [number], "text": ["STOP"]}
        assert take_reply(self.services, form, "good")
        self.stopped_at[number] = time.perf_counter()
        self.figures.stop_seconds.append(self.stopped_at[number] - began)

    def dispatch(self, until: threading.Event) -> None:
        while not until.is_set():
            dispatch_messages(self.services, limit=3)

    def round(self, number: int) -> None:
        """One race for every number: its message is due, STOP comes at some moment, and then the database is asked."""
        self._queue(number)
        self.stopped_at.clear()
        over = threading.Event()
        senders = [threading.Thread(target=self.dispatch, args=(over,)) for _ in range(DISPATCHERS)]
        stops = [
            threading.Thread(target=self.stop, args=(one, number, self.chance.uniform(0, SPREAD_SECONDS)))
            for one in self.numbers
        ]
        for thread in [*senders, *stops]:
            thread.start()
        for thread in stops:
            thread.join()
        over.set()
        for thread in senders:
            thread.join()
        while dispatch_messages(self.services):
            pass
        with self.database.begin() as connection:
            found = connection.execute(text(STARTED), {"round": f"race:{number}:%"}).one()
            assert found.stops == len(self.numbers)
            connection.execute(text("update contact.stop set lifted_at = now() where lifted_at is null"))
        self.figures.races += found.stops
        self.figures.started_after += found.after
        self.figures.started_before += found.before

    def _queue(self, number: int) -> None:
        now = self.services.now()
        new = [
            NewMessage(
                key=f"race:{number}:{person}", participant_id=person, kind=MessageKind.CONVERSATION, text_key="help",
                values={}, time_zone="Europe/Amsterdam", due_at=now, expires_at=now.replace(day=now.day + 1),
                channel="sms", address_id=address, replied_at=now,
            )
            for person, address in self.people
        ]  # fmt: skip
        with self.services.transaction(self.scene.org_id) as session:
            messages.queue(session, self.scene.org_id, new, now)


def race(url: str, instruments: Mapping[str, Instrument], races: int, seed: int = 20261124) -> Figures:
    """Run at least so many races, `PEOPLE` at a time."""
    engine = make_engine(url, pool_size=PEOPLE + DISPATCHERS)
    services = dataclasses.replace(services_on(engine, Clock(), instruments), webhooks=Post())
    scene = make_scene(services)
    for number in range(PEOPLE):
        form = scene.form(first_name=f"Wil {number}", mobile=f"06 0000 {3000 + number}", email="")
        enrol_participant(services, scene.coordinator, form)
    with engine.begin() as connection:
        connection.execute(text("delete from message_event"))
        connection.execute(text("delete from message"))
        people = connection.execute(text("select participant_id, id from contact.address where kind = 'sms'")).all()
    track = Track(
        services, scene, engine, [f"+3160000{3000 + number}" for number in range(PEOPLE)],
        [(row.participant_id, row.id) for row in people], random.Random(seed),
    )  # fmt: skip
    assert isinstance(services.sms, MemoryChannel)
    services.sms.answer = track.call
    try:
        for number in range(-(-races // PEOPLE)):
            track.round(number)
            services.sms.sent.clear()
    finally:
        engine.dispose()
    return track.figures
