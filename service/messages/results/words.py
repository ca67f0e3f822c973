"""One figure in words, wherever it stands: its value with unit and interval, or why there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from service.measures.analysis.result import Figure, Unit
from service.measures.disclosure import Hidden
from service.measures.estimate import Reason
from service.messages.results.numbers import (
    capital,
    decimal,
    interval,
    p_words,
    percent,
    percent_interval,
    places_for,
    signed,
    whole,
)

Detail = Mapping[str, float | int | str]


@dataclass(frozen=True, slots=True)
class Both:
    """The same words in both languages, side by side, so that neither can be forgotten."""

    nl: str
    en: str

    def __getitem__(self, language: str) -> str:
        """The words in a language."""
        return self.nl if language == "nl" else self.en


_HIDDEN = {
    Hidden.TOO_FEW: Both("niet getoond: minder dan 10", "not shown: fewer than 10"),
    Hidden.DIFFERENCE: Both(
        "niet getoond: anders is minder dan 10 te berekenen",
        "not shown: otherwise fewer than 10 could be computed",
    ),
    # One value for all is said as little as possible about: the words would say what everybody answered.
    Hidden.ALL_THE_SAME: Both("niet getoond", "not shown"),
    Hidden.NOT_CHECKED: Both("niet getoond", "not shown"),
    Hidden.WAITING: Both("nog niet getoond: wacht op meer antwoorden", "not shown yet: waits for more answers"),
}

_REASON = {
    Reason.NO_DATA: Both("er zijn nog geen gegevens", "there are no data yet"),
    Reason.TOO_FEW: Both("te weinig gegevens", "too few data"),
    Reason.NO_VARIANCE: Both(
        "iedereen heeft dezelfde waarde, dus een interval is er niet",
        "everybody has the same value, so there is no interval",
    ),
    Reason.ONE_GROUP: Both("er is maar één groep om te vergelijken", "there is only one group to compare"),
    Reason.SINGULAR: Both(
        "de gegevens zijn te weinig verschillend om dit uit elkaar te houden",
        "the data differ too little to tell these apart",
    ),
    Reason.NOT_CONVERGED: Both("de berekening kwam niet tot één antwoord", "the calculation did not settle"),
    Reason.SEPARATED: Both(
        "in een van de groepen was de uitkomst bij iedereen gelijk",
        "in one of the groups the outcome was the same for everybody",
    ),
    Reason.NOT_REACHED: Both("zo ver reiken de gegevens niet", "the data do not reach that far"),
    Reason.NOT_COMPARABLE: Both(
        "er is niet geloot, dus de groepen begonnen misschien niet gelijk",
        "nobody drew lots, so the groups may not have started alike",
    ),
    Reason.OUT_OF_RANGE: Both("dit cijfer past niet bij deze gegevens", "this figure does not fit these data"),
}

_TOO_FEW = {
    "": Both("te weinig gegevens ({n}; nodig zijn er {needed})", "too few data ({n}; {needed} are needed)"),
    "people": Both("te weinig mensen ({n}; nodig zijn er {needed})", "too few people ({n}; {needed} are needed)"),
    "waves": Both(
        "te weinig meetmomenten ({n}; nodig zijn er {needed})",
        "too few measurements in time ({n}; {needed} are needed)",
    ),
    "observations": Both(
        "te weinig metingen ({n}; nodig zijn er {needed})", "too few measurements ({n}; {needed} are needed)"
    ),
    "items": Both("te weinig vragen ({n}; nodig zijn er {needed})", "too few questions ({n}; {needed} are needed)"),
}
_NOT_REACHED_BY = {
    "last": Both("de gegevens lopen tot dag {day}", "the data run until day {day}"),
    "dropped": Both("geen enkel verschil keert de conclusie om", "no difference turns the conclusion"),
}

_NONE = Both("niet te berekenen", "not estimable")
_INTERVAL = Both("{level}%-interval", "{level}% interval")
_POINT = Both("punt", "points")
_PERCENTAGE_POINTS = Both("procentpunt", "percentage points")
_SD = Both("standaardafwijking", "standard deviations")
_DAYS = Both("dagen", "days")
_ONE_DAY = Both("dag", "day")
_FROM = Both("{name} vanaf {low}", "{name} from {low}")
_UP_TO = Both("{name} tot {high}", "{name} up to {high}")
_OF = Both("{n} van {of}", "{n} of {of}")
_DF = Both("{df} vrijheidsgraden", "{df} degrees of freedom")
_AND = Both("{one} en {two}", "{one} and {two}")


def figure_words(figure: Figure, language: str) -> str:
    """One figure in words: "−1,6 punt (95%-interval −2,1 tot −1,0)", "68 % (57 % tot 77 %)", or why there is none."""
    if figure.hidden is not None:
        return hidden_sentence(figure.hidden, language)
    if figure.value is None:
        if figure.reason is None:
            return _NONE[language]
        return f"{_NONE[language]}: {reason_words(figure.reason, figure.detail, language)}"
    return _WORDS[figure.unit](figure, figure.value, language)


def hidden_sentence(hidden: Hidden | None, language: str) -> str:
    """What stands in the place of a figure that is not shown; without a reason, as little as possible."""
    return _HIDDEN[hidden or Hidden.TOO_FEW][language]


def reason_sentence(reason: Reason, detail: Detail, language: str) -> str:
    """Why something cannot be estimated, as a sentence with the numbers that belong to it."""
    return f"{capital(reason_words(reason, detail, language))}."


def reason_words(reason: Reason, detail: Detail, language: str) -> str:
    """The same without a capital and a full stop, to stand in another sentence."""
    if reason is Reason.TOO_FEW and "needed" in detail:
        about = "items" if "items" in detail else str(detail.get("of", ""))
        words = _TOO_FEW.get(about, _TOO_FEW[""])
        return words[language].format(
            n=_number(detail.get("items", detail.get("n", 0)), language), needed=_number(detail["needed"], language)
        )
    if reason is Reason.NOT_REACHED:
        for name, words in _NOT_REACHED_BY.items():
            if name in detail:
                return words[language].format(day=_number(detail[name], language))
    return _REASON[reason][language]


def _number(value: float | str, language: str) -> str:
    """A number of a detail as a count; some details hold it as a text ("359")."""
    return whole(round(float(value)), language)


def interval_name(figure: Figure, language: str) -> str:
    """What the interval is called: "95%-interval", or another level where the figure says so."""
    level = figure.detail.get("level", 0.95)
    return _INTERVAL[language].format(level=round(100 * float(level)))


def interval_words(figure: Figure, language: str) -> str:
    """The interval of a figure with its name, "95%-interval −2,1 tot −1,0"; "" when it has none.

    A limit may be missing: a median of which the end cannot be seen yet, or odds without a bound.
    """
    low, high, name, places = figure.low, figure.high, interval_name(figure, language), places_of(figure)
    if low is None and high is None:
        return ""
    if high is None:
        return _FROM[language].format(name=name, low=decimal(low or 0.0, language, places))
    if low is None:
        return _UP_TO[language].format(name=name, high=decimal(high, language, places))
    if figure.unit is Unit.SHARE and not is_difference(figure):
        return f"{name} {percent_interval(low, high, language)}"
    scale = 100 if is_difference(figure) else 1
    return f"{name} {interval(scale * low, scale * high, language, places)}"


def is_difference(figure: Figure) -> bool:
    """Whether this is a difference of two shares, told in percentage points: of items that moved (`became`)."""
    return figure.unit is Unit.SHARE and "became" in figure.detail


def places_of(figure: Figure) -> int:
    """How many decimals a figure and its interval need to be told with."""
    if figure.unit is Unit.DAYS or figure.unit is Unit.SHARE:
        return 0
    least = 1 if figure.unit is Unit.POINTS else 2
    # An interval that holds zero says so by its two signs: its edges need no more decimals.
    apart = figure.low is not None and figure.high is not None and (figure.low > 0 or figure.high < 0)
    return places_for(figure.low, figure.high, least=least) if apart else least


def _with_interval(words: str, figure: Figure, language: str) -> str:
    told = interval_words(figure, language)
    return f"{words} ({told})" if told else words


def _people(figure: Figure, value: float, language: str) -> str:
    count = whole(round(value), language)
    return count if figure.of is None else _OF[language].format(n=count, of=whole(figure.of, language))


def _share(figure: Figure, value: float, language: str) -> str:
    if is_difference(figure):
        words = f"{signed(100 * value, language, 0)} {_PERCENTAGE_POINTS[language]}"
        return _with_interval(words, figure, language)
    words = percent(value, language)
    if figure.low is None or figure.high is None:
        return words
    return f"{words} ({percent_interval(figure.low, figure.high, language)})"


def _points(figure: Figure, value: float, language: str) -> str:
    places = places_of(figure)
    return _with_interval(f"{decimal(value, language, places)} {_POINT[language]}", figure, language)


def _sd(figure: Figure, value: float, language: str) -> str:
    return _with_interval(f"{decimal(value, language, places_of(figure))} {_SD[language]}", figure, language)


def _days(figure: Figure, value: float, language: str) -> str:
    unit = _ONE_DAY if round(value) == 1 else _DAYS
    return _with_interval(f"{decimal(value, language, 0)} {unit[language]}", figure, language)


def _ratio(figure: Figure, value: float, language: str) -> str:
    return _with_interval(decimal(value, language, places_of(figure)), figure, language)


def _statistic(figure: Figure, value: float, language: str) -> str:
    told = [text for text in (_degrees(figure, language), _p_of(figure, language)) if text]
    words = decimal(value, language, 2)
    return f"{words} ({'; '.join(told)})" if told else words


def _degrees(figure: Figure, language: str) -> str:
    if "df1" in figure.detail and "df2" in figure.detail:
        one, two = (_whole_or_one(float(figure.detail[name]), language) for name in ("df1", "df2"))
        return _DF[language].format(df=_AND[language].format(one=one, two=two))
    if "df" in figure.detail:
        return _DF[language].format(df=_whole_or_one(float(figure.detail["df"]), language))
    return ""


def _whole_or_one(value: float, language: str) -> str:
    """Degrees of freedom: whole, or with one decimal when they were estimated."""
    return decimal(value, language, 0 if value == round(value) else 1)


def _p_of(figure: Figure, language: str) -> str:
    return p_words(float(figure.detail["p"]), language) if "p" in figure.detail else ""


_WORDS: Mapping[Unit, Callable[[Figure, float, str], str]] = {
    Unit.PEOPLE: _people,
    Unit.SHARE: _share,
    Unit.POINTS: _points,
    Unit.SD: _sd,
    Unit.DAYS: _days,
    Unit.P: lambda _, value, language: p_words(value, language),
    Unit.RATIO: _ratio,
    Unit.STATISTIC: _statistic,
}
