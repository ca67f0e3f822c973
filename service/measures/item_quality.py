"""What single items say about the quality of a wave: shares, drift between waves, missing answers, straight-lining."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from service.measures.bands import McNemar, exact_mcnemar
from service.measures.estimate import Estimate, NotEstimable, Reason
from service.measures.instrument import Instrument
from service.measures.intervals import quantile, wilson
from service.measures.item_values import Values
from service.measures.multiplicity import holm
from service.measures.scoring_table import MISSING, Codes, codes_of


@dataclass(frozen=True, slots=True)
class ItemShares:
    """One item in one wave: the lonely share of those who answered it, and the share of all who did not."""

    item: int
    lonely: Estimate | NotEstimable
    missing: Estimate | NotEstimable


@dataclass(frozen=True, slots=True)
class ItemDrift:
    """One item between two waves, in people who answered it both times.

    `change` is the later share minus the earlier (improvement is negative); `became` and `ceased` count who turned.
    `p` is the exact McNemar p; `p_holm` the same after Holm's correction for all items of the table.
    """

    item: int
    change: Estimate | NotEstimable
    became: int
    ceased: int
    p: float
    p_holm: float


@dataclass(frozen=True, slots=True)
class StraightLining:
    """People with a valid score who gave one and the same answer to statements of both directions.

    `by_code` tells how often each code did so: "ja" throughout gives 6 on the eleven items, "nee" 5, the middle 11.
    """

    share: Estimate
    by_code: Mapping[str, int]


def item_shares(items: Sequence[int], values: Values, level: float = 0.95) -> tuple[ItemShares, ...]:
    """The lonely share (values of 1) and the missing share (NaN) per item, with Wilson intervals (measures.md 4.8).

    `items` are the numbers of the columns. NO_DATA where nobody answered; OUT_OF_RANGE for a value besides 0 and 1.
    """
    people = len(values)
    missing = np.isnan(values).sum(axis=0)
    lonely = (values == 1).sum(axis=0)
    other = people - missing - lonely - (values == 0).sum(axis=0)
    return tuple(
        ItemShares(
            item,
            NotEstimable(Reason.OUT_OF_RANGE, {"lowest": 0, "highest": 1})
            if other[column]
            else wilson(int(lonely[column]), people - int(missing[column]), level),
            wilson(int(missing[column]), people, level),
        )
        for column, item in enumerate(items)
    )


def item_drift(
    items: Sequence[int], earlier: Values, later: Values, level: float = 0.95
) -> tuple[ItemDrift, ...] | NotEstimable:
    """How the share of each 0/1 item moved between two waves of the same people (same rows), largest first.

    One item that moves where the others stand still points at its wording or its mode, not at loneliness
    (measures.md 4.8). Interval: Bonett and Price 2012 (J. Educ. Behav. Stat. 37:479), adjusted Wald for paired shares;
    tests: exact McNemar with Holm 1979 over the items. An item that nobody answered twice has NO_DATA and p of 1.

    NO_DATA without people or items; OUT_OF_RANGE when the two waves are not of one shape or hold other values than
    0 and 1.
    """
    if earlier.shape != later.shape or len(items) != earlier.shape[1] or not (_binary(earlier) and _binary(later)):
        return NotEstimable(Reason.OUT_OF_RANGE, {"items": len(items)})
    if earlier.size == 0:
        return NotEstimable(Reason.NO_DATA, {"n": len(earlier), "items": len(items)})
    pairs = (~np.isnan(earlier) & ~np.isnan(later)).sum(axis=0)
    became = ((earlier == 0) & (later == 1)).sum(axis=0)
    ceased = ((earlier == 1) & (later == 0)).sum(axis=0)
    p = [_mcnemar(int(up), int(down)) for up, down in zip(became, ceased, strict=True)]
    adjusted_p = holm(p)
    assert not isinstance(adjusted_p, NotEstimable)  # they are probabilities
    rows = [
        ItemDrift(item, _paired_difference(int(n), int(up), int(down), level), int(up), int(down), raw, adjusted)
        for item, n, up, down, raw, adjusted in zip(items, pairs, became, ceased, p, adjusted_p, strict=True)
    ]
    return tuple(sorted(rows, key=_largest_first))


def straight_lining(instrument: Instrument, codes: Codes, level: float = 0.95) -> StraightLining | NotEstimable:
    """Who answered every item of the primary score alike although the statements point both ways (measures.md 3.4).

    `codes` is the matrix of `scoring_table`. Counted of everybody with no more missing items than the score allows;
    the answers that are there must be the same and lie in both directions. ONE_GROUP for an instrument whose items
    all point the same way: there, the same answer throughout is an ordinary answer. NO_DATA without a valid score.
    """
    rule = instrument.primary
    place = {item.number: column for column, item in enumerate(instrument.items)}
    one_way = {number: instrument.lonely_codes.get(instrument.item(number).subscale or "") for number in rule.items}
    if len(set(one_way.values())) < 2:
        return NotEstimable(Reason.ONE_GROUP, {"directions": len(set(one_way.values()))})
    columns = codes[:, [place[number] for number in rule.items]]
    valid = columns[(columns == MISSING).sum(axis=1) <= rule.max_missing]
    if len(valid) == 0:
        return NotEstimable(Reason.NO_DATA, {"n": 0})
    alike = _alike(valid, [one_way[number] for number in rule.items])
    known = codes_of(instrument)
    given = valid.max(axis=1)[alike]
    by_code = {known[code]: int(count) for code, count in enumerate(np.bincount(given, minlength=len(known))) if count}
    share = wilson(int(alike.sum()), len(valid), level)
    return share if isinstance(share, NotEstimable) else StraightLining(share, by_code)


def _alike(columns: Codes, directions: Sequence[frozenset[str] | None]) -> np.ndarray:
    """Whether all answers of a row are one code, and there are answers to items of more than one direction."""
    given = columns != MISSING
    highest = columns.max(axis=1)
    same = ((columns == highest[:, None]) | ~given).all(axis=1)
    answered = np.zeros(len(columns), dtype=int)
    for direction in set(directions):
        answered += given[:, [other == direction for other in directions]].any(axis=1)
    alike: np.ndarray = same & (answered > 1)
    return alike


def _binary(values: Values) -> bool:
    return bool((np.isnan(values) | (values == 0) | (values == 1)).all())


def _mcnemar(up: int, down: int) -> float:
    """The exact two-sided p that up and down are equally likely; 1 when nobody turned."""
    test = exact_mcnemar(up, down)
    assert isinstance(test, McNemar)  # counts are never negative
    return test.p


def _paired_difference(n: int, up: int, down: int, level: float) -> Estimate | NotEstimable:
    if n == 0:
        return NotEstimable(Reason.NO_DATA, {"n": 0})
    rise, fall = (up + 1) / (n + 2), (down + 1) / (n + 2)
    half = quantile(level) * math.sqrt((rise + fall - (rise - fall) ** 2) / (n + 2))
    return Estimate((up - down) / n, max(rise - fall - half, -1.0), min(rise - fall + half, 1.0), n, level)


def _largest_first(row: ItemDrift) -> tuple[float, int]:
    return (-abs(row.change.value) if isinstance(row.change, Estimate) else 1.0, row.item)
