"""The course over the waves in words, as measured and by the model; arms beside each other; sites and subgroups."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from service.measures.analysis.result import Figure
from service.messages.results.labels import subgroup_name, value_name
from service.messages.results.numbers import capital, p_words, signed
from service.messages.results.outcome import amount, direction
from service.messages.results.telling import Passage, Telling
from service.messages.results.words import interval_words, places_of

_LEVEL = 0.05


def over_time(telling: Telling) -> Iterator[Passage]:
    """Per arm the course, the model and the sites; then the contrasts and the subgroups."""
    arms = telling.analysis.head.arms
    for arm in arms:
        yield _course(telling, arm)
        yield from _model(telling, arm)
        yield from _clusters(telling, arm)
    for one, other in combinations(arms, 2):
        yield from _contrast(telling, one, other)
    for arm in arms:
        yield from _subgroups(telling, arm)


def _course(telling: Telling, arm: str) -> Passage:
    key, say = f"course.{arm}", telling.say
    told = []
    for wave in telling.analysis.head.waves:
        figure, name = telling.analysis.figures[f"{key}.{wave}.mean"], telling.wave(wave)
        if figure.shown:
            words, people = telling.words(figure), telling.people(figure.n or 0, arm)
            told.append(say("course_wave", wave=name, words=words, people=people))
        else:
            told.append(say("course_wave_none", wave=name, why=telling.why(figure)))
    waiting = sum(telling.count(f"{key}.{wave}.waiting") for wave in telling.analysis.head.waves)
    more = [say("course_waiting", n=waiting)] if waiting else []
    none = telling.none_of(telling.figure(f"{key}.{wave}.mean") for wave in telling.analysis.head.waves)
    return telling.passage(key, arm, say("course_heading"), *([none] if none else told), *more)


def _model(telling: Telling, arm: str) -> Iterator[Passage]:
    """The change up to the primary wave from all measurements together, and the test of all waves at once."""
    key, say = f"model.{arm}", telling.say
    wave = telling.analysis.head.primary
    figure = telling.figure(f"{key}.{wave}.change")
    if figure is None:
        return
    if not figure.shown:
        yield telling.passage(key, arm, say("model_none_heading"), telling.instead(figure))
        return
    way, values = direction(figure), amount(figure, telling)
    if not values["between"]:
        yield telling.passage(key, arm, say("model_none_heading"), f"{capital(telling.words(figure))}.")
        return
    people = say("people", n=figure.n or 0)
    text = say(f"model_{way}", wave=telling.wave(wave), people=people, **values)
    heading = say(f"model_{way}_heading", points=values["points"])
    yield telling.passage(key, arm, heading, text, _joint(telling, key), _singular(telling))


def _joint(telling: Telling, key: str) -> str:
    figure = telling.shown(f"{key}.joint")
    if figure is None or "p" not in figure.detail:
        return ""
    p = float(figure.detail["p"])
    return telling.say("joint_found" if p < _LEVEL else "joint_open", p=p_words(p, telling.language))


def _singular(telling: Telling) -> str:
    return telling.say("singular") if telling.analysis.words.get("model.singular") == "yes" else ""


def _clusters(telling: Telling, arm: str) -> Iterator[Passage]:
    key, say = f"clusters.{arm}", telling.say
    figure = telling.figure(f"{key}.difference")
    if figure is None:
        return
    if figure.value is None:
        yield telling.passage(key, arm, say("clusters_heading"), telling.instead(figure))
        return
    clusters = int(float(figure.detail.get("clusters", 0)))
    text = say(
        "clusters",
        n=clusters,
        points=signed(figure.value, telling.language, places_of(figure)),
        interval=interval_words(figure, telling.language),
    )
    narrow = telling.analysis.words.get(key) == "too_narrow"
    heading = say("clusters_narrow_heading" if narrow else "clusters_heading")
    yield telling.passage(key, arm, heading, text, say("clusters_narrow") if narrow else "")


def _contrast(telling: Telling, one: str, other: str) -> Iterator[Passage]:
    """The difference of two arms by each method that the plan allows; only this may be called a comparison."""
    key = f"contrast.{one}.{other}"
    found = {
        name: figure for name in ("model", "did", "ancova") if (figure := telling.figure(f"{key}.{name}")) is not None
    }
    if not found:
        return
    groups = {"one": telling.say(f"group_{one}"), "other": telling.say(f"group_{other}")}
    told = [_method(telling, name, figure) for name, figure in found.items()]
    first = next((figure for figure in found.values() if figure.shown), None)
    if first is None:
        heading = telling.say("contrast_none_heading", **groups)
    elif direction(first) == "same":
        heading = telling.say("contrast_open_heading", **groups)
    else:
        points = signed(first.value or 0.0, telling.language, places_of(first))
        heading = telling.say("contrast_heading", points=points, **groups)
    yield Passage(key, heading, " ".join([telling.say("contrast", **groups), *told]))


def _method(telling: Telling, name: str, figure: Figure) -> str:
    method = telling.say(f"method_{name}")
    if figure.value is None:
        return telling.say("contrast_method_none", method=method, why=telling.why(figure))
    adjusted = figure.detail.get("adjusted_p")
    words, found = telling.words(figure), figure.detail.get("p")
    if adjusted is not None:
        words = f"{words}; {telling.say('holm', p=p_words(float(adjusted), telling.language))}"
    elif found is not None:
        words = f"{words}; {p_words(float(found), telling.language)}"
    return telling.say("contrast_method", method=method, words=words)


def _subgroups(telling: Telling, arm: str) -> Iterator[Passage]:
    """The change apart, in a fixed order; nothing is set above anything else."""
    found = telling.analysis.under(f"subgroup.{arm}")
    for by in dict.fromkeys(key.split(".")[0] for key in found):
        told = []
        for key, figure in found.items():
            parts = key.split(".")
            if parts[0] != by:
                continue
            name = value_name(by, ".".join(parts[1:-1]), telling.language)
            told.append(
                telling.say(
                    "subgroup",
                    name=capital(name),
                    words=telling.words(figure),
                    people=telling.people(figure.n or 0, arm),
                )
                if figure.shown
                else telling.say("subgroup_none", name=capital(name), why=telling.why(figure))
            )
        start = telling.say("subgroups" if telling.beforehand else "subgroups_open")
        heading = telling.say("subgroups_heading", by=subgroup_name(by, telling.language))
        yield telling.passage(f"subgroup.{arm}.{by}", arm, heading, start, *told)
