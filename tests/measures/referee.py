"""Another library as referee: how often it could judge, and how often it had no answer of its own."""

from __future__ import annotations

from collections import Counter
from typing import NoReturn

from hypothesis import reject


class Referee:
    """Counts. A case without the referee's answer is no proof: it is not one of the cases asked for, and is counted."""

    def __init__(self) -> None:
        self.judged = 0
        self.silent: Counter[str] = Counter()

    def has_no_answer(self, why: str) -> NoReturn:
        """The other library failed on a case that we could compute: Hypothesis draws another one instead."""
        self.silent[why] += 1
        reject()

    def agreed(self) -> None:
        """The case was compared, to the end."""
        self.judged += 1

    def judged_all_but(self, share: float, *, least: int) -> None:
        """At least so many cases were compared, and at most this share of all had no answer."""
        assert self.judged >= least, f"{self.judged} of {least} cases were compared; without an answer: {self.silent}"
        assert self.silent.total() <= share * (self.judged + self.silent.total()), self.silent
