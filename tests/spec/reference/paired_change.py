"""Paired change, bands, reliable change, regression to the mean and several tests at once, against R 4.2.2."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import stats

from service.bootstrap import load_instruments
from service.measures.bands import band_change, exact_mcnemar, share_in_band
from service.measures.change import PairedEffect, paired_effect
from service.measures.complete import Floats
from service.measures.effect_size import GroupSizes, PairedSizes, d_z, group_sizes, hedges_j, paired_sizes
from service.measures.estimate import Estimate
from service.measures.instrument import Instrument
from service.measures.multiplicity import benjamini_hochberg, holm
from service.measures.regression_to_mean import Population, regression_note
from service.measures.reliable_change import WOBBLES, reliable_change
from service.measures.satterthwaite import t_test
from service.measures.scoring_table import score_table
from tests.spec.reference.row import Row, must
from tests.spec.two_occasions import answers, people

SHIPPED = load_instruments()
DATA = Path(__file__).parents[1] / "data"
R1 = "measures.md 4.3, R1: 131 people, DJG-11 twice (CC-BY 4.0)"
R2 = "measures.md 4.3, R2: MASS::anorexia"
UCLA = "measures.md 4.3: UCLA-3, 350 people; from its printed mean and sd"
SMALL = "measures.md 4.4, from R1"
HOLM = "measures.md 4.6"
EXACT, CLOSE, PRINTED, INTERVAL = 0, 1e-6, 6e-7, 1e-4


def columns(file: str) -> dict[str, list[str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    return {name: [row[name] for row in rows] for name in rows[0]}


def gamers(score: str) -> tuple[Floats, Floats]:
    instrument, key = (SHIPPED["djg6"], "total") if score == "six" else (SHIPPED["djg11"], score)
    before, during = (_scores(instrument, period, key) for period in ("before", "during"))
    return before, during


def _scores(instrument: Instrument, period: str, key: str) -> Floats:
    """The scores of everybody whose pair the authors analysed."""
    analysed = np.array([analysed for _, _, analysed in people()])
    column = score_table(instrument, answers(instrument, period)).values[key]
    scores: Floats = np.where(column.valid, column.points, np.nan)[analysed]
    return scores


def girls(arm: str) -> tuple[Floats, Floats]:
    read = columns("anorexia.csv")
    of = np.array(read["treat"]) == arm
    return np.array(read["before"], float)[of], np.array(read["after"], float)[of]


def of_r1() -> list[Row]:
    effect: PairedEffect = must(paired_effect(*gamers("total"), np.random.default_rng(1)))
    test, points = must(effect.test), must(effect.difference)
    size, size_z = must(effect.sizes.d_av), must(effect.sizes.d_z)
    return [
        ("pairs", effect.n, 131, EXACT, R1),
        ("mean before", effect.mean_pre, 6.801526718, CLOSE, R1),
        ("sd before", effect.sd_pre, 2.967567891, CLOSE, R1),
        ("mean after", effect.mean_post, 7.0, CLOSE, R1),
        ("sd after", effect.sd_post, 3.203363617, CLOSE, R1),
        ("difference", points.value, 0.1984732824, CLOSE, R1),
        ("difference, low", points.low, -0.07976322325, CLOSE, R1),
        ("difference, high", points.high, 0.4767097881, CLOSE, R1),
        ("sd of the differences", effect.sd_difference, 1.609681513, CLOSE, R1),
        ("t", test.t, 1.411229817, CLOSE, R1),
        ("degrees of freedom", test.df, 130, EXACT, R1),
        ("p", test.p, 0.1605656311, CLOSE, R1),
        ("d_av", size.value, 0.06427831821, CLOSE, R1),
        ("d_z", size_z.value, 0.1232997216, CLOSE, R1),
        ("d_z, low", size_z.low, -0.0488316387, INTERVAL, R1),
        ("d_z, high", size_z.high, 0.2949607335, INTERVAL, R1),
        ("g_z", must(effect.sizes.g_z).value, 0.1225867771, CLOSE, R1),
        *_of_its_parts(effect),
    ]


def _of_its_parts(effect: PairedEffect) -> list[Row]:
    """Figures that Peil does not show, made of those it does."""
    pre, post, difference = effect.sd_pre, effect.sd_post, effect.sd_difference
    together = (pre**2 + post**2 - difference**2) / (2 * pre * post)
    source = f"{R1}; not shown by Peil: made of its means and sds"
    return [
        ("correlation of before and after", together, 0.8666409705, CLOSE, source),
        ("d by the mean of both sds", effect.mean_difference / ((pre + post) / 2), 0.06432522616, CLOSE, source),
        ("d by the sd before (Glass)", effect.mean_difference / pre, 0.06688078915, CLOSE, source),
    ]


def of_the_other_scores() -> list[Row]:
    printed = [
        ("emotional", 0.06106870229, 0.679605029, 0.4979629132, 0.05937736708),
        ("social", 0.1374045802, 1.496725497, 0.1368886464, 0.1307695139),
        ("six", 0.03816793893, 0.3879853786, 0.6986614356, 0.03389843992),
    ]
    rows: list[Row] = []
    for score, difference, t, p, size in printed:
        effect: PairedEffect = must(paired_effect(*gamers(score), np.random.default_rng(1)))
        rows += [
            (f"{score}: difference", effect.mean_difference, difference, CLOSE, R1),
            (f"{score}: t", must(effect.test).t, t, CLOSE, R1),
            (f"{score}: p", must(effect.test).p, p, CLOSE, R1),
            (f"{score}: d_z", must(effect.sizes.d_z).value, size, CLOSE, R1),
        ]
    return [*rows, *_of_ucla()]


def _of_ucla() -> list[Row]:
    """The answers are not public; n, mean and sd of the differences are printed."""
    ucla = must(d_z(0.54 / 1.460992323, 350))
    test = t_test(0.54, 1.460992323 / math.sqrt(350), 349, n=350)
    return [
        ("UCLA-3: t", test.t, 6.91480358, CLOSE, UCLA),
        ("UCLA-3: p", test.p, 2.241995535e-11, 1e-17, UCLA),
        ("UCLA-3: g_z", ucla.value * hedges_j(349), 0.368817, PRINTED, UCLA),
        ("UCLA-3: d_z", ucla.value, 0.3696117985, CLOSE, UCLA),
        ("UCLA-3: d_z, low", ucla.low, 0.261072, INTERVAL, UCLA),
        ("UCLA-3: d_z, high", ucla.high, 0.477655, INTERVAL, UCLA),
    ]


def of_r2() -> list[Row]:
    cbt, cont, ft = (must(paired_sizes(*girls(arm))) for arm in ("CBT", "Cont", "FT"))
    (ft_before, ft_after), (cont_before, cont_after) = girls("FT"), girls("Cont")
    between: GroupSizes = must(group_sizes(ft_after - ft_before, cont_after - cont_before))
    source = "measures.md 4.6, R2: FT minus Cont"
    return [
        *(
            (f"{arm}: girls", float(len(girls(arm)[0])), n, EXACT, R2)
            for arm, n in (("CBT", 29), ("Cont", 26), ("FT", 17))
        ),
        *_sizes("CBT", cbt, (0.411424, 0.028617, 0.787485), (0.400288, 0.027843, 0.766169)),
        ("Cont: d_z", must(cont.d_z).value, -0.05633, PRINTED, R2),
        ("Cont: d_z, low", must(cont.d_z).low, -0.440464, INTERVAL, R2),
        ("Cont: d_z, high", must(cont.d_z).high, 0.328924, INTERVAL, R2),
        ("Cont: g_z", must(cont.g_z).value, -0.05462, PRINTED, R2),
        *_sizes("FT", ft, (1.014989, 0.415138, 1.594259), (0.966527, 0.395317, 1.51814)),
        ("FT: d_av", must(ft.d_av).value, 1.043183, PRINTED, "measures.md 4.3: pingouin compute_effsize(paired=True)"),
        ("FT - Cont: g", between.g.value, 0.986652, PRINTED, source),
        ("FT - Cont: g, low", between.g.low, 0.344593, INTERVAL, source),
        ("FT - Cont: g, high", between.g.high, 1.618006, INTERVAL, source),
    ]


def _sizes(arm: str, found: PairedSizes, d: tuple[float, float, float], g: tuple[float, float, float]) -> list[Row]:
    size, corrected = must(found.d_z), must(found.g_z)
    rows: list[Row] = []
    for name, figure, printed in (("d_z", size, d), ("g_z", corrected, g)):
        rows += [
            (f"{arm}: {name}", figure.value, printed[0], PRINTED, R2),
            (f"{arm}: {name}, low", figure.low, printed[1], INTERVAL, R2),
            (f"{arm}: {name}, high", figure.high, printed[2], INTERVAL, R2),
        ]
    return rows


def of_bands() -> list[Row]:
    pre, post = gamers("total")
    lonely, severe = must(band_change(pre, post, 3, 11)), must(band_change(pre, post, 9, 11))
    chi2 = (severe.test.entered - severe.test.left) ** 2 / (severe.test.entered + severe.test.left)
    rows: list[Row] = [
        ("3 or more: entered", lonely.test.entered, 1, EXACT, R1),
        ("3 or more: left", lonely.test.left, 3, EXACT, R1),
        ("3 or more: exact McNemar p", lonely.test.p, 0.625, CLOSE, R1),
        ("9 or more: entered", severe.test.entered, 16, EXACT, R1),
        ("9 or more: left", severe.test.left, 10, EXACT, R1),
        ("9 or more: exact McNemar p", severe.test.p, 0.3269395828, CLOSE, R1),
        (
            "9 or more: McNemar chi-square, not exact",
            chi2,
            1.384615385,
            CLOSE,
            f"{R1}; not shown by Peil: of its counts",
        ),
        (
            "9 or more: its p",
            float(stats.chi2.sf(chi2, 1)),
            0.2393165412,
            CLOSE,
            f"{R1}; not shown by Peil: of its counts",
        ),
        ("McNemar of 1 and 3", must(exact_mcnemar(1, 3)).p, 0.625, CLOSE, R1),
    ]
    wilson = [
        (0, 10, 0, 0.2775327999),
        (3, 10, 0.1077912674, 0.6032218525),
        (9, 12, 0.4676946651, 0.9110583316),
        (100, 138, 0.6447903915, 0.792317352),
    ]
    for count, of, low, high in wilson:
        found: Estimate = must(share_in_band([9.0] * count + [2.0] * (of - count), 3, 11))
        rows += [
            (f"share in band {count}/{of}, low", found.low, low, CLOSE, "measures.md 4.2"),
            (f"share in band {count}/{of}, high", found.high, high, CLOSE, "measures.md 4.2"),
        ]
    return rows


def of_reliable_change() -> list[Row]:
    total = WOBBLES["djg11", "total"]
    found = must(reliable_change(*gamers("total"), total))
    critical = [
        (("djg11", "emotional"), 2.565),
        (("djg11", "social"), 2.302),
        (("djg6", "total"), 2.689),
        (("ucla3", "total"), 2.267),
    ]
    return [
        ("DJG-11: standard error of measurement", total.standard_error, 1.320549895, CLOSE, SMALL),
        ("DJG-11: standard error of a difference", total.of_difference, 1.867539572, CLOSE, SMALL),
        # Printed with 1.96; the exact quantile differs in the fifth digit.
        ("DJG-11: critical change", total.critical(), 3.66037756, 1e-4, SMALL),
        *((f"{key[0]} {key[1]}: critical change", WOBBLES[key].critical(), c, 5.1e-4, SMALL) for key, c in critical),
        *(
            (
                f"{key[0]} {key[1]}: whole points that are reliable",
                math.floor(WOBBLES[key].critical()) + 1,
                points,
                EXACT,
                SMALL,
            )
            for key, points in zip([("djg11", "total"), *(key for key, _ in critical)], (4, 3, 3, 3, 3), strict=True)
        ),
        ("reliably improved", found.improved + found.recovered, 2, EXACT, SMALL),
        ("unchanged", found.unchanged, 128, EXACT, SMALL),
        ("reliably deteriorated", found.deteriorated, 1, EXACT, SMALL),
        ("could improve reliably", found.eligible.value * found.n, 110, CLOSE, "counted in R1: 4 or more before"),
    ]


def of_regression_to_the_mean() -> list[Row]:
    pre, post = gamers("total")
    everyone = Population(float(pre.mean()), 0.8666409705, len(pre), R1)
    source = "measures.md 4.6, R1"
    rows: list[Row] = []
    for lowest, highest, n, change in ((0, 2, 12, 0.0833333333), (3, 8, 71, 0.5492957746), (9, 11, 48, -0.2916666667)):
        chosen = (pre >= lowest) & (pre <= highest)
        rows += [
            (f"{lowest}-{highest}: people", int(chosen.sum()), n, EXACT, source),
            (f"{lowest}-{highest}: change", float((post - pre)[chosen].mean()), change, CLOSE, source),
        ]
    note = must(regression_note(pre[pre >= 9], everyone))
    return [*rows, ("9-11: expected shift", note.expected.value, -0.4154, 5e-5, source)]


def of_several_tests() -> list[Row]:
    p = [0.001, 0.008, 0.039, 0.041, 0.042, 0.06, 0.074, 0.205]
    by_holm = [0.008, 0.056, 0.234, 0.234, 0.234, 0.234, 0.234, 0.234]
    by_bh = [0.008, 0.032, 0.0672, 0.0672, 0.0672, 0.08, 0.0845714286, 0.205]
    found, false_share = must(holm(p)), must(benjamini_hochberg(p))
    return [
        *((f"Holm of {a}", b, c, CLOSE, HOLM) for a, b, c in zip(p, found, by_holm, strict=True)),
        *((f"BH of {a}", b, c, CLOSE, HOLM) for a, b, c in zip(p, false_share, by_bh, strict=True)),
    ]


PARTS: tuple[Callable[[], list[Row]], ...] = (
    of_r1,
    of_the_other_scores,
    of_r2,
    of_bands,
    of_reliable_change,
    of_regression_to_the_mean,
    of_several_tests,
)


def rows() -> list[Row]:
    """All values of this section."""
    return [row for part in PARTS for row in part()]
