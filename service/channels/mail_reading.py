"""The bytes of one mail -> what it is: a report of delivery (RFC 3464), a complaint (RFC 5965), a program, or a person.

Nothing here raises for what a mail contains: a mail that can hardly be read is read by a person.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import Message
from email.utils import parseaddr
from typing import Final

from service.channels.base import InboundMail, MailKind
from service.channels.mail_words import from_html, written

#: A Message-ID, without its brackets.
MESSAGE_ID: Final = re.compile(r"<([^<>\s@]{1,200}@[^<>\s@]{1,200})>")
#: The link to end our mail, as it stands in a header of the mail that came back.
TOKEN: Final = re.compile(r"/uit/([A-Za-z0-9_-]{16,128})")
STATUS: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
ROBOTS: Final = re.compile(r"(?i)^(mailer-daemon|postmaster|no-?reply|noreply|bounces?)([+@-]|$)")
#: How programs that answer for absent people begin their subject, in Dutch and English. Only a hint.
ABSENT: Final = re.compile(
    r"(?i)^\W*(automatische? (antwoord|beantwoord|bericht|reactie|e-?mail)|afwezig|niet aanwezig|out of (the )?office"
    r"|auto(matic)?[ -]?(reply|response|antwoord)|ik ben (even )?(afwezig|met vakantie)|vakantie(bericht|melding)"
    r"|on (vacation|holiday|leave)|away from)"
)
REPLY_MARK: Final = re.compile(r"(?i)^\s*((re|fw|fwd|antw|betr|doorst)\s*:\s*)+")
LONGEST_ID: Final = 200
#: What the library raises for mails that break every rule.
BROKEN: Final = (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError)


def read_mail(uid: str, mailbox: str, raw: bytes, arrived_at: datetime | None = None) -> InboundMail:
    """Read one mail. `mailbox` names the mailbox's own numbering (UIDVALIDITY), for a mail without a Message-ID."""
    try:
        return _read(uid, mailbox, raw, arrived_at)
    except BROKEN:  # one mail must not keep the others waiting
        return InboundMail(uid, f"{mailbox}:{uid}", MailKind.REPLY, arrived_at=arrived_at)


def _read(uid: str, mailbox: str, raw: bytes, arrived_at: datetime | None) -> InboundMail:
    mail = message_from_bytes(raw, policy=policy.compat32)
    kind = _kind(mail)
    text, subject = _text(mail), header(mail, "Subject")
    if not text and not REPLY_MARK.match(subject):
        text = subject  # "STOP" is often written there, with nothing under it
    about = list(_returned(mail)) if kind in (MailKind.BOUNCE, MailKind.COMPLAINT) else []
    return InboundMail(
        uid=uid,
        provider_id=_identity(mail, uid, mailbox),
        kind=kind,
        sender=parseaddr(header(mail, "From"))[1],
        subject=subject,
        text=text,
        references=_references(mail, about),
        token=next((found[1] for part in about if (found := TOKEN.search(part))), ""),
        status=_status(mail) if kind is MailKind.BOUNCE else "",
        arrived_at=arrived_at,
    )


def header(mail: Message, name: str) -> str:
    """A header as people read it, on one line; "" without it."""
    value = str(mail.get(name, ""))
    with suppress(LookupError, ValueError):  # an unknown character set: what stands there must do
        value = str(make_header(decode_header(value)))
    return " ".join(value.replace("\x00", "").split())


def _kind(mail: Message) -> MailKind:
    report = (mail.get_param("report-type") or "") if mail.get_content_type() == "multipart/report" else ""
    if report == "feedback-report" or any(p.get_content_type() == "message/feedback-report" for p in mail.walk()):
        return MailKind.COMPLAINT
    if any(part.get_content_type() == "message/delivery-status" for part in mail.walk()) or _plain_bounce(mail):
        return MailKind.BOUNCE
    if report or _says_automatic(mail):
        return MailKind.AUTOMATIC
    return MailKind.MAYBE_AUTOMATIC if ABSENT.match(header(mail, "Subject")) else MailKind.REPLY


