"""The outbox: claim what is due, with the facts the decision needs; write down what was tried and what came of it."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

#: States in which a message may still be held back.
UNSENT = ("planned", "due")


@dataclass(frozen=True, slots=True)
class NewMessage:
    """A message to queue. `key` makes it unique within the organisation; a second one with it is not queued."""

    key: str
    participant_id: uuid.UUID
    kind: str
    text_key: str
    values: Mapping[str, int | str]
    time_zone: str
    due_at: datetime
    expires_at: datetime
    enrolment_id: uuid.UUID | None = None
    measurement_id: uuid.UUID | None = None
    channel: str | None = None
    address_id: uuid.UUID | None = None
    replied_at: datetime | None = None
    activity_id: uuid.UUID | None = None


@dataclass(frozen=True, slots=True)
class Due:
    """A locked message whose moment has come, and what surrounds it. Names are still sealed."""

    id: uuid.UUID
    participant_id: uuid.UUID
    measurement_id: uuid.UUID | None
    activity_id: uuid.UUID | None
    kind: str
    text_key: str
    values: Mapping[str, Any]
    channel: str | None
    address_id: uuid.UUID | None
    due_at: datetime
    expires_at: datetime
    time_zone: str
    replied_at: datetime | None
    state: str
    reason: str
    attempt_number: int
    preferred_channel: str
    language: str
    recognition_word: str
    form_of_address: str
    deceased: bool
    first_name: str | None  # sealed
    protocol_id: uuid.UUID | None
    coordinator: str | None
    coordinator_phone: str | None
    wave: str | None
    instrument: str | None
    measurement_language: str | None
    measurement_status: str | None
    measurement_reason: str | None
    closes_at: datetime | None
    held: bool  # words that may ask us to stop wait for a person to read them
    alert_open: bool
    own_link_version: int
    link_version: int | None


@dataclass(frozen=True, slots=True)
class Organisation:
    """What every message says about its sender."""

    name: str
    short_name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Change:
    """One step in the life of a message."""

    message_id: uuid.UUID
    event: str
    state_from: str
    state_to: str
    reason: str = ""
    attempt_number: int = 0


def with_due_messages(session: Session, now: datetime) -> list[uuid.UUID]:
    """The organisations that have something to send, longest waiting first."""
    found = session.execute(text("select * from organisations_with_due_messages(:now)"), {"now": now})
    return list(found.scalars())


def in_flight(session: Session) -> list[uuid.UUID]:
    """The organisations with messages on their way or in doubt."""
    return list(session.execute(text("select * from organisations_in_flight()")).scalars())


def organisation(session: Session) -> Organisation:
    """The organisation of this transaction."""
    row = session.execute(text("select name, short_name, phone from organisation")).one()
    return Organisation(row.name, row.short_name, row.phone)


_CLAIMED = """
with claimed as materialized (
  select m.* from message m join participant p on p.org_id = m.org_id and p.id = m.participant_id
  where m.state in ('planned', 'due') and m.due_at <= :now
    and coalesce(m.channel, case p.preferred_channel when 'email' then 'email' else 'sms' end) = any(:channels)
  order by m.due_at, case m.kind when 'last_reminder' then 2 when 'reminder' then 1 else 0 end, m.id limit :limit
  for update of m skip locked)
"""
_UNSENT_OF = """
with claimed as (select * from message where participant_id = :participant and state in ('planned', 'due'))
"""
_SURROUNDED = """
select m.id, m.participant_id, m.measurement_id, m.activity_id, m.kind, m.text_key, m.values, m.channel, m.address_id,
  m.due_at, m.expires_at, m.time_zone, m.replied_at, m.state, m.reason, m.attempt_number, p.preferred_channel,
  p.language, p.recognition_word, p.form_of_address, p.died_on is not null as deceased, n.first_name, e.protocol_id,
  a.name as coordinator, a.phone as coordinator_phone, me.wave, me.instrument, me.language as measurement_language,
  me.status as measurement_status, me.status_reason as measurement_reason, me.closes_at,
  exists (
    select 1 from contact.address ad join reply r on r.org_id = ad.org_id and r.sender_hash = ad.lookup_hash
    where ad.org_id = m.org_id and ad.participant_id = m.participant_id and ad.replaced_at is null
      and r.state = 'to_read' and r.read_as in ('stop_doubt', 'sign_off')
      and coalesce(r.participant_id, m.participant_id) = m.participant_id) as held,
  exists (select 1 from alert al where al.org_id = m.org_id and al.participant_id = m.participant_id
      and al.closed_at is null) as alert_open,
  p.own_link_version, me.link_version
