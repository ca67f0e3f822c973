"""Which code stands on a form: the first that no other form of the organisation has."""

from __future__ import annotations

import uuid

from service.messages.links import Links

#: Two forms with one code happen once in 500 thousand million pairs; so many other codes are tried.
TURNS = 5


def codes_for(links: Links, org_id: uuid.UUID, measurement_id: uuid.UUID) -> list[tuple[str, bytes]]:
    """The codes this form may have, each with what is stored of it."""
    codes = [links.paper_code(measurement_id, turn) for turn in range(TURNS)]
    return [(code, links.paper_digest(org_id, code)) for code in codes]
