"""Reads a protocol from YAML: checked whole, every problem on its own line."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from functools import cache
from itertools import pairwise, product
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml

from service.followup.encouragement_file import read_encouragement
from service.followup.ladder_file import check_ladders, read_ladders
from service.followup.participation import Arm
from service.followup.problem import Problem, Refusal
from service.followup.protocol import (
    TRY_STARTS,
    Anchor,
    Cap,
    LinkLife,
    Period,
    Protocol,
    QuietHours,
    Slot,
    SmsForm,
    Wave,
)
from service.followup.sheet import Sheet, Table, open_sheet
from service.followup.sheet_values import choose, listed, read_choice, read_period, read_time
from service.measures.instrument import Instrument, Use


@dataclass(frozen=True, slots=True)
class Reading:
    """A protocol that may be used, and what its author should know about it (for example: many questions by SMS)."""

    protocol: Protocol
    warnings: tuple[Problem, ...]


#: domain.md 4.2; what applies when a file says nothing.
DEFAULT_AT = time(10)
DEFAULT_QUIET = QuietHours((Slot(600, 720), Slot(840, 1020)), sundays=True, holidays=True)
DEFAULT_CAP = Cap(per_day=2, per_30_days=8)
DEFAULT_ZONE = "Europe/Amsterdam"

_KEYS = ("key", "version", "title", "instrument", "language", "time_zone", "waves", "reminder", "reminders", "call",
         "arms", "quiet_hours", "cap", "link", "encouragement")  # fmt: skip
_WAVE_KEYS = ("key", "title", "anchor", "offset", "at", "window", "primary", "by_sms", "arms")
_LANGUAGES = ("nl", "en")
#: Nobody is hurried: this much time, or more, to finish what was begun.
_LEAST_TO_FINISH = timedelta(minutes=30)
#: More questions than this by SMS and people stop half-way (domain.md 4.1).
_MOST_BY_SMS = 7


def read_protocol(text: str, instruments: Mapping[str, Instrument]) -> Reading:
    """Read and check a protocol file. Raises Refusal with every problem found; each names its line and its cure."""
    sheet = Sheet()
    top = sheet.table(open_sheet(text), "", _KEYS)
    if top is None:
        raise Refusal(*sheet.problems)
    instrument = _read_instrument(top, instruments)
    language = _read_language(top, instrument)
    quiet_table = sheet.table(top.get("quiet_hours"), "quiet_hours", ("open", "closed_on"))
    ladder, arm_ladders = read_ladders(top)
    protocol = Protocol(
        key=_read_key(top),
        version=sheet.number(top.need("version"), "version", 1, 9999) or 0,
        title=_read_title(top),
        instrument=instrument.key if instrument else "",
        language=language,
        time_zone=_read_zone(top),
        waves=_read_waves(top, instrument),
        ladder=ladder,
        quiet=_read_quiet(quiet_table) if quiet_table else DEFAULT_QUIET,
        cap=_read_cap(sheet.table(top.get("cap"), "cap", ("per_day", "per_30_days"))),
        digest=hashlib.sha256(text.encode()).hexdigest(),
        link=_read_link(sheet.table(top.get("link"), "link", ("open", "grace", "idle"))),
        arm_ladders=arm_ladders,
        encouragement=read_encouragement(top),
    )
    check_ladders(top, protocol)
    _check_link(top, protocol)
    if sheet.problems:
        raise Refusal(*sorted(sheet.problems, key=lambda problem: problem.line))
    return Reading(protocol, tuple(_warnings(protocol, instrument)))


def _read_key(table: Table) -> str:
    node = table.need("key")
    key = table.sheet.text(node, table.path("key"))
    if key is not None and not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", key):
        table.sheet.wrong("protocol_bad_key", node, table.path("key"), value=key[:40])
    return key or ""


def _read_title(table: Table) -> Mapping[str, str]:
    """Words for every language, or one text for all of them; English falls back on Dutch."""
    node = table.need("title")
    if isinstance(node, yaml.ScalarNode):
        words = table.sheet.text(node, table.path("title")) or ""
        return dict.fromkeys(_LANGUAGES, words)
    titles = table.sheet.table(node, table.path("title"), _LANGUAGES)
    if titles is None:
        return {}
    dutch = table.sheet.text(titles.need("nl"), titles.path("nl")) or ""
    return {"nl": dutch, "en": table.sheet.text(titles.get("en"), titles.path("en")) or dutch}


def _read_instrument(top: Table, instruments: Mapping[str, Instrument]) -> Instrument | None:
    node = top.need("instrument")
    key = top.sheet.text(node, "instrument")
    outcomes = {one.key: one for one in instruments.values() if one.use is Use.OUTCOME}
    if key is None or key in outcomes:
        return outcomes.get(key or "")
    wrong = "protocol_check_in" if key in instruments else "protocol_unknown_instrument"
    top.sheet.wrong(wrong, node, "instrument", value=key[:40], known=listed(outcomes))
    return None


def _read_language(top: Table, instrument: Instrument | None) -> str:
    node = top.need("language")
    language = top.sheet.text(node, "language")
    if language is not None and instrument is not None and language not in instrument.languages:
        known = listed(instrument.languages)
        top.sheet.wrong("protocol_language", node, "language", value=language[:40], instrument=instrument.key,
                        known=known)  # fmt: skip
    return language or ""


def _read_zone(top: Table) -> str:
    node = top.get("time_zone")
    if node is None:
        return DEFAULT_ZONE
    zone = top.sheet.text(node, "time_zone")
    if zone is not None and not is_zone(zone):
        top.sheet.wrong("protocol_zone", node, "time_zone", value=zone[:40])
    return zone or DEFAULT_ZONE


def is_zone(name: str) -> bool:
    """Whether this is an IANA time zone such as Europe/Amsterdam."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


