"""A protocol as a form and as text: what an administrator types, and the YAML that it becomes.

`draft_of` opens a protocol as the strings of a form, `text_of` writes those as YAML, and `protocol_file` reads and
checks that: one reader for a form, a file and a stored version.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

from service.followup.participation import Arm
from service.followup.protocol import EncouragementPlan, Ladder, LinkLife, Period, Protocol, QuietHours, Wave

#: What stands where nothing happens.
NONE = "none"


@dataclass(frozen=True, slots=True)
class DraftWave:
    """One wave as typed. Periods as in "3 months"; `at` is empty for a wave that has no hour of its own."""

    key: str = ""
    title_nl: str = ""
    title_en: str = ""
    anchor: str = "enrolment"
    offset: str = ""
    at: str = ""
    window: str = ""
    primary: bool = False
    by_sms: str = "questions"
    arms: tuple[str, ...] = tuple(Arm)


@dataclass(frozen=True, slots=True)
class DraftLadder:
    """What follows on silence, as typed: at most two reminders and a call; empty: not. `last`: the last reminder says
    that it is the last message."""

    first: str = ""
    second: str = ""
    last: bool = False
    call: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """A whole protocol as typed. `arm_ladders` holds the arms with a ladder of their own."""

    key: str = ""
    version: str = "1"
    title_nl: str = ""
    title_en: str = ""
    instrument: str = ""
    language: str = "nl"
    time_zone: str = "Europe/Amsterdam"
    waves: tuple[DraftWave, ...] = ()
    ladder: DraftLadder = DraftLadder()
    arm_ladders: Mapping[str, DraftLadder] = field(default_factory=dict)
    hours: str = "10:00-12:00, 14:00-17:00"
    sundays: bool = True  # True: closed
    holidays: bool = True
    per_day: str = "2"
    per_30_days: str = "8"
    link_open: str = ""
    link_grace: str = ""
    link_idle: str = ""
    encouragement: str = ""  # its own piece of YAML


def draft_of(protocol: Protocol) -> Draft:
    """A protocol as it would be typed."""
    link = protocol.link
    return Draft(
        key=protocol.key,
        version=str(protocol.version),
        title_nl=protocol.title.get("nl", ""),
        title_en=protocol.title.get("en", ""),
        instrument=protocol.instrument,
        language=protocol.language,
        time_zone=protocol.time_zone,
        waves=tuple(_draft_wave(wave) for wave in protocol.waves),
        ladder=_draft_ladder(protocol.ladder),
        arm_ladders={str(arm): _draft_ladder(ladder) for arm, ladder in protocol.arm_ladders.items()},
        hours=_hours(protocol.quiet),
        sundays=protocol.quiet.sundays,
        holidays=protocol.quiet.holidays,
        per_day=str(protocol.cap.per_day),
        per_30_days=str(protocol.cap.per_30_days),
        **_draft_link(link),
        encouragement=_encouragement(protocol.encouragement),
    )


def text_of(draft: Draft) -> str:
    """The YAML of a draft, whether it can be used or not: whoever reads it says what is wrong."""
    top: dict[str, Any] = {
        "key": draft.key,
        "version": _number(draft.version),
        "title": {"nl": draft.title_nl, "en": draft.title_en or draft.title_nl},
        "instrument": draft.instrument,
        "language": draft.language,
        "time_zone": draft.time_zone,
        "waves": [_wave(wave) for wave in draft.waves],
        **_ladder(draft.ladder),
    }
    if draft.arm_ladders:
        top["arms"] = {arm: _ladder(ladder) for arm, ladder in draft.arm_ladders.items()}
    closed = [name for name, on in (("sundays", draft.sundays), ("holidays", draft.holidays)) if on]
    hours = [part.strip() for part in draft.hours.split(",") if part.strip()]
    top["quiet_hours"] = {"open": hours, "closed_on": closed}
    top["cap"] = {"per_day": _number(draft.per_day), "per_30_days": _number(draft.per_30_days)}
    if draft.link_open or draft.link_grace or draft.link_idle:
        top["link"] = {"open": draft.link_open, "grace": draft.link_grace, "idle": draft.link_idle}
    text = yaml.safe_dump(top, sort_keys=False, allow_unicode=True, width=1000)
    if draft.encouragement.strip():
        text += "encouragement:\n" + "".join(f"  {line}\n" for line in draft.encouragement.strip("\n").splitlines())
    return text


def write_protocol(protocol: Protocol) -> str:
    """The text of a protocol: reading it gives the same protocol (but for the digest of the text)."""
    return text_of(draft_of(protocol))


def period_text(period: Period | None) -> str:
    """As a protocol writes it: "3 months"; empty for None."""
    return "" if period is None else f"{period.count} {period.unit}"


def _draft_wave(wave: Wave) -> DraftWave:
    return DraftWave(
        key=wave.key,
        title_nl=wave.title.get("nl", ""),
        title_en=wave.title.get("en", ""),
        anchor=str(wave.anchor),
        offset=period_text(wave.offset),
        at=wave.at.strftime("%H:%M") if wave.at else "",
        window=period_text(wave.window),
        primary=wave.primary,
        by_sms=str(wave.by_sms),
        arms=tuple(str(arm) for arm in Arm if arm in wave.arms),
    )


def _draft_ladder(ladder: Ladder) -> DraftLadder:
    first, second, *_ = (*(period_text(one.after) for one in ladder.reminders), "", "")
    last = bool(ladder.reminders) and ladder.reminders[-1].last
    return DraftLadder(first, second, last, period_text(ladder.call_after))


def _draft_link(link: LinkLife | None) -> dict[str, str]:
    if link is None:
        return {}
    return {f"link_{name}": period_text(getattr(link, name)) for name in ("open", "grace", "idle")}


def _hours(quiet: QuietHours) -> str:
    return ", ".join(
        f"{slot.start // 60:02}:{slot.start % 60:02}-{slot.end // 60:02}:{slot.end % 60:02}" for slot in quiet.slots
    )


def _encouragement(plan: EncouragementPlan | None) -> str:
    if plan is None:
        return ""
    top: dict[str, Any] = {
        "steps": [{"text": one.text, "after": period_text(one.after)} for one in plan.steps],
    }
    if plan.every is not None:
        top["then"] = {"texts": list(plan.then), "every": period_text(plan.every)}
    top["less"] = period_text(plan.less)
    return yaml.safe_dump(top, sort_keys=False, allow_unicode=True, width=1000)


def _wave(wave: DraftWave) -> dict[str, Any]:
    found: dict[str, Any] = {"key": wave.key, "title": {"nl": wave.title_nl, "en": wave.title_en or wave.title_nl}}
    if wave.anchor != "enrolment":
        found["anchor"] = wave.anchor
    found["offset"] = wave.offset
    if wave.at:
        found["at"] = wave.at
    found["window"] = wave.window
    if wave.primary:
        found["primary"] = True
    if wave.by_sms != "questions":
        found["by_sms"] = wave.by_sms
    if set(wave.arms) != set(Arm):
        found["arms"] = list(wave.arms)
    return found


def _ladder(ladder: DraftLadder) -> dict[str, Any]:
    steps: list[dict[str, Any]] = [{"after": after} for after in (ladder.first, ladder.second) if after]
    if steps and ladder.last:
        steps[-1]["last"] = True
    return {"reminders": steps or NONE, "call": {"after": ladder.call} if ladder.call else NONE}


def _number(typed: str) -> int | str:
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else typed
