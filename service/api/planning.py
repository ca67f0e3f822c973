"""How many participants a wanted answer takes: a form with an answer. A GET, so that a plan can be sent as a link."""

from __future__ import annotations

import math

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext

from service.api import saying
from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form
from service.api.language import decimal, percent
from service.followup.problem import Problem
from service.measures.estimate import NotEstimable
from service.measures.power import Loss
from service.measures.study_size import NAMED_SDS, Aim, Answer, Wish
from service.usecases.access import Action
from service.usecases.plan_size import plan_size

blueprint = Blueprint("planning", __name__)

OWN = "own"


@blueprint.get("/plannen")
@allow(Action.PLAN_SIZE)
def planning() -> ResponseReturnValue:
    """The form; with the answer when something was asked."""
    form = Form(request.args)
    wish = _wish(form) if "aim" in request.args else None
    found = plan_size(services(), actor(), wish) if wish is not None else None
    return render_template(
        "evaluator/planning.html",
        form=form,
        aims=_aims(),
        sds=_sds(),
        found=found,
        sentence=_sentence(found) if found else "",
        source=_source(form),
        number=_number,
    ), 400 if form.problems else 200


def _wish(form: Form) -> Wish | None:
    """What was asked, or None when something in the form is wrong."""
    known = {named.key: named.sd for named in NAMED_SDS}
    aim = Aim(form.value("aim")) if form.value("aim") in set(Aim) else Aim.CHANGE
    size = _decimal(form, "size", 2, 100_000) if aim is Aim.PEOPLE else _decimal(form, "size", 0.01, 100)
    sd = known.get(form.value("sd")) or _decimal(form, "own_sd", 0.01, 100)
    if form.value("sd") not in known and not form.value("own_source"):
        form.problems.append(Problem("source_missing", "own_source"))
    power = 0.9 if form.value("power") == "90" else 0.8
    loss = Loss(
        drop_out=_decimal(form, "drop_out", 0, 95) / 100,
        per_group=_decimal(form, "per_group", 1, 10_000, otherwise="1"),
        icc=_decimal(form, "icc", 0, 1, otherwise="0"),
    )
    return None if form.problems else Wish(aim, math.floor(size) if aim is Aim.PEOPLE else size, sd, power, loss)


def _decimal(form: Form, name: str, lowest: float, highest: float, otherwise: str = "") -> float:
    """A number with a comma or a point; anything else is noted as a problem."""
    text = form.value(name) or otherwise
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        found = math.nan
    if not lowest <= found <= highest:
        values = {"value": text[:20], "lowest": _plain(lowest), "highest": _plain(highest)}
        form.problems.append(Problem("number_between" if text else "number_needed", name, values=values))
        return lowest
    return found


def _plain(value: float) -> str:
    return decimal(value, 0 if value == int(value) else 2)


def _aims() -> list[tuple[str, str]]:
    return [
        (Aim.CHANGE, _("een verandering opmerken")),
        (Aim.PRECISION, _("een verandering zo precies kennen")),
        (Aim.ARMS, _("een verschil met een even grote vergelijkingsgroep opmerken")),
        (Aim.SAME, _("laten zien dat de score gelijk blijft")),
        (Aim.PEOPLE, _("weten wat een aantal mensen kan laten zien")),
    ]


def _sds() -> list[tuple[str, str]]:
    title = {key: saying.in_language(found.title) for key, found in services().instruments.items()}
    named = [
        (named.key, _("%(sd)s punt: %(title)s (%(source)s)", title=title.get(named.instrument, named.instrument),
                      sd=decimal(named.sd, 2), source=_short(named.source)))
        for named in NAMED_SDS
    ]  # fmt: skip
    return [*named, (OWN, _("Een eigen spreiding, hieronder"))]


def _short(source: str) -> str:
    """The source as it fits in a list."""
    return _("ruime aanname van Peil") if source == "Peil" else source.split(" (", 1)[0]


def _source(form: Form) -> str:
    """Where the spread comes from, below the answer."""
    named = next((named for named in NAMED_SDS if named.key == form.value("sd")), None)
    if named is None:
        return form.value("own_source")
    if named.source == "Peil":
        return _("een ruime aanname van Peil, geen meting")
    return _("%(source)s; jongere mensen, die over twee momenten tegelijk antwoordden", source=named.source)


def _sentence(found: Answer) -> str:
    """The answer in one or two sentences."""
    wish, line = found.wish, found.line
    if isinstance(line.complete, NotEstimable) or isinstance(line.enrol, NotEstimable):
        return _("Dit kan niet: er zouden meer dan een miljoen mensen nodig zijn.")
    values = {"size": _plain(wish.size), "power": percent(wish.power), "n": _people(line.complete)}
    if wish.aim is Aim.PEOPLE:
        return _shown_by(found, line.complete)
    needed = {
        Aim.CHANGE: _(
            "Om een verandering van gemiddeld %(size)s punt met %(power)s kans op te merken, "
            "zijn %(n)s met twee metingen nodig.",
            **values,
        ),
        Aim.PRECISION: _(
            "Om de verandering tot op %(size)s punt te kennen, zijn %(n)s met twee metingen nodig.", **values
        ),
        Aim.ARMS: _(
            "Om een verschil van %(size)s punt tussen twee groepen met %(power)s kans op te merken, "
            "zijn samen %(n)s met twee metingen nodig.",
            **values,
        ),
        Aim.SAME: _(
            "Om met %(power)s kans te laten zien dat de score binnen %(size)s punt gelijk blijft, "
            "zijn %(n)s met twee metingen nodig.",
            **values,
        ),
    }[wish.aim]
    enrol = _("Valt %(share)s uit, schrijf dan %(n)s in.", share=percent(wish.loss.drop_out), n=_people(line.enrol))
    return f"{needed} {enrol}"


def _shown_by(found: Answer, complete: int) -> str:
    line, wish = found.line, found.wish
    if not isinstance(line.precision, float) or not isinstance(line.change, float):
        return _("Zo blijven er te weinig mensen over: met minder dan twee is er niets te zeggen.")
    start = _(
        "Van %(people)s houden er bij %(share)s uitval %(n)s twee metingen.",
        people=_people(int(wish.size)),
        share=percent(wish.loss.drop_out),
        n=decimal(complete, 0),
    )
    then = _(
        "Daarmee kent u de verandering tot op %(precision)s punt, "
        "en merkt u een verandering van %(change)s punt met %(power)s kans op.",
        precision=decimal(line.precision, 2),
        change=decimal(line.change, 2),
        power=percent(wish.power),
    )
    return f"{start} {then}"


def _people(count: int) -> str:
    return ngettext("%(n)s mens", "%(n)s mensen", count, n=decimal(count, 0))


def _number(value: float | NotEstimable | None, places: int = 0) -> str:
    """A number of the table, or why there is none."""
    if isinstance(value, NotEstimable):
        return _("te weinig mensen") if "needed" in value.detail else _("meer dan een miljoen")
    return "–" if value is None else decimal(value, places)
