"""Plain, repeatable parts for tests: a clock that stands still until it is moved, and chance without chance."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from service.bootstrap import load_signs
from service.followup import replies
from service.followup.replies import Reading
from service.measures.instrument import Option

WORDS = ("zeemeeuw", "klaproos", "dijk", "appelboom", "molen", "veerpont", "tulp", "egel")


@dataclass
class Clock:
    """Services.now for tests. Call it for the moment; `forward` moves it."""

    moment: datetime = field(default_factory=lambda: datetime(2026, 3, 2, 9, 30, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **period: float) -> datetime:
        self.moment += timedelta(**period)
        return self.moment


@dataclass
class CountingTokens:
    """Services.tokens for tests: every token is another, in a fixed order."""

    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def secret(self) -> str:
        return f"token{next(self.numbers):017d}"

    def pseudonym(self) -> str:
        return f"P{next(self.numbers):07d}"

    def recognition_word(self) -> str:
        return WORDS[next(self.numbers) % len(WORDS)]


class PlainPasswords:
    """Services.passwords for tests: argon2 takes its time on purpose."""

    def hash(self, password: str) -> str:
        return f"plain:{password}"

    def matches(self, stored: str, password: str) -> bool:
        return stored == f"plain:{password}"


SIGNS = load_signs()


def read_reply(text: str, options: Sequence[Option] | None, language: str = "nl") -> Reading:
    """`replies.read_reply` with the list of alarming words that ships with Peil."""
    return replies.read_reply(text, options, language, signs=SIGNS)
