"""How well each wave measured: scales, items, straight-lining, punctuality; and which items moved by themselves."""

from __future__ import annotations

import numpy as np

from service.measures.analysis.arm_view import ArmView
from service.measures.analysis.result import Unit
from service.measures.analysis.sheet import Rests, Sheet
from service.measures.estimate import NotEstimable
from service.measures.instrument import Formula
from service.measures.item_quality import item_drift
from service.measures.wave_quality import WaveQuality, wave_quality

#: Last of all: what these give away is given away by nothing else.
QUALITY = 120


def fill_quality(sheet: Sheet, view: ArmView) -> None:
    """`quality.<arm>.<wave>`: alpha and H per score, the share per item, straight-lining, on time."""
    for wave in view.wave_keys:
        who, codes = view.answers(wave)
        outcomes = [record.outcome for record in view.of_wave(wave)]
        found = wave_quality(view.records.instrument, codes, outcomes)
        key = f"quality.{view.arm}.{wave}"
        sheet.process(f"{key}.on_time", found.on_time.of_answered)
        if who:
            _fill_scales(sheet, view, wave, who, found)
            _fill_items(sheet, view, wave, found)


def _fill_scales(sheet: Sheet, view: ArmView, wave: str, who: tuple[str, ...], found: WaveQuality) -> None:
    key = f"quality.{view.arm}.{wave}"
    # These tell how answers hang together, not what they were: any two people count as different.
    values = {person: float(place) for place, person in enumerate(who)}
    rests = Rests((sheet.ask(view.key("together", wave), values, ((f"together {wave}", 1.0),), QUALITY),))
    for score, scale in found.scales.items():
        if isinstance(scale.alpha, NotEstimable):
            sheet.outcome(f"{key}.{score}.alpha", scale.alpha, Unit.RATIO, rests)
        else:
            sheet.outcome(f"{key}.{score}.alpha", scale.alpha.estimate, Unit.RATIO, rests)
        if isinstance(scale.scalability, NotEstimable):
            sheet.outcome(f"{key}.{score}.h", scale.scalability, Unit.RATIO, rests)
        else:
            sheet.outcome(f"{key}.{score}.h", scale.scalability.scale, Unit.RATIO, rests)
    straight = found.straight_lining
    sheet.outcome(
        f"{key}.straight", straight if isinstance(straight, NotEstimable) else straight.share, Unit.SHARE, rests
    )


def _fill_items(sheet: Sheet, view: ArmView, wave: str, found: WaveQuality) -> None:
    """The share per item of a scale that counts lonely answers; other items have no such share."""
    rule = view.records.instrument.primary
    if rule.formula is not Formula.COUNT_LONELY:
        return
    who, values = view.items(wave, rule.key)
    for column, shares in enumerate(found.items):
        answered = {key: float(row[column]) for key, row in zip(who, values, strict=True) if not np.isnan(row[column])}
        asked = sheet.ask(
            view.key("item", wave, str(shares.item)), answered, ((f"{wave}:{shares.item}", 1.0),), QUALITY + 1
        )
        key = f"quality.{view.arm}.{wave}.item.{shares.item}"
        sheet.outcome(key, shares.lonely, Unit.SHARE, Rests((asked,)), of=len(who))


def fill_drift(sheet: Sheet, view: ArmView) -> None:
    """`quality.<arm>.item.<n>.drift`: how the share of each item moved between the two waves, in the same people."""
    rule = view.records.instrument.primary
    if rule.formula is not Formula.COUNT_LONELY:
        return
    sides = [
        dict(zip(*view.items(wave, rule.key, view.paired), strict=True))
        for wave in (view.plan.baseline, view.plan.primary)
    ]
    keys = [key for key in view.keys if key in sides[0] and key in sides[1]]
    if not keys:
        return
    earlier, later = (np.array([side[key] for key in keys]) for side in sides)
    found = item_drift(rule.items, earlier, later)
    if isinstance(found, NotEstimable):
        return
    for row in found:
        column = rule.items.index(row.item)
        moved = later[:, column] - earlier[:, column]
        values = {key: float(value) for key, value in zip(keys, moved, strict=True) if not np.isnan(value)}
        moments = ((f"{view.plan.primary}:{row.item}", 1.0), (f"{view.plan.baseline}:{row.item}", -1.0))
        asked = sheet.ask(view.key("drift", str(row.item)), values, moments, QUALITY + 2)
        detail = {"p": row.p, "adjusted_p": row.p_holm, "became": row.became, "ceased": row.ceased}
        key = f"quality.{view.arm}.item.{row.item}.drift"
        sheet.outcome(key, row.change, Unit.SHARE, Rests((asked,)), detail=detail)
