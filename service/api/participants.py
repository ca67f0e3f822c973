"""Registering people: one at a time, or from a list."""

from __future__ import annotations

import base64
import binascii
import zlib

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from service.api import words
from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form, sentence, sentences
from service.followup.consent import LegalBasis, Purpose, TakenHow
from service.followup.form_of_address import FORMAL, INFORMAL
from service.followup.problem import Problem, Refusal
from service.followup.registration import Given, IntakeForm, NewParticipant
from service.usecases.access import Action
from service.usecases.enrol_participant import enrol_participant
from service.usecases.import_participants import Import, RowState, import_participants
from service.usecases.show_registration import show_registration

blueprint = Blueprint("participants", __name__)

#: How large a list may be once it is unpacked.
MOST_BYTES = 4 * 1024 * 1024
#: So many rows stand on the page; the counts above them are of all rows.
MOST_SHOWN = 200


@blueprint.route("/deelnemers/nieuw", methods=["GET", "POST"])
@allow(Action.CHANGE_PARTICIPANTS)
def new() -> ResponseReturnValue:
    """Register one person."""
    form = Form(request.form)
    if request.method == "GET":
        return _registration(form)
    try:
        enrolled = enrol_participant(services(), actor(), _participant(form))
    except Refusal as refusal:
        form.take(refusal)
        return _registration(form), 400
    flash(_("Ingeschreven. Het herkenningswoord is %(word)s.", word=enrolled.recognition_word))
    for note in sentences(enrolled.notes):
        flash(note, "warn")
    return redirect(f"/deelnemers/{enrolled.participant_id}")


@blueprint.route("/deelnemers/inlezen", methods=["GET", "POST"])
@allow(Action.CHANGE_PARTICIPANTS)
def read_list() -> ResponseReturnValue:
    """Choose a list, look at what it means, and only then register its people."""
    form = Form(request.form)
    if request.method == "GET":
        return _list(form)
    try:
        data = _data(form)
        apply = form.value("apply") == "ja"
        found = import_participants(services(), actor(), form.identity("programme_id"), data, apply=apply)
    except Refusal as refusal:
        form.take(refusal)
        return _list(form), 400
    if found.applied:
        count = found.count(RowState.NEW) + found.count(RowState.AGAIN)
        flash(ngettext("%(num)s mens ingeschreven.", "%(num)s mensen ingeschreven.", count))
        return redirect("/deelnemers")
    return _list(form, found, base64.b64encode(zlib.compress(data)).decode())


def wordings() -> dict[Purpose, str]:
    """What a person agrees to, in the words that are kept with the consent."""
    return {
        Purpose.QUESTIONS: _("U mag mij een paar keer per jaar vragen stellen en mijn antwoorden bewaren."),
        Purpose.SMS: _("U mag mij sms’en sturen."),
        Purpose.EMAIL: _("U mag mij e-mails sturen."),
        Purpose.PHONE: _("U mag mij bellen."),
        Purpose.ENCOURAGEMENT: _("U mag mij af en toe een bericht sturen om mee te blijven doen."),
        Purpose.SHARING: _("U mag mijn antwoorden, zonder mijn naam, gebruiken om de hulp te verbeteren."),
    }


def given_by(form: Form) -> dict[Purpose, Given]:
    """The consents that were ticked. Raises Refusal for a choice that does not exist."""
    try:
        basis, how = LegalBasis(form.value("legal_basis")), TakenHow(form.value("taken_how"))
        said = wordings()
        return {Purpose(one): Given(basis, how, said[Purpose(one)]) for one in form.several("purposes")}
    except ValueError as error:
        raise Refusal(Problem("choice_unknown", "purposes")) from error


def consent_choices() -> dict[str, list[tuple[str, str]]]:
    """The choices of the part of a form that asks consent."""
    return {
        "purposes": [(purpose.value, text) for purpose, text in wordings().items()],
        "legal_basis": [("consent", _("toestemming van de persoon")), ("public_task", _("publieke taak"))],
        "taken_how": [(one.value, words.taken_how(one)) for one in TakenHow],
    }


def contact_choices() -> dict[str, list[tuple[str, str]]]:
    """The choices of the part of a form that asks how to reach somebody."""
    return {
        "channels": [(one, words.channel(one)) for one in ("sms", "email", "phone")],
        "languages": [("nl", _("Nederlands")), ("en", _("Engels"))],
        "forms_of_address": [(FORMAL, _("u")), (INFORMAL, _("je"))],
    }


