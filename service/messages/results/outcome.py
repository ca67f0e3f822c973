"""The change in words, how large it is, whether the goal was reached, and what the group would have moved by itself."""

from __future__ import annotations

from collections.abc import Iterator

from service.measures.analysis.result import Figure
from service.measures.disclosure import Hidden
from service.measures.estimate import Reason
from service.messages.results.numbers import between, capital, decimal, p_words, signed
from service.messages.results.telling import Passage, Telling
from service.messages.results.words import hidden_sentence, interval_words, places_of, reason_words

#: From this many people on an interval needs no warning by itself (measures.md 4.9).
ENOUGH = 30
#: Sizes of a change in standard deviations from which a word applies (Cohen 1988): a rule of thumb, and told as one.
_SIZES = ((0.8, "large"), (0.5, "medium"), (0.2, "small"), (0.0, "very_small"))


def outcome(telling: Telling) -> Iterator[Passage]:
    """Per arm the change and what belongs to it, after the verdict on the goal."""
    if telling.analysis.words.get("goal.verdict"):
        yield goal(telling)
    for arm in telling.analysis.head.arms:
        yield change(telling, arm)
        yield from _small(telling, arm)
        yield from _size(telling, arm)
        yield from _scores(telling, arm)
        yield from _equivalence(telling, arm)
        yield from _regression(telling, arm)


def direction(figure: Figure) -> str:
    """ "fell", "rose" or "same": a direction only when the interval excludes zero."""
    if figure.low is None or figure.high is None:
        return "same"
    return "fell" if figure.high < 0 else "rose" if figure.low > 0 else "same"


def amount(figure: Figure, telling: Telling) -> dict[str, str]:
    """How much (without its sign when there is a direction) and between which two ("" without an interval)."""
    value, places, language = figure.value or 0.0, places_of(figure), telling.language
    if figure.low is None or figure.high is None:
        return {"points": signed(value, language, places), "between": ""}
    if direction(figure) == "same":
        around = between(figure.low, figure.high, language, places, plus=True)
        return {"points": signed(value, language, places), "between": around}
    near, far = sorted((abs(figure.low), abs(figure.high)))
    return {"points": decimal(abs(value), language, places), "between": between(near, far, language, places)}


def change(telling: Telling, arm: str) -> Passage:
    """The change of who has both scores: n of N, and between which two it probably lies."""
    key, figure = f"change.{arm}", telling.analysis.figures[f"change.{arm}.difference"]
    if not figure.shown:
        return telling.passage(key, arm, telling.say("change_none_heading"), no_change(figure, telling))
    way = direction(figure)
    values = amount(figure, telling)
    heading = telling.say(f"change_{way}_heading", points=values["points"])
    who = telling.say(
        "change_who",
        people=telling.people(figure.of or 0, arm),
        n=figure.n or 0,
        first=telling.wave(telling.analysis.head.baseline),
        last=telling.wave(telling.analysis.head.primary),
    )
    around = telling.say(f"change_{way}_between", **values) if values["between"] else ""
    return telling.passage(key, arm, heading, who, telling.say(f"change_{way}", **values), around)


def no_change(figure: Figure, telling: Telling) -> str:
    """Why nothing is said about the change."""
    if figure.hidden is Hidden.WAITING:
        return telling.say("change_waiting")
    if figure.hidden is Hidden.TOO_FEW:
        return telling.say("change_too_few")
    if figure.hidden is not None:
        return telling.say("change_hidden")
    assert figure.reason is not None
    return telling.say("change_reason", why=reason_words(figure.reason, figure.detail, telling.language))


def _small(telling: Telling, arm: str) -> Iterator[Passage]:
    """Ten to twenty-nine people: how to read the interval, and the permutation test beside it."""
    figure, told = telling.shown(f"change.{arm}.difference"), telling.shown(f"change.{arm}.permutation")
    if figure is None or (figure.n or 0) >= ENOUGH:
        return
    p = [telling.say("small_p", p=p_words(told.value or 0.0, telling.language))] if told else []
    text = telling.say("small", people=telling.people(figure.n or 0, arm))
    yield telling.passage(f"change.{arm}.permutation", arm, telling.say("small_heading"), text, *p)


def _size(telling: Telling, arm: str) -> Iterator[Passage]:
    """The change in standard deviations: d_av, or d_z when the two spreads may not be shown."""
    for name in ("d_av", "d_z"):
        figure = telling.shown(f"change.{arm}.{name}")
        if figure is not None and figure.value is not None:
            break
    else:
        return
    words = telling.say(f"{name}_name")
    text = telling.say("size", value=telling.words(figure), name=words)
    key = f"change.{arm}.{name}"
    if direction(figure) == "same":
        yield telling.passage(key, arm, telling.say("size_open_heading"), text)
        return
    size = next(word for least, word in _SIZES if abs(figure.value) >= least)
    yield telling.passage(key, arm, telling.say(f"size_{size}_heading"), text, telling.say("size_rule"))


