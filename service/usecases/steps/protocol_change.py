"""What both looking at a change of a protocol and making it need: the next version, read and checked."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from service.followup.problem import Problem, Refusal
from service.followup.protocol import Protocol
from service.followup.protocol_differences import Difference, differences
from service.followup.protocol_file import Reading, read_protocol
from service.followup.protocol_text import draft_of
from service.followup.replanning import Fate
from service.store import programmes, replans
from service.store.programmes import StoredProtocol
from service.store.session import Session
from service.usecases.access import NotFound
from service.usecases.services import Services
from service.usecases.steps.replanning import Replan, work_out


@dataclass(frozen=True, slots=True)
class NextVersion:
    """A version that exists and the one that would follow it."""

    old: StoredProtocol
    reading: Reading
    differences: tuple[Difference, ...]


def next_version(services: Services, session: Session, protocol_id: uuid.UUID, text: str) -> NextVersion:
    """Read the new text beside the old version. Raises NotFound, and Refusal: cannot be used, another key, a number
    that is taken, or nothing that changes."""
    old = programmes.read_protocol_version(session, protocol_id)
    if old is None:
        raise NotFound(protocol_id)
    before = services.protocols.read(old.source, services.instruments)
    reading = read_protocol(text, services.instruments)
    new = reading.protocol
    if new.key != old.key:
        raise Refusal(Problem("protocol_other_key", "key", values={"key": old.key}))
    newest = max(one.version for one in programmes.list_protocols(session) if one.key == old.key)
    if new.version <= newest:
        raise Refusal(Problem("version_taken", "version", values={"version": new.version, "next": newest + 1}))
    found = differences(draft_of(before), draft_of(new))
    if not found:
        raise Refusal(Problem("protocol_no_change"))
    return NextVersion(old, reading, found)


def replanned(services: Services, session: Session, programme_id: uuid.UUID, protocol: Protocol) -> list[Replan]:
    """Whoever of this programme would follow another version, and what it changes: people for whom something changes
    or still lies ahead. Whoever has had everything keeps the version that they followed."""
    spells = replans.spells_in(session, programme_id)
    return [one for one in work_out(services, session, spells, protocol) if any(_ahead(one))]


def _ahead(one: Replan) -> Sequence[bool]:
    return [change.fate is not Fate.STAYS or not change.started for change in one.changes]
