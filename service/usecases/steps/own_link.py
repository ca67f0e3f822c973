"""The link of a person's own page is made when it is first sent; all links end with the number they were sent to."""

from __future__ import annotations

import uuid

from service.messages.links import Links
from service.store import own_pages, personal_links
from service.store.session import Session
from service.usecases.services import Services


def make_own_link(services: Services, session: Session, participant_id: uuid.UUID) -> None:
    """From now on the link that a message carries opens the page; doing it again changes nothing."""
    version = own_pages.link_version(session, participant_id)
    token = services.links.own_token(participant_id, version)
    own_pages.set_link(session, participant_id, Links.digest(token))


def end_links(services: Services, session: Session, participant_id: uuid.UUID, address_id: uuid.UUID) -> None:
    """What was sent to this number or address opens nothing any more: somebody else may hold that telephone.

    The link of the person's own page, and those of the questionnaires that were sent there; a next message carries
    the new one.
    """
    own_pages.end_link(session, participant_id)
    for sent in personal_links.sent_to(session, address_id):
        version = sent.version + 1
        digest = Links.digest(services.links.token(sent.measurement_id, version))
        personal_links.replace(session, sent.measurement_id, version, digest)
