"""A whole organisation on the running stack: staff, a programme made in the browser, and people who take part."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from dataclasses import dataclass

from service.followup.consent import Purpose
from service.followup.registration import NewParticipant
from service.usecases.access import Actor, Role
from service.usecases.add_account import add_account
from service.usecases.add_organisation import add_organisation
from service.usecases.enrol_participant import enrol_participant
from service.usecases.import_participants import import_participants
from service.usecases.services import Services
from tests.journeys.live import Browser, Stack
from tests.usecases.scene import GIVEN, PASSWORD, protocol_text

#: No log may hold any of these: names, addresses, numbers and words of people (canaries).
FIRST, LAST, WORDS = "Zwaantje", "Kwikkebeen", "vannacht droomde ik van een giraffe"
DAY_AND_NIGHT = re.sub(
    r"quiet_hours:.*", 'quiet_hours:\n  open: ["00:00-24:00"]\n  closed_on: []\ncap: {per_day: 30, per_30_days: 300}\n',
    protocol_text(), flags=re.DOTALL,
)  # fmt: skip


@dataclass
class Town:
    """The stack, an organisation on it, its staff, and a programme that was made in the browser."""

    stack: Stack
    services: Services
    org_id: uuid.UUID
    coordinator: Actor
    programme_id: uuid.UUID

    def browser(self, role: Role) -> Browser:
        return self.stack.browser(f"{role}@voorbeeld.invalid", PASSWORD)

    def enrol(self, number: int, *, email: str = "") -> uuid.UUID:
        """Register somebody by SMS, or by e-mail."""
        form = NewParticipant(
            FIRST, f"{LAST} {number}", self.programme_id, 1940, "" if email else f"06 0000 {number:04d}", email,
            preferred_channel="email" if email else "sms",
            consents=dict.fromkeys((Purpose.QUESTIONS, Purpose.SMS, Purpose.EMAIL, Purpose.PHONE), GIVEN),
        )  # fmt: skip
        return enrol_participant(self.services, self.coordinator, form).participant_id

    def read_list(self, first: int, count: int) -> None:
        """Read in a list of so many people with consecutive numbers."""
        head = "Voornaam;Achternaam;Mobiel;Voorkeur;Toestemming vragen;Toestemming sms;Toestemming bellen"
        people = [f"{FIRST};{LAST} {n};06 0000 {n:04d};sms;ja;ja;ja" for n in range(first, first + count)]
        data = "\n".join([head, *people]).encode()
        assert import_participants(self.services, self.coordinator, self.programme_id, data, apply=True).applied

    def states(self, participants: str = "true") -> Counter[str]:
        """How many invitations are in which state."""
        return Counter(
            state for (state,) in self.stack.ask(
                f"select state from message where kind = 'invite' and due_at < now() + interval '1 hour' and {participants}"
            )
        )  # fmt: skip


def make_town(stack: Stack) -> Town:
    """The operator adds an organisation and staff; the administrator makes a programme in the browser."""
    services = stack.services()
    org_id = add_organisation(services, name="Stichting Waterkant", short_name="Waterkant", phone="078 000 0001")
    ids = {
        role: add_account(
            services, org_id=org_id, email=f"{role}@voorbeeld.invalid", name=f"{FIRST} {role}", role=role,
            password=PASSWORD,
        )
        for role in Role
    }  # fmt: skip
    administrator = stack.browser("administrator@voorbeeld.invalid", PASSWORD)
    upload = {"file": ("protocol.yaml", DAY_AND_NIGHT.encode(), "application/yaml")}
    assert administrator.post("/protocollen", "/protocollen", {}, files=upload).ok
    about = {"name": "Samen eten", "summary": "Aan een lange tafel", "goal_type": "reduce"}
    assert administrator.post("/interventies/nieuw", "/interventies/nieuw", about).ok
    page = "/programmas/nieuw"
    chosen = {name: administrator.choice(page, name) for name in ("intervention_id", "protocol_id", "coordinator_id")}
    form = {
        "name": "Samen eten Noord",
        "site": "De Brink",
        "municipality": "",
        "starts_on": services.now().date().isoformat(),
    }
    assert administrator.post(page, page, form | chosen).ok
    ((programme_id,),) = stack.ask("select id from programme")
    coordinator = Actor(ids[Role.COORDINATOR], org_id, "coordinator", Role.COORDINATOR)
    return Town(stack, services, org_id, coordinator, programme_id)
