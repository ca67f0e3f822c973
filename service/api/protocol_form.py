"""The form of a protocol: what was typed becomes a draft, and a problem finds its field again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from werkzeug.datastructures import MultiDict

from service.followup.participation import Arm
from service.followup.problem import Problem
from service.followup.protocol_text import Draft, DraftLadder, DraftWave

#: The most waves a form holds; more are typed as text.
MOST_WAVES = 40
_WAVE_TEXTS = ("key", "title_nl", "title_en", "anchor", "at", "by_sms")
_TEXTS = ("key", "version", "title_nl", "title_en", "instrument", "language", "time_zone", "hours", "per_day",
          "per_30_days", "encouragement")  # fmt: skip
#: Where the reader of a protocol finds a problem, and the field that it came from.
_FIELDS = {
    "title": "title_nl",
    "quiet_hours.open": "hours",
    "cap.per_day": "per_day",
    "cap.per_30_days": "per_30_days",
    "link.open": "link_open",
    "link.grace": "link_grace",
    "link.idle": "link_idle",
    "call.after": "call",
    "reminders": "first",
    "reminders.after": "first",
}


def draft_from(typed: MultiDict[str, str]) -> Draft:
    """The draft that was typed; what was left open stays empty."""
    count = min(_whole(typed.get("waves", "0")), MOST_WAVES)
    return Draft(
        **{name: typed.get(name, "").strip() for name in _TEXTS if name != "encouragement"},
        encouragement=typed.get("encouragement", "").replace("\r\n", "\n"),
        waves=tuple(_wave(typed, f"w{number}_") for number in range(count)),
        ladder=_ladder(typed, ""),
        arm_ladders={str(arm): _ladder(typed, f"{arm}_") for arm in Arm if typed.get(f"own_{arm}")},
        sundays=bool(typed.get("sundays")),
        holidays=bool(typed.get("holidays")),
        link_open=_period(typed, "link_open"),
        link_grace=_period(typed, "link_grace"),
        link_idle=_period(typed, "link_idle"),
    )


def with_wave(draft: Draft) -> Draft:
    """One more wave to fill in, after the others."""
    if len(draft.waves) >= MOST_WAVES:
        return draft
    return replace(draft, waves=(*draft.waves, DraftWave(key=f"t{len(draft.waves)}", window="21 days")))


def without_wave(draft: Draft, number: str) -> Draft:
    """Without the wave in this place, counted from 0."""
    place = _whole(number, len(draft.waves))
    return replace(draft, waves=(*draft.waves[:place], *draft.waves[place + 1 :]))


def placed(problem: Problem, text: str) -> Problem:
    """The same problem at its field in the form. A line of the text says which wave it is about."""
    if problem.where.startswith("waves.") and problem.line:
        before = text.splitlines()[: problem.line]
        number = sum(line.startswith("- key:") for line in before) - 1
        name = problem.where.removeprefix("waves.").removeprefix("title.") or "key"
        where = f"w{max(number, 0)}_{'title_nl' if name in ('title', 'nl') else name}"
    else:
        where = _FIELDS.get(problem.where, problem.where.replace("title.nl", "title_nl"))
    return replace(problem, where=where, line=0)


def parts(period: str) -> Mapping[str, str]:
    """ "3 months" as the two fields of the form."""
    count, _, unit = period.partition(" ")
    return {"count": count, "unit": unit or "days"}


def _wave(typed: MultiDict[str, str], start: str) -> DraftWave:
    return DraftWave(
        **{name: typed.get(start + name, "").strip() for name in _WAVE_TEXTS},
        offset=_period(typed, f"{start}offset"),
        window=_period(typed, f"{start}window"),
        primary=typed.get("primary", "") == start.strip("w_"),
        arms=tuple(arm for arm in typed.getlist(f"{start}arms") if arm in list(Arm)),
    )


def _ladder(typed: MultiDict[str, str], start: str) -> DraftLadder:
    first, second = _period(typed, f"{start}first"), _period(typed, f"{start}second")
    return DraftLadder(first, second, bool(typed.get(f"{start}last")), _period(typed, f"{start}call"))


def _period(typed: MultiDict[str, str], name: str) -> str:
    """Count and unit in one; empty when no number was typed. Words stay, so that the reader can say what is wrong."""
    count = typed.get(f"{name}_count", "").strip()
    return f"{count} {typed.get(f'{name}_unit', 'days')}" if count else ""


def _whole(text: str, otherwise: int = 0) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else otherwise