from claimed m
join participant p on p.org_id = m.org_id and p.id = m.participant_id
left join contact.person n on n.org_id = m.org_id and n.participant_id = m.participant_id
left join lateral (
  select x.programme_id, x.protocol_id from enrolment x
  where x.org_id = m.org_id and x.participant_id = m.participant_id
  order by coalesce(x.id = m.enrolment_id, false) desc, x.started_at desc limit 1) e on true
left join programme g on g.org_id = m.org_id and g.id = e.programme_id
left join account a on a.org_id = g.org_id and a.id = g.coordinator_id
left join measurement me on me.org_id = m.org_id and me.id = m.measurement_id
order by m.due_at, case m.kind when 'last_reminder' then 2 when 'reminder' then 1 else 0 end, m.id
"""
CLAIM = text(_CLAIMED + _SURROUNDED)


def claim_due(session: Session, now: datetime, channels: Sequence[str], limit: int) -> list[Due]:
    """Lock up to `limit` messages whose moment has come, for channels that can send. Locked ones are passed over."""
    rows = session.execute(CLAIM, {"now": now, "channels": list(channels), "limit": limit})
    return [Due(**row) for row in rows.mappings()]


def unsent_of(session: Session, participant_id: uuid.UUID) -> list[Due]:
    """What one person is still to get, soonest first. Nothing is locked: this is for looking."""
    rows = session.execute(text(_UNSENT_OF + _SURROUNDED), {"participant": participant_id})
    return [Due(**row) for row in rows.mappings()]


def recently_sent(
    session: Session, participant_ids: Iterable[uuid.UUID], since: datetime
) -> dict[uuid.UUID, list[datetime]]:
    """When each person was written to since then, answers to their own words excepted (the cap counts these)."""
    rows = session.execute(
        text(
            "select participant_id, sent_at from message where participant_id = any(:ids) and sent_at >= :since"
            " and replied_at is null and kind in ('invite', 'reminder', 'last_reminder', 'resend', 'encouragement',"
            " 'activity') order by sent_at"
        ),
        {"ids": list(set(participant_ids)), "since": since},
    )
    found: dict[uuid.UUID, list[datetime]] = {}
    for participant_id, sent_at in rows:
        found.setdefault(participant_id, []).append(sent_at)
    return found


@dataclass(frozen=True, slots=True)
class Asked:
    """How somebody was asked about one measurement: when an invitation, reminder or link was last sent, and how
    many of them were reminders."""

    at: datetime
    reminders: int


def asked_about(session: Session, measurement_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Asked]:
    """How people were asked about these measurements; who was not asked is left out."""
    rows = session.execute(
        text(
            "select measurement_id, max(sent_at) as at,"
            " count(*) filter (where kind in ('reminder', 'last_reminder')) as reminders from message"
            " where measurement_id = any(:ids) and sent_at is not null"
            " and kind in ('invite', 'reminder', 'last_reminder', 'resend')"
            " group by measurement_id"
        ),
        {"ids": list(set(measurement_ids))},
    )
    return {row.measurement_id: Asked(row.at, row.reminders) for row in rows}


def protocol_sources(session: Session, protocol_ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, str]:
    """The text of these protocol versions."""
    rows = session.execute(
        text("select id, source from protocol_version where id = any(:ids)"), {"ids": list(set(protocol_ids))}
    )
    return {row.id: row.source for row in rows}


def set_state(session: Session, changes: Sequence[Change], now: datetime) -> None:
    """Write these steps: the new state with its reason, and the event."""
    if not changes:
        return
    session.execute(
        text("update message set state = :state, reason = :reason where id = :id"),
        [{"state": c.state_to, "reason": c.reason, "id": c.message_id} for c in changes],
    )
    write_events(session, changes, now)


def postpone(session: Session, moved: Sequence[tuple[uuid.UUID, datetime, str]]) -> None:
    """Move the due moment of these messages, with the reason."""
    if moved:
        session.execute(
            text("update message set state = 'due', due_at = :until, reason = :reason where id = :id"),
            [{"id": found, "until": until, "reason": reason} for found, until, reason in moved],
        )


def pause(session: Session, participant_id: uuid.UUID, now: datetime, weeks: int) -> None:
    """What would go out to this person within so many weeks goes out so many weeks later, at the same local time.

    No window grows by it: what has lost its purpose by then expires.
    """
    session.execute(
        text(
            "update message set reason = 'paused', due_at ="
            " ((due_at at time zone time_zone) + make_interval(weeks => :weeks)) at time zone time_zone"
            " where participant_id = :person and state in ('planned', 'due') and replied_at is null"
            " and due_at < cast(:now as timestamptz) + make_interval(weeks => :weeks)"
        ),
        {"person": participant_id, "weeks": weeks, "now": now},
    )


def write_events(session: Session, changes: Sequence[Change], now: datetime) -> None:
    """Append these steps to the history."""
    if not changes:
        return
    session.execute(
        text(
            "insert into message_event (org_id, message_id, at, event, state_from, state_to, reason, attempt_number)"
            " select m.org_id, m.id, :at, :event, :before, :after, :reason, :number from message m where m.id ="
            " :message"
        ),
        [
            {
                "at": now,
                "event": c.event,
                "before": c.state_from,
                "after": c.state_to,
                "reason": c.reason,
                "number": c.attempt_number,
                "message": c.message_id,
            }
            for c in changes
        ],
    )


def stumbles(session: Session, message_id: uuid.UUID) -> int:
    """How often this message could not even be made."""
    found: int = session.execute(
        text("select count(*) from message_event where message_id = :id and event = 'stumble'"), {"id": message_id}
    ).scalar_one()
    return found


def state_of(session: Session, message_id: uuid.UUID) -> tuple[str, int]:
    """Lock a message and read its state and attempt number."""
    row = session.execute(
        text("select state, attempt_number from message where id = :id for update"), {"id": message_id}
    ).one()
    return row.state, row.attempt_number


def advance_to(session: Session, change: Change, now: datetime, *, due_at: datetime | None = None) -> None:
    """Write one step; `due_at` when it is due again. A message that did not go out no longer counts as sent."""
    went_out = change.state_to not in ("due", "suppressed", "expired", "cancelled")
    session.execute(
        text(
            "update message set state = :state, reason = :reason, due_at = coalesce(:due, due_at),"
            " lease_until = case when :doubt then now() end,"
            " sent_at = case when :out then sent_at end where id = :id"
        ),
        {
            "state": change.state_to,
            "reason": change.reason,
            "due": due_at,
            "doubt": change.state_to == "unknown",
            "out": went_out,
            "id": change.message_id,
        },
    )
    write_events(session, [change], now)


def queue(session: Session, org_id: uuid.UUID, new: Sequence[NewMessage], now: datetime) -> None:
    """Queue messages; one whose key exists already stays as it is."""
    if not new:
        return
    session.execute(
        text(
            "insert into message (org_id, participant_id, enrolment_id, measurement_id, activity_id, kind, text_key,"
            " values,"
            " channel,"
            " address_id, local_at, time_zone, due_at, expires_at, replied_at, state, reason, attempt_number,"
            " created_at,"
            " dedupe_key) values (:org_id, :participant_id, :enrolment_id, :measurement_id, :activity_id, :kind,"
            " :text_key,"
            " cast(:values as jsonb), :channel, :address_id, :local_at, :time_zone, :due_at, :expires_at, :replied_at,"
            " 'due', '', 0, :created_at, :key) on conflict (org_id, dedupe_key) do nothing"
        ),
        [_row(org_id, message, now) for message in new],
    )


def _row(org_id: uuid.UUID, message: NewMessage, now: datetime) -> dict[str, Any]:
    local = message.due_at.astimezone(ZoneInfo(message.time_zone)).replace(tzinfo=None)
    fields = {name: getattr(message, name) for name in NewMessage.__slots__}
    return {
        **fields,
        "org_id": org_id,
        "values": json.dumps(dict(message.values)),
        "local_at": local,
        "created_at": now,
    }


def cancel_unsent(
    session: Session,
    now: datetime,
    reason: str,
    *,
    measurement_id: uuid.UUID | None = None,
    participant_ids: Sequence[uuid.UUID] = (),
    kinds: Sequence[str] = ("invite", "reminder", "last_reminder", "resend"),
) -> int:
    """Cancel what was not sent: of one measurement (those `kinds`), or of these people for waves that are open (later
    waves are decided at their own moment, so that START brings them back). Returns how many."""
    rows = session.execute(
        text(
            "update message m set state = 'cancelled', reason = :reason from (select x.id, x.state from message x"
            " left join measurement me on me.org_id = x.org_id and me.id = x.measurement_id"
            " where x.state in ('planned', 'due') and x.kind <> 'stop_confirmation'"
            " and ((cast(:measurement as uuid) is not null and x.measurement_id = :measurement"
            "       and x.kind = any(:kinds))"
            "   or (x.participant_id = any(:people) and (me.id is null or me.opens_at <= :now))) for update of x) old"
            " where m.id = old.id returning m.id, old.state as before, m.attempt_number"
        ),
        {
            "reason": reason,
            "measurement": measurement_id,
            "people": list(participant_ids),
            "now": now,
            "kinds": list(kinds),
        },
    ).all()
    write_events(session, [Change(r.id, "cancel", r.before, "cancelled", reason, r.attempt_number) for r in rows], now)
    return len(rows)
