"""Paper forms: made for one wave of one person, printed without a name, and typed over twice."""

from __future__ import annotations

import uuid

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from service.api import words
from service.api.access import allow
from service.api.assisted import ON_A_PAGE, PrintedPage, chosen
from service.api.context import actor, services
from service.api.forms import Form
from service.api.saying import in_language
from service.followup.paper_forms import Turn
from service.followup.problem import Refusal
from service.measures.instrument import NO_ANSWER
from service.messages.paper_codes import spaced
from service.usecases.access import Action
from service.usecases.discard_paper_entry import discard_paper_entry
from service.usecases.enter_paper import enter_paper
from service.usecases.find_paper_form import find_paper_form
from service.usecases.make_paper_form import make_paper_form
from service.usecases.show_paper_entry import PaperEntryView, show_paper_entry
from service.usecases.show_paper_form import show_paper_form
from service.usecases.show_paper_forms import show_paper_forms
from service.usecases.steps.answers import Closed
from service.usecases.steps.asking import Asking

blueprint = Blueprint("paper", __name__)

FORM = "/deelnemers/<uuid:participant_id>/papier/<uuid:measurement_id>"


@blueprint.get(FORM)
@allow(Action.ENTER_ANSWERS)
def about_form(participant_id: uuid.UUID, measurement_id: uuid.UUID) -> ResponseReturnValue:
    """What the form is; the button makes it."""
    return _about(show_paper_form(services(), actor(), participant_id, measurement_id).asking, Form())


@blueprint.post(FORM)
@allow(Action.ENTER_ANSWERS)
def make(participant_id: uuid.UUID, measurement_id: uuid.UUID) -> ResponseReturnValue:
    """Make the form and show it, ready to print."""
    try:
        make_paper_form(services(), actor(), participant_id, measurement_id)
    except Refusal as refusal:
        form = Form()
        form.take(refusal)
        return _about(show_paper_form(services(), actor(), participant_id, measurement_id).asking, form), 400
    return redirect(f"/deelnemers/{participant_id}/papier/{measurement_id}/formulier")


@blueprint.get(f"{FORM}/formulier")
@allow(Action.ENTER_ANSWERS)
def printed(participant_id: uuid.UUID, measurement_id: uuid.UUID) -> ResponseReturnValue:
    """The form itself. Before it was made there is none: the button that makes it stands on the page before."""
    found = show_paper_form(services(), actor(), participant_id, measurement_id)
    if found.code is None:
        return redirect(_base(found.asking))
    numbered = list(enumerate(found.asking.items, start=1))
    return render_template(
        "assisted/form.html",
        asking=found.asking,
        code=spaced(found.code),
        pages=[PrintedPage(numbered[at : at + ON_A_PAGE]) for at in range(0, len(numbered), ON_A_PAGE)],
        texts=_form_texts(found.asking),
        back=f"/deelnemers/{participant_id}",
    )


@blueprint.route("/papier", methods=["GET", "POST"])
@allow(Action.ENTER_ANSWERS)
def forms() -> ResponseReturnValue:
    """Find a form by its code, and the forms that wait for the second time."""
    form = Form(request.form)
    if request.method == "POST":
        try:
            return redirect(f"/papier/{find_paper_form(services(), actor(), form.value('code')[:100])}")
        except Refusal as refusal:
            form.take(refusal)
    waiting, at = show_paper_forms(services(), actor())
    shown = render_template("assisted/papers.html", form=form, waiting=waiting, at=at, spaced=spaced)
    return (shown, 400) if form.problems else shown


@blueprint.get("/papier/<uuid:measurement_id>")
@allow(Action.ENTER_ANSWERS)
def entry(measurement_id: uuid.UUID) -> ResponseReturnValue:
    """The turn that is to be typed now. Nothing that was typed before stands on it."""
    return _entry(show_paper_entry(services(), actor(), measurement_id), Form())


