"""How far the change can be leaned on: who dropped out, what if they fared worse, and whether the pairs are alike."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from service.measures.analysis.arm_view import ArmView
from service.measures.analysis.records import AgeGroup
from service.measures.analysis.result import Unit
from service.measures.analysis.sheet import Rests, Sheet
from service.measures.attrition import Attrition, Covariate, attrition
from service.measures.complete import Floats
from service.measures.derivable import Moments
from service.measures.estimate import Estimate, NotEstimable
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
_NAMES = dict(zip(DELTAS, ("0", "half", "1"), strict=True))


def fill_attrition(sheet: Sheet, view: ArmView) -> None:
    """`attrition.<arm>`: how those without a later score differed at the start, and the odds of having none.

    Of everybody with a first score that counts, and for whom the later window has closed.
    """
    first = view.course(view.plan.baseline, view.plan.outcome)
    later = [view.by_wave.get((key, view.plan.primary)) for key in view.keys]
    closed = np.array([record is not None and record.outcome not in OUTSIDE for record in later], dtype=bool)
    here = ~np.isnan(first) & closed
    dropped = np.array([key not in view.paired for key in view.keys], dtype=bool) & here
    covariates = {name: np.where(here, values, np.nan) for name, values in _covariates(view, first).items()}
    key = f"attrition.{view.arm}"
    sheet.count(f"{key}.stayed", int((here & ~dropped).sum()), int(here.sum()))
    sheet.count(f"{key}.dropped", int(dropped.sum()), int(here.sum()))
    found = attrition(dropped[here], {name: values[here] for name, values in covariates.items()})
    if isinstance(found, NotEstimable):
        return
    for row in found.covariates:
        asks = []
        for name, who in (("stayed", here & ~dropped), ("gone", dropped)):
            values = view.known(np.where(who, covariates[row.name], np.nan))
            asks.append(sheet.ask(view.key(name, row.name), values, _moments(view, row.name), ATTRITION))
        _fill_covariate(sheet, f"{key}.{row.name}", row, asks)
        _fill_odds(sheet, f"{key}.{row.name}.odds", found, row.name, asks)


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
    first = view.course(view.plan.baseline, view.plan.outcome)
    last = view.pairs(view.plan.outcome)[1]
    rule = view.records.instrument.score_rule(view.plan.outcome)
    key, rests = f"sensitivity.{view.arm}", Rests((_ask_shifted(sheet, view, first, last),))
    for shifted in delta_adjusted(first, last):
        sheet.outcome(f"{key}.delta.{_NAMES[shifted.delta]}", shifted.change, Unit.POINTS, rests)
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
    outcome, before, after = view.plan.outcome, view.plan.baseline, view.plan.primary
    of_stayer = (
        *view.moments(after, outcome, round(1 / max(pairs, 1), 12)),
        *view.moments(before, outcome, round(slope / max(n, 1) - (1 + slope) / max(pairs, 1), 12)),
    )
    of_other = view.moments(before, outcome, round(slope / max(n, 1), 12))
    own = {key: of_stayer if here else of_other for key, here in zip(view.keys, stayed, strict=True)}
    if not slope:
        known = stayed
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
        asked = sheet.ask(view.key(name), values, view.change_moments(view.plan.outcome), PARTS)
        beside = change_within(pre, post, kept)
        key = f"sensitivity.{view.arm}.{name}"
        sheet.outcome(key, beside.part, Unit.POINTS, Rests((asked,)), of=len(found.pairs))


def _fill_common(sheet: Sheet, view: ArmView) -> None:
    """The change on the items that each person answered both times; only when anybody skipped one."""
    rule = view.records.instrument.score_rule(view.plan.outcome)
    sides = [dict(zip(*view.items(wave, rule.key, view.paired), strict=True)) for wave in _ends(view)]
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
