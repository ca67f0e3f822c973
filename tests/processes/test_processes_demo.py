"""The demonstration, made once: each part of the participant's side is there for a visitor to find."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, text

from service.channels.memory import MemoryChannel, MemoryWebhooks
from service.demo import Demonstration, build_demo
from service.measures.instrument import Instrument
from service.usecases.access import Actor, Role
from service.usecases.services import Services
from service.usecases.show_activities import show_activities
from service.usecases.show_alerts import show_alerts
from service.usecases.show_paper_forms import show_paper_forms
from service.usecases.show_programmes import show_programmes
from tests.builders import Clock
from tests.conftest import emptied, services_on

pytestmark = pytest.mark.slow

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Made:
    demonstration: Demonstration
    services: Services
    engine: Engine
    marieke: Actor

    def count(self, query: str) -> int:
        with self.engine.connect() as connection:
            found: int = connection.execute(text(query)).scalar_one()
            return found

    def column(self, query: str) -> set[str]:
        with self.engine.connect() as connection:
            return set(connection.execute(text(query)).scalars())


@pytest.fixture(scope="module")
def made(engine: Engine, instruments: Mapping[str, Instrument]) -> Iterator[Made]:
    """The whole demonstration on an empty database."""
    base = replace(
        services_on(emptied(engine), Clock(), instruments), webhooks=MemoryWebhooks(), sms_sender="+31600009999"
    )

    def services_at(now: Callable[[], datetime]) -> Services:
        return replace(base, now=now)

    demonstration = build_demo(services_at, NOW)
    with engine.connect() as connection:
        row = connection.execute(text("select id, org_id, name from account where email like 'marieke@%'")).one()
    yield Made(demonstration, services_at(lambda: NOW), engine, Actor(row.id, row.org_id, row.name, Role.COORDINATOR))
    emptied(engine)


def test_two_alerts_are_closed_in_different_ways_and_staff_were_warned_by_sms(made: Made) -> None:
    alerts = show_alerts(made.services, made.marieke)
    assert sorted(alert.outcome or "" for alert in alerts.alerts) == ["false_alarm", "spoken"]
    assert alerts.somebody_on_duty
    staff = {phone.number for phone in made.demonstration.phones if "dienst" in phone.label}
    sms = made.services.sms
    assert isinstance(sms, MemoryChannel)
    warned = [message for message in sms.sent if message.to in staff]
    assert warned
    assert all("/meldingen" in message.text for message in warned)


def test_who_writes_alarming_words_when_it_starts_is_known_and_on_the_phone(made: Made) -> None:
    words = [words for _, words in made.demonstration.words]
    assert any("niet meer zijn" in one for one in words)
    assert {number for number, _ in made.demonstration.words} <= {phone.number for phone in made.demonstration.phones}


def test_answers_came_in_every_way_and_one_paper_form_waits_for_a_second_pair_of_eyes(made: Made) -> None:
    modes = made.column("select distinct mode from answer_event")
    assert {"web", "telephone", "face_to_face", "paper"} <= modes
    (form,), _ = show_paper_forms(made.services, made.marieke)
    assert not form.mine
    assert not form.differs


def test_walks_have_attendance_and_somebody_does_not_come_this_week(made: Made) -> None:
    programmes = [line.id for line in show_programmes(made.services, made.marieke)]
    calendars = [show_activities(made.services, made.marieke, one) for one in programmes]
    assert sum(len(calendar.past) for calendar in calendars) == 3
    soon = [
        activity for calendar in calendars for activity in calendar.coming if activity.starts_at < NOW + timedelta(7)
    ]
    assert len(soon) == 2
    assert made.count("select count(*) from attendance where state = 'not_coming'") == 1
    assert made.count("select count(*) from attendance where state = 'absent'") > 10


def test_words_between_the_questions_went_out_and_one_of_them_in_the_organisations_own_words(made: Made) -> None:
    assert made.count("select count(*) from message where kind = 'encouragement' and state = 'accepted'") > 10
    sms = made.services.sms
    assert isinstance(sms, MemoryChannel)
    assert any("Alles mag, niets moet" in message.text for message in sms.sent)


def test_two_people_share_a_telephone_that_says_so_and_some_people_are_called_je(made: Made) -> None:
    (shared,) = [phone for phone in made.demonstration.phones if "gedeelde telefoon" in phone.label]
    digest = made.services.vault.lookup(shared.number)
    with made.engine.connect() as connection:
        people = connection.execute(
            text("select count(distinct participant_id) from contact.address where lookup_hash = :hash"),
            {"hash": digest},
        ).scalar_one()
    assert people == 2
    assert made.count("select count(*) from participant where form_of_address = 'je'") >= 3


def test_somebody_rests_next_week_somebody_paused_and_contact_went_both_ways_or_one(made: Made) -> None:
    assert made.count("select count(*) from rest_period where first_on > date '2026-11-24'") == 1
    assert made.count("select count(*) from audit_event where action = 'participant.paused'") == 1
    assert made.count("select count(distinct two_way) from contact_moment where kind in ('visit', 'letter')") == 2
