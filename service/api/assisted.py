"""Filling in together, by telephone or at the table: what to say, the questions, and a script in large print."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, ngettext
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from service.api import words
from service.api.access import allow
from service.api.context import actor, services
from service.api.forms import Form
from service.api.saying import in_language
from service.followup.participation import Mode
from service.followup.problem import Problem, Refusal
from service.measures.instrument import NO_ANSWER, Item
from service.usecases.access import Action
from service.usecases.enter_answers import enter_answers
from service.usecases.show_assisted import show_assisted
from service.usecases.steps.asking import Asking

blueprint = Blueprint("assisted", __name__)

PAGE = "/deelnemers/<uuid:participant_id>/samen/<uuid:measurement_id>"
LISTENING_LINE = "088 0767 000"
#: So many questions fit beside the opening words, and so many on a page of their own, in 16 pt.
BESIDE_OPENING, ON_A_PAGE = 3, 6


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """One A4: the questions on it, each with its number from 1."""

    items: Sequence[tuple[int, Item]]


@blueprint.get(PAGE)
@allow(Action.ENTER_ANSWERS)
def fill_in(participant_id: uuid.UUID, measurement_id: uuid.UUID) -> ResponseReturnValue:
    """The questions: all of them, or one at a time (`vraag`)."""
    asking = show_assisted(services(), actor(), participant_id, measurement_id)
    carried = {"mode": request.args.get("manier", ""), "helper_delivers": request.args.get("begeleiding", "")}
    return _show(asking, Form(MultiDict(carried)))


@blueprint.post(PAGE)
@allow(Action.ENTER_ANSWERS)
def keep(participant_id: uuid.UUID, measurement_id: uuid.UUID) -> ResponseReturnValue:
    """Keep what was chosen; what was left open may follow later."""
    asking = show_assisted(services(), actor(), participant_id, measurement_id)
    form = Form(request.form)
    try:
        mode, delivers = _choices(form)
        done = enter_answers(
            services(),
            actor(),
            measurement_id,
            chosen(asking, form),
            mode=mode,
            helper_delivers=delivers,
            call_wanted=form.value("call") == "ja",
        )
    except Refusal as refusal:
        form.take(refusal)
        return _show(asking, form), 400
    if done:
        flash(_("De antwoorden zijn bewaard. Alle vragen zijn beantwoord."))
        return redirect(f"/deelnemers/{participant_id}")
    only = _only(asking)
    if only and only < len(asking.items):
        return redirect(f"{_base(asking)}?vraag={only + 1}&{_carried(form)}")
    flash(_("Bewaard. Wat openstaat, kan later."))
    return redirect(f"{_base(asking)}?{_carried(form)}")


@blueprint.get(f"{PAGE}/script")
@allow(Action.ENTER_ANSWERS)
def script(participant_id: uuid.UUID, measurement_id: uuid.UUID) -> ResponseReturnValue:
    """What the helper says and asks, to print in large letters and tick on paper."""
    asking = show_assisted(services(), actor(), participant_id, measurement_id)
    numbered = list(enumerate(asking.items, start=1))
    rest = numbered[BESIDE_OPENING:]
    pages = [numbered[:BESIDE_OPENING], *(rest[at : at + ON_A_PAGE] for at in range(0, len(rest), ON_A_PAGE))]
    texts = _texts(asking) | {"foot": _("Voer de antwoorden in, en vernietig dit papier daarna.")}
    return render_template(
        "assisted/script.html",
        asking=asking,
        wave=in_language(asking.wave),
        pages=[PrintedPage(items) for items in pages],
        texts=texts,
        back=_base(asking),
    )


def chosen(asking: Asking, form: Form) -> dict[int, str]:
    """What was chosen, by item number."""
    found = {item.number: form.value(f"item_{item.number}") for item in asking.items}
    return {item: code for item, code in found.items() if code}


def _choices(form: Form) -> tuple[Mode, bool]:
    """How it is filled in, and whether the helper gives the help. Raises Refusal with everything that is missing."""
    modes = {key: Mode(key) for key, _title in _modes()}
    mode, delivers = modes.get(form.value("mode")), form.value("helper_delivers")
    problems = [Problem("choose_one", "mode")] if mode is None else []
    problems += [] if delivers in ("ja", "nee") else [Problem("choose_one", "helper_delivers")]
    if mode is None or problems:
        raise Refusal(*problems)
    return mode, delivers == "ja"


def _settled(form: Form) -> bool:
    """Whether these two were chosen on a page before this one."""
    return form.value("mode") in dict(_modes()) and form.value("helper_delivers") in ("ja", "nee")


def _modes() -> list[tuple[str, str]]:
    return [
        (Mode.TELEPHONE.value, _("Aan de telefoon")),
        (Mode.FACE_TO_FACE.value, _("Samen, aan tafel")),
    ]


def _only(asking: Asking) -> int:
    """The number of the one question to show; 0 for all of them."""
    wanted = request.args.get("vraag", 0, type=int)
    return wanted if 1 <= wanted <= len(asking.items) else 0


def _base(asking: Asking) -> str:
    return f"/deelnemers/{asking.participant_id}/samen/{asking.measurement_id}"


def _carried(form: Form) -> str:
    return urlencode({"manier": form.value("mode"), "begeleiding": form.value("helper_delivers")})


def _show(asking: Asking, form: Form) -> str:
    only = _only(asking)
    numbered = list(enumerate(asking.items, start=1))
    return render_template(
        "assisted/fill_in.html",
        asking=asking,
        form=form,
        wave=in_language(asking.wave),
        closed=words.closed(asking.closed) if asking.closed else "",
        shown=[numbered[only - 1]] if only else numbered,
        only=only,
        base=_base(asking),
        carried=_carried(form),
        settled=bool(only) and _settled(form),
        texts=_texts(asking),
        modes=_modes(),
        no_answer=NO_ANSWER,
    )


def _texts(asking: Asking) -> dict[str, str | list[str]]:
    """What the person hears or reads, in the language of their questions."""
    with force_locale(asking.language):
        count = len(asking.items)
        return {
            "title": _("Samen de vragen doen"),
            "first": _("Zeg dit eerst"),
            "opening": [
                _(
                    "Goedendag, u spreekt met %(helper)s van %(organisation)s. Komt het nu gelegen?",
                    helper=actor().name,
                    organisation=asking.sender.organisation,
                ),
                ngettext("Ik stel u graag één korte vraag.", "Ik stel u graag %(num)s korte vragen.", count),
                _("Meedoen hoeft niet. U mag altijd stoppen. Een vraag overslaan mag ook."),
                _("Ik lees elke zin voor zoals die er staat. Elk antwoord is goed."),
                _("Ik schrijf uw antwoorden op. Daarna leest alleen de onderzoeker ze, zonder uw naam."),
                _("Vindt u dat goed?"),
            ],
            "refuse": _("liever geen antwoord"),
            "had": _("al beantwoord"),
            "call": _("Wilt u dat wij u bellen?"),
            "yes": _("ja"),
            "no": _("nee"),
            "thanks": _(
                "Dank u wel. Wilt u met iemand praten? De Luisterlijn is er dag en nacht: %(number)s.",
                number=LISTENING_LINE,
            ),
        }
