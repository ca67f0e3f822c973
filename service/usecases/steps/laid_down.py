"""The text in which figures are laid down, its digest, and reading it back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from service.followup.problem import Problem, Refusal
from service.measures.analysis.records import PlannedWave
from service.measures.analysis.result import Analysis, as_plain, from_plain
from service.store.snapshots import StoredSnapshot
from service.usecases.steps.analysis_view import sha256


def written(analysis: Analysis) -> tuple[str, str]:
    """The result as canonical JSON, and its digest."""
    plain = as_plain(analysis)
    return _canonical(plain), digest(plain)


def digest(plain: dict[str, Any]) -> str:
    """SHA-256 of the result without its moment: the same data, plan and version of Peil give the same digest."""
    head = {name: value for name, value in plain["head"].items() if name != "as_of"}
    return sha256(_canonical({**plain, "head": head}))


def read_back(stored: StoredSnapshot) -> Analysis:
    """The result exactly as it was laid down; nothing is computed. Raises Refusal when it is not what was laid down."""
    line = stored.line
    try:
        plain = json.loads(stored.result)
        whole = (digest(plain), plain["head"]["as_of"], plain["head"]["data_digest"])
        if whole == (line.result_digest, line.reference_at.isoformat(timespec="seconds"), line.data_digest):
            return from_plain(plain)
    except (KeyError, TypeError, ValueError):
        pass  # not a result at all: the same sentence
    raise Refusal(Problem("snapshot_damaged", values={"snapshot": str(line.id)}))


def waves_written(waves: Sequence[PlannedWave]) -> list[dict[str, Any]]:
    """The waves as plain values: what they are called now, whatever the protocol calls them later."""
    return [{"key": wave.key, "title": dict(wave.title), "days": wave.days} for wave in waves]


def waves_read(plain: Sequence[dict[str, Any]]) -> tuple[PlannedWave, ...]:
    """The waves of `waves_written`."""
    return tuple(PlannedWave(one["key"], one["title"], one["days"]) for one in plain)


def _canonical(plain: dict[str, Any]) -> str:
    return json.dumps(plain, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
