"""A mail that somebody wrote -> what it means: as an SMS, without the form of a letter round it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from service.followup.replies import Reading, ReplyKind, read_reply
from service.followup.warning_signs import WarningSigns
from service.measures.instrument import Option

ALARMING: Final = frozenset({ReplyKind.DISTRESS, ReplyKind.DANGER})
#: "Beste Marieke," on a line of its own, and how letters end.
GREETING: Final = re.compile(
    r"(?i)^\s*(beste|hallo|hoi|hi|dag|geachte|goede?(n)?\s?(morgen|middag|avond|dag)|lieve|dear|hello)\b[^\n]{0,60}$"
)
FAREWELL: Final = re.compile(
    r"(?i)^\s*((met )?(vriendelijke|hartelijke|lieve|warme|veel)?\s*(groet(en|jes)?|gr)\b|m\.?v\.?g\b|mvg\b|hoogachtend"
    r"|(kind|best|warm) regards|regards|best wishes|sincerely|yours|tot ziens)[^\n]{0,60}$"
)  # fmt: skip


def essence(words: str) -> str:
    """What is said between the greeting and the farewell; the words themselves when nothing else is there."""
    lines = words.strip().split("\n")
    begin = 1 if len(lines) > 1 and GREETING.match(lines[0]) else 0
    end = next((n for n, line in enumerate(lines[begin:], begin) if FAREWELL.match(line)), len(lines))
    found = "\n".join(lines[begin:end]).strip()
    return found or words.strip()


def read_mail_reply(words: str, options: Sequence[Option] | None, language: str, signs: WarningSigns) -> Reading:
    """Read a reply by mail. Warning signs count wherever they stand, also under the farewell."""
    whole = read_reply(words, options, language, signs=signs)
    return whole if whole.kind in ALARMING else read_reply(essence(words), options, language, signs=signs)
