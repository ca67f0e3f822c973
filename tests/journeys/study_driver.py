"""Drives the published study through the service as its participants and staff would: webhooks, links, pages, ticks."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import Flask
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from service.usecases.access import Actor, Role
from service.usecases.add_account import add_account
from service.usecases.add_organisation import add_organisation
from service.usecases.close_waves import close_waves
from service.usecases.create_intervention import create_intervention
from service.usecases.create_programme import create_programme
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.export_dataset import export_dataset
from service.usecases.import_participants import import_participants
from service.usecases.receive_replies import receive_replies
from service.usecases.record_receipts import record_receipts
from service.usecases.services import Services
from service.usecases.upload_protocol import upload_protocol
from tests.builders import Clock
from tests.journeys.study import CODES, PROTOCOL, Answers, Person, import_file, sids, written

SENDER = "+31600009999"
BUTTON = re.compile(r"<button[^>]*name=\"([^\"]+)\"[^>]*value=\"([^\"]+)\"")
LINK = re.compile(r"https?://\S+(/v/[\w-]+)")


@dataclass
class Driver:
    """One run of the study. `arrived` gives the texts that each number has received so far, oldest first."""

    services: Services
    app: Flask
    clock: Clock
    account: str
    token: str
    arrived: Callable[[], Mapping[str, list[str]]]
    read: dict[str, int] = field(default_factory=dict)
    turn: int = 0
    texts: Mapping[str, list[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.sids = sids()
        self.validator = RequestValidator(self.token)
        self.actors: dict[Role, Actor] = {}
        self.client: FlaskClient = self.app.test_client()

    def enrol(self, everybody: list[Person]) -> None:
        """An administrator sets up the programme; a coordinator reads in the list."""
        org_id = add_organisation(self.services, name="Studie", short_name="Studie", phone="078 000 0112")
        for role in Role:
            account_id = add_account(
                self.services, org_id=org_id, email=f"{role}@voorbeeld.invalid", name=f"Een {role}", role=role,
                password="een heel lang wachtwoord",
            )  # fmt: skip
            self.actors[role] = Actor(account_id, org_id, f"Een {role}", role)
        admin = self.actors[Role.ADMINISTRATOR]
        programme_id = create_programme(
            self.services,
            admin,
            intervention_id=create_intervention(self.services, admin, name="Studie", summary="", goal_type="stabilise"),
            protocol_id=upload_protocol(self.services, admin, PROTOCOL).protocol_id,
            coordinator_id=self.actors[Role.COORDINATOR].account_id,
            name="Studie",
            site="Overal",
            municipality="",
            starts_on=date(2026, 3, 1),
        )
        for _ in range(2):  # the same file twice adds nobody
            done = import_participants(
                self.services, self.actors[Role.COORDINATOR], programme_id, import_file(everybody), apply=True
            )
        assert done.count("known") == len(everybody)

    def tick(self) -> None:
        """What the clock lets the worker do."""
        close_waves(self.services)
        while receive_replies(self.services) or record_receipts(self.services) or dispatch_messages(self.services, 50):
            pass
        self.texts = self.arrived()

    def write(self, number: str, text: str) -> None:
        """Somebody sends an SMS; the provider posts it to us, signed."""
        form = {
            "MessageSid": next(self.sids), "AccountSid": self.account, "From": number, "To": SENDER, "Body": text,
        }  # fmt: skip
        url = f"{self.services.links.public_url}/webhooks/twilio/sms"
        signature = self.validator.compute_signature(url, form)
        answer = self.client.post("/webhooks/twilio/sms", data=form, headers={"X-Twilio-Signature": signature})
        assert answer.status_code == 204, answer.get_data(as_text=True)

    def new_text(self, number: str) -> str | None:
        """The last text on this phone, when it came after the one read before."""
        texts = self.texts.get(number, [])
        if len(texts) <= self.read.get(number, 0):
            return None
        self.read[number] = len(texts)
        return texts[-1]

    def answer_by_sms(self, everybody: list[Person], occasion: str, items: Mapping[int, str]) -> None:
        """Everybody who is not silent says yes and answers one question after the other."""
        self.tick()
        talking = [person for person in everybody if not person.silent(occasion)]
        for person in talking:
            assert "JA" in (self.new_text(person.number) or "")
            self.write(person.number, ("JA", "ja hoor", "Ja")[len(person.pid) % 3])
        for _ in range(len(items)):
            self.tick()
            for person in talking:
                text = self.new_text(person.number)
                assert text is not None, "the next question did not come"
                item = next(number for number, words in items.items() if words in text)
                self.turn += 1
                self.write(person.number, written(person.occasions[occasion][item - 1], self.turn))
        self.tick()
        for person in talking:
            assert "Vraag" not in (self.new_text(person.number) or "")

    def answer_by_link(self, everybody: list[Person], occasion: str, items: Mapping[int, str]) -> None:
        """Everybody who is not silent opens the personal link and answers page by page."""
        self.tick()
        for person in everybody:
            if person.silent(occasion):
                continue
            found = LINK.search(self.new_text(person.number) or "")
            assert found, "the message holds no link"
            self._pages(found[1], person.occasions[occasion], items)

    def _pages(self, path: str, answers: Answers, items: Mapping[int, str]) -> None:
        assert self.client.get(path).status_code == 200
        for number in range(1, len(items) + 1):
            page = self.client.get(f"{path}/vraag/{number}").get_data(as_text=True)
            item = next(n for n, words in items.items() if words in page)
            answer = answers[item - 1]
            wanted = "no_answer" if answer is None else CODES[answer]
            name, value = next(found for found in BUTTON.findall(page) if found[1] == wanted)
            saved = self.client.post(f"{path}/vraag/{number}", data={name: value})
            assert saved.status_code == 303, saved.get_data(as_text=True)

    def exported(self) -> list[dict[str, str]]:
        """The evaluator's file, read back."""
        lines = export_dataset(self.services, self.actors[Role.EVALUATOR]).lines
        return list(csv.DictReader(io.StringIO("".join(lines).removeprefix("\ufeff"))))
