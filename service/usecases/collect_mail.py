"""Read the mailbox: answers become replies, reports of mail that did not arrive become receipts, complaints stop.

A mail is marked only after what it says has been committed; seen again, it is the same mail and changes nothing.
"""

from __future__ import annotations

import re
import uuid
from datetime import timedelta
from typing import Final

from service.channels.base import InboundMail, MailboxDown, MailKind
from service.followup.bounces import is_final
from service.followup.mail_replies import essence
from service.followup.planning import MessageKind
from service.followup.replies import ReplyKind, is_stop
from service.store import attempts as attempt_rows
from service.store import mails, messages, receipts, replies, stops
from service.store.listen import notify
from service.store.mails import Origin
from service.store.messages import NewMessage
from service.store.replies import Done
from service.store.session import Refused, Session
from service.usecases.services import Services
from service.usecases.steps.calendar import OFFICE_ZONE
from service.usecases.steps.stopping import apply_stop

#: The tasks answer this; they know no channels.
__all__ = ["MailboxDown", "collect_mail"]

PROVIDER: Final = "email"
MISTAKES: Final = (ArithmeticError, AttributeError, LookupError, TypeError, ValueError, Refused)
LONGEST: Final = 10_000
#: Our own Message-ID: the id of the message, at our host.
OURS: Final = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})@", re.IGNORECASE)
READ_AS: Final = {MailKind.AUTOMATIC: "automatic", MailKind.MAYBE_AUTOMATIC: "maybe_automatic"}


def collect_mail(services: Services, limit: int = 50) -> int:
    """Take up to `limit` mails. Returns how many. Raises MailboxDown; then what was committed stays, and comes again.

    A mail that we fail on is flagged in the mailbox, where the operator finds it, and holds nobody else up.
    """
    if not services.inbox.ready:
        return 0
    taken: list[str] = []
    failed: list[str] = []
    for mail in services.inbox.unread(limit):
        try:
            _take(services, mail)
        except MISTAKES:
            failed.append(mail.uid)
        else:
            taken.append(mail.uid)
    services.inbox.mark(taken)
    services.inbox.mark(failed, failed=True)
    return len(taken) + len(failed)


def _take(services: Services, mail: InboundMail) -> None:
    sender = services.vault.lookup(mail.sender)
    report = mail.kind in (MailKind.BOUNCE, MailKind.COMPLAINT)
    with services.transaction() as session:
        org_id, message_id = _about(session, mail)
        if org_id is None and report:
            org_id = attempt_rows.organisation_for_attempt(session, mail.token)
        if org_id is None and not report:
            org_id = replies.organisation_for_number(session, sender, "")
    if org_id is None:
        return  # a report about a mail that is not ours, or there is no organisation yet
    with services.transaction(org_id) as session:
        if report:
            _report(services, session, org_id, mail, message_id)
        else:
            _reply(services, session, org_id, mail, message_id, sender)
        notify(session)


def _about(session: Session, mail: InboundMail) -> tuple[uuid.UUID | None, uuid.UUID | None]:
    """The organisation and the message of ours that this mail is about; None when it names none."""
    for one in mail.references:
        found = OURS.match(one)
        if found is not None:
            message_id = uuid.UUID(found[1])
            org_id = mails.organisation_for_message(session, message_id)
            if org_id is not None:
                return org_id, message_id
    return None, None


def _report(
    services: Services, session: Session, org_id: uuid.UUID, mail: InboundMail, message_id: uuid.UUID | None
) -> None:
    token = mail.token or (mails.newest_token(session, message_id) if message_id else "")
    if mail.kind is MailKind.BOUNCE:
        status = "undelivered" if is_final(mail.status) else "delayed"
        provider_id = next((one for one in mail.references if OURS.match(one)), mail.provider_id)
        receipts.keep(session, org_id, PROVIDER, provider_id, token, status, mail.status, services.now())
        return
    address = attempt_rows.email_of_attempt(session, token)
    if address is not None and not stops.is_stopped(session, address):
        apply_stop(services, session, org_id, address, "email")


def _reply(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    mail: InboundMail,
    message_id: uuid.UUID | None,
    sender: bytes,
) -> None:
    origin = mails.origin(session, message_id) if message_id else None
    known = origin is not None or bool(stops.people_at(session, [sender]))
    if mail.kind is MailKind.AUTOMATIC and not known:
        return  # a newsletter
    now, own_id = services.now(), mail.provider_id
    reply_id = replies.keep(
        session,
        org_id,
        PROVIDER,
        own_id,
        sender,
        services.vault.encrypt(mail.sender, org_id, own_id, "sender"),
        services.vault.encrypt(mail.text[:LONGEST], org_id, own_id, "words"),
        min(now, mail.arrived_at or now),
        channel="email",
        in_reply_to=origin.message_id if origin else None,
    )
    if reply_id is None:
        return
    if mail.kind in READ_AS:
        state = "done" if mail.kind is MailKind.AUTOMATIC else "to_read"
        owner = origin.participant_id if origin else None
        replies.settle(session, [Done(reply_id, owner, READ_AS[mail.kind], state)])
    elif is_stop(essence(mail.text)):
        _stop(services, session, org_id, reply_id, origin, sender)


def _stop(
    services: Services,
    session: Session,
    org_id: uuid.UUID,
    reply_id: uuid.UUID,
    origin: Origin | None,
    sender: bytes,
) -> None:
    """End mail to the address we wrote to and to the one that wrote, and confirm it once to whoever is known there."""
    now = services.now()
    ending = {sender} | ({origin.address_hash} if origin else set())
    reached = (
        [(origin.participant_id, origin.address_id)] if origin else stops.people_at(session, [sender]).get(sender, [])
    )
    again = all(stops.is_stopped(session, one) for one in ending)
    for one in sorted(ending):
        apply_stop(services, session, org_id, one, "email")
    owner, address_id = reached[0] if reached else (None, None)
    replies.settle(session, [Done(reply_id, owner, ReplyKind.STOP, "done" if reached else "to_read")])
    if owner is None or again:
        return
    confirmation = NewMessage(
        key=f"stop:{reply_id}",
        participant_id=owner,
        kind=MessageKind.STOP_CONFIRMATION,
        text_key="stop_confirm",
        values={},
        time_zone=OFFICE_ZONE.key,
        due_at=now,
        expires_at=now + timedelta(days=1),
        channel="email",
        address_id=address_id,
        replied_at=now,
    )
    messages.queue(session, org_id, [confirmation], now)
