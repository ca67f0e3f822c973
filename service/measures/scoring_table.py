"""Many responses at once: the same scores as `scoring.score`, from the same definition, on a matrix of answer codes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from service.measures.instrument import Formula, Instrument
from service.measures.scoring import crosses_band, item_points

#: In a matrix of codes: no answer. The other numbers are places in `codes_of(instrument)`.
MISSING = -1
#: Rows that are worked on together: eleven columns of this many bytes stay in the cache of a processor.
_TOGETHER = 32_768

Codes = npt.NDArray[np.int8]
Points = npt.NDArray[np.signedinteger]
Truths = npt.NDArray[np.bool_]
_Raw = npt.NDArray[np.uint8]  # the codes as they lie in memory: MISSING is 255, above every code


class WrongMatrix(ValueError):
    """The matrix does not fit the instrument: its shape, its type, or a number that stands for no code."""


@dataclass(frozen=True, slots=True)
class ScoreColumn:
    """One score of every response, in points. `points` means something only where `valid` is true."""

    points: Points
    valid: Truths


@dataclass(frozen=True, slots=True)
class ScoredTable:
    """The scores of many responses, in their order.

    `band` holds places in `band_keys`, MISSING where there is no band. `missing` counts items without an answer;
    `lower_bound` is true where an item is missing and one point more would be another band.
    """

    values: Mapping[str, ScoreColumn]
    band: Codes
    band_keys: tuple[str, ...]
    missing: npt.NDArray[np.int16]
    lower_bound: Truths


@dataclass(frozen=True, slots=True)
class _Stairs:
    """What the codes of one item add, as stairs over their places: so many points at the ground, and each step's jump.

    The last step is at the place after the last code: MISSING lies above it, and adds nothing.
    """

    ground: int
    steps: tuple[tuple[int, int], ...]


def codes_of(instrument: Instrument) -> tuple[str, ...]:
    """The codes that may stand in a matrix: a cell holds the place of its code in here, or MISSING.

    By their value, so that codes of one meaning lie side by side and an item's stairs have few steps.
    """
    return tuple(sorted(instrument.accepted_codes, key=lambda code: instrument.accepted_codes[code]))


def score_table(instrument: Instrument, codes: Codes) -> ScoredTable:
    """Score every row of a matrix with one column per item, in the order of `instrument.items`.

    Row by row equal to `scoring.score`: published missing rule, never prorated. Fastest when every column lies
    together in memory (`order="F"`). Raises WrongMatrix.
    """
    _check(instrument, codes)
    columns: _Raw = np.ascontiguousarray(codes.T).view(np.uint8)
    table = _empty(instrument, codes.shape[0])
    stairs = _all_stairs(instrument)
    edges = _edges(instrument)
    for first in range(0, codes.shape[0], _TOGETHER):
        part = slice(first, first + _TOGETHER)
        gone = _score_part(instrument, columns[:, part], part, stairs, table)
        _band_part(table.values[instrument.primary.key], gone, part, edges, table)
    return table


def input_hashes(instrument: Instrument, codes: Codes) -> Iterator[str]:
    """The input hash of every row, the same as in `Scored.input_hash`. Raises WrongMatrix."""
    _check(instrument, codes)
    known = codes_of(instrument)
    order = sorted(range(len(instrument.items)), key=lambda index: instrument.items[index].number)
    parts = [
        [json.dumps([instrument.items[index].number, code]).encode() for code in (*known, None)] for index in order
    ]
    head = json.dumps([instrument.key, instrument.version]).encode()[:-1] + b", ["
    for row in codes[:, order].tolist():
        answers = b", ".join([part[code] for part, code in zip(parts, row, strict=True)])
        yield hashlib.sha256(head + answers + b"]]").hexdigest()


def _check(instrument: Instrument, codes: Codes) -> None:
    if codes.ndim != 2 or codes.shape[1] != len(instrument.items) or codes.dtype != np.int8:
        raise WrongMatrix(f"{instrument.key} takes int8 numbers in {len(instrument.items)} columns, one per item.")
    most = len(codes_of(instrument)) - 1
    if codes.size == 0 or (codes.min() >= MISSING and codes.max() <= most):
        return
    row, column = (int(place) for place in np.argwhere((codes < MISSING) | (codes > most))[0])
    number = instrument.items[column].number
    raise WrongMatrix(f"Row {row}, item {number}: {int(codes[row, column])} stands for no code.")


def _empty(instrument: Instrument, rows: int) -> ScoredTable:
    """The table with room for every row. Points are as small as the widest score and the widest jump allow."""
    reach = max(len(instrument.items), *(max(-rule.minimum, rule.maximum) for rule in instrument.scores))
    kind = np.int8 if reach < 64 else np.int32
    cutoffs = instrument.default_cutoffs()
    return ScoredTable(
        values={rule.key: ScoreColumn(np.zeros(rows, kind), np.empty(rows, np.bool_)) for rule in instrument.scores},
        band=np.full(rows, MISSING, np.int8),
        band_keys=tuple(band.key for band in cutoffs.bands) if cutoffs else (),
        missing=np.empty(rows, np.int16),
        lower_bound=np.zeros(rows, np.bool_),
    )


def _all_stairs(instrument: Instrument) -> Mapping[tuple[Formula, int], _Stairs]:
    wanted = {(rule.formula, number) for rule in instrument.scores for number in rule.items}
    return {(formula, number): _stairs(instrument, formula, number) for formula, number in wanted}


def _stairs(instrument: Instrument, formula: Formula, number: int) -> _Stairs:
    worth = [*(item_points(instrument, formula, number, code) for code in codes_of(instrument)), 0]
    jumps = enumerate((after - before for before, after in pairwise(worth)), start=1)
    return _Stairs(worth[0], tuple((place, jump) for place, jump in jumps if jump))


def _edges(instrument: Instrument) -> tuple[int, ...]:
    """The points of the primary score at which a band ends and another begins."""
    rule = instrument.primary
    return tuple(value for value in range(rule.minimum, rule.maximum) if crosses_band(instrument, value))


def _score_part(
    instrument: Instrument,
    columns: _Raw,
    part: slice,
    stairs: Mapping[tuple[Formula, int], _Stairs],
    table: ScoredTable,
) -> Points:
    """Points, validity and missing counts of some rows; returns how many items of the primary score each row misses."""
    place = {item.number: index for index, item in enumerate(instrument.items)}
    absent = (columns >= len(codes_of(instrument))).view(np.int8)
    kind = table.values[instrument.primary.key].points.dtype
    gone: Points = np.zeros(columns.shape[1], kind)
    for row in absent:
        gone += row
    table.missing[part] = gone
    worth = {key: _climb(stair, columns[place[key[1]]], kind) for key, stair in stairs.items()}
    for rule in instrument.scores:
        points, gone = table.values[rule.key].points[part], np.zeros(columns.shape[1], kind)
        for number in rule.items:
            points += worth[rule.formula, number]
            gone += absent[place[number]]
        np.less_equal(gone, rule.max_missing, out=table.values[rule.key].valid[part])
    return gone  # the primary score is the last one


def _climb(stairs: _Stairs, column: _Raw, kind: np.dtype[np.signedinteger]) -> Points:
    points: Points = np.full(column.shape, stairs.ground, kind)
    for place, jump in stairs.steps:
        above = (column >= place).view(np.int8)
        points += above if jump == 1 else above * kind.type(jump)
    return points


def _band_part(column: ScoreColumn, gone: Points, part: slice, edges: tuple[int, ...], table: ScoredTable) -> None:
    """Band and lower bound of some rows. `column` is the primary score, `gone` the number of its items that miss."""
    if not table.band_keys:
        return
    points, valid, band = column.points[part], column.valid[part], table.band[part]
    at_edge = table.lower_bound[part]
    band += valid
    for edge in edges:
        band += (points > edge) & valid
        at_edge |= points == edge
    at_edge &= valid & (gone > 0)
