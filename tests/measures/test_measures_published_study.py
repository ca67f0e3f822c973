"""The paired figures of a published study, against R: 131 people who answered the eleven items twice (CC-BY 4.0)."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

import pytest

from service.measures.change import mean_interval, paired_change
from service.measures.instrument import Instrument
from service.measures.scoring import Scored, score

STUDY = Path(__file__).parents[3] / "shared" / "measures" / "data" / "djg11_two_occasions.csv"
CODES = {"1": "no", "2": "more_or_less", "3": "yes", "": None}

pytestmark = pytest.mark.skipif(
    not STUDY.exists(),
    reason=f"{STUDY} is not there: tidy studies 2 and 3 of github.com/gpwilliams/covid-gaming (CC-BY 4.0) into it",
)


def scores(instrument: Instrument) -> dict[str, dict[str, Scored]]:
    """The scores by period and person, of everyone."""
    found: dict[str, dict[str, Scored]] = {"before": {}, "during": {}}
    with STUDY.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            answers = {number: CODES[row[f"lone{number}"]] for number in range(1, 12)}
            found[row["period"]][row["pid"]] = score(instrument, answers)
    return found


def analysed() -> list[str]:
    with STUDY.open(encoding="utf-8", newline="") as file:
        return [row["pid"] for row in csv.DictReader(file) if row["analysed"] == "1" and row["period"] == "before"]


@pytest.mark.parametrize(
    ("instrument", "key", "reference"),
    [
        ("djg11", "total", (0.1984732824, 1.411229817, 0.1605656311)),
        ("djg11", "emotional", (0.06106870229, 0.679605029, 0.4979629132)),
        ("djg11", "social", (0.1374045802, 1.496725497, 0.1368886464)),
        ("djg6", "total", (0.03816793893, 0.3879853786, 0.6986614356)),
    ],
)
def test_the_paired_change_is_that_of_r(
    instrument: str, key: str, reference: tuple[float, float, float], instruments: Mapping[str, Instrument]
) -> None:
    found = scores(instruments[instrument])
    pre, post = ([found[period][pid].values[key] for pid in analysed()] for period in ("before", "during"))
    change = paired_change([v for v in pre if v is not None], [v for v in post if v is not None])
    assert change is not None
    assert change.n == 131
    assert (change.difference, change.t, change.p) == pytest.approx(reference, abs=1e-8)


def test_means_deviations_and_interval_of_the_total(instruments: Mapping[str, Instrument]) -> None:
    found = scores(instruments["djg11"])
    pre, post = ([found[period][pid].values["total"] or 0 for pid in analysed()] for period in ("before", "during"))
    change = paired_change(pre, post)
    assert change is not None
    assert change.mean_pre == pytest.approx(6.801526718, abs=1e-9)
    assert change.sd_pre == pytest.approx(2.967567891, abs=1e-9)
    assert change.mean_post == pytest.approx(7.0, abs=1e-9)
    assert change.sd_post == pytest.approx(3.203363617, abs=1e-9)
    assert change.sd_difference == pytest.approx(1.609681513, abs=1e-9)
    assert change.low == pytest.approx(-0.07976322325, abs=1e-9)
    assert change.high == pytest.approx(0.4767097881, abs=1e-9)


def test_stayers_and_drop_outs_differ_at_the_start_as_published(instruments: Mapping[str, Instrument]) -> None:
    found = scores(instruments["djg11"])
    first = {pid: s.values["total"] for pid, s in found["before"].items() if s.complete}
    stayed = {pid for pid, s in found["during"].items() if s.complete}
    stayers = [value for pid, value in first.items() if pid in stayed and value is not None]
    leavers = [value for pid, value in first.items() if pid not in stayed and value is not None]
    assert (len(stayers), len(leavers)) == (164, 49)
    assert mean_interval(stayers).mean == pytest.approx(7.012195122, abs=1e-9)
    assert mean_interval(leavers).mean == pytest.approx(7.734693878, abs=1e-9)
