"""Every text that people receive: when it is sent, and whether the organisation says it in its own words."""

from __future__ import annotations

from dataclasses import dataclass

from service.messages.catalogue import LANGUAGES
from service.messages.known import Lock, Moment, locked, moment, sent
from service.store import own_texts
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class TextLine:
    """One text of the list. `own` are the languages and forms that the organisation changed: ("nl", "je")."""

    channel: str
    key: str
    moment: Moment
    lock: Lock | None
    own: tuple[tuple[str, str], ...]


def show_texts(services: Services, actor: Actor) -> list[TextLine]:
    """All texts by SMS and by e-mail, by the moment they are sent, in the order of the catalogue. Raises Denied."""
    access.require(actor, Action.SEE_PROGRAMMES)
    with services.transaction(actor.org_id) as session:
        changed = [one for one in own_texts.newest(session) if one.body is not None]
    catalogue = services.render.catalogue
    keys = [("sms", key) for language, key in catalogue.sms if language == LANGUAGES[0]]
    keys += [("email", key) for language, key in catalogue.email if language == LANGUAGES[0]]
    lines = [
        TextLine(
            channel,
            key,
            moment(key),
            locked(key),
            tuple((one.language, one.form) for one in changed if (one.channel, one.key) == (channel, key)),
        )
        for channel, key in keys
        if sent(key)
    ]
    order = list(Moment)
    return sorted(lines, key=lambda line: order.index(line.moment))
