"""An independent, plain scorer of the De Jong Gierveld scale, straight from the manual's words; shares nothing with Peil.

Codes of the file: 1 = no, 2 = more or less, 3 = yes, None = missing.
"""

from __future__ import annotations

from collections.abc import Sequence

EMOTIONAL = (2, 3, 5, 6, 9, 10)
SOCIAL = (1, 4, 7, 8, 11)


def plain_score(answers: Sequence[int | None]) -> tuple[int | None, int | None, int | None, str | None]:
    """(emotional, social, total, band) of eleven answers."""
    emotional_missing = sum(answers[item - 1] is None for item in EMOTIONAL)
    social_missing = sum(answers[item - 1] is None for item in SOCIAL)
    emotional = sum(answers[item - 1] in (2, 3) for item in EMOTIONAL)
    social = sum(answers[item - 1] in (1, 2) for item in SOCIAL)
    total = emotional + social if emotional_missing + social_missing <= 1 else None
    band = None
    if total is not None:
        band = "not_lonely" if total <= 2 else "moderate" if total <= 8 else "severe" if total <= 10 else "very_severe"
    return (None if emotional_missing else emotional, None if social_missing else social, total, band)
