"""The year of the demonstration: people sign up, answer, leave, and are called, day after day."""

from __future__ import annotations

import heapq
import itertools
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from importlib import resources

import numpy as np

from service.demo.cast import DAY, Course, Phone, consents
from service.followup.consent import Purpose
from service.followup.participation import ExitKind, Mode
from service.followup.registration import CAUSES, PREVENTION_LEVELS, RISK_FACTORS, IntakeForm, NewParticipant
from service.measures.instrument import NO_ANSWER, Item
from service.usecases.access import Actor
from service.usecases.close_waves import close_waves
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.log_call import CallOutcome, log_call
from service.usecases.open_questionnaire import LinkState, open_questionnaire
from service.usecases.record_death import record_death
from service.usecases.record_exit import record_exit
from service.usecases.services import Services
from service.usecases.show_worklist import show_worklist
from service.usecases.submit_answers import submit_answers
from service.usecases.withdraw_participant import withdraw_participant

REFERRERS = ("huisarts", "wijkteam", "zelf aangemeld", "buurvrouw", "bibliotheek", "kerk")
REASONS = ("gezondheid", "vervoer", "vond het niet passen", "drukte in de familie")


@dataclass
class Clock:
    """The moved clock of the history."""

    moment: datetime

    def __call__(self) -> datetime:
        """Now."""
        return self.moment


@dataclass
class Person:
    """Somebody of the history, with the loneliness that nobody sees and the answers are drawn from."""

    participant_id: uuid.UUID
    enrolment_id: uuid.UUID
    course: Course
    channel: str
    theta: float
    left: bool = False


