"""An administrator starts a programme: an intervention at a place, with a protocol and a coordinator."""

from __future__ import annotations

import uuid
from datetime import date

from service.followup.problem import Problem, Refusal
from service.store import accounts, audit, programmes
from service.store.session import Session
from service.usecases import access
from service.usecases.access import Action, Actor, Role
from service.usecases.services import Services

LONGEST_NAME = 100


def create_programme(
    services: Services,
    actor: Actor,
    *,
    intervention_id: uuid.UUID,
    protocol_id: uuid.UUID,
    coordinator_id: uuid.UUID,
    name: str,
    site: str,
    municipality: str,
    starts_on: date,
) -> uuid.UUID:
    """Add a programme and return its id. Raises Denied, Refusal (with every problem found)."""
    access.require(actor, Action.CHANGE_PROGRAMMES)
    name, site = name.strip(), site.strip()
    problems = [Problem("required", where) for where, value in (("name", name), ("site", site)) if not value]
    problems += [
        Problem("too_long", where, values={"most": LONGEST_NAME})
        for where, value in (("name", name), ("site", site), ("municipality", municipality))
        if len(value) > LONGEST_NAME
    ]
    with services.transaction(actor.org_id) as session:
        now = services.now()
        problems += _unknown(session, intervention_id, protocol_id, coordinator_id)
        if problems:
            raise Refusal(*problems)
        programme_id = programmes.add_programme(
            session,
            actor.org_id,
            intervention_id=intervention_id,
            protocol_id=protocol_id,
            coordinator_id=coordinator_id,
            name=name,
            site=site,
            municipality=municipality.strip(),
            starts_on=starts_on,
            at=now,
        )
        if programme_id is None:
            raise Refusal(Problem("name_taken", "name"))
        audit.append(session, actor.org_id, now, actor.account_id, "create_programme", "programme", programme_id)
    return programme_id


def _unknown(
    session: Session, intervention_id: uuid.UUID, protocol_id: uuid.UUID, coordinator_id: uuid.UUID
) -> list[Problem]:
    problems: list[Problem] = []
    if not programmes.has_intervention(session, intervention_id):
        problems.append(Problem("choice_unknown", "intervention_id", values={"value": ""}))
    if programmes.read_protocol_version(session, protocol_id) is None:
        problems.append(Problem("choice_unknown", "protocol_id", values={"value": ""}))
    coordinator = accounts.read_account(session, coordinator_id)
    if coordinator is None or coordinator.role != Role.COORDINATOR or coordinator.disabled_at is not None:
        problems.append(Problem("choice_unknown", "coordinator_id", values={"value": ""}))
    return problems
