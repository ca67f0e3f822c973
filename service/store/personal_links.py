"""The links of questionnaires that went to a number or address which may be another's now."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class SentLink:
    """A questionnaire whose link was sent there; `version` is the link that opens it now."""

    measurement_id: uuid.UUID
    version: int


def sent_to(session: Session, address_id: uuid.UUID) -> list[SentLink]:
    """The questionnaires whose links went to this number or address, locked."""
    rows = session.execute(
        text(
            "select me.id, me.link_version from measurement me where exists (select 1 from message m"
            " join attempt t on t.org_id = m.org_id and t.message_id = m.id"
            " where m.org_id = me.org_id and m.measurement_id = me.id and t.address_id = :address)"
            " order by me.id for update of me"
        ),
        {"address": address_id},
    )
    return [SentLink(row.id, row.link_version) for row in rows]


def replace(session: Session, measurement_id: uuid.UUID, version: int, digest: bytes) -> None:
    """From now on only this link opens the questionnaire."""
    session.execute(
        text("update measurement set link_version = :version, link_digest = :digest where id = :id"),
        {"id": measurement_id, "version": version, "digest": digest},
    )
