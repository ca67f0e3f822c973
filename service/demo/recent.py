"""The last weeks of the demonstration: a few people, each of whom shows one thing of the participant's side."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np

from service.demo.cast import DAY, NEWCOMERS, TABLE, WALKS, Newcomer, consents
from service.demo.history import History, draw_answers
from service.followup.activities import ActivityForm, Attended
from service.followup.contact import Contact, ContactKind
from service.followup.duty import AlertOutcome
from service.followup.paper_forms import Turn
from service.followup.participation import Mode
from service.followup.registration import NewParticipant
from service.usecases.access import Actor
from service.usecases.acknowledge_alert import acknowledge_alert
from service.usecases.add_activity import add_activity
from service.usecases.add_rest_days import add_rest_days
from service.usecases.close_alert import close_alert
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.enter_answers import enter_answers
from service.usecases.enter_paper import enter_paper
from service.usecases.log_call import CallOutcome, log_call
from service.usecases.log_contact import log_contact
from service.usecases.make_paper_form import make_paper_form
from service.usecases.note_bereavement import note_bereavement
from service.usecases.plan_encouragement import plan_encouragement
from service.usecases.receive_replies import receive_replies
from service.usecases.record_attendance import record_attendance
from service.usecases.record_everybody import record_everybody
from service.usecases.save_text import save_text
from service.usecases.send_staff_notices import send_staff_notices
from service.usecases.show_activity import show_activity
from service.usecases.show_alerts import show_alerts
from service.usecases.steps.texts import Variant, Written
from service.usecases.submit_answers import submit_answers
from service.usecases.take_reply import take_reply

ZONE = ZoneInfo("Europe/Amsterdam")
#: What the protocol of both programmes asks.
ASKED = "djg11"
#: When words between the questions were planned, in days before now. More often only makes the start slower.
WORD_DAYS = (41, 34, 27, 20, 13, 9, 6, 3, 1)
OWN_WORDS = (
    "Dag {first_name}, wat fijn dat u meedoet. Alles mag, niets moet. Bel me gerust. "
    "Groet, {coordinator}, {organisation}, {phone}. Codewoord {word}"
)


@dataclass(frozen=True, slots=True)
class Staff:
    """Who acts in the last weeks."""

    coordinator: Actor
    colleague: Actor
    administrator: Actor


@dataclass(frozen=True, slots=True)
class Enrolled:
    """A newcomer with the first questionnaire: its measurement, its link and its answers."""

    participant_id: uuid.UUID
    mobile: str
    measurement_id: uuid.UUID
    answers: Mapping[int, str]


class Recent:
    """Puts the last weeks into the history, before it is played. `now` is the real moment at which it ends."""

    def __init__(self, history: History, staff: Staff, programmes: Mapping[str, uuid.UUID], now: datetime) -> None:
        self.history, self.services = history, history.services
        self.staff, self.programmes, self.now = staff, programmes, now
        self.chance = np.random.default_rng(2026)
        self.people: dict[str, Enrolled] = {}
        self.walks: list[uuid.UUID] = []

    def plan(self) -> None:
        """Everything at its moment."""
        for number, newcomer in enumerate(NEWCOMERS):
            self._ago(newcomer.days, partial(self._enrol, newcomer, f"+3160000{3012 + number}"))
        for days in WORD_DAYS:
            self._ago(days, lambda: plan_encouragement(self.services), hour=8)
        self._ago(33, self._own_text)
        self._answers()
        self._alerts()
        self._circumstances()
        self._calendar()

    def _ago(self, days: float, act: Callable[[], object], hour: int = 10) -> None:
        """Let something happen so many days ago, at this hour (UTC); within the last day at that moment itself."""
        moment = self.now - days * DAY
        at = moment if days < 1 else moment.replace(hour=hour, minute=10, second=0, microsecond=0)
        self.history.at(at, act)

    def _day(self, days: int) -> date:
        """The local day so many days ago; below zero, days to come."""
        return (self.now - days * DAY).astimezone(ZONE).date()

    def _enrol(self, newcomer: Newcomer, mobile: str) -> None:
        by_sms = newcomer.channel == "sms"
        name = newcomer.first_name.lower()
        enrolled = enrol_participant(self.services, self.staff.coordinator, NewParticipant(
            newcomer.first_name, newcomer.last_name, self.programmes[newcomer.programme], newcomer.born,
            mobile=mobile if by_sms else "",
            email=f"{name}@voorbeeld.invalid" if newcomer.channel == "email" else "",
            landline=mobile.replace("+3160000", "+3178000") if not by_sms else "",
            preferred_channel=newcomer.channel, form_of_address=newcomer.form, consents=consents(newcomer.channel),
        ))  # fmt: skip
        first = enrolled.measurements[0]
        answers = draw_answers(self.services.instruments[ASKED].items, 0.3, self.chance)
        self.people[name] = Enrolled(enrolled.participant_id, mobile, first.id, answers)

    def _answers(self) -> None:
        """In every way: on the page, by telephone, at the table, and on paper."""
        for days, name in ((39, "mientje"), (42, "kees"), (21, "wim"), (20, "cor"), (23, "riet"), (7, "rob")):
            self._ago(days, partial(self._on_the_page, name), hour=14)
        self._ago(8, partial(self._together, "nel", Mode.TELEPHONE, delivers=False))
        self._ago(11, partial(self._together, "bram", Mode.FACE_TO_FACE, delivers=True))
        for made, name in ((19, "truus"), (9, "sjaan")):
            self._ago(made, partial(self._paper_made, name))
        self._ago(9, partial(self._paper, "truus", self.staff.colleague, Turn.FIRST, filled_in=12))
        self._ago(8, partial(self._paper, "truus", self.staff.coordinator, Turn.SECOND, filled_in=12))
        self._ago(1, partial(self._paper, "sjaan", self.staff.colleague, Turn.FIRST, filled_in=4))

    def _on_the_page(self, name: str) -> None:
        person = self.people[name]
        submit_answers(self.services, self.services.links.token(person.measurement_id), person.answers)

    def _together(self, name: str, mode: Mode, *, delivers: bool) -> None:
        person = self.people[name]
        enter_answers(
            self.services, self.staff.colleague, person.measurement_id, person.answers,
            mode=mode, helper_delivers=delivers,
        )  # fmt: skip

    def _paper_made(self, name: str) -> None:
        person = self.people[name]
        make_paper_form(self.services, self.staff.coordinator, person.participant_id, person.measurement_id)

    def _paper(self, name: str, actor: Actor, turn: Turn, *, filled_in: int) -> None:
        person = self.people[name]
        enter_paper(self.services, actor, person.measurement_id, person.answers, self._day(filled_in), turn)

    def _alerts(self) -> None:
        """Two that are closed: one was meant, one was not. The open one is written as soon as everything runs."""
        self._ago(31, partial(self._write, "kees", "Ik ga liever dood dan naar de bingo"))
        self._ago(31, partial(self._take_on, AlertOutcome.FALSE_ALARM), hour=11)
        self._ago(18, partial(self._write, "mientje", "Van mij hoeft het niet meer"))
        self._ago(18, partial(self._take_on, AlertOutcome.SPOKEN), hour=11)

    def _write(self, name: str, words: str) -> None:
        """Somebody writes an SMS: it is read, and answered, at once."""
        form = {"MessageSid": f"{name}-{len(words)}", "From": self.people[name].mobile, "Body": words}
        form["To"] = self.services.sms_sender
        take_reply(self.services, {field: [value] for field, value in form.items()}, "")
        receive_replies(self.services)
        send_staff_notices(self.services)
        dispatch_messages(self.services)

    def _take_on(self, outcome: AlertOutcome) -> None:
        actor = self.staff.coordinator
        for alert in show_alerts(self.services, actor).alerts:
            if alert.closed_at is None:
                acknowledge_alert(self.services, actor, alert.id)
                if alert.participant_id is not None:
                    log_call(self.services, actor, alert.participant_id, CallOutcome.SPOKEN)
                close_alert(self.services, actor, alert.id, outcome)

    def _circumstances(self) -> None:
        """What decides whether a message goes: days of rest, a pause, a death near somebody. And human contact."""
        monday = self.now.astimezone(ZONE).date() + timedelta(days=7 - self.now.astimezone(ZONE).weekday())
        self._ago(2, partial(self._rest, "riet", monday))
        self._ago(5, partial(self._write, "wim", "PAUZE 4"))
        self._ago(14, partial(self._bereaved, "fien"))
        for days, name, kind, two_way, minutes in (
            (15, "bram", ContactKind.VISIT, True, 60),
            (4, "bram", ContactKind.LETTER, False, None),
            (6, "nel", ContactKind.CALL, False, 5),
            (13, "fien", ContactKind.VISIT, True, 30),
        ):
            self._ago(days, partial(self._contact, name, Contact(kind, self._day(days), two_way, minutes)))

    def _rest(self, name: str, monday: date) -> None:
        add_rest_days(
            self.services, self.staff.coordinator, self.people[name].participant_id, monday, monday + timedelta(days=6)
        )

    def _bereaved(self, name: str) -> None:
        note_bereavement(self.services, self.staff.coordinator, self.people[name].participant_id, self._day(15))

    def _contact(self, name: str, contact: Contact) -> None:
        log_contact(self.services, self.staff.coordinator, self.people[name].participant_id, contact)

    def _calendar(self) -> None:
        """Walks that were, with who came; walks and meals to come; somebody who does not come this time."""
        walk = ActivityForm("Wandelen", "Veerstoep", self._day(18), time(10, 30), 90, repeats=5)
        self._ago(25, partial(self._walk, walk))
        meal = ActivityForm("Samen eten", "De Brink", self._day(-3), time(12, 0), 90, repeats=2)
        self._ago(1, partial(add_activity, self.services, self.staff.coordinator, self.programmes[TABLE], meal))
        for number, days in enumerate((18, 11, 4)):
            self._ago(days, partial(self._who_came, number), hour=15)
        self._ago(0.1, partial(self._write, "cor", "KOM NIET"))

    def _walk(self, form: ActivityForm) -> None:
        self.walks = add_activity(self.services, self.staff.coordinator, self.programmes[WALKS], form)

    def _who_came(self, number: int) -> None:
        """Cor stayed away once, and of the others another third each time."""
        activity, actor = self.walks[number], self.staff.coordinator
        invited = {guest.participant_id for guest, _ in show_activity(self.services, actor, activity).guests}
        others = [one for one in self.history.people if one in invited]
        away = others[number::3] + ([self.people["cor"].participant_id] if number == 1 else [])
        for person in away:
            record_attendance(self.services, actor, activity, person, Attended.ABSENT)
        record_everybody(self.services, actor, activity)

    def _own_text(self) -> None:
        written = Written(text=OWN_WORDS)
        save_text(self.services, self.staff.administrator, Variant("sms", "enc_start", "nl", "u"), written, seen=0)
