"""Is this message from us? A page for anybody, without log-in, cookie or script; nothing that is pasted is kept."""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale
from flask_babel import gettext as _

from service.api.access import public, without_form_token
from service.api.context import services
from service.api.forms import Form
from service.api.language import LANGUAGES, day
from service.followup.problem import Refusal
from service.usecases.check_message import Checked, Verdict, check_message

blueprint = Blueprint("genuine", __name__)


@dataclass(frozen=True, slots=True)
class Said:
    """What we know about it, and what to do."""

    title: str
    lines: tuple[str, ...] = ()


@blueprint.after_request
def keep_to_ourselves(response: Response) -> Response:
    """What somebody pasted may hold a secret address: no cache keeps the answer."""
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["Cache-Control"] = "no-store"
    return response


@blueprint.get("/echt")
@public
def check() -> ResponseReturnValue:
    """How to recognise us, and where to paste a message."""
    with force_locale(_language()):
        return _page(check_message(services(), ""), Form())


@blueprint.post("/echt")
@public
@without_form_token
def answer() -> ResponseReturnValue:
    """What we know about it."""
    form = Form(request.form)
    with force_locale(_language()):
        try:
            found = check_message(services(), request.form.get("bericht", ""))
        except Refusal as refusal:
            form.take(refusal)
            return _page(check_message(services(), ""), form), HTTPStatus.BAD_REQUEST
        return _page(found, form)


def _language() -> str:
    asked = request.args.get("taal", LANGUAGES[0])
    return asked if asked in LANGUAGES else LANGUAGES[0]


def _page(found: Checked, form: Form) -> str:
    return render_template(
        "own/genuine.html", view=None, known=found, said=_said(found), form=form, language=_language()
    )


def _said(found: Checked) -> Said | None:
    if found.verdict is Verdict.NOTHING:
        return None
    if found.verdict is Verdict.OURS and found.sent is not None:
        sent = found.sent
        title = _("Ja, dit bericht is van %(organisation)s.", organisation=sent.organisation)
        how = _("Wij stuurden het op %(day)s.", day=day(sent.at))
        return Said(title, (how, _("Het nummer van %(name)s is %(phone)s.", name=sent.organisation, phone=sent.phone)))
    careful = (_careful(found), _("Doe er niets mee tot u het zeker weet. Bel ons met een nummer dat u al had."))
    known = {
        Verdict.LINK_OURS: Said(
            _("Ja, deze link is van ons."),
            (_("Let op: iedereen kan een link in een bericht zetten. Kijk ook naar uw codewoord."),),
        ),
        Verdict.NUMBER_OURS: Said(
            _("Ja, dit nummer is van ons."),
            (_("Let op: een ander kan een nummer nadoen. Kijk ook naar uw codewoord."),),
        ),
        Verdict.LINK_OTHER: Said(
            _("Deze link is niet van ons."), (_("Onze links beginnen met %(host)s.", host=found.host), careful[1])
        ),
        Verdict.NUMBER_OTHER: Said(_("Vanaf dit nummer sturen wij geen sms."), (careful[1],)),
    }
    return known.get(found.verdict, Said(_("Wij kennen dit bericht niet."), careful))


def _careful(found: Checked) -> str:
    if found.other_host:
        return _("Er staat een link in die niet van ons is: %(host)s.", host=found.other_host)
    return _("Misschien is het niet helemaal overgenomen, of is het een e-mail. Het kan ook van iemand anders zijn.")