def arm_choices() -> list[tuple[str, str]]:
    """The ways somebody can belong to a programme."""
    return [
        ("intervention", _("doet mee aan de hulp")),
        ("waiting_list", _("staat op de wachtlijst")),
        ("comparison", _("hoort bij de vergelijkingsgroep")),
    ]


def _registration(form: Form) -> str:
    levels = [(str(one), str(one)) for one in range(1, 6)]
    return render_template(
        "participants/new.html",
        form=form,
        programmes=[(one.id, f"{one.name}, {one.site}") for one in show_registration(services(), actor())],
        arms=arm_choices(),
        known=next((str(one.values["participant_id"]) for one in form.problems if one.key == "participant_known"), ""),
        levels=[("", _("niet besproken")), *levels],
        causes=[
            ("individual", _("in de persoon zelf")),
            ("network_change", _("verandering in het netwerk")),
            ("societal", _("in de samenleving")),
        ],
        risk_factors=[
            ("high_age", _("hoge leeftijd")),
            ("living_alone", _("woont alleen")),
            ("small_network", _("klein netwerk")),
            ("partner_lost", _("partner verloren")),
            ("poor_health", _("zwakke gezondheid")),
            ("low_control", _("weinig grip op het leven")),
            ("low_income", _("laag inkomen")),
        ],
        prevention_levels=[
            ("", _("niet gekozen")),
            ("protect", _("beschermen, zonder risicofactoren")),
            ("at_risk", _("steun bij risicofactoren")),
            ("early_support", _("voorkomen dat het erger wordt")),
        ],
        **consent_choices(),
        **contact_choices(),
    )


def _participant(form: Form) -> NewParticipant:
    programme_id = form.identity("programme_id")
    intake = _intake(form)
    birth_year = form.number("birth_year")
    form.refuse()
    return NewParticipant(
        first_name=form.value("first_name"),
        last_name=form.value("last_name"),
        programme_id=programme_id,
        birth_year=birth_year,
        mobile=form.value("mobile"),
        email=form.value("email"),
        landline=form.value("landline"),
        preferred_channel=form.value("preferred_channel"),
        language=form.value("language"),
        form_of_address=form.value("form_of_address") or FORMAL,
        arm=form.value("arm", "intervention"),
        consents=given_by(form),
        intake=intake,
    )


def _intake(form: Form) -> IntakeForm | None:
    taken_on = form.day("taken_on")
    if taken_on is None:
        others = ("know", "want", "can", "causes", "risk_factors", "prevention_level", "referrer")
        if any(form.value(name) for name in others):
            form.problems.append(Problem("required", "taken_on"))
        return None
    return IntakeForm(
        taken_on=taken_on,
        know=form.number("know"),
        want=form.number("want"),
        can=form.number("can"),
        causes=form.several("causes"),
        risk_factors=form.several("risk_factors"),
        prevention_level=form.value("prevention_level") or None,
        referrer=form.value("referrer"),
    )


def _data(form: Form) -> bytes:
    upload = request.files.get("file")
    if upload is not None and upload.filename:
        data: bytes = upload.read()
        return data
    try:
        # The list that was looked at comes back with the page; it is unpacked no further than a list may be.
        return zlib.decompressobj().decompress(base64.b64decode(form.value("seen"), validate=True), MOST_BYTES)
    except (binascii.Error, ValueError, zlib.error) as error:
        raise Refusal(Problem("required", "file")) from error


def _list(form: Form, found: Import | None = None, seen: str = "") -> str:
    states = {
        RowState.NEW: (_("nieuw"), "good"),
        RowState.AGAIN: (_("doet nu ook hier mee"), "good"),
        RowState.KNOWN: (_("staat er al"), "none"),
        RowState.WRONG: (_("klopt niet"), "bad"),
    }
    rows = sorted(found.rows, key=lambda row: row.state != RowState.WRONG)[:MOST_SHOWN] if found else []
    return render_template(
        "participants/import.html",
        form=form,
        programmes=[(one.id, f"{one.name}, {one.site}") for one in show_registration(services(), actor())],
        found=found,
        rows=[(row, *states[row.state], [sentence(one) for one in row.problems]) for row in rows],
        notes=sentences(found.notes) if found else [],
        seen=seen,
        new=found.count(RowState.NEW) if found else 0,
        again=found.count(RowState.AGAIN) if found else 0,
        known=found.count(RowState.KNOWN) if found else 0,
        wrong=found.count(RowState.WRONG) if found else 0,
    )