class History:
    """Plays the year: every event in order of time, every day the work of the clock and of a coordinator."""

    def __init__(self, services: Services, clock: Clock, coordinator: Actor) -> None:
        self.services = services
        self.clock = clock
        self.coordinator = coordinator
        self.chance = np.random.default_rng(1998)
        self.events: list[tuple[datetime, int, Callable[[], object]]] = []
        self.order = itertools.count()
        self.people: dict[uuid.UUID, Person] = {}
        self.phones: list[Phone] = []
        _, first, last = (resources.files("service") / "demo_names.txt").read_text("utf-8").split("# ")
        self.first_names, self.last_names = first.splitlines()[1:], last.splitlines()[1:]

    def at(self, moment: datetime, act: Callable[[], object]) -> None:
        """Let something happen at this moment."""
        heapq.heappush(self.events, (moment, next(self.order), act))

    def play(self, until: datetime) -> None:
        """Up to this moment."""
        day = self.clock.moment
        while day < until:
            self.clock.moment = day
            close_waves(self.services)
            while dispatch_messages(self.services, limit=50):
                pass
            if day.weekday() < 5 and until - day > 9 * DAY:
                self._call_people()
            day = min(day + DAY, until)
            while self.events and self.events[0][0] < day:
                moment, _, act = heapq.heappop(self.events)
                self.clock.moment = max(moment, self.clock.moment)
                act()
        self.clock.moment = until

    def enrol(self, course: Course, programme_id: uuid.UUID, number: int) -> None:
        """Somebody signs up, and what this person will do later is drawn."""
        chance = self.chance
        channel = str(chance.choice(["email", "sms", "phone"], p=[0.6, 0.34, 0.06]))
        mobile = f"+3160000{2000 + number:04d}"
        form = NewParticipant(
            first_name=str(chance.choice(self.first_names)),
            last_name=str(chance.choice(self.last_names)),
            programme_id=programme_id,
            birth_year=int(chance.integers(1934, 1962)),
            mobile=mobile if channel == "sms" else "",
            email=f"deelnemer{number}@voorbeeld.invalid" if channel == "email" else "",
            landline=f"+3178000{2000 + number:04d}" if channel != "sms" else "",
            preferred_channel=channel,
            consents=consents(channel),
            intake=self._intake(),
        )
        enrolled = enrol_participant(self.services, self.coordinator, form)
        person = Person(
            enrolled.participant_id, enrolled.enrolment_id, course, channel, float(chance.normal(course.start, 0.9))
        )
        self.people[person.participant_id] = person
        if channel == "sms":
            self.phones.append(Phone(mobile, f"{form.first_name} {form.last_name}"))
        started = self.clock.moment
        for wave, measurement in enumerate(enrolled.measurements):
            token = self.services.links.token(measurement.id)
            delay = timedelta(days=1.2 + float(chance.gamma(1.6, 2.2)))
            months = (measurement.opens_at - started) / timedelta(days=30.4)
            self.at(measurement.opens_at + delay, partial(self._answer, person, token, months, wave))
        self._draw_leaving(person, started)

    def _intake(self) -> IntakeForm:
        chance = self.chance
        return IntakeForm(
            taken_on=self.clock.moment.date(),
            know=int(chance.integers(2, 6)),
            want=int(chance.integers(2, 6)),
            can=int(chance.integers(1, 6)),
            causes=(str(chance.choice(CAUSES)),),
            risk_factors=tuple(sorted({str(r) for r in chance.choice(RISK_FACTORS, 2)})),
            prevention_level=str(chance.choice(PREVENTION_LEVELS, p=[0.1, 0.5, 0.4])),
            referrer=str(chance.choice(REFERRERS)),
        )

    def _answer(self, person: Person, token: str, months: float, wave: int) -> None:
        """One questionnaire, or silence."""
        chance, course = self.chance, person.course
        willing = course.answers * (0.55 if person.left else 1.0) * (1.0 if wave else 1.06)
        view = open_questionnaire(self.services, token)
        if view.state is not LinkState.OPEN or chance.random() > willing:
            return
        theta = person.theta + course.shift * min(months / 6, 1.15) + float(chance.normal(0, 0.35))
        answers = draw_answers(view.items, theta, chance)
        if chance.random() < 0.03:  # stops halfway
            answers = dict(itertools.islice(answers.items(), 3))
        mode = {"email": Mode.WEB, "sms": Mode.SMS, "phone": Mode.TELEPHONE}[person.channel]
        submit_answers(self.services, token, answers, mode=mode)

    def _draw_leaving(self, person: Person, started: datetime) -> None:
        chance = self.chance
        months = float(chance.exponential(1 / person.course.leaves))
        if months < 13:
            when = started + timedelta(days=20 + 30.4 * months)
            kind = ExitKind(str(chance.choice(["stopped", "stopped", "ill", "moved", "no_longer_needed"])))
            self.at(when, lambda: self._leave(person, kind))
        elif chance.random() < 0.03:
            self.at(started + timedelta(days=float(chance.uniform(40, 300))), lambda: self._die(person))
        elif chance.random() < 0.04:
            self.at(started + timedelta(days=float(chance.uniform(30, 200))), lambda: self._withdraw(person))

    def _leave(self, person: Person, kind: ExitKind) -> None:
        reason = str(self.chance.choice(REASONS)) if self.chance.random() < 0.9 else ""
        today = self.clock.moment.date()
        record_exit(
            self.services, self.coordinator, person.participant_id, person.enrolment_id,
            exited_on=today, exit_kind=kind, reason=reason,
        )  # fmt: skip
        person.left = True

    def _die(self, person: Person) -> None:
        record_death(self.services, self.coordinator, person.participant_id, self.clock.moment.date())

    def _withdraw(self, person: Person) -> None:
        withdraw_participant(self.services, self.coordinator, person.participant_id, {Purpose.QUESTIONS})

    def _call_people(self) -> None:
        """What a coordinator does on a working day: most of the calls of the list."""
        for call in show_worklist(self.services, self.coordinator).calls:
            outcome = CallOutcome.SPOKEN if self.chance.random() < 0.7 else CallOutcome.NO_ANSWER
            log_call(self.services, self.coordinator, call.participant_id, outcome, call.task_id)


def draw_answers(items: Sequence[Item], theta: float, chance: np.random.Generator) -> dict[int, str]:
    """Answers of somebody with this loneliness: a logistic chance per item, "min of meer" for the doubtful half."""
    answers = {}
    for place, item in enumerate(items):
        difficulty = (place % 5 - 2) * 0.35
        lonely = chance.random() < 1 / (1 + np.exp(-1.6 * (theta - difficulty)))
        plain = "yes" if (item.subscale == "emotional") == lonely else "no"
        answers[item.number] = "more_or_less" if lonely and chance.random() < 0.45 else plain
        if chance.random() < 0.012:
            answers[item.number] = NO_ANSWER
    return answers
