"""Every reference value of the statistics, and the page that shows them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.spec.statistics_page import NOT_CHECKED, PAGE, SECTIONS, render

PUBLISHED = json.loads((Path(__file__).parent / "data" / "reference.json").read_text("utf-8"))
#: What a reference value was computed from: not a value itself.
INPUT = (
    "km_tiny.t", "km_tiny.event", "holm.p", "rubin.q", "rubin.u", "lmm.singular.y", "lmm.singular.id", "lmm.singular.t",
    "anova_from_summary.m", "anova_from_summary.sd", "anova_from_summary.n",
)  # fmt: skip


@pytest.mark.parametrize("section", SECTIONS)
def test_every_value_is_the_reference_value(section: str) -> None:
    off = [
        f"{name}: {computed}, not {expected} to {tolerance} ({source})"
        for name, computed, expected, tolerance, source in SECTIONS[section]()
        if computed != pytest.approx(expected, rel=0, abs=tolerance or 1e-12)
    ]
    assert not off


def _values(part: object, path: str = "") -> Iterator[tuple[str, object]]:
    """Every value of the file with the keys that lead to it."""
    if isinstance(part, dict):
        for key, inner in part.items():
            yield from _values(inner, f"{path}.{key}".lstrip("."))
    elif isinstance(part, list):
        for inner in part:
            yield from _values(inner, path)
    else:
        yield path, part


def _is(path: str, keys: tuple[str, ...]) -> bool:
    return any(path == key or path.startswith(f"{key}.") for key in keys)


def test_every_published_value_is_checked_or_the_page_says_why_not() -> None:
    rows = [row for section in SECTIONS.values() for row in section()]
    assert len({row[0] for row in rows}) == len(rows), "every value has its own name"
    skipped = (*INPUT, *(key for _, keys, _ in NOT_CHECKED for key in keys))
    expected = {row[2] for row in rows}
    missing = [
        f"{path} = {value}"
        for path, value in _values(PUBLISHED)
        if isinstance(value, int | float) and value not in expected and not _is(path, skipped)
    ]
    assert not missing


def test_what_is_not_checked_is_there_to_be_checked() -> None:
    paths = [path for path, _ in _values(PUBLISHED)]
    for key in (*INPUT, *(key for _, keys, _ in NOT_CHECKED for key in keys)):
        assert any(_is(path, (key,)) for path in paths), key


def test_the_page_in_the_documentation_is_the_one_printed_from_these_values() -> None:
    assert PAGE.read_text("utf-8") == render(), "write it again: make docs"
