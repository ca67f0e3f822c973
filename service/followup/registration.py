"""What is asked when somebody starts to take part, and what may be wrong with it: checked whole, before it is kept."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from service.followup.addresses import email_address, landline_number, mobile_number
from service.followup.consent import LegalBasis, Purpose, TakenHow
from service.followup.form_of_address import FORMAL, FORMS
from service.followup.participation import Arm
from service.followup.problem import Problem, Refusal

CHANNELS = ("sms", "email", "phone")
#: DESIGN section 4: causes, and the levels of prevention, with the identifiers of the glossary.
CAUSES = ("individual", "network_change", "societal")
RISK_FACTORS = ("high_age", "living_alone", "small_network", "low_control", "low_income", "partner_lost", "poor_health")
PREVENTION_LEVELS = ("protect", "at_risk", "early_support")
LONGEST_NAME = 100
LONGEST_TEXT = 500
EARLIEST_BIRTH = 1900
READINESS = range(1, 6)


@dataclass(frozen=True, slots=True)
class Given:
    """How one purpose was agreed to; `wording` is what the person read or heard."""

    legal_basis: LegalBasis
    taken_how: TakenHow
    wording: str


@dataclass(frozen=True, slots=True)
class IntakeForm:
    """The talk at the start. Readiness (weten, willen, kunnen) runs from 1 to 5; None when it was not discussed."""

    taken_on: date
    know: int | None = None
    want: int | None = None
    can: int | None = None
    causes: Sequence[str] = ()
    risk_factors: Sequence[str] = ()
    prevention_level: str | None = None
    referrer: str = ""


@dataclass(frozen=True, slots=True)
class NewParticipant:
    """One person to register, as typed. Numbers and addresses may be empty: people without a channel are welcome."""

    first_name: str
    last_name: str
    programme_id: uuid.UUID
    birth_year: int | None = None
    mobile: str = ""
    email: str = ""
    landline: str = ""
    preferred_channel: str = "sms"
    language: str = "nl"
    form_of_address: str = FORMAL
    arm: str = Arm.INTERVENTION
    consents: Mapping[Purpose, Given] = field(default_factory=dict)
    intake: IntakeForm | None = None


def check(
    form: NewParticipant, today: date, *, practice: bool, languages: Collection[str] = ("nl", "en")
) -> NewParticipant:
    """The same form with names, numbers and addresses in one spelling. Raises Refusal with every problem found."""
    problems: list[Problem] = []
    first, last = tidy(form.first_name), tidy(form.last_name)
    checked = replace(
        form,
        first_name=first,
        last_name=last,
        mobile=_asked(form.mobile, mobile_number, practice, problems),
        email=_asked(form.email, email_address, practice, problems),
        landline=_asked(form.landline, landline_number, practice, problems),
    )
    problems += check_name(first, last)
    problems += check_channel(checked.preferred_channel, form.mobile, form.email)
    if form.birth_year is not None and not EARLIEST_BIRTH <= form.birth_year <= today.year:
        problems.append(Problem("birth_year_impossible", "birth_year"))
    if form.language not in languages:
        problems.append(Problem("language_unknown", "language", values={"value": form.language}))
    if form.form_of_address not in FORMS:
        problems.append(Problem("choice_unknown", "form_of_address", values={"value": form.form_of_address}))
    if form.arm not in list(Arm):
        problems.append(Problem("choice_unknown", "arm", values={"value": form.arm}))
    if form.intake is not None:
        problems += check_intake(form.intake, today)
    if problems:
        raise Refusal(*problems)
    return checked


def check_name(first: str, last: str) -> list[Problem]:
    """A person has a name that can be called out."""
    problems: list[Problem] = []
    for where, name in (("first_name", first), ("last_name", last)):
        if not name:
            problems.append(Problem("name_missing", where))
        elif len(name) > LONGEST_NAME:
            problems.append(Problem("too_long", where, values={"most": LONGEST_NAME}))
    return problems


def check_channel(preferred: str, mobile: str, email: str) -> list[Problem]:
    """Whoever wants SMS or e-mail gives the number or address for it."""
    if preferred not in CHANNELS:
        return [Problem("choice_unknown", "preferred_channel", values={"value": preferred})]
    if preferred == "sms" and not mobile.strip():
        return [Problem("preferred_needs_mobile", "mobile")]
    if preferred == "email" and not email.strip():
        return [Problem("preferred_needs_email", "email")]
    return []


def check_intake(intake: IntakeForm, today: date) -> list[Problem]:
    """An intake lies in the past, and its choices are those of the form."""
    problems: list[Problem] = []
    if intake.taken_on > today:
        problems.append(Problem("date_in_future", "taken_on"))
    for where, value in (("know", intake.know), ("want", intake.want), ("can", intake.can)):
        if value is not None and value not in READINESS:
            problems.append(Problem("readiness_out_of_range", where))
    chosen = (("causes", intake.causes, CAUSES), ("risk_factors", intake.risk_factors, RISK_FACTORS))
    for where, values, known in chosen:
        problems += [
            Problem("choice_unknown", where, values={"value": value}) for value in values if value not in known
        ]
    if intake.prevention_level is not None and intake.prevention_level not in PREVENTION_LEVELS:
        problems.append(Problem("choice_unknown", "prevention_level", values={"value": intake.prevention_level}))
    if len(intake.referrer) > LONGEST_TEXT:
        problems.append(Problem("too_long", "referrer", values={"most": LONGEST_TEXT}))
    return problems


def check_past(day: date, today: date, where: str) -> None:
    """Something that happened did not happen tomorrow. Raises Refusal."""
    if day > today:
        raise Refusal(Problem("date_in_future", where))


def tidy(text: str) -> str:
    """One space between words, nothing around them, nothing invisible."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())


def _asked(text: str, rule: Callable[[str, bool], str], practice: bool, problems: list[Problem]) -> str:
    if not text.strip():
        return ""
    try:
        return rule(text, practice)
    except Refusal as refusal:
        problems.extend(refusal.problems)
        return ""
