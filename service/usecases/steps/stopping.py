"""An address stops."""

from __future__ import annotations

import uuid

from service.followup.consent import Purpose, TakenHow
from service.store import (
    audit,
    conversations,
    messages,
    participants,
    plans,
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
    conversations.close_with_number(session, lookup_hash, now)
    if source != "email":
        messages.cancel_unsent(session, now, "stopped", participant_ids=people)
    for participant_id in people:
        audit.append(
            session, org_id, now, None, "participant.stopped", "participant", participant_id, {"source": source}
        )
    return people


def stop_person(services: Services, session: Session, org_id: uuid.UUID, participant_id: uuid.UUID) -> bool:
    """One person wants no messages at all any more, and said so where we know who they are.

    Their addresses stop. A number or address that others use too goes on for them: there the person's own consent to
    be written to ends instead. Consent to be asked by a person stays. Returns whether START by SMS undoes it.
    """
    now, by_start = services.now(), False
    for address in stops.addresses(session, [participant_id], []):
        if address.kind not in ("sms", "email"):
            continue
        reached = stops.people_at(session, [address.lookup_hash]).get(address.lookup_hash, [])
        if all(one == participant_id for one, _ in reached):
            apply_stop(services, session, org_id, address.lookup_hash, "web")
            by_start = by_start or address.kind == "sms"
        else:
            participants.withdraw_consents(session, participant_id, [Purpose(address.kind)], TakenHow.WEB, now)
    plans.close_conversations(session, participant_id, now)
    messages.cancel_unsent(session, now, "stopped", participant_ids=[participant_id])
    return by_start
