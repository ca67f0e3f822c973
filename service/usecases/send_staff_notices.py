"""Tell members of staff that an alert waits: a link, no name, no words. Tried again until somebody takes it on."""

from __future__ import annotations

import uuid
from datetime import timedelta

from service.channels.base import Accepted, Channel, Outcome, Outgoing, Rejected, Throttled
from service.followup.duty import ESCALATE_AFTER, next_try
from service.messages.catalogue import LANGUAGES
from service.store import messages, notices
from service.store.notices import DueNotice
from service.usecases.services import Services

#: Longer than a batch may take, one send after another (10 seconds each): nobody else takes up what is being sent.
BATCH, LEASE = 5, timedelta(seconds=60)
_TEXTS = {"first": "alert", "escalation": "escalation"}


def send_staff_notices(services: Services) -> int:
    """Send the notices whose moment has come. Returns how many were tried.

    Not one of the rules for participants holds here: no quiet hours, no cap. The claim is committed before the send, so
    a process that dies in between costs one lease; a notice may then come twice.
    """
    with services.transaction() as session:
        organisations = notices.with_due_notices(session, services.now())
    return sum(_send(services, org_id) for org_id in organisations)


def _send(services: Services, org_id: uuid.UUID) -> int:
    with services.transaction(org_id) as session:
        claimed = notices.claim(session, services.now(), LEASE, BATCH)
        sender = messages.organisation(session).name
    for notice in claimed:
        outcome = _channel(services, notice).send(_outgoing(services, notice, sender))
        with services.transaction(org_id) as session:
            if isinstance(outcome, Accepted):
                notices.sent(session, notice, services.now())
            else:
                again = next_try(notice.tries, services.now(), notice.raised_at)
                notices.failed(session, notice, _code(outcome), again)
    return len(claimed)


def _channel(services: Services, notice: DueNotice) -> Channel:
    return services.sms if notice.channel == "sms" else services.email


def _outgoing(services: Services, notice: DueNotice, sender: str) -> Outgoing:
    key, language = _TEXTS[notice.step], LANGUAGES[0]
    minutes = int(ESCALATE_AFTER.total_seconds() // 60)
    values: dict[str, str | int] = {"url": f"{services.links.public_url}/meldingen", "minutes": minutes}
    words = services.render.staff(key, language, values)
    token = f"notice-{notice.id}-{notice.tries}"
    if notice.channel == "sms":
        return Outgoing(token, notice.mobile, words)
    subject = services.render.staff(f"{key}_subject", language, values)
    return Outgoing(token, notice.email, words, subject=subject, sender_name=sender)


def _code(outcome: Outcome) -> str:
    if isinstance(outcome, Rejected):
        return f"rejected {outcome.code}"
    return f"throttled {outcome.code}" if isinstance(outcome, Throttled) else "unknown"
