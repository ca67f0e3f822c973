"""An administrator goes from the text of a protocol back to its form."""

from __future__ import annotations

from service.followup.protocol_file import read_protocol
from service.followup.protocol_text import Draft, draft_of
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


def read_draft(services: Services, actor: Actor, text: str) -> Draft:
    """The text as it would be typed in the form. Nothing is kept. Raises Denied, Refusal."""
    access.require(actor, Action.CHANGE_PROGRAMMES)
    return draft_of(read_protocol(text, services.instruments).protocol)
