"""A believable demonstration: three interventions, some two hundred people and a year, made only through use cases.

The history is played with a moved clock and channels that remember; the people who are asked live get their questions
from the real processes, on the pretend phone. Chance is seeded: the same start moment gives the same year.
"""

from __future__ import annotations

import heapq
import itertools
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from importlib import resources

import numpy as np

from service.followup.consent import LegalBasis, Purpose, TakenHow
from service.followup.participation import ExitKind, Mode
from service.followup.registration import CAUSES, PREVENTION_LEVELS, RISK_FACTORS, Given, IntakeForm, NewParticipant
from service.measures.instrument import NO_ANSWER, Item
from service.usecases.access import Actor, Role
from service.usecases.add_account import add_account
from service.usecases.add_organisation import add_organisation
from service.usecases.close_waves import close_waves
from service.usecases.create_intervention import create_intervention
from service.usecases.create_programme import create_programme
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.log_call import CallOutcome, log_call
from service.usecases.open_questionnaire import LinkState, open_questionnaire
from service.usecases.record_death import record_death
from service.usecases.record_exit import record_exit
from service.usecases.services import Services
from service.usecases.show_worklist import show_worklist
from service.usecases.submit_answers import submit_answers
from service.usecases.upload_protocol import upload_protocol
from service.usecases.withdraw_participant import withdraw_participant

REFERRERS = ("huisarts", "wijkteam", "zelf aangemeld", "buurvrouw", "bibliotheek", "kerk")
REASONS = ("gezondheid", "vervoer", "vond het niet passen", "drukte in de familie")


@dataclass(frozen=True, slots=True)
class Login:
    """An account of the demonstration."""

    name: str
    role: str
    email: str
    password: str


@dataclass(frozen=True, slots=True)
class Phone:
    """A pretend phone or mailbox: the number (E.164) or address, and whose it is."""

    number: str
    label: str


@dataclass(frozen=True, slots=True)
class Demonstration:
    """What `make demo` prints and shows once everything runs."""

    logins: tuple[Login, ...]
    phones: tuple[Phone, ...]
    words: tuple[tuple[str, str], ...] = field(default=())  # (number, text) that some people write at once


@dataclass(frozen=True, slots=True)
class Course:
    """How an intervention goes: mean loneliness at the start, its change in a half year, who answers and who leaves."""

    intervention: str
    summary: str
    goal_type: str
    programme: str
    site: str
    people: int
    start: float  # latent, 0 = about half of the answers lonely
    shift: float  # latent change in six months
    answers: float  # chance that an open wave is answered
    leaves: float  # chance per month of stopping
    protocol: str


COURSES = (
    Course("Aanschuiven", "Samen eten aan vaste tafels, drie keer per week, met een gastvrouw of gastheer.", "reduce",
           "Aanschuiven in Westwijk", "Buurthuis De Brink", 84, 0.55, -0.75, 0.88, 0.012, "aanschuiven"),
    Course("Maatjes aan huis", "Een vrijwilliger komt elke week langs, een jaar lang.", "stabilise",
           "Maatjes in Oosterhof", "Huis aan huis", 62, 0.35, 0.0, 0.85, 0.015, "elf-vragen"),
    Course("Samen wandelen", "Elke dinsdag een rondje langs de rivier, met koffie na.", "reduce",
           "Wandelen langs de Waard", "Start bij de veerstoep", 58, 0.15, -0.2, 0.66, 0.085, "elf-vragen"),
)  # fmt: skip

#: Who is asked live: these people write back on the pretend phone. Numbers from the range that cannot exist.
LIVE = (
    ("Greet", "Hendriks", 1948, "06 0000 0137", "", "", "sms"),
    ("Şükran", "Yıldız", 1951, "06 0000 0142", "", "", "sms"),
    ("Hennie", "Smit", 1944, "06 0000 0151", "", "", "sms"),
    ("Toon", "Willems", 1955, "", "toon@voorbeeld.invalid", "", "email"),
    ("Arie", "Kok", 1941, "", "", "078 000 0118", "phone"),
)
#: What people of the history write as soon as everything runs, by SMS.
WORDS = (
    "Kan ik dinsdag mijn buurvrouw meenemen?",
    "Ik wil er niet meer zijn",
    "BEL",
)
ACCOUNTS = (
    ("Marieke de Boer", Role.COORDINATOR, "marieke@voorbeeld.invalid"),
    ("Youssef Amrani", Role.EVALUATOR, "youssef@voorbeeld.invalid"),
    ("Sanne Bakker", Role.ADMINISTRATOR, "sanne@voorbeeld.invalid"),
)
PASSWORD = "een dijk van een wachtwoord"  # noqa: S105 - printed at every start; only on loopback, only invented people
WORDING = "Wij vragen u een paar keer per jaar hoe het met u gaat. U kiest zelf of u meedoet. U kunt altijd stoppen."
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


@dataclass
class _Clock:
    """The moved clock of the history."""

    moment: datetime

    def __call__(self) -> datetime:
        return self.moment


@dataclass
class _Person:
    """Somebody of the history, with the loneliness that nobody sees and the answers are drawn from."""

    participant_id: uuid.UUID
    enrolment_id: uuid.UUID
    course: Course
    channel: str
    theta: float
    left: bool = False


