"""How far the change can be leaned on: who dropped out, what if they fared worse, and whether the pairs are alike."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from service.measures.analysis.arm_view import ArmView
from service.measures.analysis.records import AgeGroup
from service.measures.analysis.result import Unit
from service.measures.analysis.sheet import Rests, Sheet
from service.measures.attrition import Attrition, Covariate, attrition
from service.measures.complete import Floats
from service.measures.derivable import Moments
from service.measures.estimate import Estimate, NotEstimable
from service.measures.instrument import Polarity
from service.measures.like_for_like import Difference, LikeForLike, Measured, like_for_like
from service.measures.response_rates import OUTSIDE
from service.measures.sensitivity import (
    DELTAS,
    change_within,
    common_items_change,
    delta_adjusted,
    mean_change,
    tipping_point,
)

#: What matters more is shown rather: after the change, the courses, the models and the bands.
ATTRITION, SHIFTED, PARTS = 80, 90, 95
_NO_SLOPE = 1e-12
_NAMES = ("0", "half", "1")  # of DELTAS


def fill_attrition(sheet: Sheet, view: ArmView) -> None:
    """`attrition.<arm>`: how those without a later score differed at the start, and the odds of having none.

    Of everybody with a first score that counts, and for whom the later window has closed; without those whose later
    score waits for its step (see service.measures.steps): they did not drop out.
    """
    first, dropped = _followed(view)
    here = ~np.isnan(first)
    covariates = {name: np.where(here, values, np.nan) for name, values in _covariates(view, first).items()}
    key = f"attrition.{view.arm}"
    sheet.count(f"{key}.stayed", int((here & ~dropped).sum()), int(here.sum()))
    sheet.count(f"{key}.dropped", int(dropped.sum()), int(here.sum()))
    found = attrition(dropped[here], {name: values[here] for name, values in covariates.items()})
    if isinstance(found, NotEstimable):
        return
    asks: dict[str, list[str]] = {row.name: [] for row in found.covariates}
    for row in found.covariates:
        own = view.skipped(view.plan.outcome, ((view.plan.baseline, 1.0),)) if row.name == "score" else {}
        for name, who in (("stayed", here & ~dropped), ("gone", dropped)):
            values = view.known(np.where(who, covariates[row.name], np.nan))
            asks[row.name].append(sheet.ask(view.key(name, row.name), values, _moments(view, row.name), ATTRITION, own))
        _fill_covariate(sheet, f"{key}.{row.name}", row, asks[row.name])
    together = [ask for of_row in asks.values() for ask in of_row]  # the odds are of one model with all of them
    for row in found.covariates:
        _fill_odds(sheet, f"{key}.{row.name}.odds", found, row.name, together)


def _followed(view: ArmView) -> tuple[Floats, npt.NDArray[np.bool_]]:
    """The first score of who could have been measured again (NaN for others), and who has no later score."""
    outcome, last = view.plan.outcome, view.pairs(view.plan.outcome)[1]
    followed, dropped = np.zeros(len(view.keys), dtype=bool), np.zeros(len(view.keys), dtype=bool)
    for place, key in enumerate(view.keys):
        later = view.by_wave.get((key, view.plan.primary))
        if later is None or later.outcome in OUTSIDE:
            continue
        dropped[place] = later.scores.get(outcome) is None
        followed[place] = dropped[place] or not np.isnan(last[place])
    first = np.where(followed, view.course(view.plan.baseline, outcome), np.nan)
    return first, dropped & ~np.isnan(first)


def _covariates(view: ArmView, first: Floats) -> Mapping[str, Floats]:
    """The first score; whether somebody is in the older age group, and whether the first answers came by SMS (1)."""
    older = [
        np.nan if person.age_group is AgeGroup.UNKNOWN else float(person.age_group is AgeGroup.OLDER)
        for person in view.people
    ]
    records = [view.by_wave.get((key, view.plan.baseline)) for key in view.keys]
    by_sms = [float(record.mode == "sms") if record and record.mode else np.nan for record in records]
    return {"score": first, "older": np.array(older), "sms": np.array(by_sms)}


def _moments(view: ArmView, covariate: str) -> Moments:
    return view.moments(view.plan.baseline, view.plan.outcome) if covariate == "score" else ((covariate, 1.0),)


def _fill_covariate(sheet: Sheet, key: str, row: Covariate, asks: list[str]) -> None:
    unit = Unit.POINTS if row.name == "score" else Unit.SHARE
    for name, mean, n, ask in (
        ("stayed", row.mean_stayed, row.n_stayed, asks[0]),
        ("dropped", row.mean_dropped, row.n_dropped, asks[1]),
    ):
        if not isinstance(mean, NotEstimable):
            sheet.number(f"{key}.{name}", mean, unit, Rests((ask,)), n=n)
    sheet.outcome(f"{key}.smd", row.standardised, Unit.SD, Rests(tuple(asks)))


def _fill_odds(sheet: Sheet, key: str, found: Attrition, name: str, asks: list[str]) -> None:
    if isinstance(found.odds, NotEstimable):
        sheet.outcome(key, found.odds, Unit.RATIO, Rests(tuple(asks)))
        return
    term = next(one for one in found.odds.terms if one.name == name)
    sheet.outcome(key, term.odds_ratio, Unit.RATIO, Rests(tuple(asks)), detail={"p": term.p})


def fill_sensitivity(sheet: Sheet, view: ArmView) -> None:
    """`sensitivity.<arm>`: drop-outs that fared worse, pairs of one mode, pairs without a helper, common items."""
    _fill_shifted(sheet, view)
    found = _alike(view)
    if found is not None:
        _fill_parts(sheet, view, found)
    _fill_common(sheet, view)


def _fill_shifted(sheet: Sheet, view: ArmView) -> None:
    """The change of everybody with a first score, were those without a later one so many points worse off."""
    first, _ = _followed(view)
    last = np.where(np.isnan(first), np.nan, view.pairs(view.plan.outcome)[1])
    rule = view.records.instrument.score_rule(view.plan.outcome)
    key = f"sensitivity.{view.arm}"
    rests = Rests((*view.change.asks, _ask_shifted(sheet, view, first, last)), view.valid_pairs)
    sheet.outcome(f"{key}.completers", completers(view), Unit.POINTS, view.change, of=len(view.people))
    worse = 1 if view.records.instrument.polarity is Polarity.HIGHER_IS_WORSE else -1
    for name, shifted in zip(_NAMES, delta_adjusted(first, last, [worse * delta for delta in DELTAS]), strict=True):
        sheet.outcome(f"{key}.delta.{name}", shifted.change, Unit.POINTS, rests)
    tipping = tipping_point(first, last, rule.maximum - rule.minimum)
    if isinstance(tipping, NotEstimable):
        sheet.outcome(f"{key}.tipping", tipping, Unit.POINTS, rests)
    else:
        sheet.number(f"{key}.tipping", tipping.no_conclusion, Unit.POINTS, rests)
        sheet.number(f"{key}.no_change", tipping.no_change, Unit.POINTS, rests)


def _ask_shifted(sheet: Sheet, view: ArmView, first: Floats, last: Floats) -> str:
    """The estimate leans on drop-outs by their first score: with the plain means a few of them could be worked out."""
    stayed, known = ~np.isnan(last) & ~np.isnan(first), ~np.isnan(first)
    n, pairs = int(known.sum()), int(stayed.sum())
    slope = 0.0
    if pairs > 2 and np.ptp(first[stayed]) > 0:
        slope = float(np.polyfit(first[stayed], (last - first)[stayed], 1)[0])
    if abs(slope) < _NO_SLOPE:
        slope, known = 0.0, stayed
    outcome, before, after = view.plan.outcome, view.plan.baseline, view.plan.primary
    sides = (
        (after, round(1 / max(pairs, 1), 12)),
        (before, round(slope / max(n, 1) - (1 + slope) / max(pairs, 1), 12)),
    )
    of_other = ((before, round(slope / max(n, 1), 12)),)
    own: dict[str, Moments] = {}
    for weighted, who in ((sides, stayed), (of_other, ~stayed)):
        whole = tuple(part for wave, weight in weighted for part in view.moments(wave, outcome, weight))
        skipped = view.skipped(outcome, weighted)
        own |= {key: skipped.get(key, whole) for key, here in zip(view.keys, who, strict=True) if here}
    values = {key: float(place) for place, key in enumerate(view.keys) if known[place]}
    return sheet.ask(view.key("shifted"), values, (), SHIFTED, own={key: own[key] for key in values})


def _alike(view: ArmView) -> LikeForLike | None:
    """How alike the two measurements of the pairs are."""
    ends = [[_measured(view, key, wave) for key in view.keys if key in view.paired] for wave in _ends(view)]
    found = like_for_like(*ends)
    return None if isinstance(found, NotEstimable) else found


def _ends(view: ArmView) -> tuple[str, str]:
    return view.plan.baseline, view.plan.primary


def _measured(view: ArmView, key: str, wave: str) -> Measured:
    record = view.by_wave[key, wave]
    return Measured(
        row=record.row,
        person=key,
        wave=wave,
        instrument=record.instrument,
        version=record.version,
        language=record.language,
        mode=record.mode,
        day=record.answered_on or record.opened_on,
        enrolled_on=record.opened_on,
        helper_delivers=record.helper_delivers,
    )


def _fill_parts(sheet: Sheet, view: ArmView, found: LikeForLike) -> None:
    """The change in the pairs of one mode, and in those without help of somebody who delivers the intervention."""
    sheet.words[f"like.{view.arm}"] = str(found.verdict)
    for difference, pairs in found.touched.items():
        sheet.count(f"like.{view.arm}.{difference}", pairs, len(found.pairs))
    pre, post = view.pairs(view.plan.outcome)
    for name, difference in (("same_mode", Difference.MODE), ("no_helper", Difference.HELPER_DELIVERS)):
        if difference not in found.touched:
            continue
        left = {pair.later.person for pair, kept in zip(found.pairs, found.without(difference), strict=True) if kept}
        kept = np.array([key in left for key in view.keys], dtype=bool)
        values = view.known(np.where(kept, post - pre, np.nan))
        moments, own = view.change_moments(view.plan.outcome), view.change_skipped(view.plan.outcome)
        asked = sheet.ask(view.key(name), values, moments, PARTS, own)
        beside = change_within(pre, post, kept)
        key = f"sensitivity.{view.arm}.{name}"
        sheet.outcome(key, beside.part, Unit.POINTS, Rests((asked,)), of=len(found.pairs))


def _fill_common(sheet: Sheet, view: ArmView) -> None:
    """The change on the items that each person answered both times; only when anybody skipped one."""
    rule = view.records.instrument.score_rule(view.plan.outcome)
    pre, post = view.pairs(rule.key)
    pairs = frozenset(view.known(post - pre))
    sides = [dict(zip(*view.items(wave, rule.key, pairs), strict=True)) for wave in _ends(view)]
    keys = [key for key in view.keys if key in sides[0] and key in sides[1]]
    if not keys:
        return
    earlier, later = (np.array([side[key] for key in keys]) for side in sides)
    found = common_items_change(earlier, later, rule.max_missing)
    if not found.affected:
        return
    both = ~np.isnan(earlier) & ~np.isnan(later)
    own = {key: _common_moments(view, rule.items, answered) for key, answered in zip(keys, both, strict=True)}
    values = {key: float(place) for place, key in enumerate(keys)}
    asked = sheet.ask(view.key("common"), values, (), PARTS + 1, own=own)
    detail = {"affected": found.affected}
    sheet.outcome(f"sensitivity.{view.arm}.common_items", found.common, Unit.POINTS, Rests((asked,)), detail=detail)


def _common_moments(view: ArmView, items: tuple[int, ...], answered: Floats) -> Moments:
    before, after = _ends(view)
    common = [item for item, both in zip(items, answered, strict=True) if both]
    return (*((f"{after}:{item}", 1.0) for item in common), *((f"{before}:{item}", -1.0) for item in common))


def completers(view: ArmView) -> Estimate | NotEstimable:
    """The change of who has both scores, for the verdict on the goal."""
    return mean_change(*view.pairs(view.plan.outcome))
