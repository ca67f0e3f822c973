"""Anybody asks whether a message, a link or a number is ours. Nothing is kept of what they paste."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from urllib.parse import urlsplit

from service.followup.addresses import as_dialled
from service.followup.authenticity import LONGEST, fingerprints, hosts_in, number_alone
from service.followup.problem import Problem, Refusal
from service.store import organisations, sent_texts
from service.store.organisations import Organisation
from service.store.sent_texts import Sent
from service.usecases.services import Services


class Verdict(StrEnum):
    """What we know about it. We never say that something is false: only that we do not know it."""

    NOTHING = "nothing"  # nothing was asked yet
    OURS = "ours"
    UNKNOWN = "unknown"
    LINK_OURS = "link_ours"
    LINK_OTHER = "link_other"
    NUMBER_OURS = "number_ours"
    NUMBER_OTHER = "number_other"


@dataclass(frozen=True, slots=True)
class Checked:
    """The answer. `host` begins our links; `numbers` are those our SMS come from; `organisations` work here.

    `sent` is about a message that is ours; `other_host` is a link in it that does not lead to us.
    """

    verdict: Verdict
    host: str
    numbers: tuple[str, ...]
    organisations: tuple[Organisation, ...]
    sent: Sent | None = None
    other_host: str = ""


def check_message(services: Services, pasted: str) -> Checked:
    """What we know about what was pasted; nothing pasted: only how to recognise us. Raises Refusal (too long)."""
    if len(pasted) > LONGEST:
        raise Refusal(Problem("too_long", "bericht", values={"most": LONGEST}))
    known = _ourselves(services)
    if not pasted.strip():
        return known
    number = number_alone(pasted, practice=services.practice_numbers)
    if number is not None:
        ours = as_dialled(number) in known.numbers
        return replace(known, verdict=Verdict.NUMBER_OURS if ours else Verdict.NUMBER_OTHER)
    with services.transaction() as session:
        sent = sent_texts.sent_by_us(session, fingerprints(pasted))
    if sent is not None:
        return replace(known, verdict=Verdict.OURS, sent=replace(sent, phone=as_dialled(sent.phone)))
    other = next((host for host in hosts_in(pasted) if host != known.host), "")
    if hosts_in(pasted) and len(pasted.split()) == 1:
        return replace(known, verdict=Verdict.LINK_OTHER if other else Verdict.LINK_OURS, other_host=other)
    return replace(known, verdict=Verdict.UNKNOWN, other_host=other)


def _ourselves(services: Services) -> Checked:
    with services.transaction() as session:
        ids = organisations.list_organisation_ids(session)
    everybody: list[Organisation] = []
    for org_id in ids:
        with services.transaction(org_id) as session:
            found = organisations.read_organisation(session)
            everybody += [replace(found, phone=as_dialled(found.phone))] if found else []
    senders = [services.sms_sender, *(one.sms_number or "" for one in everybody)]
    numbers = dict.fromkeys(as_dialled(one) for one in senders if one.startswith("+"))
    host = urlsplit(services.links.public_url).hostname or ""
    return Checked(Verdict.NOTHING, host, tuple(numbers), tuple(everybody))
