"""The course of the score over the waves, as it was measured and by the mixed model, and the contrasts between arms."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from service.measures.analysis.arm_view import ArmView
from service.measures.analysis.result import Unit
from service.measures.analysis.sheet import Rests, Sheet
from service.measures.ancova import ancova
from service.measures.change import t_interval
from service.measures.clusters import cluster_robust
from service.measures.comparison import ArmContrast, difference_in_differences, time_by_arm
from service.measures.complete import Floats, deviation
from service.measures.course import Course, LongScores, course
from service.measures.derivable import Moments
from service.measures.disclosure import may_show
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.mixed_model import MixedModel
from service.measures.satterthwaite import Contrast, Joint

#: People below whom no model is fitted and no arms are compared (measures.md 4.9).
LEAST = 30
#: What matters more is shown rather: after the change, before everything else. One rank per wave.
COURSE, MODEL, CLUSTERS = 1, 20, 70


def fill_course(sheet: Sheet, view: ArmView) -> None:
    """`course.<arm>.<wave>`: the mean of all valid scores, how many there are, and how many wait for the next step."""
    for place, wave in enumerate(view.wave_keys):
        scores = view.course(wave, view.plan.outcome)
        kept = scores[~np.isnan(scores)]
        values = view.known(scores)
        moments, own = view.moments(wave, view.plan.outcome), view.skipped(view.plan.outcome, ((wave, 1.0),))
        sheet.ask(view.key("course", wave), values, moments, COURSE + place, own)
        key, rests = f"course.{view.arm}.{wave}", view.mean(wave)
        found = t_interval(kept) if len(kept) else NotEstimable(Reason.NO_DATA, {"n": 0})
        detail = {"sd": deviation(kept)} if len(kept) > 1 else {}
        sheet.outcome(f"{key}.mean", found, Unit.POINTS, rests, of=len(view.people), detail=detail)
        sheet.count(f"{key}.valid", view.valid(wave))
        sheet.count(f"{key}.waiting", view.valid(wave) - len(kept))


def fill_models(sheet: Sheet, views: Sequence[ArmView]) -> None:
    """`model.<arm>` and `contrast.<arm>.<arm>.model`: one mixed model of all arms that are large enough."""
    large = [view for view in views if _measured(view) >= LEAST]
    for view in views:
        if view not in large:
            few = NotEstimable(Reason.TOO_FEW, {"n": _measured(view), "needed": LEAST})
            sheet.outcome(f"model.{view.arm}.{view.plan.primary}.change", few, Unit.POINTS, view.change)
    if len(large) == 1:
        _fill_one(sheet, large[0])
    if len(large) > 1:
        _fill_several(sheet, large)


def _fill_one(sheet: Sheet, view: ArmView) -> None:
    found = course(_long([view]), _order(view), times=_times(view))
    if isinstance(found, NotEstimable):
        _fill_none(sheet, [view], found)
    else:
        _fill_model(sheet, view, found)


def _fill_several(sheet: Sheet, views: Sequence[ArmView]) -> None:
    first = views[0]
    waves = _order(first)
    arms = [view.arm for view in views]
    place = waves.index(first.plan.primary)
    found = time_by_arm(_long(views), waves, arms, primary=place, times=_times(first))
    if isinstance(found, NotEstimable):
        _fill_none(sheet, views, found)
        return
    for view, one in zip(views, found.courses, strict=True):
        _fill_model(sheet, view, one)
    of_arm = {view.arm: view for view in views}
    for pair in found.pairs:
        _fill_pair(sheet, of_arm[pair.arm], of_arm[pair.against], "model", pair)


def _measured(view: ArmView) -> int:
    """How many people of this arm have a score that counts."""
    seen = [~np.isnan(view.course(wave, view.plan.outcome)) for wave in view.wave_keys]
    return int(np.any(seen, axis=0).sum()) if seen else 0


def _order(view: ArmView) -> tuple[str, ...]:
    """The waves as the model takes them: it counts changes from the first, which is the baseline of the plan."""
    baseline = view.plan.baseline
    return (baseline, *(wave for wave in view.wave_keys if wave != baseline))


def _times(view: ArmView) -> list[float] | None:
    days = {wave.key: wave.days for wave in view.records.waves}
    return [days[wave] for wave in _order(view)] if view.plan.random_slope else None


def _long(views: Sequence[ArmView]) -> LongScores:
    """All waves of all arms, one row per measurement."""
    people, waves, scores, arms = [], [], [], []
    for arm, view in enumerate(views):
        for place, wave in enumerate(_order(view)):
            column = view.course(wave, view.plan.outcome)
            people += [f"{arm}:{key}" for key in view.keys]
            waves += [place] * len(column)
            scores.append(column)
            arms += [arm] * len(column)
    return LongScores.of(people, waves, np.concatenate(scores), arms)


def _fill_none(sheet: Sheet, views: Sequence[ArmView], why: NotEstimable) -> None:
    for view in views:
        sheet.outcome(f"model.{view.arm}.{view.plan.primary}.change", why, Unit.POINTS, view.change)


def _fill_model(sheet: Sheet, view: ArmView, found: Course) -> None:
    key, waves, people = f"model.{view.arm}", _order(view), _measured(view)
    asks = _ask_model(sheet, view, found.model)
    for point in found.points:
        sheet.outcome(f"{key}.{point.wave}.mean", point.mean, Unit.POINTS, Rests((asks[point.wave],)))
    for wave, change in zip(waves[1:], found.changes, strict=True):
        rests = Rests((asks[waves[0]], asks[wave]))
        if isinstance(change, NotEstimable):
            sheet.outcome(f"{key}.{wave}.change", change, Unit.POINTS, rests)
        else:
            of_arm = replace(change.estimate, n=people)  # the model itself counts the people of all arms
            sheet.outcome(f"{key}.{wave}.change", of_arm, Unit.POINTS, rests, detail=_test(change))
    rests = Rests(tuple(asks.values()))
    if isinstance(found.joint, Joint):
        detail = {"df1": found.joint.df1, "df2": found.joint.df2, "p": found.joint.p}
        sheet.number(f"{key}.joint", found.joint.f, Unit.STATISTIC, rests, n=people, detail=detail)
    else:
        sheet.outcome(f"{key}.joint", found.joint, Unit.STATISTIC, rests)
    means = (f"{key}.{wave}.mean" for wave in waves)
    sheet.say("model.singular", "yes" if found.model.singular else "no", *means)


def _test(found: Contrast) -> dict[str, float]:
    return {"se": found.se, "df": found.df, "t": found.t, "p": found.p}


def _ask_model(sheet: Sheet, view: ArmView, model: MixedModel) -> dict[str, str]:
    """Ask for every mean of the model. It leans on everybody, and on each with a weight that follows from the waves
    they were measured in: with the plain means beside it a few who were measured less could be worked out."""
    waves, outcome = _order(view), view.plan.outcome
    columns = np.array([view.course(wave, outcome) for wave in waves])
    here = ~np.isnan(columns)
    patterns = {key: tuple(here[:, place]) for place, key in enumerate(view.keys) if here[:, place].any()}
    weights = _weights(view, model, Counter(patterns.values()))
    whole = {wave: view.moments(wave, outcome) for wave in waves}
    alone = {wave: view.skipped(outcome, ((wave, 1.0),)) for wave in waves}
    asks = {}
    for place, wave in enumerate(waves):
        own: dict[str, Moments] = {
            key: tuple(
                (moment, float(weight) * times)
                for other, weight in zip(waves, weights[pattern][place], strict=True)
                if weight != 0
                for moment, times in alone[other].get(key, whole[other])
            )
            for key, pattern in patterns.items()
        }
        values = {key: float(number) for number, key in enumerate(patterns)}  # the model is no single value of theirs
        asks[wave] = sheet.ask(view.key("model", wave), values, (), MODEL + place, own=own)
    return asks


def _weights(view: ArmView, model: MixedModel, patterns: Counter[tuple[bool, ...]]) -> dict[tuple[bool, ...], Floats]:
    """What one person with these waves adds to the mean of each wave: generalised least squares,
    (sum X'V^-1 X)^-1 X'V^-1, as waves x waves (0 where the person was not measured)."""
    times = _times(view) or [0.0] * len(view.wave_keys)
    z = np.array([[1.0, time] for time in times])[:, : len(model.random)]
    count = len(view.wave_keys)
    inverses = {}
    for pattern in patterns:
        seen = np.flatnonzero(pattern)
        covariance = z[seen] @ np.array(model.random) @ z[seen].T + model.residual * np.eye(len(seen))
        whole = np.zeros((count, count))
        whole[np.ix_(seen, seen)] = np.linalg.inv(covariance)
        inverses[pattern] = whole
    total = sum((patterns[pattern] * inverse for pattern, inverse in inverses.items()), np.zeros((count, count)))
    solved = np.linalg.pinv(total)
    return {pattern: np.round(solved @ inverse, 12) for pattern, inverse in inverses.items()}


def fill_contrasts(sheet: Sheet, views: Sequence[ArmView]) -> None:
    """`contrast.<arm>.<arm>`: difference in differences, and analysis of covariance where the plan allows it."""
    for one, other in combinations(views, 2):
        key = f"contrast.{one.arm}.{other.arm}"
        rests = Rests((*one.change.asks, *other.change.asks))
        smallest = min(one.pair_count(), other.pair_count())
        if smallest < LEAST:
            few = NotEstimable(Reason.TOO_FEW, {"n": smallest, "needed": LEAST})
            sheet.outcome(f"{key}.did", few, Unit.POINTS, rests)
            continue
        (pre, post), (before, after) = one.pairs(one.plan.outcome), other.pairs(other.plan.outcome)
        found = difference_in_differences(post - pre, after - before)
        if isinstance(found, NotEstimable):
            sheet.outcome(f"{key}.did", found, Unit.POINTS, rests)
        else:
            sheet.outcome(f"{key}.did", found.welch.estimate, Unit.POINTS, rests, detail=_test(found.welch))
        _fill_ancova(sheet, one, other)


def _fill_ancova(sheet: Sheet, one: ArmView, other: ArmView) -> None:
    """The last score by arm at the same first score, only where people were drawn by lot or the arms began alike."""
    (pre, post), (before, after) = one.pairs(one.plan.outcome), other.pairs(other.plan.outcome)
    places = [0] * len(pre) + [1] * len(before)
    found = ancova(
        np.concatenate([pre, before]),
        np.concatenate([post, after]),
        places,
        [one.arm, other.arm],
        assignment=one.plan.assignment,
    )
    rests = Rests((*one.both_means.asks, *other.both_means.asks))
    if isinstance(found, NotEstimable):
        sheet.outcome(f"contrast.{one.arm}.{other.arm}.ancova", found, Unit.POINTS, rests)
    else:
        _fill_pair(sheet, one, other, "ancova", found.pairs[0], rests)


def _fill_pair(
    sheet: Sheet, one: ArmView, other: ArmView, name: str, found: ArmContrast, rests: Rests | None = None
) -> None:
    key = f"contrast.{one.arm}.{other.arm}.{name}"
    waves = (one.plan.baseline, one.plan.primary)
    asks = tuple(view.key("model", wave) for view in (one, other) for wave in waves)
    on = rests or Rests(asks)
    if isinstance(found.contrast, NotEstimable):
        sheet.outcome(key, found.contrast, Unit.POINTS, on)
        return
    detail = _test(found.contrast)
    if found.adjusted_p is not None:
        detail["adjusted_p"] = found.adjusted_p
    estimate = found.contrast.estimate
    if rests is None:  # the model counts the people of all its arms
        estimate = replace(estimate, n=_measured(one) + _measured(other))
    sheet.outcome(key, estimate, Unit.POINTS, on, detail=detail)


def fill_clusters(sheet: Sheet, view: ArmView) -> None:
    """`clusters.<arm>`: the change with an interval that knows that people of one site look alike."""
    pre, post = view.pairs(view.plan.outcome)
    changes = post - pre
    here = ~np.isnan(changes)
    clusters = [person.cluster for person, counts in zip(view.people, here, strict=True) if counts]
    if len(set(clusters)) < 2:
        return
    found = cluster_robust(changes[here], np.ones((int(here.sum()), 1)), clusters, ["change"])
    key, rests = f"clusters.{view.arm}", _rests_on_clusters(sheet, view, changes)
    if isinstance(found, NotEstimable):
        sheet.outcome(f"{key}.difference", found, Unit.POINTS, rests)
        return
    term = found.terms[0]
    detail: dict[str, float | int | str] = {"clusters": found.clusters}
    if isinstance(term, Contrast):
        detail |= _test(term)
    sheet.outcome(f"{key}.difference", _estimate(term), Unit.POINTS, rests, detail=detail)
    sheet.say(key, "too_narrow" if found.too_narrow else "enough", f"{key}.difference")


def _rests_on_clusters(sheet: Sheet, view: ArmView, changes: Floats) -> Rests:
    """The standard error is made of the sum of each cluster: with one or two small ones it gives these away."""
    of_people: dict[str, dict[str, float]] = {}
    for person, change in zip(view.people, changes, strict=True):
        if not np.isnan(change):
            of_people.setdefault(person.cluster, {})[person.key] = float(change)
    small = sorted(cluster for cluster, people in of_people.items() if not may_show(len(people)))
    if len(small) > 2:
        return view.change
    outcome = view.plan.outcome
    asks = [
        sheet.ask(
            view.key("cluster", cluster),
            of_people[cluster],
            view.change_moments(outcome),
            CLUSTERS,
            view.change_skipped(outcome),
        )
        for cluster in small
    ]
    return Rests((*view.change.asks, *asks), view.change.valid)


def _estimate(term: Contrast | NotEstimable) -> Estimate | NotEstimable:
    if isinstance(term, NotEstimable):
        return term
    return term.estimate if math.isfinite(term.se) else NotEstimable(Reason.NO_VARIANCE)
