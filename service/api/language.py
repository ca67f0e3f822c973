"""Which language a member of staff reads, and how numbers and moments are written in it."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import phonenumbers
from babel.dates import format_date, format_time
from babel.numbers import format_decimal
from flask import Blueprint, Flask, redirect, request, session
from flask.typing import ResponseReturnValue
from flask_babel import Babel, get_locale

from service.api.access import public
from service.api.context import LANGUAGE

blueprint = Blueprint("language", __name__)

LANGUAGES = ("nl", "en")
#: Staff read moments on the clock of the Netherlands, whatever the protocol's zone.
ZONE = ZoneInfo("Europe/Amsterdam")
HARD_SPACE = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"


@blueprint.post("/taal")
@public
def choose() -> ResponseReturnValue:
    """Keep the language a person chose for this browser."""
    chosen = request.form.get("language", "")
    if chosen in LANGUAGES:
        session[LANGUAGE] = chosen
    back = request.form.get("back", "/")
    return redirect(back if back.startswith("/") and not back.startswith(("//", "/\\")) else "/")


def selected() -> str:
    """The chosen language; Dutch when nobody chose."""
    found: str = session.get(LANGUAGE, LANGUAGES[0])
    return found if found in LANGUAGES else LANGUAGES[0]


def decimal(value: float, places: int = 1) -> str:
    """A number with a fixed number of decimals: decimal comma and a real minus in Dutch."""
    rounded = round(value, places) + 0.0  # no minus before a zero
    pattern = "#,##0" + ("." + "0" * places if places else "")
    return format_decimal(rounded, format=pattern, locale=current()).replace("-", MINUS)


def signed(value: float, places: int = 1) -> str:
    """A change: a plus before what rises."""
    text = decimal(value, places)
    return f"+{text}" if round(value, places) > 0 else text


def percent(share: float, places: int = 0) -> str:
    """A share between 0 and 1 as a percentage, with a hard space before the sign."""
    return f"{decimal(100 * share, places)}{HARD_SPACE}%"


def interval(low: float, high: float, places: int = 1) -> str:
    """An interval in prose: "0,5–1,3", and "−1,3 tot −0,5" when one of the edges is negative."""
    word = " tot " if current() == "nl" else " to "
    between = word if min(round(low, places), round(high, places)) < 0 else DASH
    return f"{decimal(low, places)}{between}{decimal(high, places)}"


def percent_interval(low: float, high: float) -> str:
    """An interval of shares, "73–84 %"."""
    return f"{decimal(100 * low, 0)}{DASH}{percent(high)}"


def day(value: date | datetime, form: str = "d MMMM y") -> str:
    """A day, "23 november 2026"."""
    return format_date(_local(value), form, locale=current())


def clock(value: datetime) -> str:
    """A time of day, "14.05 uur"."""
    form = "HH.mm 'uur'" if current() == "nl" else "HH:mm"
    return format_time(value.astimezone(ZONE), form, locale=current())


def moment(value: datetime) -> str:
    """A day and a time, "maandag 23 november 2026, 14.05 uur"."""
    return f"{day(value, 'EEEE d MMMM y')}, {clock(value)}"


def since(value: datetime, now: datetime) -> str:
    """How long ago, as people say it: a time today, "gisteren 16.20", a weekday this week, else the date."""
    here, there = value.astimezone(ZONE), now.astimezone(ZONE)
    days = (there.date() - here.date()).days
    dutch = current() == "nl"
    hour = format_time(here, "HH.mm" if dutch else "HH:mm", locale=current())
    if days == 0:
        return f"{'vandaag' if dutch else 'today'} {hour}"
    if days == 1:
        return f"{'gisteren' if dutch else 'yesterday'} {hour}"
    if 1 < days < 7:
        return format_date(here, "EEEE", locale=current())
    return format_date(here, "d MMMM" if here.year == there.year else "d MMMM y", locale=current())


def phone(number: str) -> str:
    """A telephone number as people write it: "06 0000 0142", "078 000 0137"."""
    if number.startswith("+316") and len(number) == 12:
        return f"06{HARD_SPACE}{number[4:8]}{HARD_SPACE}{number[8:]}"
    try:
        parsed = phonenumbers.parse(number, "NL")
    except phonenumbers.NumberParseException:
        return number
    form = phonenumbers.PhoneNumberFormat
    dutch = parsed.country_code == 31
    return phonenumbers.format_number(parsed, form.NATIONAL if dutch else form.INTERNATIONAL).replace(" ", HARD_SPACE)


def install(app: Flask) -> None:
    """Set up Babel and the filters of the templates."""
    app.config["BABEL_DEFAULT_LOCALE"] = LANGUAGES[0]
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = "../translations"
    Babel(app, locale_selector=selected, timezone_selector=lambda: ZONE.key)
    for written in (decimal, signed, percent, interval, percent_interval, day, clock, moment, since, phone):
        app.add_template_filter(written)


def current() -> str:
    """The language this request is answered in."""
    found = get_locale()
    return found.language if found is not None else LANGUAGES[0]


def _local(value: date | datetime) -> date:
    return value.astimezone(ZONE).date() if isinstance(value, datetime) else value
