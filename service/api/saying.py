"""The sentences above the figures. A direction is named only when the interval of the change excludes zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask_babel import gettext as _
from flask_babel import ngettext
from markupsafe import Markup, escape

from service.api.language import current, decimal, percent
from service.followup.figures import Direction, WaveFigures
from service.measures.disclosure import Hidden
from service.measures.instrument import Formula, Instrument, Polarity
from service.usecases.show_programme import ProgrammeView


@dataclass(frozen=True, slots=True)
class Edge:
    """One band of the primary score, for the axis of the chart."""

    lowest: int
    highest: int
    label: str


def in_language(texts: Mapping[str, str]) -> str:
    """The text in the language of the page, else in whichever there is."""
    return texts.get(current()) or next(iter(texts.values()), "")


def title_of(figures: WaveFigures) -> str:
    """The name of a wave."""
    return in_language(figures.wave.title)


def short_title(figures: WaveFigures) -> str:
    """The name of a wave where there is little room."""
    return shortened(title_of(figures), figures.wave.key)


def shortened(title: str, key: str) -> str:
    """The name of a wave in eight letters at most; its key when that cannot be done."""
    bare = title.removeprefix("Na ").removeprefix("After ")
    shorter = bare.replace("maanden", "mnd").replace("maand", "mnd").replace("Nulmeting", "nul").replace("weken", "wk")
    shorter = shorter.replace("months", "mo").replace("month", "mo").replace("weeks", "wk")
    return shorter if len(shorter) <= 8 else key


def bands(view: ProgrammeView) -> list[Edge]:
    """The bands of the primary score by the default cut-offs; empty when the instrument has none."""
    cutoffs = view.instrument.default_cutoffs()
    if cutoffs is None or cutoffs.score != view.instrument.primary.key:
        return []
    return [Edge(band.lowest, band.highest, in_language(band.label)) for band in cutoffs.bands]


def which_way(instrument: Instrument) -> str:
    """What a lower score means, as a sentence."""
    if instrument.polarity is Polarity.HIGHER_IS_BETTER:
        return str(_("Hoger is gunstiger."))
    counts = instrument.primary.formula is Formula.COUNT_LONELY
    return str(_("Lager is minder eenzaam.") if counts else _("Lager is gunstiger."))


def header_sentence(view: ProgrammeView) -> Markup:
    """Who answered, what changed, and how careful one must be with that: at most three sentences."""
    figures = view.figures
    wave = figures.primary.retention
    if wave.closed == 0:
        text = _("Het venster ‘%(wave)s’ is nog bij niemand gesloten. De cijfers volgen.", wave=_lower(figures.primary))
        return escape(text)
    parts = [
        escape(
            _(
                "Van de %(n)s mensen bij wie het venster ‘%(wave)s’ gesloten is,",
                n=wave.closed,
                wave=_lower(figures.primary),
            )
        )
        + Markup(" <b>")
        + escape(ngettext("gaf er één antwoord", "gaven er %(num)s antwoord", wave.response.count))
        + Markup("</b>.")
    ]
    parts.append(_change_sentence(view))
    if figures.change is not None:
        parts.append(
            escape(_("Er is geen vergelijkingsgroep: een deel van een verandering zou ook zonder hulp optreden."))
        )
    return Markup(" ").join(parts)


def _change_sentence(view: ProgrammeView) -> Markup:
    change = view.figures.change
    if change is None:
        return escape(_no_change(view.figures.change_hidden))
    start = escape(_("Bij %(n)s mensen met twee metingen ", n=change.n))
    points = decimal(abs(change.difference))
    said = {
        Direction.FELL: _("daalde de score gemiddeld %(points)s punt", points=points),
        Direction.ROSE: _("steeg de score gemiddeld %(points)s punt", points=points),
    }.get(view.figures.direction, _("bleef de score gemiddeld ongeveer gelijk"))
    return start + Markup("<b>") + escape(said) + Markup("</b>.")


def course_heading(view: ProgrammeView) -> str:
    """The heading above the course of the score."""
    figures = view.figures
    if figures.change is None:
        return str(_("De score per meetmoment"))
    if figures.before_after is None:
        return _course_without_means(figures.direction, decimal(abs(figures.change.difference)))
    values = {"before": decimal(figures.before_after[0]), "after": decimal(figures.before_after[1])}
    if figures.direction is Direction.FELL:
        return str(_("De score daalt van %(before)s naar %(after)s bij wie twee keer antwoordde", **values))
    if figures.direction is Direction.ROSE:
        return str(_("De score stijgt van %(before)s naar %(after)s bij wie twee keer antwoordde", **values))
    return str(_("De score is ongeveer gelijk gebleven"))


def not_shown(hidden: Hidden | None) -> str:
    """What stands in the place of a figure that is not shown. One value for all is said as little as possible about:
    the sentence itself would say what everybody answered."""
    if hidden is Hidden.TOO_FEW or hidden is None:
        return str(_("niet getoond: minder dan 10"))
    if hidden is Hidden.DIFFERENCE:
        return str(_("niet getoond: anders is minder dan 10 te berekenen"))
    if hidden is Hidden.WAITING:
        return str(_("nog niet getoond: wacht op meer antwoorden"))
    return str(_("niet getoond"))


def retention_heading(view: ProgrammeView) -> str:
    """The heading above the answers per wave."""
    response = view.figures.primary.retention.response
    if response.share is None or not view.figures.response_shown:
        return str(_("Wie antwoordt per meetmoment"))
    return str(_("%(wave)s: %(share)s antwoordt", share=percent(response.share), wave=title_of(view.figures.primary)))


def _no_change(hidden: Hidden | None) -> str:
    if hidden is Hidden.TOO_FEW or hidden is None:
        return str(_("Over verandering zeggen we nog niets: minder dan 10 mensen hebben twee metingen."))
    if hidden is Hidden.WAITING:
        return str(_("Over verandering zeggen we nog niets: we wachten op meer mensen met twee metingen."))
    return str(_("De verandering tonen we niet: zo blijft niemand herkenbaar."))


def _course_without_means(direction: Direction, points: str) -> str:
    """The heading when the two means of the pairs cannot stand beside the course of everybody."""
    if direction is Direction.FELL:
        return str(_("De score daalt met %(points)s punt bij wie twee keer antwoordde", points=points))
    if direction is Direction.ROSE:
        return str(_("De score stijgt met %(points)s punt bij wie twee keer antwoordde", points=points))
    return str(_("De score is ongeveer gelijk gebleven"))


def _lower(figures: WaveFigures) -> str:
    title = title_of(figures)
    return title[:1].lower() + title[1:]
