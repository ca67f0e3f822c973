"""Months in a programme: coffee, reminders, KOM NIET, and words that wait for questions, alerts, calls and mourning."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from service.followup.activities import ActivityForm, Attended
from service.followup.consent import Purpose
from service.usecases.add_activity import add_activity
from service.usecases.close_alert import close_alert
from service.usecases.enrol_participant import enrol_participant
from service.usecases.explain_messages import explain_messages
from service.usecases.log_call import CallOutcome, log_call
from service.usecases.note_bereavement import note_bereavement
from service.usecases.plan_encouragement import plan_encouragement
from service.usecases.record_attendance import record_attendance
from service.usecases.services import Services
from service.usecases.show_activity import show_activity
from tests.builders import Clock
from tests.usecases.scene import ALL, GIVEN, make_scene
from tests.usecases.street import Post, Street

AMSTERDAM = ZoneInfo("Europe/Amsterdam")


@dataclasses.dataclass
class Months:
    """A street in which the hours go by."""

    street: Street
    person: uuid.UUID

    def until(self, day: int, month: int, hour: int = 17) -> list[tuple[str, str]]:
        """Tick four times a day until then; returns what arrived, with its local day."""
        clock, heard = self.street.clock, len(self.street.phone)
        days: list[str] = []
        end = datetime(2026, month, day, hour, tzinfo=AMSTERDAM)
        while clock() < end:
            before = len(self.street.phone)
            clock.moment = min(clock() + timedelta(hours=6), end)
            plan_encouragement(self.street.services)
            self.street.run()
            days += [f"{clock().astimezone(AMSTERDAM):%d-%m}"] * (len(self.street.phone) - before)
        return list(zip(days, [one.text for one in self.street.phone[heard:]], strict=True))

    def answer_everything(self) -> None:
        for text in ("JA", *"111111"):
            self.street.clock.forward(minutes=1)
            self.street.write(text)


@pytest.fixture
def months(services: Services, clock: Clock, database: Engine) -> Months:
    services = dataclasses.replace(services, webhooks=Post())
    scene = make_scene(services)
    consents = {**ALL, Purpose.ENCOURAGEMENT: GIVEN}
    person = enrol_participant(services, scene.coordinator, scene.form(consents=consents)).participant_id
    street = Street(scene, services, clock, database)
    street.run()
    return Months(street, person)


def coffee(months: Months, day: date, repeats: int = 1) -> list[uuid.UUID]:
    scene = months.street.scene
    form = ActivityForm("Koffie", "Buurthuis Noord", day, time(14), 90, repeats=repeats)
    return add_activity(scene.services, scene.coordinator, scene.programme_id, form)


def test_coffee_kom_niet_and_who_was_there(months: Months) -> None:
    street, scene = months.street, months.street.scene
    months.answer_everything()
    first, second = coffee(months, date(2026, 3, 5), repeats=2)
    [(day, text)] = months.until(4, 3, hour=11)
    assert day == "04-03"
    assert text.startswith("Dag Wil, morgen om 14.00: Koffie, Buurthuis Noord. Kunt u niet? Stuur KOM NIET.")
    street.write("Kom niet")
    assert street.phone[-1].text.startswith("Dank u wel, u komt morgen niet. Dat is genoteerd.")
    [(guest, _)] = show_activity(scene.services, scene.coordinator, first).guests
    assert (guest.state, guest.said_so) == ("not_coming", True)
    assert street.ask("select state from reply where read_as = 'not_coming'")[0].state == "done"
    heard = months.until(12, 3)
    assert [day for day, text in heard if "Koffie" in text] == ["11-03"]
    record_attendance(scene.services, scene.coordinator, second, months.person, Attended.PRESENT)
    assert street.ask("select first_activity_on from enrolment")[0].first_activity_on == date(2026, 3, 12)


def test_kom_niet_before_the_reminder_means_no_reminder(months: Months) -> None:
    months.answer_everything()
    coffee(months, date(2026, 3, 5))
    months.street.write("ik kom niet")
    assert "u komt donderdag niet" in months.street.phone[-1].text
    assert months.until(5, 3) == []
    assert months.street.ask("select reason from message where kind = 'activity'")[0].reason == "not_coming"


def test_kom_niet_without_anything_to_come_to_is_read_by_a_person(months: Months) -> None:
    months.answer_everything()
    coffee(months, date(2026, 3, 20))
    months.street.write("ik kom niet")
    assert "Dank u dat u het laat weten" in months.street.phone[-1].text
    assert months.street.ask("select state from reply where read_as = 'not_coming'")[0].state == "to_read"
    assert months.street.ask("select id from attendance") == []


def test_kom_niet_from_a_shared_number_is_credited_to_nobody(months: Months) -> None:
    scene = months.street.scene
    months.answer_everything()
    enrol_participant(scene.services, scene.coordinator, scene.form(first_name="An"))
    coffee(months, date(2026, 3, 5))
    months.street.write("ik kom niet")
    assert months.street.ask("select id from attendance") == []
    assert months.street.ask("select state from reply where read_as = 'not_coming'")[0].state == "to_read"


def test_what_is_planned_during_a_pause_waits_for_its_end(months: Months) -> None:
    months.answer_everything()
    months.street.write("pauze 2 weken")
    coffee(months, date(2026, 3, 5), repeats=3)
    heard = months.until(20, 3)
    assert [day for day, text in heard if "Koffie" in text] == ["18-03"]


def words(months: Months) -> Callable[[list[tuple[str, str]]], list[tuple[str, str]]]:
    """The days on which a word came, and how it begins after the name."""
    return lambda heard: [(day, text.split(", ")[1][:12]) for day, text in heard if text.startswith("Dag Wil")]


def test_words_wait_for_questions_calls_alerts_and_mourning(months: Months) -> None:
    street, scene, only = months.street, months.street.scene, words(months)
    # The first wave is not answered: its conversation is open, and no word comes in between.
    assert [text for _, text in only(months.until(10, 3)) if "fijn dat" in text] == []
    months.answer_everything()
    heard = only(months.until(20, 3))
    assert heard == [("11-03", "fijn dat u e")]  # planned for the 9th, one day after the next look
    log_call(scene.services, scene.coordinator, months.person, CallOutcome.NO_ANSWER)
    assert only(months.until(26, 3)) == []  # planned for the 23rd
    assert street.ask("select reason from message where text_key = 'enc_expect'")[0].reason in (
        "missed_call",
        "encouraged_lately",
    )
    assert only(months.until(31, 3)) == [("28-03", "goed contact")]  # a week after the call, at the next open hour
    street.write("ik wil dood")
    alert = street.ask("select id from alert")[0].id
    street.clock.forward(days=3)
    close_alert(scene.services, scene.coordinator, alert, "spoken")
    assert only(months.until(16, 4)) == []  # planned for the 13th; the alert was closed on the 3rd
    assert only(months.until(20, 4)) == [("18-04", "wilt u eens ")]
    note_bereavement(scene.services, scene.coordinator, months.person, date(2026, 4, 20))
    assert only(months.until(28, 5)) == []
    told = street.ask("select state, reason from message where text_key = 'enc_missed' order by due_at")
    assert (told[0].state, told[0].reason) == ("expired", "bereavement")
    explained = explain_messages(scene.services, scene.coordinator, months.person)
    assert "bereavement" in {entry.reason for entry in explained.entries}


def test_who_asks_for_less_hears_less_and_then_only_questions(months: Months) -> None:
    street, only = months.street, words(months)
    months.answer_everything()
    assert only(months.until(12, 3)) == [("09-03", "fijn dat u e")]
    street.write("minder vaak")
    assert street.phone[-1].text.startswith("Dat is goed. U krijgt minder vaak")
    assert only(months.until(30, 4)) == []
    assert [row.encouragement for row in street.ask("select encouragement from participant")] == ["less"]
    assert only(months.until(20, 5)) != []
    street.write("MINDER")
    assert street.phone[-1].text.startswith("Dat is goed. U krijgt alleen nog vragen")
    coffee(months, date(2026, 5, 28))
    assert only(months.until(29, 5)) == []


def test_who_did_not_agree_to_it_hears_nothing_in_between(services: Services, clock: Clock, database: Engine) -> None:
    services = dataclasses.replace(services, webhooks=Post())
    scene = make_scene(services)
    person = enrol_participant(services, scene.coordinator, scene.form()).participant_id
    months = Months(Street(scene, services, clock, database), person)
    coffee(months, date(2026, 3, 5))
    assert plan_encouragement(services) == 0
    assert months.street.ask("select id from message where kind in ('encouragement', 'activity')") == []