def _read_waves(top: Table, instrument: Instrument | None) -> tuple[Wave, ...]:
    node = top.need("waves")
    rows = top.sheet.rows(node, "waves")
    if isinstance(node, yaml.SequenceNode) and not rows:
        top.sheet.wrong("protocol_no_waves", node, "waves")
    read: list[tuple[Wave, yaml.Node]] = []
    for position, row in enumerate(rows):
        table = top.sheet.table(row, "waves", _WAVE_KEYS)
        wave = _read_wave(table, position, instrument) if table else None
        if wave is not None:
            read.append((wave, row))
    _check_waves(top.sheet, read)
    waves = tuple(wave for wave, _ in read)
    if waves and not any(wave.primary for wave in waves):
        waves = (*waves[:-1], replace(waves[-1], primary=True))
    return waves


def _read_wave(table: Table, position: int, instrument: Instrument | None) -> Wave | None:
    key, title = _read_key(table), _read_title(table)
    offset, window = read_period(table, "offset"), read_period(table, "window")
    primary = read_choice(table, "primary", ("false", "true")) == "true"
    form = SmsForm(read_choice(table, "by_sms", tuple(SmsForm)))
    if form is SmsForm.QUESTIONS and instrument is not None and not instrument.sms_allowed:
        table.sheet.wrong("protocol_sms_not_allowed", table.get("by_sms") or table.node, table.path("by_sms"),
                          instrument=instrument.key, wave=key)  # fmt: skip
    at = read_time(table.sheet, table.get("at"), table.path("at"))
    if offset is None or window is None:
        return None
    if window.count == 0:
        table.sheet.wrong("protocol_zero", table.get("window"), table.path("window"))
    anchor = Anchor(read_choice(table, "anchor", tuple(Anchor)))
    if anchor is not Anchor.ENROLMENT and offset.elapsed:
        table.sheet.wrong("protocol_anchor_day", table.get("offset"), table.path("offset"), wave=key)
    timeless = anchor is Anchor.ENROLMENT and (offset.elapsed or (position == 0 and offset.count == 0))
    if timeless and at is not None:
        table.sheet.wrong("protocol_at_unused", table.get("at"), table.path("at"), wave=key)
    opens_at = None if timeless else at or DEFAULT_AT
    return Wave(key, title, offset, opens_at, window, primary, form, anchor, _read_arms(table))


def _read_arms(table: Table) -> frozenset[Arm]:
    """Who gets this wave; everybody when nothing is said."""
    node = table.get("arms")
    if node is None:
        return frozenset(Arm)
    words = [choose(table, row, "arms", tuple(Arm)) for row in table.sheet.rows(node, table.path("arms"))]
    if isinstance(node, yaml.SequenceNode) and not words:
        table.sheet.wrong("protocol_no_arms", node, table.path("arms"))
    return frozenset(Arm(word) for word in words if word)


def _check_waves(sheet: Sheet, read: Sequence[tuple[Wave, yaml.Node]]) -> None:
    seen: set[str] = set()
    for wave, node in read:
        if wave.key in seen:
            sheet.wrong("protocol_double_wave", node, "waves", wave=wave.key)
        seen.add(wave.key)
    for wave, node in [pair for pair in read if pair[0].primary][1:]:
        sheet.wrong("protocol_two_primary", node, "waves", wave=wave.key)
    for (wave, _), (later, node) in _neighbours(read):
        if _overlap(wave.offset, wave.at, wave.window, later.offset, later.at):
            sheet.wrong("protocol_overlap", node, "waves", wave=wave.key, later=later.key)


