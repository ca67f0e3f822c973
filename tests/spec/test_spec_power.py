"""Planning: the reference numbers of measures.md 4.9, and n from Cohen's tables."""

from __future__ import annotations

import pytest

from service.measures.power import half_width, people_for_change, people_per_arm

Value = object
_SOURCE = "measures.md 4.9"

#: name, computed, expected, tolerance, source
ROWS: list[tuple[str, Value, float, float, str]] = [
    *(
        (f"n for 80% power, paired, d_z {d}", people_for_change(d, 1.0), n, 0, _SOURCE)
        for d, n in ((0.2, 199), (0.3, 90), (0.4, 52), (0.5, 34), (0.8, 15))
    ),
    *(
        (f"half-width of the 95% interval, SD 2.5, n = {n}", half_width(n, 2.5), width, 0.005, _SOURCE)
        for n, width in ((10, 1.79), (20, 1.17), (30, 0.93), (50, 0.71), (100, 0.50))
    ),
    *(
        (f"n per arm for 80% power, d {d}", people_per_arm(d, 1.0), n, 0, "Cohen 1988, table 2.4.1 (two-sided 5%)")
        for d, n in ((0.2, 394), (0.5, 64), (0.8, 26))
    ),
]


@pytest.mark.parametrize(("name", "computed", "expected", "tolerance", "source"), ROWS, ids=[row[0] for row in ROWS])
def test_the_reference_number(name: str, computed: Value, expected: float, tolerance: float, source: str) -> None:
    assert computed == pytest.approx(expected, abs=tolerance), f"{name} ({source})"
