"""Puts the demonstration together in an empty database."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import partial
from importlib import resources

import numpy as np

from service.demo.cast import (
    ACCOUNTS,
    COLLEAGUE,
    COURSES,
    DAY,
    LIVE,
    ON_DUTY,
    PASSWORD,
    SHARED,
    WORDS,
    YEAR,
    Course,
    Demonstration,
    Login,
    Phone,
    consents,
    e164,
)
from service.demo.evaluation import plan_evaluation
from service.demo.history import Clock, History
from service.demo.recent import Recent, Staff
from service.followup.form_of_address import INFORMAL
from service.followup.registration import NewParticipant
from service.usecases.access import Actor, Role
from service.usecases.add_account import add_account
from service.usecases.add_organisation import add_organisation
from service.usecases.create_intervention import create_intervention
from service.usecases.create_programme import create_programme
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.set_duty import set_duty
from service.usecases.upload_protocol import upload_protocol


def build_demo(services_at: Callable[[Callable[[], datetime]], Services], now: datetime) -> Demonstration:
    """Make the whole demonstration in an empty database; `now` is the real moment at which the history ends."""
    clock = Clock(now.replace(hour=9, minute=5, second=0, microsecond=0) - YEAR - 60 * DAY)
    services = services_at(clock)
    org_id = add_organisation(services, name="Welzijn Rivierwaard", short_name="Rivierwaard", phone="078 000 0112")
    actors = {role: _account(services, org_id, name, role, email) for name, role, email in ACCOUNTS}
    staff = Staff(actors[Role.COORDINATOR], _account(services, org_id, *COLLEAGUE), actors[Role.ADMINISTRATOR])
    on_duty, back_up = (actors[role].account_id for role in ON_DUTY)
    mobiles = {actors[role].account_id: number for role, (number, _) in ON_DUTY.items()}
    set_duty(services, staff.administrator, on_duty, back_up, mobiles)
    history = History(services, clock, staff.coordinator)
    programmes = {course.programme: _programme(services, actors, course) for course in COURSES}
    number = itertools.count()
    for course in COURSES:
        for share in np.linspace(0.01, 0.97, course.people):
            moment = clock.moment + float(share) ** 1.3 * YEAR + timedelta(hours=float(history.chance.uniform(1, 7)))
            history.at(moment, partial(history.enrol, course, programmes[course.programme], next(number)))
    plan_evaluation(history, actors[Role.EVALUATOR], programmes, now)
    Recent(history, staff, programmes, now).plan()
    history.play(now)
    for first, last, born, mobile, mail, landline, channel, form in LIVE:
        enrol_participant(services, staff.coordinator, NewParticipant(
            first, last, programmes[COURSES[0].programme], born, mobile, mail, landline, channel,
            form_of_address=form, consents=consents(channel),
        ))  # fmt: skip
    writers = history.phones[-len(WORDS) :]
    return Demonstration(
        tuple(Login(name, role.value, email, PASSWORD) for name, role, email in (*ACCOUNTS, COLLEAGUE)),
        (*_live_phones(now.year), *writers, *_staff_phones()),
        tuple((phone.number, text) for phone, text in zip(writers, WORDS, strict=True)),
    )


def _account(services: Services, org_id: uuid.UUID, name: str, role: Role, email: str) -> Actor:
    account_id = add_account(services, org_id=org_id, email=email, name=name, role=role, password=PASSWORD)
    return Actor(account_id, org_id, name, role)


def _live_phones(year: int) -> list[Phone]:
    """Who can be on the pretend phone. A telephone of two people is there once."""
    phones = [
        Phone(address, f"{first} {last}, {year - born} jaar{' (je)' if form == INFORMAL else ''}")
        for first, last, born, mobile, mail, _, _, form in LIVE
        for address in (e164(mobile), mail)
        if address and mobile != SHARED
    ]
    both = " en ".join(first for first, _, _, mobile, *_ in LIVE if mobile == SHARED)
    return [*phones, Phone(e164(SHARED), f"{both} de Vries (gedeelde telefoon)")]


def _staff_phones() -> list[Phone]:
    """Who is warned when somebody writes alarming words: by SMS and by e-mail."""
    who = [(name, email, *ON_DUTY[role]) for name, role, email in ACCOUNTS if role in ON_DUTY]
    return [
        Phone(address, f"{name} ({task})") for name, email, number, task in who for address in (e164(number), email)
    ]


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
