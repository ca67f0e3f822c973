"""An administrator says when a programme ends: the waves that count from it are planned, moved or taken away."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date

from service.followup.problem import Problem, Refusal
from service.followup.replanning import Fate
from service.store import audit, contacts, programmes, replans
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.replanning import anchor_known


@dataclass(frozen=True, slots=True)
class Ended:
    """How many measurements were planned, moved and taken away because of the new day."""

    added: int
    moved: int
    cancelled: int


def set_programme_end(services: Services, actor: Actor, programme_id: uuid.UUID, ends_on: date | None) -> Ended:
    """Set the last day of a programme, or take it away (None). What has opened already stays as it is.

    Raises Denied, NotFound, and Refusal (before the programme begins).
    """
    access.require(actor, Action.CHANGE_PROGRAMMES)
    with services.transaction(actor.org_id) as session:
        contacts.hold_registrations(session, actor.org_id)
        programme = programmes.lock_programme(session, programme_id)
        if programme is None:
            raise NotFound(programme_id)
        if ends_on is not None and ends_on < programme.starts_on:
            raise Refusal(Problem("ends_before_start", "ends_on"))
        programmes.set_end(session, programme_id, ends_on)
        spells = [spell.id for spell in replans.spells_in(session, programme_id)]
        replanned = anchor_known(services, session, actor.org_id, spells)
        fates = [change.fate for one in replanned for change in one.changes]
        done = Ended(fates.count(Fate.ADDED), fates.count(Fate.MOVES), fates.count(Fate.CANCELLED))
        audit.append(
            session,
            actor.org_id,
            services.now(),
            actor.account_id,
            "set_programme_end",
            "programme",
            programme_id,
            {
                "ends_on": ends_on.isoformat() if ends_on else None,
                "added": done.added,
                "moved": done.moved,
                "cancelled": done.cancelled,
            },
        )
    return done