def _neighbours(
    read: Sequence[tuple[Wave, yaml.Node]],
) -> list[tuple[tuple[Wave, yaml.Node], tuple[Wave, yaml.Node]]]:
    """Waves that follow each other for somebody. Between two anchors nobody knows how long it takes."""
    found: dict[tuple[int, int], None] = {}
    for anchor, arm in product(Anchor, Arm):
        own = [place for place, (wave, _) in enumerate(read) if wave.anchor is anchor and arm in wave.arms]
        found.update(dict.fromkeys(pairwise(own)))
    return [(read[first], read[second]) for first, second in found]


@cache
def _overlap(offset: Period, at: time | None, window: Period, later: Period, later_at: time | None) -> bool:
    """Whether a wave can still be open when the next one opens. Remembered: every enrolment reads its protocol."""
    return any(window.added_to(_opens(offset, at, start)) > _opens(later, later_at, start) for start in TRY_STARTS)


def _opens(offset: Period, at: time | None, start: datetime) -> datetime:
    opens = offset.added_to(start)
    return opens if at is None else datetime.combine(opens, at)


def _read_link(table: Table | None) -> LinkLife | None:
    """How long links live; all three are said, so that nobody has to know what the others would be."""
    if table is None:
        return None
    open_for, grace, idle = (read_period(table, key) for key in ("open", "grace", "idle"))
    if open_for is None or grace is None or idle is None:
        return None
    return LinkLife(open_for, grace, idle)


def _check_link(top: Table, protocol: Protocol) -> None:
    """A link that dies before its window closes would still be reminded of; one that dies while somebody reads a
    question locks them out."""
    link, starts = protocol.link, TRY_STARTS[::30]
    for wave in protocol.waves if link and link.open.count else ():
        if link and any(link.open.added_to(start) < wave.window.added_to(start) for start in starts):
            top.sheet.wrong("protocol_link_short", top.get("link"), "link.open", wave=wave.key)
    for key, period in (("grace", link.grace), ("idle", link.idle)) if link else ():
        if period.count and period.added_to(starts[0]) < starts[0] + _LEAST_TO_FINISH:
            top.sheet.wrong("protocol_link_hasty", top.get("link"), f"link.{key}")


def _read_quiet(table: Table) -> QuietHours:
    closed: set[str] = set()
    for node in table.sheet.rows(table.get("closed_on"), table.path("closed_on")):
        word = table.sheet.text(node, table.path("closed_on"))
        if word is not None and word not in ("sundays", "holidays"):
            table.sheet.wrong("protocol_closed_on", node, table.path("closed_on"), value=word[:40])
        closed.add(word or "")
    open_node = table.need("open")
    rows = table.sheet.rows(open_node, table.path("open"))
    if isinstance(open_node, yaml.SequenceNode) and not rows:
        table.sheet.wrong("protocol_no_slots", open_node, table.path("open"))
    slots = [slot for node in rows if (slot := _read_slot(table.sheet, node, table.path("open")))]
    return QuietHours(_joined(slots), sundays="sundays" in closed, holidays="holidays" in closed)


def _read_slot(sheet: Sheet, node: yaml.Node, where: str) -> Slot | None:
    words = sheet.text(node, where)
    if words is None:
        return None
    match = re.fullmatch(r"(\d{1,2})[:.](\d\d) *[-–] *(\d{1,2})[:.](\d\d)", words, re.ASCII)
    if match is not None and int(match[2]) < 60 and int(match[4]) < 60:
        slot = Slot(int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4]))
        if slot.start < slot.end <= 1440:
            return slot
    sheet.wrong("protocol_slot", node, where, value=words[:40])
    return None


def _joined(slots: Sequence[Slot]) -> tuple[Slot, ...]:
    """In order; slots that touch or overlap become one."""
    joined: list[Slot] = []
    for slot in sorted(slots, key=lambda each: each.start):
        if joined and slot.start <= joined[-1].end:
            joined[-1] = Slot(joined[-1].start, max(joined[-1].end, slot.end))
        else:
            joined.append(slot)
    return tuple(joined)


def _read_cap(table: Table | None) -> Cap:
    if table is None:
        return DEFAULT_CAP
    day = table.sheet.number(table.need("per_day"), "cap.per_day", 1, 1000)
    month = table.sheet.number(table.need("per_30_days"), "cap.per_30_days", 1, 30_000)
    return Cap(day or 1, month or 1)


def _warnings(protocol: Protocol, instrument: Instrument | None) -> Iterator[Problem]:
    if instrument is None:
        return
    asked = len(instrument.items)
    if asked > _MOST_BY_SMS and any(wave.by_sms is SmsForm.QUESTIONS for wave in protocol.waves):
        yield Problem("protocol_many_questions", "by_sms", values={"n": asked, "most": _MOST_BY_SMS})
    if not instrument.validated.get(protocol.language, False):
        values = {"instrument": instrument.key, "language": protocol.language}
        yield Problem("protocol_not_validated", "language", values=values)
