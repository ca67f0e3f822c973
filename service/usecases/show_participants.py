"""The participants of the organisation by name: searched, filtered, a page at a time."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from service.store.people import Named, named_people
from service.store.worklists import Standing, standings
from service.usecases import access
from service.usecases.access import Action, Actor
from service.usecases.services import Services

PAGE = 50


class Filter(StrEnum):
    """Which people to list."""

    ALL = "all"
    DUE = "due"  # a window is open and the answers are not in
    OVERDUE = "overdue"  # window open, last message sent, no complete answer
    UNREACHABLE = "unreachable"  # no working channel


@dataclass(frozen=True, slots=True)
class ListedPerson:
    """One line: who, and where they stand."""

    named: Named
    standing: Standing


@dataclass(frozen=True, slots=True)
class ParticipantPage:
    """One page of the list. `found` counts everybody that fits, `total` everybody there is."""

    people: tuple[ListedPerson, ...]
    found: int
    total: int
    page: int
    pages: int


def show_participants(
    services: Services, actor: Actor, *, search: str = "", only: Filter = Filter.ALL, page: int = 1
) -> ParticipantPage:
    """A page of at most 50 people in order of name. Names are decrypted and searched within one organisation.

    `search` fits any part of a name or a pseudonym, whatever its capitals and accents. Raises Denied.
    """
    access.require(actor, Action.SEE_PARTICIPANTS)
    with services.transaction(actor.org_id) as session:
        everybody = standings(session, services.now())
        names = named_people(session, services.vault, actor.org_id)
    wanted = plain(search)
    found = [
        ListedPerson(names.get(standing.id, Named(standing.pseudonym)), standing)
        for standing in everybody
        if only is Filter.ALL or getattr(standing, only.value)
    ]
    found = [row for row in found if wanted in plain(row.named.name) or wanted in plain(row.standing.pseudonym)]
    found.sort(key=lambda row: (row.standing.died_on is not None, plain(row.named.name)))
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(page, 1), pages)
    return ParticipantPage(tuple(found[(page - 1) * PAGE : page * PAGE]), len(found), len(everybody), page, pages)


def plain(text: str) -> str:
    """Letters without accents and capitals: what a search compares."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(letter for letter in parts if not unicodedata.combining(letter)).split())
