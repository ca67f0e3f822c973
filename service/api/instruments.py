"""The questionnaires that this installation knows: what they ask, how they are scored, what may be done with them."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from service.api import saying
from service.api.access import signed_in
from service.api.context import services
from service.api.language import current
from service.measures.instrument import Formula, Instrument, Polarity
from service.usecases.access import NotFound

blueprint = Blueprint("instruments", __name__)


@blueprint.get("/instrumenten")
@signed_in
def catalogue() -> ResponseReturnValue:
    """All of them, in the order of their keys."""
    found = services().instruments
    return render_template("evaluator/catalogue.html", found=[found[key] for key in sorted(found)], **_words())


@blueprint.get("/instrumenten/<key>")
@signed_in
def instrument(key: str) -> ResponseReturnValue:
    """One questionnaire, word for word."""
    found = services().instruments.get(key)
    if found is None:
        raise NotFound(key)
    return render_template("evaluator/instrument.html", i=found, shown_in=_shown_in(found), **_words())


def _words() -> dict[str, object]:
    return {"say": saying.in_language, "formula": _formula, "which_way": _which_way}


def _shown_in(found: Instrument) -> str:
    """The language in which the questions are shown: that of the page, where they exist in it."""
    return current() if current() in found.languages else min(found.languages)


def _formula(formula: Formula) -> str:
    return {
        Formula.COUNT_LONELY: _("telt de antwoorden die op eenzaamheid wijzen"),
        Formula.SUM: _("telt de getallen van de antwoorden op"),
        Formula.ORDINAL: _("het getal van het ene antwoord"),
    }[formula]


def _which_way(polarity: Polarity) -> str:
    return _("hoger is gunstiger") if polarity is Polarity.HIGHER_IS_BETTER else _("hoger is ongunstiger")
