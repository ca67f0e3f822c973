"""Plan again for people who are enrolled: another version of their protocol, or an anchor that moved."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from service.followup.consent import Purpose, permits
from service.followup.participation import Arm
from service.followup.planning import Anchors, plan
from service.followup.protocol import Protocol
from service.followup.replanning import Fate, WaveChange, compare
from service.messages.links import Links
from service.store import contacts, participants, plans, programmes, replans
from service.store.listen import notify
from service.store.plans import NewMeasurement, NewMessage
from service.store.replans import Spell, WaveForm
from service.store.session import Session
from service.usecases.services import Services
from service.usecases.steps.follow_up import why_call


@dataclass(frozen=True, slots=True)
class Replan:
    """What changes for one enrolment. `by_call`: nothing is written to this person, somebody calls."""

    spell: Spell
    changes: tuple[WaveChange, ...]
    by_call: bool


def anchor_known(
    services: Services, session: Session, org_id: uuid.UUID, enrolment_ids: Iterable[uuid.UUID]
) -> list[Replan]:
    """An anchor of these enrolments became known, moved or went: plan the waves that count from it, move or cancel
    those that have not started. Call it after writing the anchor, in the same transaction."""
    spells = replans.spells(session, enrolment_ids)
    replans.lock(session, [spell.id for spell in spells])
    done: list[Replan] = []
    for protocol_id in sorted({spell.protocol_id for spell in spells}):
        stored = programmes.read_protocol_version(session, protocol_id)
        if stored is None:
            continue
        protocol = services.protocols.read(stored.source, services.instruments)
        own = [spell for spell in spells if spell.protocol_id == protocol_id]
        replanned = work_out(services, session, own, protocol)
        write(services, session, org_id, replanned, protocol)
        done += replanned
    return done


def work_out(services: Services, session: Session, spells: Sequence[Spell], protocol: Protocol) -> list[Replan]:
    """What this protocol would change for each of these enrolments; nothing is written.

    Nobody is asked anything new who died or does not agree to questions.
    """
    now = services.now()
    people = [spell.participant_id for spell in spells]
    consents = participants.consents_by_person(session, people)
    kinds = contacts.kinds_in_use(session, people)
    present = replans.waves_now(session, [spell.id for spell in spells])
    zone = ZoneInfo(protocol.time_zone)
    found: list[Replan] = []
    for spell in spells:
        given = consents[spell.participant_id]
        if spell.died_on is not None or not permits(given, Purpose.QUESTIONS, now):
            continue
        start = spell.started_at.astimezone(zone).replace(tzinfo=None)
        anchors = Anchors(start, spell.first_activity_on, spell.programme_ends_on)
        planned = plan(protocol, anchors, arm=Arm(spell.arm))
        changes = compare(present[spell.id], planned, now, protocol.time_zone)
        by_call = why_call(spell.preferred_channel, given, kinds[spell.participant_id], now) is not None
        found.append(Replan(spell, changes, by_call))
    return found


def write(
    services: Services, session: Session, org_id: uuid.UUID, replanned: Sequence[Replan], protocol: Protocol
) -> None:
    """Write these changes. The rows must be locked (`replans.lock`) before they were worked out."""
    now = services.now()
    for one in replanned:
        form = _form(services, one.spell, protocol)
        moves = {
            change.old.id: (change.new, form)
            for change in one.changes
            if change.old is not None and change.new is not None
        }
        replans.move_measurements(session, moves)
        gone = [change.old.id for change in one.changes if change.old and change.fate is Fate.CANCELLED]
        replans.cancel_measurements(session, gone)
        plans.save_measurements(session, org_id, list(_added(services, one, form)))
        for change in one.changes:
            replans.change_messages(session, org_id, change.messages, protocol.time_zone, now)
    kept = plans.planned_measurements(session, [one.spell.id for one in replanned])
    new = [row for one in replanned for row in _messages(one, kept[one.spell.id], protocol)]
    plans.save_messages(session, org_id, new, now)
    notify(session)


def _form(services: Services, spell: Spell, protocol: Protocol) -> WaveForm:
    instrument = services.instruments[protocol.instrument]
    language = spell.language if spell.language in instrument.languages else protocol.language
    return WaveForm(instrument.key, instrument.version, language, protocol.time_zone)


def _added(services: Services, one: Replan, form: WaveForm) -> Iterable[NewMeasurement]:
    for change in one.changes:
        if change.old is not None or change.new is None:
            continue
        measurement_id = uuid.uuid4()
        yield NewMeasurement(
            id=measurement_id,
            enrolment_id=one.spell.id,
            participant_id=one.spell.participant_id,
            wave=change.new.wave,
            position=change.new.position,
            instrument=form.instrument,
            instrument_version=form.instrument_version,
            language=form.language,
            time_zone=form.time_zone,
            target_on=change.new.target_on,
            opens_at=change.new.opens_at,
            closes_at=change.new.closes_at,
            link_digest=Links.digest(services.links.token(measurement_id)),
        )


def _messages(one: Replan, kept: Mapping[str, plans.Planned], protocol: Protocol) -> Iterable[NewMessage]:
    if one.by_call:
        return
    for wave in one.changes:
        for change in wave.messages:
            if change.fate is not Fate.ADDED or change.new is None:
                continue
            yield NewMessage(
                participant_id=one.spell.participant_id,
                enrolment_id=one.spell.id,
                measurement_id=kept[wave.wave].id,
                kind=change.new.kind,
                text_key="",
                local_at=change.new.local_at,
                time_zone=protocol.time_zone,
                due_at=change.new.due_at,
                expires_at=change.new.expires_at,
                dedupe_key=replans.dedupe_key(one.spell.id, change.new.key, change.turn),
            )
