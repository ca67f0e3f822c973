"""The paired change of one arm and everything that is told of it: sizes, bands, reliable change, subgroups."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import numpy as np

from service.measures.analysis import thresholds
from service.measures.analysis.arm_view import ArmView
from service.measures.analysis.plan import Subgroup
from service.measures.analysis.records import Enrolled
from service.measures.analysis.result import Unit
from service.measures.analysis.sheet import Detail, Rests, Sheet
from service.measures.bands import band_change, share_in_band, transitions
from service.measures.change import PairedEffect, paired_effect, t_interval
from service.measures.complete import Floats
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.instrument import Band, Polarity
from service.measures.reliable_change import Wobble, reliable_change, wobble_of

#: What matters more is shown rather (see service.measures.disclosure).
CHANGE, BOTH_MEANS, SCORES, BANDS, WITHIN = 0, 15, 50, 60, 70


def ask_change(sheet: Sheet, view: ArmView) -> None:
    """Ask for the change and, apart from it, for the two means of the pairs."""
    outcome = view.plan.outcome
    pre, post = view.pairs(outcome)
    changes = view.known(post - pre)
    sheet.ask(view.key("change"), changes, view.change_moments(outcome), CHANGE, view.change_skipped(outcome))
    both = ~np.isnan(post - pre)
    for place, (name, wave, column) in enumerate(
        (("before", view.plan.baseline, pre), ("after", view.plan.primary, post))
    ):
        values, own = view.known(np.where(both, column, np.nan)), view.skipped(outcome, ((wave, 1.0),))
        sheet.ask(view.key(name), values, view.moments(wave, outcome), BOTH_MEANS + place, own)


def fill_change(sheet: Sheet, view: ArmView, chance: np.random.Generator) -> None:
    """`change.<arm>`: difference with t interval and test, d_av and d_z, permutation, the two means, other scores."""
    key = f"change.{view.arm}"
    pre, post = view.pairs(view.plan.outcome)
    found = paired_effect(pre, post, chance)
    of = len(view.people)
    if isinstance(found, NotEstimable):
        sheet.outcome(f"{key}.difference", found, Unit.POINTS, view.change, of=of)
    else:
        _fill_effect(sheet, view, found)
    for rule in view.records.instrument.scores:
        if rule.key != view.plan.outcome:
            _fill_score(sheet, view, rule.key)


def _fill_effect(sheet: Sheet, view: ArmView, found: PairedEffect) -> None:
    key, rests, of = f"change.{view.arm}", view.change, len(view.people)
    sheet.outcome(f"{key}.difference", found.difference, Unit.POINTS, rests, of=of, detail={"sd": found.sd_difference})
    if isinstance(found.test, NotEstimable):
        sheet.outcome(f"{key}.t", found.test, Unit.STATISTIC, rests)
    else:
        sheet.number(f"{key}.t", found.test.t, Unit.STATISTIC, rests, n=found.n, detail={"df": found.test.df})
        sheet.number(f"{key}.p", found.test.p, Unit.P, rests, n=found.n)
    told = found.permutation
    detail: Detail = {"method": str(told.method), "patterns": told.patterns}
    sheet.number(f"{key}.permutation", told.p, Unit.P, rests, n=told.n, detail=detail)
    sheet.outcome(f"{key}.d_z", found.sizes.d_z, Unit.SD, rests)
    sheet.outcome(f"{key}.g_z", found.sizes.g_z, Unit.SD, rests)
    sheet.outcome(f"{key}.d_av", found.sizes.d_av, Unit.SD, view.both_means)
    sheet.outcome(f"{key}.g_av", found.sizes.g_av, Unit.SD, view.both_means)
    for name, mean, sd in (("before", found.mean_pre, found.sd_pre), ("after", found.mean_post, found.sd_post)):
        sheet.number(f"{key}.{name}", mean, Unit.POINTS, view.both_means, n=found.n, detail={"sd": sd})


def _fill_score(sheet: Sheet, view: ArmView, score: str) -> None:
    """The change of a subscale, in the same people as far as they have it."""
    pre, post = view.pairs(score)
    changes = post - pre
    moments, own = view.change_moments(score), view.change_skipped(score)
    asked = sheet.ask(view.key("change", score), view.known(changes), moments, SCORES, own)
    rests = Rests((asked,), view.valid_pairs)
    sheet.outcome(f"change.{view.arm}.score.{score}", _mean(changes), Unit.POINTS, rests, of=len(view.people))


def fill_bands(sheet: Sheet, view: ArmView) -> None:
    """`above.<arm>`, `band.<arm>` and `transition.<arm>`: by the cut-off set of the plan; nothing without an edge."""
    bands = _bands(view)
    if len(bands) < 2:
        return
    for wave in view.wave_keys:
        _fill_band_shares(sheet, view, bands, wave)
    for band in bands[1:]:
        _fill_above(sheet, view, bands, band)
    _fill_transitions(sheet, view, bands)


def _bands(view: ArmView) -> tuple[Band, ...]:
    """The bands of the plan's set, the most favourable first."""
    plan = view.plan
    sets = (one for one in view.records.instrument.cutoffs if (one.key, one.score) == (plan.cutoff_set, plan.outcome))
    found = next(sets, None)
    worse = view.records.instrument.polarity is Polarity.HIGHER_IS_WORSE
    return tuple(sorted(found.bands, key=lambda band: band.lowest, reverse=not worse)) if found else ()


