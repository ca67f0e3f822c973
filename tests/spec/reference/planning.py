"""Planning: the reference numbers of measures.md 4.9, and n from Cohen's tables."""

from __future__ import annotations

from service.measures.power import half_width, people_for_change, people_per_arm
from tests.spec.reference.row import Row, must

_SOURCE = "measures.md 4.9"


def rows() -> list[Row]:
    """All values of this section."""
    return [
        *(
            (f"n for 80% power, paired, d_z {d}", must(people_for_change(d, 1.0)), n, 0, _SOURCE)
            for d, n in ((0.2, 199), (0.3, 90), (0.4, 52), (0.5, 34), (0.8, 15))
        ),
        *(
            (f"half-width of the 95% interval, SD 2.5, n = {n}", must(half_width(n, 2.5)), width, 0.005, _SOURCE)
            for n, width in ((10, 1.79), (20, 1.17), (30, 0.93), (50, 0.71), (100, 0.50))
        ),
        *(
            (
                f"n per arm for 80% power, d {d}",
                must(people_per_arm(d, 1.0)),
                n,
                0,
                "Cohen 1988, table 2.4.1 (two-sided 5%)",
            )
            for d, n in ((0.2, 394), (0.5, 64), (0.8, 26))
        ),
    ]
