"""Note that a person has read a reply."""

from __future__ import annotations

import uuid

from service.store.audit import append
from service.store.worklists import find_reply, set_read
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services


def mark_reply_read(services: Services, actor: Actor, reply_id: uuid.UUID) -> None:
    """Take the reply off the list; a second time changes nothing. Raises Denied, NotFound."""
    access.require(actor, Action.READ_REPLIES)
    now = services.now()
    with services.transaction(actor.org_id) as session:
        if find_reply(session, reply_id) is None:
            raise NotFound(reply_id)
        if set_read(session, reply_id, now, actor.account_id):
            append(session, actor.org_id, now, actor.account_id, "mark_reply_read", "reply", reply_id)
