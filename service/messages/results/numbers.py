"""How numbers, intervals and days are written in a language: decimal comma, real minus, hard space before the sign."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.numbers import format_decimal

#: Moments are told on the clock of the Netherlands.
ZONE = ZoneInfo("Europe/Amsterdam")
HARD_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"

_TO = {"nl": " tot ", "en": " to "}
_AND = {"nl": "en", "en": "and"}
_BETWEEN = {"nl": "tussen {low} en {high}", "en": "between {low} and {high}"}


def decimal(value: float, language: str, places: int = 1) -> str:
    """A number with a fixed number of decimals, "−1,6" in Dutch and "−1.6" in English."""
    rounded = round(value, places) + 0.0  # no minus before a zero
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(rounded, format=pattern, locale=language).replace("-", MINUS)


def whole(value: int, language: str) -> str:
    """A count, "1.234" in Dutch and "1,234" in English."""
    return decimal(value, language, 0)


def signed(value: float, language: str, places: int = 1) -> str:
    """A change: a plus before what rises."""
    text = decimal(value, language, places)
    return f"+{text}" if round(value, places) > 0 else text


def percent(share: float, language: str, places: int = 0) -> str:
    """A share between 0 and 1 as a percentage, "68 %"."""
    return f"{decimal(100 * share, language, places)}{HARD_SPACE}%"


def interval(low: float, high: float, language: str, places: int = 1) -> str:
    """An interval: "0,5–1,3", and "−1,3 tot −0,5" when an edge is negative (a dash would read as a minus)."""
    between = _TO[language] if min(round(low, places), round(high, places)) < 0 else DASH
    return f"{decimal(low, language, places)}{between}{decimal(high, language, places)}"


def percent_interval(low: float, high: float, language: str) -> str:
    """An interval of shares, "57 % tot 77 %"."""
    return f"{percent(low, language)}{_TO[language]}{percent(high, language)}"


def between(low: float, high: float, language: str, places: int = 1, *, plus: bool = False) -> str:
    """An interval in a sentence, "tussen 1,1 en 2,3"; with `plus` a sign before what is above zero."""
    write = signed if plus else decimal
    return _BETWEEN[language].format(low=write(low, language, places), high=write(high, language, places))


def places_for(*values: float | None, least: int = 1) -> int:
    """How many decimals these numbers need together: more where an edge beside zero would be rounded to zero."""
    small = [abs(value) for value in values if value]
    places = least
    while places < 3 and any(round(value, places) == 0 for value in small):
        places += 1
    return places


def p_words(p: float, language: str) -> str:
    """A p, "p = 0,023"; never as if it were nothing or everything."""
    if p < 0.001:
        return f"p < {decimal(0.001, language, 3)}"
    return f"p > {decimal(0.999, language, 3)}" if p > 0.999 else f"p = {decimal(p, language, 3)}"


def day(value: date | datetime, language: str) -> str:
    """A day, "23 november 2026". A moment is told on the clock of the Netherlands."""
    local = value.astimezone(ZONE).date() if isinstance(value, datetime) else value
    return format_date(local, "d MMMM y", locale=language)


def listed(parts: list[str], language: str) -> str:
    """Words in a row, "a, b en c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {_AND[language]} {parts[-1]}"


def capital(words: str) -> str:
    """With a capital, as a sentence begins."""
    return words[:1].upper() + words[1:]


def lower(words: str) -> str:
    """Without the capital of a sentence, unless it is one of an abbreviation."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]