def _scores(telling: Telling, arm: str) -> Iterator[Passage]:
    """The change of the other scores of the questionnaire, in the same people as far as they have them."""
    found = telling.analysis.under(f"change.{arm}.score")
    if not found:
        return
    told = [
        telling.say(
            "part",
            name=capital(telling.names.scores[score]),
            words=telling.words(figure),
            people=telling.people(figure.n or 0, arm),
        )
        if figure.shown
        else telling.say("part_none", name=capital(telling.names.scores[score]), why=telling.why(figure))
        for score, figure in found.items()
    ]
    none = telling.none_of(found.values())
    yield telling.passage(f"change.{arm}.score", arm, telling.say("scores_heading"), *([none] if none else told))


def goal(telling: Telling) -> Passage:
    """Whether the goal was reached, what that rests on, and what may not be concluded."""
    found, say = telling.analysis.words, telling.say
    verdict, basis = found["goal.verdict"], found["goal.basis"]
    wanted = say(f"goal_{telling.analysis.head.goal}")
    if verdict == "cannot_be_judged":
        return Passage("goal", say("goal_cannot_be_judged_heading"), f"{wanted} {_why(telling)}")
    which, group = f"goal_{verdict}_{basis}", {"group": say(f"group_{_compared_with(telling)}")}
    text = f"{wanted} {say(which, **group)} {say(f'basis_{basis}', **group)}"
    return Passage("goal", say(f"{which}_heading", **group), text)


def _compared_with(telling: Telling) -> str:
    """The arm of the contrast that the verdict rests on: the last one with a contrast that is shown."""
    first, *others = telling.analysis.head.arms
    for other in reversed(others):
        if any(telling.shown(f"contrast.{first}.{other}.{name}") for name in ("model", "did")):
            return other
    return "comparison"


def _why(telling: Telling) -> str:
    """What is missing for a verdict: a margin or comparison, people, or a change that may be shown."""
    why = telling.analysis.words.get("goal.why", "")
    if why == "margin_or_comparison":
        return telling.say("why_margin_or_comparison")
    arms = telling.analysis.head.arms
    figure = telling.figure(f"change.{arms[0]}.difference") if arms else None
    if figure is not None and figure.hidden is not None and why in {str(hidden) for hidden in Hidden}:
        return telling.say("why_hidden", why=hidden_sentence(figure.hidden, telling.language))
    detail = figure.detail if figure is not None and figure.reason is not None else {}
    words = reason_words(Reason(why), detail, telling.language) if why in {str(one) for one in Reason} else ""
    return telling.say("why_reason", why=words) if words else telling.say("why_unknown")


def _equivalence(telling: Telling, arm: str) -> Iterator[Passage]:
    """The change against the margin, with its own interval (90%), and whether that margin was fixed beforehand."""
    key = f"equivalence.{arm}"
    figure = telling.figure(f"{key}.difference")
    if figure is None:
        return
    if figure.value is None:
        yield telling.passage(key, arm, telling.say("equivalence_none_heading"), telling.instead(figure))
        return
    points = float(figure.detail.get("margin", 0.0))
    margin = decimal(points, telling.language, _margin_places(points))
    word = telling.analysis.words.get(key, "not_shown")
    interval = interval_words(figure, telling.language)
    text = telling.say(
        "equivalence",
        points=signed(figure.value, telling.language, places_of(figure)),
        interval=interval,
        people=telling.people(figure.n or 0, arm),
    )
    fixed = "margin_fixed" if telling.beforehand else "margin_open"
    yield telling.passage(
        key, arm, telling.say(f"equivalence_{word}_heading", margin=margin), text, telling.say(fixed, margin=margin)
    )


def _margin_places(margin: float) -> int:
    """A margin as it was written down: with as many decimals as it has, from one to three."""
    return next((places for places in (1, 2) if round(margin, places) == margin), 3)


def _regression(telling: Telling, arm: str) -> Iterator[Passage]:
    """What such a group would move by itself; without a population, that it might: said once, of all arms."""
    key = f"regression.{arm}"
    figure = telling.figure(f"{key}.expected")
    heading, why = telling.say("regression_heading"), telling.say("regression")
    if figure is None:
        if arm == telling.analysis.head.arms[0]:
            yield Passage(key, heading, telling.say("regression_unknown"))
        return
    if not figure.shown:
        yield telling.passage(key, arm, heading, why, telling.instead(figure))
        return
    seen = telling.shown(f"change.{arm}.difference")
    beside = [telling.say("regression_seen", points=_points(seen, telling))] if seen else []
    text = telling.say("regression_expected", words=telling.words(figure))
    yield telling.passage(key, arm, heading, why, text, *beside)


def _points(figure: Figure, telling: Telling) -> str:
    return signed(figure.value or 0.0, telling.language, places_of(figure))
