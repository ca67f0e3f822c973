"""What is different between two versions of a protocol, field by field: for a page that says it in sentences."""

from __future__ import annotations

from dataclasses import dataclass, fields

from service.followup.participation import Arm
from service.followup.protocol_text import Draft, DraftLadder, DraftWave

#: Fields that are other things under another name, or hold several of them.
_APART = frozenset({"key", "version", "waves", "ladder", "arm_ladders"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field. `about` is the wave or the arm it belongs to ("" for the protocol). Empty `old` or `new`: nothing.

    `field` is the name in `Draft`, `wave.` or `ladder.` and the name in there, or wave_added, wave_removed,
    waves_order.
    """

    field: str
    about: str
    old: str
    new: str


def differences(old: Draft, new: Draft) -> tuple[Difference, ...]:
    """Everything that is different, in the order of the form."""
    found = [
        Difference(one.name, "", _said(getattr(old, one.name)), _said(getattr(new, one.name)))
        for one in fields(Draft)
        if one.name not in _APART and getattr(old, one.name) != getattr(new, one.name)
    ]
    return (*found, *_waves(old, new), *_ladders(old, new))


def _waves(old: Draft, new: Draft) -> list[Difference]:
    before, after = {one.key: one for one in old.waves}, {one.key: one for one in new.waves}
    found = [Difference("wave_removed", key, before[key].title_nl, "") for key in before if key not in after]
    found += [Difference("wave_added", key, "", after[key].title_nl) for key in after if key not in before]
    for key, wave in after.items():
        if key in before:
            found += _fields("wave", key, before[key], wave)
    stayed = [key for key in before if key in after]
    if stayed != [key for key in after if key in before]:
        found.append(Difference("waves_order", "", ", ".join(before), ", ".join(after)))
    return found


def _ladders(old: Draft, new: Draft) -> list[Difference]:
    found = _fields("ladder", "", old.ladder, new.ladder)
    for arm in Arm:
        before, after = (draft.arm_ladders.get(arm, draft.ladder) for draft in (old, new))
        if arm in old.arm_ladders or arm in new.arm_ladders:
            found += _fields("ladder", arm, before, after)
    return found


def _fields(room: str, about: str, old: DraftWave | DraftLadder, new: DraftWave | DraftLadder) -> list[Difference]:
    return [
        Difference(f"{room}.{one.name}", about, _said(getattr(old, one.name)), _said(getattr(new, one.name)))
        for one in fields(old)
        if getattr(old, one.name) != getattr(new, one.name)
    ]


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(str(one) for one in value)
    return str(value)
