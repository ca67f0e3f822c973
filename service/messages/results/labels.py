"""A name for every figure that an analysis can give, made from its key."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from babel import Locale, UnknownLocaleError

from service.messages.results.label_words import ARMS, COVARIATES, LABELS, SUBGROUPS, UNKNOWN, VALUES
from service.messages.results.names import Names
from service.messages.results.numbers import capital
from service.messages.results.words import Both


class NoLabel(KeyError):
    """This key is of no figure that an analysis gives, or names a wave, band, score or item that has no name."""


def label(key: str, names: Names, language: str) -> str:
    """The name of the figure with this key: "Nulmeting: uitgenodigd". Of another arm than the programme's own, the arm
    stands behind it. NoLabel when there is no such figure."""
    for pattern, words in _PATTERNS:
        found = pattern.fullmatch(key)
        if found is None:
            continue
        try:
            parts = {name: _name(name, value, found, names, language) for name, value in found.groupdict().items()}
        except KeyError as missing:
            raise NoLabel(key) from missing
        text = capital(words[language].format(**parts))
        arm = found.groupdict().get("arm", "")
        return f"{text} ({ARMS[arm][language]})" if arm and arm != "intervention" else text
    raise NoLabel(key)


def subgroup_name(by: str, language: str) -> str:
    """By what people are told apart, "leeftijd"."""
    return SUBGROUPS[by][language]


def value_name(by: str, value: str, language: str) -> str:
    """Which of them, "75 of ouder"; a site has its own name."""
    if value == "unknown":
        return UNKNOWN[language]
    if by == "language":
        return _language(value, language)
    found = VALUES.get((by, value))
    return found[language] if found else value


def _language(code: str, language: str) -> str:
    """The name of a language, "Nederlands"; its code when it is not known."""
    try:
        name = Locale.parse(code, sep="-").get_language_name(language)
    except (ValueError, UnknownLocaleError):
        name = None
    return name or code


def _name(name: str, value: str, found: re.Match[str], names: Names, language: str) -> str:
    """What one part of a key is called. KeyError when it has no name."""
    if name == "value":
        return value_name(found.group("by"), value, language)
    return _NAMED[name](value, names, language)


_NAMED: Mapping[str, Callable[[str, Names, str], str]] = {
    "arm": lambda value, _, language: ARMS[value][language],
    "one": lambda value, _, language: ARMS[value][language],
    "other": lambda value, _, language: ARMS[value][language],
    "wave": lambda value, names, _: names.waves[value],
    "band": lambda value, names, _: names.bands[value],
    "to": lambda value, names, _: names.bands[value],
    "score": lambda value, names, _: names.scores[value],
    "item": lambda value, names, _: f"{int(value)}: ‘{names.items[int(value)]}’",
    "covariate": lambda value, _, language: COVARIATES[value][language],
    "by": lambda value, _, language: SUBGROUPS[value][language],
    "days": lambda value, _names, _language: value,
}


def _pattern(written: str) -> re.Pattern[str]:
    """A pattern of keys as a regular expression: {wave} is one part of a key, {value} one or more."""
    parts = re.split(r"{(\w+)}", written)
    made = [
        re.escape(part) if place % 2 == 0 else f"(?P<{part}>{'.+' if part == 'value' else '[^.]+'})"
        for place, part in enumerate(parts)
    ]
    return re.compile("".join(made))


#: What is written out goes before what a part of a key could be: "item" is no wave, "score" in a change no arm.
_PATTERNS: tuple[tuple[re.Pattern[str], Both], ...] = tuple(
    (_pattern(written), words) for written, words in sorted(LABELS.items(), key=lambda one: one[0].count("{"))
)
