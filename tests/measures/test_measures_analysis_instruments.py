"""Other questionnaires: a higher score that is better, one question, sums, and none with cut-offs."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from service.bootstrap import load_instruments
from service.measures.analysis.analyse import analyse
from service.measures.analysis.result import Analysis, as_plain, from_plain
from service.measures.goal import GoalType
from service.measures.instrument import OutcomeInstrument, Polarity, outcome
from tests.measures.analysis_scene import Somebody, plan_of, records_of

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
EACH = ("djg6", "ucla3", "ons_direct", "nl_direct4", "who5", "cantril")


@pytest.fixture(scope="session")
def known(tmp_path_factory: pytest.TempPathFactory) -> dict[str, OutcomeInstrument]:
    folder = tmp_path_factory.mktemp("own")
    for name in ("who5", "cantril"):
        text = re.sub(r'"FILL IN: ([^"]*)"', r'"\1"', (EXAMPLES / f"{name}.yaml").read_text("utf-8"))
        (folder / f"{name}.yaml").write_text(text, "utf-8")
    return {key: outcome(one) for key, one in load_instruments(folder).items() if key in EACH}


def analysed(
    instrument: OutcomeInstrument, *, rise: float, size: int = 60, dropped: int = 0, **changes: object
) -> Analysis:
    """So many people who all move by about `rise` of the width of the scale; the last so many fall silent."""
    chance = np.random.default_rng(4)
    codes = [code for code, _ in sorted(instrument.accepted_codes.items(), key=lambda one: one[1])]
    if instrument.lonely_codes:
        codes = ["no", "yes"]
    people = []
    for number in range(size):
        level = chance.uniform(0.2, 0.8)
        answers = {}
        for place, wave in enumerate(("t0", "t3m", "t6m")):
            at = np.clip(level + rise * place / 2 + chance.normal(0, 0.15, len(instrument.items)), 0, 0.999)
            answers[wave] = {
                item.number: codes[int(one * len(codes))] for item, one in zip(instrument.items, at, strict=True)
            }
        if number >= size - dropped:
            answers["t6m"] = {}
        people.append(Somebody(answers))
    records = records_of(people, instrument=instrument)
    found = analyse(records, plan_of(records, **changes), live=True)
    assert from_plain(json.loads(json.dumps(as_plain(found), allow_nan=False))) == found
    return found


@pytest.mark.parametrize("key", EACH)
def test_every_questionnaire_has_a_course_a_change_and_no_fault(known: dict[str, OutcomeInstrument], key: str) -> None:
    found = analysed(known[key], rise=0.1, dropped=12)
    assert not found.faults
    assert found["change.intervention.difference"].shown
    assert found["course.intervention.t0.mean"].shown
    assert found.words["goal.verdict"] in {"reached", "opposite", "not_shown"}
    has_bands = known[key].default_cutoffs() is not None
    assert any(name.startswith("band.") for name in found.figures) == has_bands


@pytest.mark.parametrize(("key", "verdict"), [("who5", "reached"), ("ucla3", "opposite"), ("cantril", "reached")])
def test_a_rise_is_good_or_bad_as_the_questionnaire_says(
    known: dict[str, OutcomeInstrument], key: str, verdict: str
) -> None:
    found = analysed(known[key], rise=0.2)
    assert found["change.intervention.difference"].value > 0  # type: ignore[operator]
    assert found.words["goal.verdict"] == verdict


@pytest.mark.parametrize("key", ["who5", "ucla3"])
def test_drop_outs_who_fared_worse_make_the_change_worse(known: dict[str, OutcomeInstrument], key: str) -> None:
    better = known[key].polarity is Polarity.HIGHER_IS_BETTER
    found = analysed(known[key], rise=0.2 if better else -0.2, dropped=15)
    values = [found[f"sensitivity.intervention.delta.{name}"].value for name in ("0", "half", "1")]
    assert None not in values
    assert values == sorted(values, reverse=better)  # type: ignore[type-var]
    tipping = found["sensitivity.intervention.tipping"]
    assert tipping.value is None or (tipping.value < 0) == better


def test_bands_of_a_questionnaire_where_higher_is_better_count_from_below(known: dict[str, OutcomeInstrument]) -> None:
    found = analysed(known["who5"], rise=0.25)
    first, last = (found[f"above.intervention.low.wave.{wave}"].value for wave in ("t0", "t6m"))
    assert first is not None
    assert last is not None
    assert first > last
    low, rest = (found[f"band.intervention.t0.{name}"].value for name in ("low", "not_low"))
    assert low == pytest.approx(first)
    assert rest == pytest.approx(1 - first)


def test_shares_of_all_answers_to_one_question_give_no_mean_that_is_hidden(
    known: dict[str, OutcomeInstrument],
) -> None:
    """Four who only answered at the end: neither the mean of that wave nor all shares that add up to it."""
    chance = np.random.default_rng(2)
    codes = ["not_lonely", "moderate", "strong", "very_strong"]
    some = [{wave: {1: str(chance.choice(codes))} for wave in ("t0", "t3m", "t6m")} for _ in range(40)]
    people = [Somebody(one) for one in some] + [Somebody({"t0": {}, "t6m": {1: code}}) for code in codes]
    records = records_of(people, instrument=known["nl_direct4"])
    found = analyse(records, plan_of(records), live=True)
    edges = [found[f"above.intervention.{code}.wave.t6m"].shown for code in codes[1:]]
    assert found["change.intervention.difference"].shown
    assert found["course.intervention.t0.mean"].shown
    assert not found["course.intervention.t6m.mean"].shown
    assert not all(edges)


@pytest.mark.parametrize("goal", [GoalType.STABILISE, GoalType.PREVENT_ONSET])
def test_staying_the_same_is_judged_by_the_margin_whatever_is_better(
    known: dict[str, OutcomeInstrument], goal: GoalType
) -> None:
    for key in ("who5", "ucla3"):
        chance = np.random.default_rng(6)
        instrument = known[key]
        codes = list(instrument.accepted_codes)
        people = []
        for _ in range(40):
            first = {item.number: str(chance.choice(codes)) for item in instrument.items}
            last = dict(first) | {1: str(chance.choice(codes))}
            people.append(Somebody({"t0": first, "t6m": last}))
        records = records_of(people, instrument=instrument, goal=goal)
        found = analyse(records, plan_of(records, margin=3.0), live=True)
        assert (found.words["goal.verdict"], found.words["goal.basis"]) == ("reached", "margin")


def test_a_set_of_one_band_has_no_edge_and_no_shares(known: dict[str, OutcomeInstrument]) -> None:
    [cutoffs] = known["ucla3"].cutoffs
    [first, last] = cutoffs.bands
    whole = replace(cutoffs, bands=(replace(first, highest=last.highest),))
    found = analysed(replace(known["ucla3"], cutoffs=(whole,)), rise=-0.1, size=8)
    assert not [key for key in found.figures if key.startswith(("band.", "above.", "transition."))]