@blueprint.post("/papier/<uuid:measurement_id>")
@allow(Action.ENTER_ANSWERS)
def type_over(measurement_id: uuid.UUID) -> ResponseReturnValue:
    """Take one turn."""
    found = show_paper_entry(services(), actor(), measurement_id)
    form = Form(request.form)
    try:
        day = form.day("filled_in_on")
        form.refuse()
        turn = _turn(form)
        call = form.value("call") == "ja"
        following = enter_paper(
            services(), actor(), measurement_id, chosen(found.asking, form), day, turn, call_wanted=call
        )
    except Refusal as refusal:
        form.take(refusal)
        return _entry(found, form), 400
    if following is Turn.DECISION:
        return redirect(f"/papier/{measurement_id}")
    flash(
        _("Het formulier is bewaard. U kunt het papier nu vernietigen.")
        if following is None
        else _("De eerste keer is bewaard. Het formulier wacht op een tweede keer invoeren.")
    )
    return redirect("/papier")


@blueprint.post("/papier/<uuid:measurement_id>/weg")
@allow(Action.ENTER_ANSWERS)
def discard(measurement_id: uuid.UUID) -> ResponseReturnValue:
    """Throw away what was typed over."""
    discard_paper_entry(services(), actor(), measurement_id)
    flash(_("Wat was overgetypt is weggegooid."))
    return redirect("/papier")


def _turn(form: Form) -> Turn:
    """The turn of the page that was sent; a page without one is the first."""
    wanted = form.value("turn")
    return Turn(wanted) if wanted in list(Turn) else Turn.FIRST


def _base(asking: Asking) -> str:
    return f"/deelnemers/{asking.participant_id}/papier/{asking.measurement_id}"


def _about(asking: Asking, form: Form) -> str:
    closed = "" if asking.closed in (None, Closed.NOT_YET) else words.closed(asking.closed)
    return render_template(
        "assisted/make.html",
        asking=asking,
        form=form,
        wave=in_language(asking.wave),
        closed=closed,
        base=_base(asking),
    )


def _entry(found: PaperEntryView, form: Form) -> str:
    asking, differing = found.asking, found.differing
    deciding = found.turn is Turn.DECISION
    items = list(enumerate(asking.items, start=1))
    headings = {
        Turn.FIRST: _("Formulier overtypen"),
        Turn.SECOND: _("Tweede keer overtypen"),
        Turn.DECISION: _("Kijk nog eens op het papier"),
    }
    sayings = {
        Turn.FIRST: _("Typ over wat er op het papier staat, ook als u denkt dat het anders bedoeld is."),
        Turn.SECOND: _("Typ het formulier nog eens over. De eerste keer ziet u niet: zo valt een tikfout op."),
        Turn.DECISION: _("De twee keren zijn niet gelijk. Kijk op het papier en kies wat er echt staat."),
    }
    return render_template(
        "assisted/entry.html",
        found=found,
        form=form,
        turn=found.turn.value,
        heading=headings[found.turn],
        saying=sayings[found.turn],
        wave=in_language(asking.wave),
        code=spaced(found.code),
        closed=words.closed(found.closed) if found.closed else "",
        shown=[(number, item) for number, item in items if not deciding or item.number in differing.items],
        ask_day=not deciding or differing.day,
        no_answer=NO_ANSWER,
    )


def _form_texts(asking: Asking) -> dict[str, str]:
    """What stands on the form beside the questions, in their language."""
    sender = asking.sender
    with force_locale(asking.language):
        return {
            "title": _("Hoe gaat het met u?"),
            "free": _(
                "Meedoen hoeft niet en kost niets. Zet bij elke zin één kruisje. Uw naam staat niet op dit papier;"
                " alleen de onderzoeker leest uw antwoorden. Vragen? Bel %(name)s: %(phone)s.",
                name=sender.coordinator,
                phone=sender.phone,
            ),
            "refuse": _("liever geen antwoord"),
            "call": _("Wilt u dat wij u bellen?"),
            "yes": _("ja"),
            "no": _("nee"),
            "day": _("Datum van vandaag:"),
            "next": _("De vragen gaan verder op het volgende blad."),
            "back": _(
                "Dank u wel. Geef dit papier terug aan %(name)s van %(organisation)s, of stuur het in de envelop.",
                name=sender.coordinator,
                organisation=sender.organisation,
            ),
        }