def _edges(view: ArmView, band: Band) -> tuple[float, float]:
    """From where to where a score is in this band or a less favourable one."""
    rule = view.records.instrument.score_rule(view.plan.outcome)
    if view.records.instrument.polarity is Polarity.HIGHER_IS_WORSE:
        return band.lowest, rule.maximum
    return rule.minimum, band.highest


def _inside(scores: Floats, edges: tuple[float, float]) -> Floats:
    """1 for a score from one edge to the other, 0 for another, NaN where there is none."""
    inside = ((scores >= edges[0]) & (scores <= edges[1])).astype(np.float64)
    return np.where(np.isnan(scores), np.nan, inside)


def _fill_band_shares(sheet: Sheet, view: ArmView, bands: tuple[Band, ...], wave: str) -> None:
    scores = view.course(wave, view.plan.outcome)
    of, valid = len(view.people), view.valid(wave)
    asked = {}
    for band in bands[1:]:
        edges = _edges(view, band)
        asked[band.key] = sheet.ask(
            view.key("above", band.key, wave),
            view.known(_inside(scores, edges)),
            thresholds.above(view, bands, band, wave),
            BANDS,
        )
        found = share_in_band(scores, *edges)
        sheet.outcome(
            f"above.{view.arm}.{band.key}.wave.{wave}", found, Unit.SHARE, Rests((asked[band.key],), valid), of=of
        )
    for band, worse in (*pairwise(bands), (bands[-1], None)):
        asks = tuple(asked[one.key] for one in (band, worse) if one is not None and one.key in asked)
        found = share_in_band(scores, band.lowest, band.highest)
        sheet.outcome(f"band.{view.arm}.{wave}.{band.key}", found, Unit.SHARE, Rests(asks, valid), of=of)


