"""A participant with a phone, and the service round it: what the tests of conversation and delivery share."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import Engine

from service.channels.base import Accepted, Forged, Incoming, Outcome, Outgoing, Receipt
from service.channels.memory import MemoryChannel
from service.usecases.dispatch_messages import dispatch_messages
from service.usecases.enrol_participant import enrol_participant
from service.usecases.receive_replies import receive_replies
from service.usecases.record_receipts import record_receipts
from service.usecases.services import Services
from service.usecases.take_receipt import take_receipt
from service.usecases.take_reply import take_reply
from tests.builders import Clock
from tests.usecases.scene import Scene, make_scene, rows

NUMBER = "+31600000137"


class Post:
    """Reads what a test posts: signature "good" is right."""

    def read_reply(self, form: Mapping[str, list[str]], signature: str) -> Incoming:
        if signature != "good":
            raise Forged
        return Incoming("twilio", form["sid"][0], form["from"][0], "+31970000000", form["text"][0])

    def read_receipt(self, form: Mapping[str, list[str]], token: str, signature: str) -> Receipt | None:
        if signature != "good":
            raise Forged
        return Receipt("twilio", form["sid"][0], token, form["status"][0], form.get("code", [""])[0])


@dataclasses.dataclass
class Street:
    """A participant with a phone, and the service round it."""

    scene: Scene
    services: Services
    clock: Clock
    database: Engine
    numbers: Any = dataclasses.field(default_factory=lambda: itertools.count(1))

    @property
    def phone(self) -> list[Outgoing]:
        assert isinstance(self.services.sms, MemoryChannel)
        return self.services.sms.sent

    @property
    def mailbox(self) -> list[Outgoing]:
        assert isinstance(self.services.email, MemoryChannel)
        return self.services.email.sent

    def run(self) -> None:
        """One tick of everything."""
        while receive_replies(self.services) + record_receipts(self.services) + dispatch_messages(self.services):
            pass

    def write(self, text: str, sender: str = NUMBER, sid: str = "") -> None:
        form = {"sid": [sid or f"SM{next(self.numbers)}"], "from": [sender], "text": [text]}
        take_reply(self.services, form, "good")
        self.run()

    def report(self, token: str, status: str, code: str = "", sid: str = "SMx") -> None:
        take_receipt(self.services, {"sid": [sid], "status": [status], "code": [code]}, token, "good")
        record_receipts(self.services)

    def ask(self, query: str, **values: Any) -> list[Any]:
        return rows(self.database, query, **values)

    def answer(self, outcome: Outcome | None) -> None:
        assert isinstance(self.services.sms, MemoryChannel)
        self.services.sms.answer = lambda message: outcome or Accepted(f"mem-{message.token}")


@pytest.fixture
def street(services: Services, clock: Clock, database: Engine) -> Street:
    """One participant with a mobile, invited this morning."""
    services = dataclasses.replace(services, webhooks=Post())
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form(email="wil@voorbeeld.invalid"))
    return Street(scene, services, clock, database)
