"""An address stops."""

from __future__ import annotations

import uuid

from service.store import (
    audit,
    conversations,
    messages,
    stops,
)
from service.store.session import Session
from service.usecases.services import Services


def apply_stop(
    services: Services, session: Session, org_id: uuid.UUID, lookup_hash: bytes, source: str
) -> list[uuid.UUID]:
    """An address stops: no send to it starts after this transaction, in any organisation. Returns who is reached there.

    A number that stops ends every automated channel of its owner: e-mail resumes only on a new consent. Consent to be
    asked by a person stays.
    """
    now = services.now()
    people = [participant for participant, _ in stops.people_at(session, [lookup_hash]).get(lookup_hash, [])]
    stops.stop_everywhere(session, org_id, lookup_hash, source, now)
    stops.end_email_consent(session, people, source, now)
    if source != "email":
        conversations.close_with_number(session, lookup_hash, now)
        messages.cancel_unsent(session, now, "stopped", participant_ids=people)
    for participant_id in people:
        audit.append(
            session, org_id, now, None, "participant.stopped", "participant", participant_id, {"source": source}
        )
    return people
