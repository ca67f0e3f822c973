"""What we keep about the person behind a link, and for whom: counts and dates, for a page that others may see too."""

from __future__ import annotations

from dataclasses import dataclass

from service.followup.consent import Purpose
from service.messages.links import Links
from service.store import holdings, measurements
from service.store.holdings import Agreed, Holdings
from service.usecases.access import NotFound
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Kept:
    """How much is kept of each kind, and the purposes that are in force now, each since when."""

    holdings: Holdings
    agreed: tuple[Agreed, ...]


def show_what_is_kept(services: Services, token: str) -> Kept:
    """Raises NotFound for an unknown link. Whether the link may still be used is for open_questionnaire to say."""
    with services.transaction() as session:
        found = measurements.for_link(session, Links.digest(token))
    if found is None:
        raise NotFound("This link is unknown.")
    org_id, measurement_id = found
    with services.transaction(org_id) as session:
        participant_id = measurements.read(session, [measurement_id])[measurement_id].participant_id
        agreed = holdings.agreed(session, participant_id, services.now())
        return Kept(
            holdings.count(session, participant_id),
            tuple(sorted(agreed, key=lambda one: list(Purpose).index(one.purpose))),
        )