class _History:
    """Plays the year: every event in order of time, every day the work of the clock and of a coordinator."""

    def __init__(self, services: Services, clock: _Clock, coordinator: Actor) -> None:
        self.services = services
        self.clock = clock
        self.coordinator = coordinator
        self.chance = np.random.default_rng(1998)
        self.events: list[tuple[datetime, int, Callable[[], None]]] = []
        self.order = itertools.count()
        self.people: dict[uuid.UUID, _Person] = {}
        self.phones: list[Phone] = []
        _, first, last = (resources.files("service") / "demo_names.txt").read_text("utf-8").split("# ")
        self.first_names, self.last_names = first.splitlines()[1:], last.splitlines()[1:]

    def at(self, moment: datetime, act: Callable[[], None]) -> None:
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
            consents=_consents(channel),
            intake=self._intake(),
        )
        enrolled = enrol_participant(self.services, self.coordinator, form)
        person = _Person(
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

    def _answer(self, person: _Person, token: str, months: float, wave: int) -> None:
        """One questionnaire, or silence."""
        chance, course = self.chance, person.course
        willing = course.answers * (0.55 if person.left else 1.0) * (1.0 if wave else 1.06)
        view = open_questionnaire(self.services, token)
        if view.state is not LinkState.OPEN or chance.random() > willing:
            return
        theta = person.theta + course.shift * min(months / 6, 1.15) + float(chance.normal(0, 0.35))
        answers = _answers(view.items, theta, chance)
        if chance.random() < 0.03:  # stops halfway
            answers = dict(itertools.islice(answers.items(), 3))
        mode = {"email": Mode.WEB, "sms": Mode.SMS, "phone": Mode.TELEPHONE}[person.channel]
        submit_answers(self.services, token, answers, mode=mode)

    def _draw_leaving(self, person: _Person, started: datetime) -> None:
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

    def _leave(self, person: _Person, kind: ExitKind) -> None:
        reason = str(self.chance.choice(REASONS)) if self.chance.random() < 0.9 else ""
        today = self.clock.moment.date()
        record_exit(
            self.services, self.coordinator, person.participant_id, person.enrolment_id,
            exited_on=today, exit_kind=kind, reason=reason,
        )  # fmt: skip
        person.left = True

    def _die(self, person: _Person) -> None:
        record_death(self.services, self.coordinator, person.participant_id, self.clock.moment.date())

    def _withdraw(self, person: _Person) -> None:
        withdraw_participant(self.services, self.coordinator, person.participant_id, {Purpose.QUESTIONS})

    def _call_people(self) -> None:
        """What a coordinator does on a working day: most of the calls of the list."""
        for call in show_worklist(self.services, self.coordinator).calls:
            outcome = CallOutcome.SPOKEN if self.chance.random() < 0.7 else CallOutcome.NO_ANSWER
            log_call(self.services, self.coordinator, call.participant_id, outcome, call.task_id)


def _consents(channel: str) -> Mapping[Purpose, Given]:
    given = Given(LegalBasis.CONSENT, TakenHow.SPOKEN, WORDING)
    purposes = [Purpose.QUESTIONS, Purpose.PHONE, Purpose.SHARING, Purpose.ENCOURAGEMENT]
    if channel in ("sms", "email"):
        purposes.append(Purpose(channel))
    return dict.fromkeys(purposes, given)


def _answers(items: Sequence[Item], theta: float, chance: np.random.Generator) -> dict[int, str]:
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


def build_demo(services_at: Callable[[Callable[[], datetime]], Services], now: datetime) -> Demonstration:
    """Make the whole demonstration in an empty database; `now` is the real moment at which the history ends."""
    clock = _Clock(now.replace(hour=9, minute=5, second=0, microsecond=0) - YEAR - 60 * DAY)
    services = services_at(clock)
    org_id = add_organisation(services, name="Welzijn Rivierwaard", short_name="Rivierwaard", phone="078 000 0112")
    actors = {}
    for name, role, email in ACCOUNTS:
        account_id = add_account(services, org_id=org_id, email=email, name=name, role=role, password=PASSWORD)
        actors[role] = Actor(account_id, org_id, name, role)
    history = _History(services, clock, actors[Role.COORDINATOR])
    programmes = {course.programme: _programme(services, actors, course) for course in COURSES}
    number = itertools.count()
    for course in COURSES:
        for share in np.linspace(0.01, 0.97, course.people):
            moment = clock.moment + float(share) ** 1.3 * YEAR + timedelta(hours=float(history.chance.uniform(1, 7)))
            history.at(moment, partial(history.enrol, course, programmes[course.programme], next(number)))
    history.play(now)
    for first, last, born, mobile, mail, landline, channel in LIVE:
        enrol_participant(services, actors[Role.COORDINATOR], NewParticipant(
            first, last, programmes[COURSES[0].programme], born, mobile, mail, landline, channel,
            consents=_consents(channel),
        ))  # fmt: skip
    live = [
        Phone(address, f"{first} {last}, {now.year - year} jaar")
        for first, last, year, mobile, mail, *_ in LIVE
        for address in (mobile.replace("06 ", "+316", 1).replace(" ", ""), mail)
        if address
    ]
    writers = history.phones[-len(WORDS) :]
    return Demonstration(
        tuple(Login(name, role.value, email, PASSWORD) for name, role, email in ACCOUNTS),
        (*live, *writers),
        tuple((phone.number, text) for phone, text in zip(writers, WORDS, strict=True)),
    )


def _programme(services: Services, actors: Mapping[Role, Actor], course: Course) -> uuid.UUID:
    admin = actors[Role.ADMINISTRATOR]
    source = (resources.files("service.followup") / "protocols" / f"{course.protocol}.yaml").read_text("utf-8")
    return create_programme(
        services,
        admin,
        intervention_id=create_intervention(
            services, admin, name=course.intervention, summary=course.summary, goal_type=course.goal_type
        ),
        protocol_id=upload_protocol(services, admin, source).protocol_id,
        coordinator_id=actors[Role.COORDINATOR].account_id,
        name=course.programme,
        site=course.site,
        municipality="Rivierwaard",
        starts_on=date(services.now().year, services.now().month, 1),
    )
