"""What somebody asked for in words of their own: not to come this time, or to hear from us less often."""

from __future__ import annotations

import uuid
from dataclasses import replace

from service.followup.conversation import Say, Step
from service.followup.encouragement import Wish
from service.store import audit, own_pages, participants
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.attendance import not_coming

#: Who asks again wants less still.
NEXT = {Wish.NORMAL: Wish.LESS, Wish.LESS: Wish.NONE, Wish.NONE: Wish.NONE}
SAID = {Wish.LESS: "less_often_ack", Wish.NONE: "only_questions_ack"}


def carry_out(
    services: Services, session: Session, org_id: uuid.UUID, participant_id: uuid.UUID, following: Step
) -> Step:
    """Do what one reply asks, and say what was done."""
    if following.not_coming:
        activity = not_coming(services, session, org_id, participant_id)
        if activity is not None:
            return replace(following, say=(Say("not_coming_noted", about=activity.id),), to_read=False)
    if following.less_often:
        wish = NEXT[Wish(participants.wish_of(session, participant_id))]
        own_pages.set_encouragement(session, participant_id, wish)
        audit.append(
            session,
            org_id,
            services.now(),
            None,
            "set_encouragement",
            "participant",
            participant_id,
            {"wish": wish.value},
        )
        return replace(following, say=(Say(SAID[wish]),))
    return following
