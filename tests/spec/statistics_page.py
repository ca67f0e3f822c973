"""docs/reference/statistics.md, printed from the reference values: what is computed, what it must be, what Peil makes."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from tests.spec.reference import (
    comparison,
    mixed_model,
    paired_change,
    people,
    planning,
    quality_and_attrition,
    retention,
)
from tests.spec.reference.row import Row

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "statistics.md"

#: Title -> its values, in the order of the page. They are computed when they are asked for, never when a module is read:
#: a test that is to notice a change has to compute them itself.
SECTIONS: Mapping[str, Callable[[], list[Row]]] = {
    "The study that most values rest on": people.rows,
    "Retention: shares and survival": retention.rows,
    "Paired change, bands, reliable change, several tests": paired_change.rows,
    "The mixed model on all waves": mixed_model.rows,
    "Comparing arms": comparison.rows,
    "Quality of measurement, who dropped out, pooling": quality_and_attrition.rows,
    "Planning": planning.rows,
}

#: What of measures.md 1.6 and 4 and of reference.json no test computes, with the keys of reference.json, and why.
NOT_CHECKED: tuple[tuple[str, tuple[str, ...], str], ...] = (
    (
        "The mixed model of UCLA-3 (701 observations of 351 people), and its joint test F(2, 347.08) = 5.562",
        ("lmm.ucla3_351",),
        "its answers are not among the public files we could have. The joint test is checked on an analysis of variance.",
    ),
    ("Alpha of UCLA-3, four times", ("ucla3.alpha",), "the same answers."),
    (
        "n, mean and sd of the change in UCLA-3",
        ("ucla3.paired.diff", "ucla3.paired.sd", "ucla3.paired.n"),
        "the same answers; t, p and the effect sizes are computed from these three.",
    ),
    (
        "KR-20 and H of `psychTools::ability`",
        ("ability_16items",),
        "its 1,248 rows of answers are not among the files.",
    ),
    ("Alpha of `psychTools::sai`, FLAT, three times", (), "its answers are not among the files."),
    (
        "Omega (one factor)",
        ("djg11_paired_N131.reliability_before.omega1f_all", "djg11_paired_N131.reliability_during.omega1f_all"),
        "Peil gives no omega; on these answers R made .805 of it where alpha is .802.",
    ),
    (
        "H, mean and share per item of LASA 2019 (measures.md 1.6), alpha .80-.90 of the manual, and other printed findings",
        (),
        "published values of surveys whose answers are not public: they are context and nothing computes them.",
    ),
    (
        "How many opened the questionnaires of the study, and its study 1 with UCLA-3",
        (),
        "the file holds the adults who consented, in studies 2 and 3.",
    ),
    (
        "F = 1.1, p = .33 as printed in JMIR Aging 2019",
        ("anova_from_summary.published",),
        "rounded by its authors; R's own F of the same table is checked.",
    ),
    (
        "Kenward-Roger df, and what statsmodels made of the same data",
        (),
        "Peil uses Satterthwaite's; statsmodels is a referee on random data, below.",
    ),
)


def render() -> str:
    """The page."""
    found = {title: rows() for title, rows in SECTIONS.items()}
    count = sum(len(rows) for rows in found.values())
    sections = (_section(title, rows) for title, rows in found.items())
    parts = (_head(count), *sections, _not_checked(), _otherwise())
    return "\n".join([*(line for part in parts for line in part), ""])


def _head(count: int) -> Iterator[str]:
    yield "<!-- Printed by `make docs` from tests/spec/reference; a test of `make test` keeps it true. -->"
    yield "# How the statistics are proven"
    yield ""
    yield f"Below are {count} values that somebody else computed, each beside what Peil makes of the same data. `make test` fails when one of them"
    yield "is further off than its tolerance, or when this page says something else than the code does. How answers become scores, with"
    yield "32 worked examples: [scoring](scoring.md)."
    yield ""
    yield "- Peil's value is printed as far as its tolerance goes; the test compares all digits. Tolerance 0: exactly."
    yield "- `measures.md` and `reference.json` are the research notes that Peil was built from; a copy of the values is in"
    yield "  `tests/spec/data/reference.json`, and a test looks that each of them is here, or under [not checked](#not-checked-here-and-why)."
    yield '- Data: De Jong Gierveld answers of Hodgetts, Williams & Butler (CC-BY 4.0; "before" was asked in retrospect, so it proves'
    yield "  arithmetic and no change), `MASS::anorexia`, `lme4::sleepstudy`, `survival::lung`. Where from: `tests/spec/data/README.md`."
    yield "- One variance of `sleepstudy` agrees with lme4 to 1.7e-5 of itself and not to 1e-5. lme4 stops when its steps are small: at the"
    yield "  variances it prints its criterion is 1.5e-9 higher than at ours, and still slopes. A closer search cannot come nearer to its digits;"
    yield "  that value alone has a tolerance of 2e-5."


def _section(title: str, rows: list[Row]) -> Iterator[str]:
    yield from ("", f"## {title}", "", "| what | expected | tolerance | Peil | source |", "|---|---|---|---|---|")
    for name, computed, expected, tolerance, source in rows:
        yield f"| {name} | {_expected(expected)} | {tolerance:.2g} | {_ours(computed, tolerance)} | {source} |"


def _expected(value: float) -> str:
    if math.isinf(value):
        return "not reached"
    return f"{value:.10g}"


def _ours(value: float, tolerance: float) -> str:
    """As many decimals as the tolerance means something, so that the page is the same on every machine."""
    if math.isinf(value):
        return "not reached"
    if tolerance and abs(value) < 1e-6:
        return f"{value:.3g}" if abs(value) > tolerance else "0"
    decimals = max(0, math.ceil(-math.log10(tolerance))) if tolerance else 0
    return f"{value:.{decimals}f}"


def _not_checked() -> Iterator[str]:
    yield from ("", "## Not checked here, and why", "")
    for what, _, why in NOT_CHECKED:
        yield f"- {what}: {why}"


def _otherwise() -> Iterator[str]:
    yield from ("", "## What else proves them", "")
    yield "- **Other libraries on random data** (`tests/measures`): statsmodels, lifelines, pingouin and scipy compute the same from data that"
    yield "  Hypothesis draws; 500 compared cases for each (`make test-all`), some tens in `make test`. A case that the other library cannot"
    yield "  compute (statsmodels' mixed model stops before the optimum in one out of fourteen) is not one of the 500; how often is counted,"
    yield "  and more than one in ten fails the test."
    yield "- **Nothing but a number or a reason**: every statistic is given nobody, one and two people, no variance, only missing values, one group,"
    yield "  columns that tell each other, ties, very unequal groups and a million rows. It answers with finite numbers or a named reason."
    yield "- **R on random data**: `make oracle` compares with lme4 and lmerTest, survival, psych and effectsize, where R is installed. It has not been"
    yield "  run on the machine that this page was made on: only our half, against a hand-written answer, is tested there."


if __name__ == "__main__":
    PAGE.write_text(render(), "utf-8")
