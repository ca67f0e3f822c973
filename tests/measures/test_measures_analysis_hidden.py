"""What is hidden stays hidden: in words, details, rests of sums, and behind figures with one value for all."""

from __future__ import annotations

import numpy as np
import pytest

from service.measures.analysis.analyse import analyse
from service.measures.analysis.result import Analysis, Figure
from service.measures.goal import GoalType
from service.measures.retention import WaveOutcome
from tests.measures.analysis_scene import Somebody, lonely, made_up, plan_of, records_of

WAVES = ("t0", "t3m", "t6m")


def analysed(people: list[Somebody], **changes: object) -> Analysis:
    records = records_of(people)
    return analyse(records, plan_of(records, **changes), live=True)


def spread(seed: int, size: int = 60) -> list[dict[str, dict[int, str]]]:
    chance = np.random.default_rng(seed)
    return [{wave: lonely(int(chance.integers(0, 12))) for wave in WAVES} for _ in range(size)]


@pytest.mark.parametrize("size", [4, 9])
@pytest.mark.parametrize("falls", [True, False])
def test_a_hidden_change_tells_its_direction_in_no_word_and_no_detail(size: int, falls: bool) -> None:
    ends = (9, 2) if falls else (2, 9)
    told = []
    for first, last in (ends, ends[::-1]):
        people = [
            Somebody({"t0": lonely(first - n % 2), "t6m": lonely(last - n % 3)}, cluster="ab"[n % 2])
            for n in range(size)
        ]
        found = analysed(people, margin=1.0)
        assert not found.under("change.intervention")["difference"].shown
        told.append(found)
    assert told[0].words == told[1].words
    assert told[0].figures == told[1].figures
    assert not [key for key in told[0].words if key.startswith(("equivalence", "clusters", "model"))]


def test_a_word_on_sameness_stands_beside_a_change_that_is_shown() -> None:
    found = analysed([Somebody(answers) for answers in spread(1)], margin=10.0)
    assert found.words["equivalence.intervention"] == "equivalent"
    assert found.words["model.singular"] in {"yes", "no"}


def test_one_score_for_all_does_not_follow_from_the_change_and_the_last_wave() -> None:
    people = [Somebody({"t0": lonely(6), "t6m": lonely(number % 9)}) for number in range(30)]
    found = analysed(people)
    assert not found["course.intervention.t0.mean"].shown
    assert found["change.intervention.difference"].shown
    assert not found["course.intervention.t6m.mean"].shown


def test_an_item_that_all_answered_alike_does_not_follow_from_the_mean_and_the_other_items() -> None:
    chance = np.random.default_rng(3)
    people = []
    for _ in range(40):
        codes = {wave: lonely(int(chance.integers(0, 12))) for wave in WAVES}
        for answers in codes.values():
            answers[2] = "yes"
        people.append(Somebody(codes))
    found = analysed(people)
    items = {number: found[f"quality.intervention.t0.item.{number}"] for number in range(1, 12)}
    assert not items[2].shown
    assert found["course.intervention.t0.mean"].shown
    assert sum(not one.shown for one in items.values()) == 2


def test_who_entered_a_band_is_no_way_round_to_a_share_after_that_is_hidden() -> None:
    """Five people have only a last score: with that wave's share, the pairs' share after would give theirs."""
    people = [Somebody(answers) for answers in spread(5, 30)]
    people += [Somebody({"t0": {}, "t3m": {}, "t6m": lonely(n)}) for n in range(2, 7)]
    found = analysed(people)
    moved = {
        name: found[f"above.intervention.moderate.{name}"].shown for name in ("before", "after", "entered", "left")
    }
    assert found["above.intervention.moderate.wave.t6m"].shown
    assert not moved["after"]
    assert not (moved["before"] and moved["entered"] and moved["left"])