def _plain_bounce(mail: Message) -> bool:
    """Servers that write their own form of report (Exim) name who failed in a header."""
    return "X-Failed-Recipients" in mail


def _says_automatic(mail: Message) -> bool:
    """Whether a program says of itself that it wrote this (RFC 3834, and what was in use before)."""
    submitted = header(mail, "Auto-Submitted").casefold()
    if submitted and not submitted.startswith("no"):
        return True
    if header(mail, "Precedence").casefold() in ("bulk", "junk", "list", "auto_reply"):
        return True
    named = ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "X-Vacation", "List-Id")
    if any(name in mail for name in named[:2] + named[3:]) or header(mail, "Return-Path") == "<>":
        return True
    if header(mail, named[2]).casefold() not in ("", "none"):
        return True
    return ROBOTS.match(parseaddr(header(mail, "From"))[1]) is not None


def _identity(mail: Message, uid: str, mailbox: str) -> str:
    found = MESSAGE_ID.search(str(mail.get("Message-ID", "")))
    if found is None:
        return f"{mailbox}:{uid}"
    return found[1] if len(found[1]) <= LONGEST_ID else hashlib.sha256(found[1].encode()).hexdigest()


def _references(mail: Message, about: list[str]) -> tuple[str, ...]:
    """What it is about: for a report the mail that came back, else what it answers and what that answered."""
    own = [
        *MESSAGE_ID.findall(str(mail.get("In-Reply-To", ""))),
        *reversed(MESSAGE_ID.findall(str(mail.get("References", "")))),
    ]
    returned = [found for part in about for found in re.findall(r"(?im)^message-id:\s*<([^<>\s]+)>", part)]
    return tuple(dict.fromkeys([*returned, *own]))


def _returned(mail: Message) -> Iterator[str]:
    """The headers of the mail that came back, or all the words where a server only quotes them."""
    for part in mail.walk():
        kind = part.get_content_type()
        if kind in ("text/rfc822-headers", "message/rfc822-headers"):
            yield _words(part)
        elif kind == "message/rfc822":
            inner = part.get_payload(0) if part.is_multipart() else part
            if isinstance(inner, Message):
                yield "\n".join(f"{name}: {value}" for name, value in inner.items())
    if "X-Failed-Recipients" in mail:
        yield _text_of(mail, "plain")


def _status(mail: Message) -> str:
    """The worst of the codes that a report of delivery names; "" when it names none."""
    found: list[str] = []
    for part in mail.walk():
        if part.get_content_type() == "message/delivery-status":
            for block in part.get_payload() if part.is_multipart() else []:
                if isinstance(block, Message):
                    code = STATUS.search(header(block, "Status")) or STATUS.search(header(block, "Diagnostic-Code"))
                    found += [code[1]] if code and header(block, "Action").casefold() != "delivered" else []
    if not found and "X-Failed-Recipients" in mail:
        code = STATUS.search(_text_of(mail, "plain"))
        found = [code[1] if code else "5.0.0"]  # this header is written when a server gives up
    return max(found, default="")


def _text(mail: Message) -> str:
    """What the person wrote: the plain part, else the words of the HTML."""
    plain = _text_of(mail, "plain")
    return written(plain if plain.strip() else from_html(_text_of(mail, "html")))


def _text_of(mail: Message, kind: str) -> str:
    for part in mail.walk():
        attached = (part.get_content_disposition() or "") == "attachment"
        if part.get_content_type() == f"text/{kind}" and not attached:
            return _words(part)
    return ""


def _words(part: Message) -> str:
    payload = part.get_payload(decode=True)
    if not isinstance(payload, bytes):
        return str(part.get_payload())
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace").replace("\x00", "")
    except (LookupError, ValueError):  # no such character set
        return payload.decode("utf-8", "replace").replace("\x00", "")
