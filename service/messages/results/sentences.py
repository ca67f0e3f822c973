"""An analysis in sentences, from the analysis as a whole to the quality of single questions. The order is fixed: it is
that of the reading, never that of the outcomes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from service.measures.analysis.result import Analysis
from service.messages.results.about import about, faults
from service.messages.results.in_bands import in_bands
from service.messages.results.leaning import leaning
from service.messages.results.measuring import measuring
from service.messages.results.names import Names
from service.messages.results.outcome import outcome
from service.messages.results.over_time import over_time
from service.messages.results.taking_part import taking_part
from service.messages.results.telling import Passage, Telling, Texts

_Part = Callable[[Telling], Iterator[Passage]]

#: The parts in their order.
_PARTS: tuple[_Part, ...] = (about, outcome, over_time, in_bands, taking_part, leaning, measuring)


def sentences(
    analysis: Analysis, names: Names, language: str, texts: Texts, *, plan_late: bool | None = None
) -> list[Passage]:
    """Every result of an analysis in words, in "nl" or "en". `texts` is `Catalogue.results`.

    `plan_late`: whether the plan was fixed after answers to the primary wave had begun to come in; None: not known, so
    nothing is said of it. With faults in the data there are only sentences about those. KeyError when a band or score
    of the analysis has no name.
    """
    telling = Telling(analysis, names, language, texts, plan_late)
    if analysis.faults:
        return [*about(telling), *faults(telling)]
    return [passage for part in _PARTS for passage in part(telling)]


def render_text(analysis: Analysis, names: Names, language: str, texts: Texts, *, plan_late: bool | None = None) -> str:
    """The same as plain text for a terminal or a file: each heading on a line, its sentences under it."""
    told = sentences(analysis, names, language, texts, plan_late=plan_late)
    return "\n\n".join(f"{one.heading}\n{one.text}" for one in told) + "\n"