def _fill_above(sheet: Sheet, view: ArmView, bands: tuple[Band, ...], band: Band) -> None:
    """In this band or a worse one before and after, in the same people, with the exact McNemar test."""
    pre, post = view.pairs(view.plan.outcome)
    edges, key, of = _edges(view, band), f"above.{view.arm}.{band.key}", len(view.people)
    was, now = _inside(pre, edges), _inside(post, edges)
    both = ~np.isnan(was - now)
    asks = []
    for name, wave, column in (("before", view.plan.baseline, was), ("after", view.plan.primary, now)):
        values = view.known(np.where(both, column, np.nan))
        moments = thresholds.above(view, bands, band, wave)
        asks.append(sheet.ask(view.key("above", band.key, name), values, moments, BANDS + 1))
    moves = (
        ("entered", (1 - was) * now, thresholds.entered(view, band)),
        ("left", was * (1 - now), thresholds.left(view, bands, band)),
    )
    for name, column, moments in moves:
        values = view.known(np.where(both, column, np.nan))
        asks.append(sheet.ask(view.key("above", band.key, name), values, moments, BANDS + 2))
    rests = [Rests((ask,), view.valid_pairs) for ask in asks]
    found = band_change(pre, post, *edges)
    if isinstance(found, NotEstimable):
        for name, rest in zip(("before", "after"), rests, strict=False):
            sheet.outcome(f"{key}.{name}", found, Unit.SHARE, rest, of=of)
        return
    sheet.outcome(f"{key}.before", found.before, Unit.SHARE, rests[0], of=of)
    sheet.outcome(f"{key}.after", found.after, Unit.SHARE, rests[1], of=of)
    for name, count, rest in (("entered", found.test.entered, rests[2]), ("left", found.test.left, rests[3])):
        sheet.outcome(f"{key}.{name}", _part(count, found.n), Unit.SHARE, rest, of=of)
    sheet.number(f"{key}.p", found.test.p, Unit.P, Rests(tuple(asks), view.valid_pairs), n=found.n)


def _fill_transitions(sheet: Sheet, view: ArmView, bands: tuple[Band, ...]) -> None:
    """From which band to which: three shares of all pairs, and the cells that hold ten people or more."""
    pre, post = view.pairs(view.plan.outcome)
    found = transitions(pre, post, bands)
    key = f"transition.{view.arm}"
    if isinstance(found, NotEstimable):
        for name in ("lower", "same", "higher"):
            sheet.outcome(f"{key}.{name}", found, Unit.SHARE, view.change)
        return
    before, after = (_places(column, bands) for column in (pre, post))
    both = ~np.isnan(before - after)
    moments = thresholds.moved(view, bands)
    for name, sign, count in (("lower", -1, found.lower), ("same", 0, found.same), ("higher", 1, found.higher)):
        values = np.where(both, (np.sign(after - before) == sign).astype(np.float64), np.nan)
        asked = sheet.ask(view.key("transition", name), view.known(values), moments[name], BANDS + 3)
        sheet.outcome(f"{key}.{name}", _part(count, found.n), Unit.SHARE, Rests((asked,), view.valid_pairs))
    ordered = sorted(bands, key=lambda band: band.lowest)
    for row, source in enumerate(ordered):
        for column, target in enumerate(ordered):
            here = [k for k, b, a in zip(view.keys, before, after, strict=True) if (b, a) == (row, column)]
            # Who is in the cell is what it tells: any two people in it count as different.
            cell = {person: float(place) for place, person in enumerate(here)}
            asked = sheet.ask(view.key("cell", source.key, target.key), cell, (("cell", 1.0),), BANDS + 4)
            name = f"{key}.from.{source.key}.to.{target.key}"
            sheet.number(name, len(here), Unit.PEOPLE, Rests((asked,)))


def _places(scores: Floats, bands: tuple[Band, ...]) -> Floats:
    """In which band each score is, from the lowest score up; NaN where there is none."""
    ordered = sorted(bands, key=lambda band: band.lowest)
    places = np.searchsorted([band.lowest for band in ordered[1:]], scores, side="right").astype(np.float64)
    return np.where(np.isnan(scores), np.nan, places)


