"""Somebody opens the link of an own page: who writes to them, and which question is asked before more is shown."""

from __future__ import annotations

from dataclasses import dataclass, replace

from service.followup.addresses import as_dialled
from service.store import own_pages
from service.store.measurements import Sender
from service.usecases.services import Services
from service.usecases.steps.own_door import whose


@dataclass(frozen=True, slots=True)
class Door:
    """What may be shown to whoever holds the telephone. `asks_word` when the birth year is not known: then the code
    word is asked, which stands in our messages."""

    sender: Sender
    language: str
    asks_word: bool


def show_own_door(services: Services, token: str) -> Door:
    """What stands before the page. Looking changes nothing. Raises NotFound."""
    visitor = whose(services, token)
    with services.transaction(visitor.org_id) as session:
        owner = own_pages.owner(session, visitor.participant_id)
        sender = own_pages.sender(session, visitor.participant_id)
    return Door(replace(sender, phone=as_dialled(sender.phone)), owner.language, owner.birth_year is None)
