"""The coordinator's pages: whom to call today, the participants, and one participant."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from service.api import words
from service.api.access import allow, signed_in
from service.api.context import actor, services
from service.api.language import day
from service.api.saying import in_language
from service.usecases.access import Action, may
from service.usecases.mark_reply_read import mark_reply_read
from service.usecases.show_participant import CallLine, ParticipantView, show_participant
from service.usecases.show_participants import Filter, show_participants
from service.usecases.show_ways_to_answer import show_ways_to_answer
from service.usecases.show_worklist import Worklist, show_worklist

blueprint = Blueprint("coordinator", __name__)

#: A question that went out and arrived is no news: the line that says the answers are in stands for all of them.
ARRIVED = ("accepted", "sent", "delivered")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a participant's story; `done` is false for what is still to come."""

    at: datetime
    words: str
    done: bool
    human: bool = False  # people were in touch; nothing the service did by itself


@blueprint.get("/")
@signed_in
def today() -> ResponseReturnValue:
    """Whom to call today; other roles begin at the programmes."""
    if not may(actor(), Action.SEE_WORKLIST):
        return redirect("/programmas")
    found = show_worklist(services(), actor())
    return render_template(
        "coordinator/worklist.html",
        list=found,
        summary={"waiting": _waiting(found), "alerts": _alerts(found)},
        reason=lambda call: words.call_reason(call.reason, call.closes_at, found.at),
        outcome=words.call_outcome,
    )


@blueprint.post("/antwoorden/<uuid:reply_id>/gelezen")
@allow(Action.READ_REPLIES)
def reply_read(reply_id: uuid.UUID) -> ResponseReturnValue:
    """Take a reply off the list."""
    mark_reply_read(services(), actor(), reply_id)
    return redirect("/")


@blueprint.get("/deelnemers")
@allow(Action.SEE_PARTICIPANTS)
def participants() -> ResponseReturnValue:
    """The list, searched and filtered."""
    asked = request.args.get("toon", "all")
    only = Filter(asked) if asked in list(Filter) else Filter.ALL
    search = request.args.get("zoek", "")[:100]
    page = request.args.get("pagina", 1, type=int)
    filters = (
        (Filter.ALL, _("Iedereen")),
        (Filter.DUE, _("Vragenlijst open")),
        (Filter.OVERDUE, _("Over tijd")),
        (Filter.UNREACHABLE, _("Niet bereikbaar")),
    )
    return render_template(
        "coordinator/participants.html",
        list=show_participants(services(), actor(), search=search, only=only, page=page),
        search=search,
        only=only.value,
        filters=[(key.value, title) for key, title in filters],
        channel=words.channel,
    )


@blueprint.get("/deelnemers/<uuid:participant_id>")
@allow(Action.SEE_PARTICIPANTS)
def participant(participant_id: uuid.UUID) -> ResponseReturnValue:
    """One participant."""
    found = show_participant(services(), actor(), participant_id)
    return render_template(
        "coordinator/participant.html",
        found=found,
        summary=_standing(found),
        timeline=_timeline(found),
        contacts=_contacts(found),
        contact_words=_contact,
        wish_name=words.wish,
        open_wave=any(m.opens_at <= found.at < m.closes_at and m.completed_at is None for m in found.measurements),
        ways=show_ways_to_answer(services(), actor(), participant_id),
        wave_name=in_language,
        channel=words.channel,
        reach_name=words.reach_name,
        reach_state=lambda reach: words.reach_state(reach.state, reach.stopped),
        exit_name=words.exit_kind,
        purpose_name=words.purpose,
        taken_name=words.taken_how,
    )


def _waiting(found: Worklist) -> str:
    count = len({call.participant_id for call in found.calls})
    if not count:
        return str(_("Niemand wacht op een telefoontje."))
    return str(ngettext("Eén persoon wacht op een telefoontje.", "%(num)s mensen wachten op een telefoontje.", count))


def _alerts(found: Worklist) -> str:
    count = sum(not alert.taken_on for alert in found.alerts)
    if not count:
        return ""
    return str(ngettext("Eén melding vraagt nu om een reactie.", "%(num)s meldingen vragen nu om een reactie.", count))


def _standing(found: ParticipantView) -> str:
    if found.person.died_on is not None:
        return str(_("Overleden. Er gaan geen berichten meer uit."))
    running = [m for m in found.measurements if m.opens_at <= found.at < m.closes_at]
    waiting = [m for m in running if m.completed_at is None]
    if waiting:
        text = _("Er staat een vragenlijst open, tot %(day)s.", day=day(waiting[0].closes_at))
    elif running:
        text = _("De vragenlijst van nu is beantwoord.")
    else:
        text = _("Er staat nu geen vragenlijst open.")
    coming = [m for m in found.measurements if m.opens_at > found.at and m.status == "scheduled"]
    if coming and not waiting:
        text += " " + _("De volgende komt op %(day)s.", day=day(coming[0].opens_at))
    return str(text)


def _contact(call: CallLine) -> str:
    """One contact between people."""
    if call.kind == "call":
        text = _("Gebeld door %(who)s: %(how)s", who=call.made_by, how=words.call_outcome(call.outcome).lower())
    else:
        text = _("%(kind)s, %(who)s", kind=words.contact_kind(call.kind), who=call.made_by)
        if not call.two_way:
            text += _(", van één kant")
    return text + (_(", %(n)s minuten", n=call.minutes) if call.minutes else "")


def _contacts(found: ParticipantView) -> str:
    """How much people were in touch lately, apart from what the service sent by itself."""
    since = found.at - timedelta(days=30)
    lately = [call for call in found.calls if call.at >= since]
    sent = [m for m in found.messages if m.state in ARRIVED and since <= m.at <= found.at]
    both = sum(call.two_way for call in lately)
    return " ".join(
        (
            _("In de laatste 30 dagen:"),
            ngettext("%(num)s keer persoonlijk contact", "%(num)s keer persoonlijk contact", len(lately)),
            _("(%(n)s over en weer),", n=both),
            ngettext("%(num)s automatisch bericht.", "%(num)s automatische berichten.", len(sent)),
        )
    )


def _timeline(found: ParticipantView) -> list[Entry]:
    entries = [
        Entry(
            m.at,
            ", ".join(
                part
                for part in (
                    words.message_kind(m.kind),
                    words.channel(m.channel or ""),
                    words.message_state(m.state, m.reason),
                )
                if part
            ),
            m.at <= found.at,
        )
        for m in found.messages
        if m.state != "cancelled" and not (m.kind == "conversation" and m.state in ARRIVED)
    ]
    for measurement in found.measurements:
        if measurement.completed_at is not None:
            text = _("Antwoorden binnen, %(mode)s", mode=words.mode(measurement.mode))
            entries.append(Entry(measurement.completed_at, text, done=True))
        elif measurement.first_answer_at is not None:
            entries.append(Entry(measurement.first_answer_at, _("Begonnen met antwoorden"), done=True))
    entries += [Entry(call.at, _contact(call), done=True, human=True) for call in found.calls]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)
