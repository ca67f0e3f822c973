"""What is wrong with something a person gave us: where, and which sentence says so.

The rules name a problem by its key; `messages` holds the sentence, in Dutch for pages and in English for operators.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong. `where` is a field name, a column or ""; `line` counts from 1, 0 when there is none."""

    key: str
    where: str = ""
    line: int = 0
    values: Mapping[str, str | int] = field(default_factory=dict)


class Refusal(Exception):
    """Input that cannot be accepted, with every problem found and not only the first."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("; ".join(f"{p.line or ''}{p.where}:{p.key}" for p in problems))
        self.problems = problems


class Unavailable(Exception):
    """What holds the data cannot be reached at this moment. Nothing was kept; the same request may be made again."""
