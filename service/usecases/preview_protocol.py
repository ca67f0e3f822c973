"""An administrator looks at what another version of a protocol would change, before it is done. Nothing is written."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from service.followup.problem import Problem
from service.followup.protocol import Protocol
from service.followup.protocol_differences import Difference
from service.followup.replanning import Fate, WaveChange
from service.store import programmes
from service.store.programmes import StoredProtocol
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services
from service.usecases.steps.protocol_change import next_version, replanned
from service.usecases.steps.replanning import Replan

#: Enough to recognise what happens; the counts say how often.
MOST_EXAMPLES = 10


@dataclass(frozen=True, slots=True)
class Example:
    """One wave of one person; a day that is None: was not planned, or is not planned any more."""

    pseudonym: str
    wave: str
    fate: Fate
    old_on: date | None
    new_on: date | None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What moving the people of one programme to the new version would do.

    `people`: for how many something changes, of `running` who would follow the new version. `stays`: measurements that
    have started or ended. `messages`: unsent ones that get another moment, are added or are cancelled.
    """

    programme_id: uuid.UUID
    programme: str
    running: int
    people: int
    moved: int
    added: int
    cancelled: int
    stays: int
    messages: int
    examples: tuple[Example, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """The old version, the new one as it would be, and what it means."""

    old: StoredProtocol
    new: Protocol
    warnings: tuple[Problem, ...]
    differences: tuple[Difference, ...]
    programmes: tuple[Consequence, ...]


def preview_protocol(services: Services, actor: Actor, protocol_id: uuid.UUID, text: str) -> Preview:
    """What this text would change as the next version of this protocol, worked out by the function that does it.

    Raises Denied, NotFound, Refusal (the text cannot be used, or changes nothing).
    """
    access.require(actor, Action.CHANGE_PROGRAMMES)
    with services.transaction(actor.org_id) as session:
        version = next_version(services, session, protocol_id, text)
        new = version.reading.protocol
        found = tuple(
            _consequence(one.id, one.name, replanned(services, session, one.id, new))
            for one in programmes.followers(session, protocol_id)
        )
    return Preview(version.old, new, version.reading.warnings, version.differences, found)


def _consequence(programme_id: uuid.UUID, name: str, replans: Sequence[Replan]) -> Consequence:
    waves = [change for one in replans for change in one.changes]
    fates = [change.fate for change in waves]
    messages = [message.fate for change in waves for message in change.messages]
    touched = [one for one in replans if any(_changes(change) for change in one.changes)]
    return Consequence(
        programme_id=programme_id,
        programme=name,
        running=len(replans),
        people=len(touched),
        moved=fates.count(Fate.MOVES),
        added=fates.count(Fate.ADDED),
        cancelled=fates.count(Fate.CANCELLED),
        stays=sum(change.started for change in waves),
        messages=sum(fate is not Fate.STAYS for fate in messages),
        examples=tuple(sorted(_examples(touched), key=lambda one: one.fate is Fate.STAYS))[:MOST_EXAMPLES],
    )


def _changes(change: WaveChange) -> bool:
    return change.fate is not Fate.STAYS or any(one.fate is not Fate.STAYS for one in change.messages)


def _examples(touched: Sequence[Replan]) -> Iterable[Example]:
    """One wave of each person, so that the examples are different people."""
    for one in touched:
        change = next((each for each in one.changes if each.fate is not Fate.STAYS), None)
        if change is None:
            change = next(each for each in one.changes if _changes(each))
        old_on = change.old.target_on if change.old and not change.old.gone else None
        new_on = change.new.target_on if change.new else None
        yield Example(one.spell.pseudonym, change.wave, change.fate, old_on, new_on)
