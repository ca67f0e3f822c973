"""Somebody looks at, or takes away, everything that is kept about them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from service.followup.addresses import as_dialled
from service.followup.problem import Problem, Refusal
from service.measures.instrument import Instrument
from service.store import audit, own_data, own_pages
from service.store.measurements import Sender
from service.store.own_data import Rows
from service.usecases.services import Services
from service.usecases.steps.own_door import enter

SEALED, KEY = "_sealed", "_key"


@dataclass(frozen=True, slots=True)
class OwnData:
    """Everything about one person by table, readable: numbers, names, words and answers as they were given."""

    sender: Sender
    own_pass: str
    at: datetime
    tables: Mapping[str, Rows]


def show_own_data(services: Services, token: str, own_pass: str) -> OwnData:
    """What is kept; that somebody looked is written in the audit trail. Raises NotFound, NoPass, and Refusal for whom
    only the code word was asked: whoever holds the telephone reads it in our messages."""
    visitor = enter(services, token, own_pass)
    now, org_id, person = services.now(), visitor.org_id, visitor.participant_id
    with services.transaction(org_id) as session:
        owner = own_pages.owner(session, person)
        if owner.birth_year is None:
            raise Refusal(Problem("own_data_by_phone", "antwoord"))
        sender = own_pages.sender(session, person)
        audit.append(session, org_id, now, None, "participant.saw_own_data", "participant", person)
        found = own_data.everything_about(session, person)
    tables = {table: [_opened(services, org_id, person, row) for row in found[table]] for table in own_data.QUERIES}
    for row in tables["answer_event"]:
        _say(services.instruments.get(row["instrument"]), row)
    sender = replace(sender, phone=as_dialled(sender.phone))
    return OwnData(sender, services.links.own_pass(token, now), now, tables)


def _opened(services: Services, org_id: uuid.UUID, person: uuid.UUID, row: dict[str, Any]) -> dict[str, Any]:
    """The row with what was sealed in readable words. A name or address is sealed for its person and kind;
    of a paper form that was dealt with nothing is left to read."""
    opened: dict[str, Any] = {}
    for name, value in row.items():
        if name.endswith(SEALED):
            field = name.removesuffix(SEALED)
            subject = str(row.get(field + KEY, person))
            sealed_as = {"value": row.get("kind", ""), "answers": "paper_entry"}.get(field, field)
            opened[field] = services.vault.decrypt(value, org_id, subject, sealed_as) if value else ""
        elif not name.endswith(KEY) or name == "text_key":
            opened[name] = value
    return opened


def _say(instrument: Instrument | None, row: dict[str, Any]) -> None:
    """Put the words of the question and of the answer beside their codes."""
    if instrument is None:
        return
    language = row["language"] if row["language"] in instrument.languages else "nl"
    item = next((one for one in instrument.items if one.number == row["item"]), None)
    option = next((one for one in instrument.options if one.code == row["code"]), None)
    row["question"] = item.text[language] if item else ""
    row["answer"] = option.label[language] if option else ""
