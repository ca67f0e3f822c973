"""Who is in which band, who went in or out, and how many changed by more than the questionnaire wobbles, in words."""

from __future__ import annotations

from collections.abc import Iterator

from service.measures.analysis.result import Figure
from service.messages.results.numbers import decimal, p_words, percent
from service.messages.results.telling import Passage, Telling

_LEVEL = 0.05
_RELIABLE = ("recovered", "improved", "unchanged", "deteriorated")


def in_bands(telling: Telling) -> Iterator[Passage]:
    """Per arm: each edge before and after, the shares per wave, the transitions, the reliable change."""
    for arm in telling.analysis.head.arms:
        bands = list(dict.fromkeys(key.split(".")[0] for key in telling.analysis.under(f"above.{arm}")))
        for band in bands:
            yield _edge(telling, arm, band)
        for wave in telling.analysis.head.waves:
            yield from _wave(telling, arm, wave)
        yield from _transitions(telling, arm)
        yield from _reliable(telling, arm)


def _edge(telling: Telling, arm: str, band: str) -> Passage:
    """In this band or a less favourable one, before and after, with the exact McNemar test in plain words."""
    key, say = f"above.{arm}.{band}", telling.say
    name = telling.names.bands[band]
    before, after = telling.figure(f"{key}.before"), telling.figure(f"{key}.after")
    if none := telling.none_of((before, after)):
        return telling.passage(key, arm, say("edge_heading", band=name), none)
    n = next((one.n for one in (before, after) if one is not None and one.n), 0) or 0
    text = say(
        "edge",
        band=name,
        people=telling.people(n, arm),
        before=telling.words(before) if before else say("not_there"),
        after=telling.words(after) if after else say("not_there"),
    )
    test = telling.shown(f"{key}.p")
    moved = _moved(telling, key, test)
    return telling.passage(key, arm, say(_edge_heading(before, after, test), band=name), text, *moved)


def _edge_heading(before: Figure | None, after: Figure | None, test: Figure | None) -> str:
    """A direction only when the test finds one."""
    if test is None or before is None or after is None or before.value is None or after.value is None:
        return "edge_heading"
    if (test.value or 0.0) >= _LEVEL:
        return "edge_same_heading"
    return "edge_fewer_heading" if after.value < before.value else "edge_more_heading"


def _moved(telling: Telling, key: str, test: Figure | None) -> list[str]:
    """Who went in and out (as far as it may be shown), and whether that can be chance."""
    parts = []
    for name in ("left", "entered"):
        figure = telling.shown(f"{key}.{name}")
        if figure is not None:
            parts.append(telling.say(f"edge_{name}", share=percent(figure.value or 0.0, telling.language)))
    if test is not None and test.value is not None:
        word = "edge_test_found" if test.value < _LEVEL else "edge_test_open"
        parts.append(telling.say(word, p=p_words(test.value, telling.language)))
    return parts


def _wave(telling: Telling, arm: str, wave: str) -> Iterator[Passage]:
    key = f"band.{arm}.{wave}"
    found = telling.analysis.under(key)
    if not found:
        return
    n = next((figure.n for figure in found.values() if figure.n), 0) or 0
    parts = [f"{telling.names.bands[band]}: {telling.words(figure)}" for band, figure in found.items()]
    heading = telling.say("bands_heading", wave=telling.wave(wave))
    none = telling.none_of(found.values())
    text = none or telling.say("bands", people=telling.people(n, arm), parts="; ".join(parts))
    yield telling.passage(key, arm, heading, text)


def _transitions(telling: Telling, arm: str) -> Iterator[Passage]:
    key = f"transition.{arm}"
    found = {name: telling.figure(f"{key}.{name}") for name in ("same", "lower", "higher")}
    here = {name: figure for name, figure in found.items() if figure is not None}
    if not here:
        return
    n = next((figure.n for figure in here.values() if figure.n), 0) or 0
    told = [telling.say(f"moved_{name}", words=telling.words(figure)) for name, figure in here.items()]
    start, none = telling.say("transitions", people=telling.people(n, arm)), telling.none_of(here.values())
    yield telling.passage(key, arm, telling.say("transitions_heading"), *([none] if none else [start, *told]))


def _reliable(telling: Telling, arm: str) -> Iterator[Passage]:
    """Counts of a group; provisional constants with their source, and how many could improve at all."""
    key, say = f"reliable.{arm}", telling.say
    critical = telling.figure(f"{key}.critical")
    if critical is None or critical.value is None:
        return
    shares = [(name, telling.figure(f"{key}.{name}")) for name in _RELIABLE]
    told = [say(f"reliable_{name}", words=telling.words(figure)) for name, figure in shares if figure is not None]
    points = decimal(critical.value, telling.language)
    none = telling.none_of(figure for _, figure in shares)
    yield telling.passage(
        key, arm, say("reliable_heading"), say("reliable", points=points), *([none] if none else told)
    )
    eligible = telling.shown(f"{key}.eligible")
    room = say("reliable_eligible", words=telling.words(eligible)) if eligible else ""
    source = say("reliable_source", source=str(critical.detail.get("source", "")).rstrip(". "))
    yield telling.passage(f"{key}.critical", arm, say("reliable_source_heading"), room, source)