@pytest.mark.parametrize(("never", "others"), [("higher", {"lower", "same"}), ("lower", {"higher", "same"})])
def test_nobody_who_moved_up_does_not_follow_from_who_moved_down_and_who_stayed(never: str, others: set[str]) -> None:
    first, last = (10, 1) if never == "higher" else (1, 10)
    people = [Somebody({"t0": lonely(first), "t6m": lonely(last if n % 2 else first)}) for n in range(30)]
    people += [Somebody({"t0": lonely(5), "t6m": lonely(4)}) for _ in range(10)]
    shares = analysed(people).under("transition.intervention")
    assert not shares[never].shown
    assert not all(shares[name].shown for name in others)


def test_groups_of_reliable_change_are_together_one_and_none_follows_from_the_others() -> None:
    people = [Somebody({"t0": lonely(11 - n % 2), "t6m": lonely(2 + 7 * (n % 3 == 0))}) for n in range(40)]
    groups = analysed(people).under("reliable.intervention")
    four = [groups[name] for name in ("recovered", "improved", "unchanged", "deteriorated")]
    assert not groups["deteriorated"].shown
    assert sum(not one.shown for one in four) != 1


def test_the_error_of_two_clusters_does_not_give_away_the_small_one() -> None:
    """With two clusters the robust error is made of the sum of either: of the small one as well."""
    answers = spread(8, 34)
    small = analysed([Somebody(one, cluster="north" if n < 4 else "south") for n, one in enumerate(answers)])
    large = analysed([Somebody(one, cluster="north" if n < 14 else "south") for n, one in enumerate(answers)])
    assert small["clusters.intervention.difference"].hidden is not None
    assert "clusters.intervention" not in small.words
    assert large["clusters.intervention.difference"].shown


def test_few_who_came_back_are_not_told_by_the_change_of_everybody_with_a_first_score() -> None:
    people = [Somebody({**one, "t6m": one["t6m"] if n < 5 else {}}) for n, one in enumerate(spread(2))]
    found = analysed(people)
    assert found["course.intervention.t0.mean"].shown
    for name in ("delta.0", "delta.half", "delta.1", "tipping", "completers"):
        assert found[f"sensitivity.intervention.{name}"].hidden is not None


def test_figures_that_are_hidden_keep_their_size_and_nothing_else() -> None:
    found = analyse(made_up(9), plan_of(made_up(9), margin=1.0), live=True)
    hidden = [one for one in found.figures.values() if one.hidden is not None]
    assert hidden
    assert all(one == Figure(one.unit, n=one.n, of=one.of, hidden=one.hidden) for one in hidden)


def test_with_skipped_items_the_mean_and_the_shares_of_all_items_stand_together() -> None:
    """A skipped item adds nothing, and the reader knows it: then the mean is the sum of the items, and no secret."""
    people = [
        Somebody({wave: {item: code for item, code in codes.items() if item != 1 + n} for wave, codes in one.items()})
        if n < 4
        else Somebody(one)
        for n, one in enumerate(spread(11))
    ]
    found = analysed(people)
    assert found["course.intervention.t0.mean"].shown
    assert all(found[f"quality.intervention.t0.item.{item}"].shown for item in range(1, 12))


def test_a_programme_without_participants_of_its_own_is_not_judged_by_its_comparison() -> None:
    falling = [Somebody({"t0": lonely(6 + n % 5), "t6m": lonely(n % 4)}, "comparison") for n in range(40)]
    found = analysed(falling)
    assert found["change.comparison.difference"].shown
    assert (found.words["goal.verdict"], found.words["goal.basis"]) == ("cannot_be_judged", "nothing")


@pytest.mark.parametrize("goal", GoalType)
def test_a_goal_has_a_verdict_in_every_programme(goal: GoalType) -> None:
    records = made_up(50, goal=goal)
    assert {"goal.verdict", "goal.basis"} <= set(analyse(records, plan_of(records), live=True).words)


def test_nobody_followed_yet_is_nobody_dropped_out() -> None:
    people = [Somebody(one, outcome={"t6m": WaveOutcome.PENDING}) for one in spread(4, 20)]
    records = records_of([Somebody({"t0": one.answers["t0"], "t6m": {}}, outcome=one.outcome) for one in people])
    found = analyse(records, plan_of(records), live=True)
    assert found["attrition.intervention.dropped"].value == 0
