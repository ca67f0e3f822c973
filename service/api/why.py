"""What one person gets, and why (not): a sentence for each message, before and after the fact."""

from __future__ import annotations

import uuid

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.api import words
from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form
from service.api.language import clock, day
from service.followup.delivery import Verdict
from service.usecases.access import Action
from service.usecases.explain_messages import Entry, explain_messages

blueprint = Blueprint("why", __name__)


@blueprint.get("/deelnemers/<uuid:participant_id>/waarom")
@allow(Action.SEE_PARTICIPANTS)
def why(participant_id: uuid.UUID) -> ResponseReturnValue:
    """Every message of this person, or those of one day."""
    form = Form(request.args)
    on = form.day("dag")
    return render_template(
        "coordinator/why.html",
        found=explain_messages(services(), actor(), participant_id, on),
        form=form,
        on=on,
        title=_title,
        sentence=_sentence,
        step=lambda one: words.message_state(one.state, one.reason),
    )


def _title(entry: Entry) -> str:
    """What it is and by which way."""
    parts = (words.message_kind(entry.kind), entry.wave or "", words.channel(entry.channel or ""))
    return ", ".join(part for part in parts if part)


def _sentence(entry: Entry) -> str:
    """What became of it, or will on today's facts."""
    if entry.foreseen is None:
        return _past(entry)
    if entry.foreseen is Verdict.SEND:
        goes = _("Gaat op %(day)s om %(time)s.", day=day(entry.at, "EEEE d MMMM y"), time=clock(entry.at))
        return f"{goes} {_waiting(entry.reason)}".rstrip()
    if entry.foreseen is Verdict.POSTPONE:
        return _("Wordt nog niet verstuurd.") + " " + _waiting(entry.reason)
    if entry.foreseen is Verdict.EXPIRE:
        return _("Wordt niet verstuurd: voordat het mag, is de vragenlijst dicht.")
    return _("Wordt niet verstuurd: %(why)s.", why=_against(entry.reason))


def _past(entry: Entry) -> str:
    if entry.state in ("suppressed", "cancelled"):
        return _("Niet verstuurd: %(why)s.", why=_against(entry.reason))
    return {
        "sending": _("Wordt nu verstuurd."),
        "unknown": _("Onzeker of het is verstuurd. We zoeken het uit en sturen het niet zomaar nog eens."),
        "accepted": _("Verstuurd. We weten nog niet of het is aangekomen."),
        "sent": _("Verstuurd. We weten nog niet of het is aangekomen."),
        "delivered": _("Verstuurd en aangekomen."),
        "undelivered": _("Verstuurd, maar niet aangekomen."),
        "failed": _("Niet verstuurd: de telefoon- of e-maildienst weigerde het bericht."),
        "needs_review": _("Onzeker of het is verstuurd: kijk dit na."),
        "expired": _("Niet verstuurd: voordat het mocht, was de vragenlijst dicht."),
    }.get(entry.state, entry.state)


def _waiting(reason: str) -> str:
    """What a message waits for."""
    return {
        "": "",
        "not_due": "",
        "quiet_hours": _("Het wacht op de open uren."),
        "just_asked": _("Het wacht: over deze vragen is net een bericht verstuurd."),
        "rest_days": _("Het wacht: deze persoon heeft deze dagen liever niets."),
        "cap_per_day": _("Het wacht: deze persoon kreeg al genoeg berichten op één dag."),
        "cap_per_30_days": _("Het wacht: deze persoon kreeg al genoeg berichten in 30 dagen."),
        "number_in_conversation": _("Het wacht: op dit nummer loopt nog een ander gesprek."),
        "words_to_read": _("Het wacht: lees eerst wat deze persoon schreef."),
        "alert_open": _("Het wacht: er is een melding over deze persoon die nog niet is afgerond."),
        "paused": _("Het wacht: deze persoon vroeg om een pauze."),
        "near_questionnaire": _("Het wacht: rond vragen sturen we twee dagen niets anders."),
        "in_conversation": _("Het wacht: deze persoon is nog bezig met vragen."),
        "after_alert": _("Het wacht: na een melding sturen we veertien dagen geen aanmoediging."),
        "bereavement": _("Het wacht: deze persoon is in de rouw."),
        "missed_call": _("Het wacht: er werd gebeld en niet opgenomen. Spreek deze persoon eerst."),
        "encouraged_lately": _("Het wacht: deze persoon kreeg kort geleden al een aanmoediging."),
        "questions_first": _("Het wacht: vragen gaan voor."),
        "channel_not_ready": _("Sms of e-mail is nog niet ingesteld."),
    }.get(reason, _("Het wacht: de vorige poging lukte niet."))


def _against(reason: str) -> str:
    """Why a message is not sent."""
    return {
        "stopped": _("deze persoon stuurde STOP of meldde zich af"),
        "no_channel": _("er is geen nummer of adres waar een bericht heen mag"),
        "wrong_number": _("het nummer klopt niet"),
        "window_closed": _("de vragenlijst is dicht"),
        "withdrawn": _("de toestemming is ingetrokken"),
        "died": _("overleden"),
        "refused": _("deze persoon wil deze vragen liever niet beantwoorden"),
    }.get(reason) or words.suppression(reason)
