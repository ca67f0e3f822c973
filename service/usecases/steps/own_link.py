"""The link of a person's own page is made when it is first sent, and ends when a number or address changes."""

from __future__ import annotations

import uuid

from service.messages.links import Links
from service.store import own_pages
from service.store.session import Session
from service.usecases.services import Services


def make_own_link(services: Services, session: Session, participant_id: uuid.UUID) -> None:
    """From now on the link that a message carries opens the page; doing it again changes nothing."""
    version = own_pages.link_version(session, participant_id)
    token = services.links.own_token(participant_id, version)
    own_pages.set_link(session, participant_id, Links.digest(token))


def end_own_link(session: Session, participant_id: uuid.UUID) -> None:
    """The link that was sent opens nothing any more: somebody else may hold that telephone."""
    own_pages.end_link(session, participant_id)
