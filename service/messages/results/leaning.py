"""How far the change can be leaned on, in words: who dropped out, what if they fared otherwise, are the pairs alike."""

from __future__ import annotations

from collections.abc import Iterator

from service.messages.results.numbers import decimal, listed
from service.messages.results.outcome import direction
from service.messages.results.telling import Passage, Telling

_DELTAS = ("0", "half", "1")
_COVARIATES = ("score", "older", "sms")


def leaning(telling: Telling) -> Iterator[Passage]:
    """Per arm: those without a later score, the change were they otherwise, and the change in pairs that are alike."""
    for arm in telling.analysis.head.arms:
        yield from _attrition(telling, arm)
        yield from _shifted(telling, arm)
        yield from _like(telling, arm)
        yield from _parts(telling, arm)


def _attrition(telling: Telling, arm: str) -> Iterator[Passage]:
    key, say = f"attrition.{arm}", telling.say
    stayed, gone = telling.count(f"{key}.stayed"), telling.count(f"{key}.dropped")
    if not stayed + gone:
        return
    text = say("attrition" if gone else "attrition_nobody", people=telling.people(stayed + gone, arm), n=gone)
    smd = telling.shown(f"{key}.score.smd")
    differs = smd is not None and direction(smd) != "same"
    heading = (
        "attrition_heading" if smd is None else "attrition_differs_heading" if differs else "attrition_like_heading"
    )
    yield telling.passage(key, arm, say(heading if gone else "attrition_nobody_heading"), text)
    for name in _COVARIATES if gone else ():
        told = _covariate(telling, key, name)
        if told:
            yield telling.passage(f"{key}.{name}", arm, say(f"covariate_{name}_heading"), *told)


def _covariate(telling: Telling, key: str, name: str) -> list[str]:
    """The start of both groups, their distance in standard deviations, and the odds; as far as it may be shown."""
    say, told = telling.say, []
    stayed, gone = telling.shown(f"{key}.{name}.stayed"), telling.shown(f"{key}.{name}.dropped")
    if stayed is not None and gone is not None:
        told.append(say(f"covariate_{name}", stayed=telling.words(stayed), gone=telling.words(gone)))
    smd = telling.shown(f"{key}.{name}.smd")
    if smd is not None:
        told.append(say(f"covariate_{name}_smd", words=telling.words(smd)))
    odds = telling.shown(f"{key}.{name}.odds")
    if odds is not None:
        told.append(say(f"covariate_{name}_odds", words=telling.words(odds)))
    return told


def _shifted(telling: Telling, arm: str) -> Iterator[Passage]:
    """What the change would be, were those without a later score so many points worse than their first score says."""
    key, say = f"sensitivity.{arm}", telling.say
    found = [(name, telling.figure(f"{key}.delta.{name}")) for name in _DELTAS]
    here = [(name, figure) for name, figure in found if figure is not None]
    if not here:
        return
    shown = [(name, figure) for name, figure in here if figure.shown]
    if not shown:
        yield telling.passage(f"{key}.delta", arm, say("shifted_none_heading"), telling.instead(here[0][1]))
        return
    told = [say(f"shifted_{name}", words=telling.words(figure)) for name, figure in shown]
    completers = telling.shown(f"{key}.completers")
    if completers is not None:
        told.insert(0, say("shifted_completers", words=telling.words(completers)))
    same = len({direction(figure) for _, figure in shown}) == 1
    heading = say("shifted_same_heading" if same else "shifted_differs_heading")
    yield telling.passage(f"{key}.delta", arm, heading, *told, _tipping(telling, key))


def _tipping(telling: Telling, key: str) -> str:
    figure = telling.figure(f"{key}.tipping")
    if figure is None or figure.hidden is not None:
        return ""
    if figure.value is None:
        dropped = figure.detail.get("dropped")
        return telling.say("tipping_none") if dropped not in (None, 0) else ""
    points = decimal(abs(figure.value), telling.language)
    return telling.say("tipping_higher" if figure.value > 0 else "tipping_lower", points=points)


def _like(telling: Telling, arm: str) -> Iterator[Passage]:
    verdict = telling.analysis.words.get(f"like.{arm}")
    if verdict is None:
        return
    key, say = f"like.{arm}", telling.say
    touched = [say(f"unlike_{name}", n=int(figure.value or 0)) for name, figure in telling.analysis.under(key).items()]
    parts = [say("unlike", parts=listed(touched, telling.language))] if touched else []
    yield telling.passage(key, arm, say(f"like_{verdict}_heading"), say(f"like_{verdict}"), *parts)


def _parts(telling: Telling, arm: str) -> Iterator[Passage]:
    """The change in the pairs of one mode, in those without a helper who delivers, and on common items."""
    for name in ("same_mode", "no_helper", "common_items"):
        key = f"sensitivity.{arm}.{name}"
        figure = telling.figure(key)
        if figure is None:
            continue
        heading = telling.say(f"{name}_heading")
        if figure.value is None:
            yield telling.passage(key, arm, heading, telling.instead(figure))
            continue
        text = telling.say(
            name, words=telling.words(figure), people=telling.people(figure.n or 0, arm), of=figure.of or figure.n or 0
        )
        affected = figure.detail.get("affected")
        more = [telling.say("affected", n=int(float(affected)))] if affected is not None else []
        yield telling.passage(key, arm, heading, text, *more)
