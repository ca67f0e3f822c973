"""The operator adds an organisation."""

from __future__ import annotations

import uuid

from service.followup.addresses import landline_number, mobile_number
from service.followup.problem import Problem, Refusal
from service.store import audit, organisations
from service.store.organisations import Organisation
from service.usecases.services import Services

#: The short name stands in every message, and messages must stay short.
LONGEST_SHORT_NAME = 24


def add_organisation(
    services: Services, *, name: str, short_name: str, phone: str, sms_number: str | None = None
) -> uuid.UUID:
    """Add an organisation; `phone` is the number by which people reach a voice. Returns its id. Raises Refusal."""
    name, short_name = name.strip(), short_name.strip()
    problems = [
        Problem("required", where) for where, value in (("name", name), ("short_name", short_name)) if not value
    ]
    if len(short_name) > LONGEST_SHORT_NAME:
        problems.append(Problem("too_long", "short_name", values={"most": LONGEST_SHORT_NAME}))
    if problems:
        raise Refusal(*problems)
    phone = _voice_number(phone, services.practice_numbers)
    org_id = uuid.uuid4()
    with services.transaction(org_id) as session:
        now = services.now()
        organisations.add_organisation(session, Organisation(org_id, name, short_name, phone, sms_number), now)
        audit.append(session, org_id, now, None, "add_organisation", "organisation", org_id)
    return org_id


def _voice_number(text: str, practice: bool) -> str:
    try:
        return landline_number(text, practice, "phone")
    except Refusal:
        return mobile_number(text, practice, "phone")
