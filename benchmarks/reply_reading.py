"""Reading replies: how many rows of the two spec tables are read right, how many are unclear, and how many wrong.

Unclear is not wrong: it is asked about once, then a person looks. Wrong is a guess: read as something it does not say.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable

from service.followup.number_replies import read_number
from service.followup.replies import ReplyKind
from tests.spec.test_spec_dutch_replies import read, rows
from tests.spec.test_spec_number_replies import binding

#: Asked about, or handed to a person: nobody is understood to say what they did not say.
UNCLEAR = frozenset(
    {ReplyKind.UNCLEAR, ReplyKind.EMPTY, ReplyKind.PERSONAL, ReplyKind.STOP_DOUBT, ReplyKind.SIGN_OFF, "none"}
)
LEAST_RIGHT = 0.98


def judge(name: str, pairs: Iterable[tuple[str, str]]) -> Counter[str]:
    """Count (as the table says, as it was read) and print the shares."""
    found = Counter("right" if got == told else "unclear" if got in UNCLEAR else "wrong" for told, got in pairs)
    total = found.total()
    shares = ", ".join(f"{kind} {found[kind]:,} ({found[kind] / total:.1%})" for kind in ("right", "unclear", "wrong"))
    print(f"reading {name}: {total:,} rows: {shares}")
    return found


def _named(number: int | None) -> str:
    return "none" if number is None else str(number)


def main() -> int:
    dutch = judge("Dutch replies", ((row.read_as, read(row)) for row in rows()))
    numbers = judge("numbers", ((_named(told), _named(read_number(text, 0, 10_000))) for text, told in binding()))
    good = dutch["right"] >= LEAST_RIGHT * dutch.total() and numbers["right"] == numbers.total()
    return 0 if good and not dutch["wrong"] + numbers["wrong"] else 1


if __name__ == "__main__":
    sys.exit(main())
