"""What is said about a protocol: the names of its parts, and each difference in a sentence."""

from __future__ import annotations

from flask_babel import gettext as _

from service.api.participants import arm_choices
from service.followup.protocol_differences import Difference
from service.followup.replanning import Fate


def units() -> list[tuple[str, str]]:
    """The units of a period, for a choice."""
    return [
        ("days", _("dagen")),
        ("weeks", _("weken")),
        ("months", _("maanden")),
        ("hours", _("uren")),
        ("minutes", _("minuten")),
    ]


def anchors() -> list[tuple[str, str]]:
    """From when a wave is counted."""
    return [
        ("enrolment", _("na de inschrijving")),
        ("first_activity", _("na de eerste activiteit")),
        ("programme_end", _("na de laatste dag van het programma")),
    ]


def forms() -> list[tuple[str, str]]:
    """What somebody who prefers SMS gets."""
    return [("questions", _("de vragen zelf, één per sms")), ("link", _("een link naar de vragen"))]


def arms() -> list[tuple[str, str]]:
    """The groups."""
    return arm_choices()


def fate(key: Fate) -> str:
    """What becomes of a measurement."""
    return {
        Fate.STAYS: _("zelfde dag, andere berichten"),
        Fate.MOVES: _("verschuift"),
        Fate.ADDED: _("komt erbij"),
        Fate.CANCELLED: _("vervalt"),
    }[key]


def period(text: str) -> str:
    """ "3 months" in words; what is no period stays as it is."""
    count, _space, unit = text.partition(" ")
    return f"{count} {dict(units()).get(unit, unit)}".strip()


def sentence(one: Difference) -> str:
    """One difference, said."""
    if one.field == "wave_added":
        return _("Nieuw meetmoment %(key)s: %(title)s.", key=one.about, title=one.new)
    if one.field == "wave_removed":
        return _("Meetmoment %(key)s vervalt: %(title)s.", key=one.about, title=one.old)
    if one.field == "encouragement":
        return _("De aanmoediging tussendoor verandert.")
    old, new = _value(one.field, one.old), _value(one.field, one.new)
    if one.about and one.field.startswith("wave."):
        what = _("Meetmoment %(key)s, %(what)s", key=one.about, what=_name(one.field))
    elif one.about:
        what = _("%(what)s (%(group)s)", what=_name(one.field), group=dict(arms()).get(one.about, one.about))
    else:
        what = _name(one.field)
    return _("%(what)s: was %(old)s, wordt %(new)s.", what=what, old=old, new=new)


def _name(field: str) -> str:
    return {
        "title_nl": _("Titel"),
        "title_en": _("Engelse titel"),
        "instrument": _("Vragenlijst"),
        "language": _("Taal"),
        "time_zone": _("Tijdzone"),
        "hours": _("Open uren"),
        "sundays": _("Dicht op zondag"),
        "holidays": _("Dicht op feestdagen en tijdens de dodenherdenking"),
        "per_day": _("Hoogstens per dag"),
        "per_30_days": _("Hoogstens per 30 dagen"),
        "link_open": _("Link: tijd om te beginnen"),
        "link_grace": _("Link: tijd om af te maken"),
        "link_idle": _("Link: tijd zonder nieuw antwoord"),
        "waves_order": _("Volgorde van de meetmomenten"),
        "ladder.first": _("Eerste herinnering"),
        "ladder.second": _("Tweede herinnering"),
        "ladder.last": _("De laatste herinnering zegt dat het de laatste is"),
        "ladder.call": _("Iemand belt"),
        "wave.title_nl": _("titel"),
        "wave.title_en": _("Engelse titel"),
        "wave.anchor": _("telt"),
        "wave.offset": _("begint na"),
        "wave.at": _("tijd"),
        "wave.window": _("open gedurende"),
        "wave.primary": _("het belangrijkste meetmoment"),
        "wave.by_sms": _("per sms"),
        "wave.arms": _("voor wie"),
    }.get(field, field)


def _value(field: str, value: str) -> str:
    if not value:
        return _("niets")
    if field in ("sundays", "holidays", "ladder.last", "wave.primary"):
        return _("ja") if value == "yes" else _("nee")
    if field in ("wave.anchor", "wave.by_sms"):
        return dict([*anchors(), *forms()]).get(value, value)
    if field == "wave.arms":
        return ", ".join(dict(arms()).get(arm, arm) for arm in value.split(","))
    kept = field.startswith(("title", "wave.title"))
    return f"“{value}”" if kept else period(value)
