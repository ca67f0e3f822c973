"""How well each wave measured, in words: whether the questions hang together, and which of them moved by themselves."""

from __future__ import annotations

from collections.abc import Iterator

from service.measures.analysis.result import Figure
from service.messages.results.numbers import percent
from service.messages.results.telling import Passage, Telling

#: Loevinger's H from which a scale is called strong, medium or weak (measures.md 4.8).
_STRENGTHS = ((0.5, "strong"), (0.4, "medium"), (0.3, "weak"))
_LEVEL = 0.05


def measuring(telling: Telling) -> Iterator[Passage]:
    """Per arm: each wave that anybody answered, then the questions that moved."""
    for arm in telling.analysis.head.arms:
        for wave in telling.analysis.head.waves:
            yield from _wave(telling, arm, wave)
        yield from _drift(telling, arm)


def strength(h: float) -> str:
    """The word for Loevinger's H as it is written, with two decimals: strong, medium, weak, or none of these."""
    return next((word for least, word in _STRENGTHS if round(h, 2) >= least), "none")


def _wave(telling: Telling, arm: str, wave: str) -> Iterator[Passage]:
    key, say = f"quality.{arm}.{wave}", telling.say
    score = telling.analysis.head.outcome
    alpha, h = telling.figure(f"{key}.{score}.alpha"), telling.figure(f"{key}.{score}.h")
    if alpha is None:
        return
    told = [say("alpha", words=telling.words(alpha)) if alpha.shown else say("alpha_none", why=telling.why(alpha))]
    if h is not None and h.value is not None:
        told.append(say(f"h_{strength(h.value)}", words=telling.words(h)))
    heading = say(_heading(h), wave=telling.wave(wave))
    yield telling.passage(key, arm, heading, *told, *_habits(telling, key))


def _heading(h: Figure | None) -> str:
    if h is None or h.value is None:
        return "quality_heading"
    return f"quality_{strength(h.value)}_heading"


def _habits(telling: Telling, key: str) -> list[str]:
    """Who gave the same answer everywhere, and who answered in time."""
    told = []
    for name in ("straight", "on_time"):
        figure = telling.shown(f"{key}.{name}")
        if figure is not None:
            told.append(telling.say(name, share=percent(figure.value or 0.0, telling.language)))
    return told


def _drift(telling: Telling, arm: str) -> Iterator[Passage]:
    """The questions whose share changed beyond chance, after Holm's correction for all of them."""
    items = telling.analysis.under(f"quality.{arm}.item")
    # In the order of the questionnaire: the analysis gives them in another.
    found = {item: items[key] for item in sorted(telling.names.items) if (key := f"{item}.drift") in items}
    shown = {item: figure for item, figure in found.items() if figure.shown}
    if not found:
        return
    key = f"quality.{arm}.item"
    if not shown:
        why = telling.instead(next(iter(found.values())))
        yield telling.passage(key, arm, telling.say("drift_none_heading"), why)
        return
    moved = {item: figure for item, figure in shown.items() if float(figure.detail.get("adjusted_p", 1)) < _LEVEL}
    heading = telling.say("drift_heading" if moved else "drift_nothing_heading", n=len(moved))
    told = [
        telling.say("drift_item", item=telling.names.items[item], words=telling.words(figure))
        for item, figure in moved.items()
    ]
    hidden = len(found) - len(shown)
    more = [telling.say("drift_hidden", n=hidden)] if hidden else []
    yield telling.passage(key, arm, heading, telling.say("drift", n=len(shown)), *told, *more)
