"""An organisation with staff and one programme, as every test of enrolment and administration needs it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date
from importlib import resources
from typing import Any

from sqlalchemy import Engine, text

from service.followup.consent import LegalBasis, Purpose, TakenHow
from service.followup.registration import Given, NewParticipant
from service.usecases.access import Actor, Role
from service.usecases.add_account import add_account
from service.usecases.add_organisation import add_organisation
from service.usecases.create_intervention import create_intervention
from service.usecases.create_programme import create_programme
from service.usecases.services import Services
from service.usecases.upload_protocol import upload_protocol

PASSWORD = "een lang wachtwoord"
GIVEN = Given(LegalBasis.CONSENT, TakenHow.PAPER, "Wij vragen u een paar keer per jaar hoe het met u gaat.")
ALL = dict.fromkeys((Purpose.QUESTIONS, Purpose.SMS, Purpose.EMAIL, Purpose.PHONE), GIVEN)


@dataclass(frozen=True)
class Scene:
    services: Services
    org_id: uuid.UUID
    administrator: Actor
    coordinator: Actor
    evaluator: Actor
    programme_id: uuid.UUID

    def form(self, **changes: Any) -> NewParticipant:
        values: dict[str, Any] = {
            "first_name": "Wil",
            "last_name": "de Boer",
            "birth_year": 1948,
            "mobile": "06 0000 0137",
            "programme_id": self.programme_id,
            "consents": ALL,
        }
        return NewParticipant(**{**values, **changes})


def protocol_text(name: str = "zes-vragen") -> str:
    return (resources.files("service.followup") / "protocols" / f"{name}.yaml").read_text("utf-8")


def make_scene(services: Services, name: str = "welzijn") -> Scene:
    org_id = add_organisation(services, name=f"Stichting {name}", short_name=name, phone="078 000 0001")
    actors: dict[Role, Actor] = {}
    for role in Role:
        account_id = add_account(
            services,
            org_id=org_id,
            email=f"{role}.{name}@voorbeeld.invalid",
            name=f"{role}",
            role=role,
            password=PASSWORD,
        )
        actors[role] = Actor(account_id, org_id, f"{role}", role)
    administrator = actors[Role.ADMINISTRATOR]
    intervention_id = create_intervention(
        services, administrator, name="Samen koken", summary="Elke week", goal_type="reduce"
    )
    protocol = upload_protocol(services, administrator, protocol_text())
    programme_id = create_programme(
        services,
        administrator,
        intervention_id=intervention_id,
        protocol_id=protocol.protocol_id,
        coordinator_id=actors[Role.COORDINATOR].account_id,
        name="Samen koken Noord",
        site="Buurthuis Noord",
        municipality="Dordrecht",
        starts_on=date(2026, 3, 1),
    )
    return Scene(services, org_id, administrator, actors[Role.COORDINATOR], actors[Role.EVALUATOR], programme_id)


def rows(database: Engine, query: str, **values: Any) -> list[Any]:
    with database.connect() as connection:
        return list(connection.execute(text(query), values).all())
