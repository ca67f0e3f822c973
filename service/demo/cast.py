"""Who and what there is in the demonstration: accounts, interventions, and the people who are asked live."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from service.followup.consent import LegalBasis, Purpose, TakenHow
from service.followup.form_of_address import FORMAL, INFORMAL
from service.followup.registration import Given
from service.usecases.access import Role


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
class Newcomer:
    """Somebody of the last weeks, whose story shows one thing. `days`: how long ago this person signed up."""

    first_name: str
    last_name: str
    born: int
    channel: str
    programme: str
    days: int
    form: str = FORMAL


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

SHARED = "06 0000 0163"
#: Who is asked live: these people write back on the pretend phone. Numbers from the range that cannot exist.
#: The last two share a telephone: it asks for a first name.
LIVE = (
    ("Greet", "Hendriks", 1948, "06 0000 0137", "", "", "sms", FORMAL),
    ("Şükran", "Yıldız", 1951, "06 0000 0142", "", "", "sms", FORMAL),
    ("Hennie", "Smit", 1944, "06 0000 0151", "", "", "sms", FORMAL),
    ("Ineke", "Vos", 1960, "06 0000 0166", "", "", "sms", INFORMAL),
    ("Toon", "Willems", 1955, "", "toon@voorbeeld.invalid", "", "email", FORMAL),
    ("Arie", "Kok", 1941, "", "", "078 000 0118", "phone", FORMAL),
    ("Jan", "de Vries", 1943, SHARED, "", "", "sms", FORMAL),
    ("Mien", "de Vries", 1946, SHARED, "", "", "sms", FORMAL),
)
MATES, TABLE, WALKS = COURSES[1].programme, COURSES[0].programme, COURSES[2].programme
#: The people of the last weeks. Their programmes send words between the questions.
NEWCOMERS = (
    Newcomer("Kees", "de Groot", 1945, "sms", WALKS, 44),
    Newcomer("Mientje", "Schouten", 1942, "sms", MATES, 41),
    Newcomer("Fien", "Peters", 1949, "email", MATES, 30),
    Newcomer("Riet", "Mulder", 1950, "sms", WALKS, 25),
    Newcomer("Wim", "Hoekstra", 1947, "sms", WALKS, 24),
    Newcomer("Cor", "Postma", 1953, "sms", WALKS, 23),
    Newcomer("Truus", "Bos", 1937, "phone", MATES, 20),
    Newcomer("Bram", "Kuipers", 1939, "sms", MATES, 17),
    Newcomer("Nel", "Vermeer", 1943, "phone", MATES, 13),
    Newcomer("Lies", "Groen", 1959, "email", WALKS, 12, INFORMAL),
    Newcomer("Sjaan", "Dekker", 1938, "phone", MATES, 10),
    Newcomer("Ans", "van Leeuwen", 1952, "sms", MATES, 10),
    Newcomer("Rob", "de Wit", 1961, "sms", MATES, 9, INFORMAL),
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
#: Types in the first reading of paper forms, so that Marieke can type in the second.
COLLEAGUE = ("Ellen Visser", Role.COORDINATOR, "ellen@voorbeeld.invalid")
#: Who is warned about alarming words, by the pretend phone: on duty, and the back-up.
ON_DUTY = {Role.COORDINATOR: ("06 0000 3901", "dienst"), Role.ADMINISTRATOR: ("06 0000 3902", "achterwacht")}
PASSWORD = "een dijk van een wachtwoord"  # noqa: S105 - printed at every start; only on loopback, only invented people
WORDING = "Wij vragen u een paar keer per jaar hoe het met u gaat. U kiest zelf of u meedoet. U kunt altijd stoppen."
YEAR = timedelta(days=365)
DAY = timedelta(days=1)


def consents(channel: str) -> Mapping[Purpose, Given]:
    """What somebody agreed to who is reached by this channel."""
    given = Given(LegalBasis.CONSENT, TakenHow.SPOKEN, WORDING)
    purposes = [Purpose.QUESTIONS, Purpose.PHONE, Purpose.SHARING, Purpose.ENCOURAGEMENT]
    if channel in ("sms", "email"):
        purposes.append(Purpose(channel))
    return dict.fromkeys(purposes, given)


def e164(number: str) -> str:
    """A Dutch mobile number as providers write it: 06 0000 0137 becomes +31600000137. Nothing stays nothing."""
    return number.replace("06 ", "+316", 1).replace(" ", "")