def fill_reliable(sheet: Sheet, view: ArmView) -> None:
    """`reliable.<arm>`: how many changed by more than the questionnaire wobbles; nothing without known constants."""
    wobble = wobble_of(view.records.instrument.key, view.plan.outcome)
    if isinstance(wobble, NotEstimable):
        return
    key = f"reliable.{view.arm}"
    sheet.constant(f"{key}.critical", wobble.critical(), Unit.POINTS, source=wobble.source)
    pre, post = view.pairs(view.plan.outcome)
    bands = _bands(view)
    edge = _crossing(view, bands)
    found = reliable_change(pre, post, wobble, edge=edge, polarity=view.records.instrument.polarity)
    if isinstance(found, NotEstimable):
        sheet.outcome(f"{key}.improved", found, Unit.SHARE, view.change, of=len(view.people))
        return
    moments = thresholds.reliably(view, bands, wobble)
    for name, values in _reliable_groups(view, wobble, edge).items():
        asked = sheet.ask(view.key("reliable", name), values, moments[name], BANDS + 5)
        share = found.eligible if name == "eligible" else _part(getattr(found, name), found.n)
        sheet.outcome(f"{key}.{name}", share, Unit.SHARE, Rests((asked,), view.valid_pairs), of=len(view.people))


def _crossing(view: ArmView, bands: tuple[Band, ...]) -> float | None:
    """The first score of the less favourable side of the first named edge; None without bands."""
    if len(bands) < 2:
        return None
    worse = view.records.instrument.polarity is Polarity.HIGHER_IS_WORSE
    return float(bands[1].lowest if worse else bands[1].highest)


def _reliable_groups(view: ArmView, wobble: Wobble, edge: float | None) -> Mapping[str, dict[str, float]]:
    """Per group of reliable change who is in it (1) and who is not (0)."""
    pre, post = view.pairs(view.plan.outcome)
    worse = view.records.instrument.polarity is Polarity.HIGHER_IS_WORSE
    gain, critical = (pre - post) * (1 if worse else -1), wobble.critical()
    room = pre - wobble.minimum if worse else wobble.maximum - pre
    crossed = np.zeros(len(pre), dtype=bool)
    if edge is not None:
        crossed = (pre >= edge) & (post < edge) if worse else (pre <= edge) & (post > edge)
    groups = {
        "recovered": (gain > critical) & crossed,
        "improved": (gain > critical) & ~crossed,
        "unchanged": np.abs(gain) <= critical,
        "deteriorated": gain < -critical,
        "eligible": room > critical,
    }
    here = ~np.isnan(gain)
    return {name: view.known(np.where(here, inside.astype(np.float64), np.nan)) for name, inside in groups.items()}


def fill_subgroups(sheet: Sheet, view: ArmView) -> None:
    """`subgroup.<arm>.<by>.<value>`: the change apart, by what the plan named beforehand."""
    pre, post = view.pairs(view.plan.outcome)
    changes = post - pre
    for by in view.plan.subgroups:
        values = [_SUBGROUP[by](view, person) for person in view.people]
        for value in sorted(set(values)):
            part = np.where([one == value for one in values], changes, np.nan)
            moments, own = view.change_moments(view.plan.outcome), view.change_skipped(view.plan.outcome)
            asked = sheet.ask(view.key("subgroup", by, value), view.known(part), moments, WITHIN, own)
            key = f"subgroup.{view.arm}.{by}.{value}.difference"
            sheet.outcome(key, _mean(part), Unit.POINTS, Rests((asked,)), of=values.count(value))


def _first_record(view: ArmView, person: Enrolled, name: str) -> str:
    record = view.by_wave.get((person.key, view.plan.baseline))
    return (getattr(record, name) if record else "") or "unknown"


_SUBGROUP: Mapping[Subgroup, Callable[[ArmView, Enrolled], str]] = {
    Subgroup.AGE: lambda _, person: str(person.age_group),
    Subgroup.LANGUAGE: lambda view, person: _first_record(view, person, "language"),
    Subgroup.MODE: lambda view, person: _first_record(view, person, "mode"),
    Subgroup.CLUSTER: lambda _, person: person.cluster or "unknown",
}


def _mean(changes: Floats) -> Estimate | NotEstimable:
    kept = changes[~np.isnan(changes)]
    return t_interval(kept) if len(kept) else NotEstimable(Reason.NO_DATA, {"n": 0})


def _part(count: int, of: int) -> Estimate | NotEstimable:
    return share_in_band([1.0] * count + [0.0] * (of - count), 1, 1)
