"""An organisation's own words: versions are added and never changed; the newest of each text counts."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class OwnText:
    """One version of one text. `body` is shaped as in the catalogue of texts, None for the standard text."""

    channel: str
    key: str
    language: str
    form: str
    version: int
    body: Mapping[str, Any] | None


@dataclass(frozen=True, slots=True)
class SavedText:
    """One version as it was saved, and by whom. `body` is None where the organisation went back to the standard."""

    version: int
    body: Mapping[str, Any] | None
    saved_by: str
    saved_at: datetime


def newest(session: Session) -> list[OwnText]:
    """The newest version of every text that this organisation ever changed."""
    rows = session.execute(
        text(
            "select distinct on (channel, key, language, form) channel, key, language, form, version, body"
            " from own_text order by channel, key, language, form, version desc"
        )
    )
    return [OwnText(**row) for row in rows.mappings()]


def versions(session: Session, channel: str, key: str, language: str, form: str) -> list[SavedText]:
    """Every version of one text, newest first."""
    rows = session.execute(
        text(
            "select o.version, o.body, a.name as saved_by, o.saved_at from own_text o"
            " join account a on a.org_id = o.org_id and a.id = o.saved_by"
            " where o.channel = :channel and o.key = :key and o.language = :language and o.form = :form"
            " order by o.version desc"
        ),
        {"channel": channel, "key": key, "language": language, "form": form},
    )
    return [SavedText(**row) for row in rows.mappings()]


def save(session: Session, org_id: uuid.UUID, entry: OwnText, saved_by: uuid.UUID, now: datetime) -> bool:
    """Add a version. False when somebody else saved this version a moment before."""
    added = session.execute(
        text(
            "insert into own_text (org_id, channel, key, language, form, version, body, saved_by, saved_at)"
            " values (:org, :channel, :key, :language, :form, :version, cast(:body as jsonb), :by, :now)"
            " on conflict (org_id, channel, key, language, form, version) do nothing returning id"
        ),
        {
            "org": org_id,
            "channel": entry.channel,
            "key": entry.key,
            "language": entry.language,
            "form": entry.form,
            "version": entry.version,
            "body": None if entry.body is None else json.dumps(dict(entry.body), ensure_ascii=False),
            "by": saved_by,
            "now": now,
        },
    )
    return added.scalar() is not None
