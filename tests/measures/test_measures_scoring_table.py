"""Many responses at once give what one at a time gives, for every instrument and every pattern of missing answers."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from importlib import resources

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.bootstrap import load_instruments
from service.measures.instrument import Instrument
from service.measures.instrument_file import read_instrument
from service.measures.scoring import Scored, score
from service.measures.scoring_table import MISSING, Codes, ScoredTable, WrongMatrix, codes_of, input_hashes, score_table
from tests.spec.scoring_page import examples

INSTRUMENTS_FOLDER = resources.files("service.measures") / "instruments"
INSTRUMENTS = load_instruments()
each_instrument = pytest.mark.parametrize("key", sorted(INSTRUMENTS))


def answers_of(instrument: Instrument, row: list[int]) -> dict[int, str | None]:
    codes = (*codes_of(instrument), None)
    return {item.number: codes[place] for item, place in zip(instrument.items, row, strict=True)}


def seen(table: ScoredTable, row: int) -> tuple[object, ...]:
    """A row of the table in the words of Scored."""
    values = {k: int(c.points[row]) if c.valid[row] else None for k, c in table.values.items()}
    band = None if table.band[row] == MISSING else table.band_keys[table.band[row]]
    return values, band, int(table.missing[row]), bool(table.lower_bound[row])


def told(scored: Scored) -> tuple[object, ...]:
    return dict(scored.values), scored.band, scored.missing, scored.lower_bound


def check(instrument: Instrument, codes: Codes) -> None:
    table = score_table(instrument, codes)
    hashes = list(input_hashes(instrument, codes))
    for number, row in enumerate(codes.tolist()):
        scored = score(instrument, answers_of(instrument, row))
        assert seen(table, number) == told(scored)
        assert hashes[number] == scored.input_hash


@st.composite
def matrices(draw: st.DrawFn, instrument: Instrument) -> Codes:
    cell = st.integers(MISSING, len(codes_of(instrument)) - 1)
    often_whole = st.one_of(cell, st.integers(0, len(codes_of(instrument)) - 1))
    row = st.lists(often_whole, min_size=len(instrument.items), max_size=len(instrument.items))
    rows = draw(st.lists(row, max_size=12))
    return np.array(rows, dtype=np.int8).reshape(len(rows), len(instrument.items))


def test_every_shipped_instrument_is_scored_the_same_row_by_row() -> None:
    @settings(max_examples=60, deadline=None, derandomize=True)
    @given(
        st.sampled_from(sorted(INSTRUMENTS)).flatmap(lambda key: st.tuples(st.just(key), matrices(INSTRUMENTS[key])))
    )
    def same(drawn: tuple[str, Codes]) -> None:
        check(INSTRUMENTS[drawn[0]], drawn[1])

    same()


@pytest.mark.slow
@each_instrument
def test_and_the_same_again_five_hundred_times_each(key: str) -> None:
    @settings(max_examples=500, deadline=None, derandomize=True)
    @given(matrices(INSTRUMENTS[key]))
    def same(codes: Codes) -> None:
        check(INSTRUMENTS[key], codes)

    same()


def test_wide_and_uneven_values_are_scored_the_same() -> None:
    text = (INSTRUMENTS_FOLDER / "ucla3.yaml").read_text("utf-8")
    for old, new in (
        ("value: 1,", "value: -90,"),
        ("value: 3,", "value: 95,"),
        ("range: [3, 9]", "range: [-270, 285]"),
    ):
        assert old in text
        text = text.replace(old, new)
    wide = read_instrument(text[: text.index("cutoffs:")], {})
    rows = list(itertools.product((MISSING, 0, 1, 2), repeat=3))
    check(wide, np.array(rows, dtype=np.int8))
    assert wide.default_cutoffs() is None


def test_rows_beyond_the_first_stretch_are_scored_too() -> None:
    codes = np.random.default_rng(2).integers(MISSING, 5, (70_000, 6), dtype=np.int8)
    table = score_table(INSTRUMENTS["djg6"], codes)
    for number in (0, 32_767, 32_768, 65_536, 69_999):
        row = codes[number].tolist()
        assert seen(table, number) == told(score(INSTRUMENTS["djg6"], answers_of(INSTRUMENTS["djg6"], row)))


def test_every_pattern_of_missing_answers_of_the_eleven_items() -> None:
    instrument = INSTRUMENTS["djg11"]
    lonely = [codes_of(instrument).index("more_or_less")] * 11
    rows = [[MISSING if gone else code for gone, code in zip(pattern, lonely, strict=True)]
            for pattern in itertools.product((False, True), repeat=11)]  # fmt: skip
    table = score_table(instrument, np.array(rows, dtype=np.int8))
    for number, row in enumerate(rows):
        assert seen(table, number) == told(score(instrument, answers_of(instrument, row)))


@pytest.mark.parametrize("key", ["djg11", "djg6"])
def test_the_worked_examples(key: str, instruments: Mapping[str, Instrument]) -> None:
    instrument = instruments[key]
    place = {None: MISSING} | {code: index for index, code in enumerate(codes_of(instrument))}
    rows = [[place[example.answers[item.number]] for item in instrument.items] for example in examples()]
    table = score_table(instrument, np.array(rows, dtype=np.int8))
    assert len(rows) == 32
    for number, example in enumerate(examples()):
        values, band, _, _ = seen(table, number)
        assert isinstance(values, dict)
        assert (*values.values(), band) == (example.djg11 if key == "djg11" else example.djg6), example.key


@each_instrument
def test_nobody_and_nothing_answered(key: str) -> None:
    instrument = INSTRUMENTS[key]
    assert score_table(instrument, np.empty((0, len(instrument.items)), np.int8)).missing.size == 0
    nothing = score_table(instrument, np.full((1, len(instrument.items)), MISSING, np.int8))
    assert not any(column.valid.any() for column in nothing.values.values())
    assert (nothing.band == MISSING).all()
    assert not nothing.lower_bound.any()


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (np.zeros((2, 10), np.int8), "djg11 takes int8 numbers in 11 columns"),
        (np.zeros((2, 11), np.float64), "djg11 takes int8 numbers in 11 columns"),
        (np.zeros(11, np.int8), "djg11 takes int8 numbers in 11 columns"),
        (np.array([[0] * 11, [0, 0, 5, *[0] * 8]], np.int8), "Row 1, item 3: 5 stands for no code."),
        (np.array([[-2, *[0] * 10]], np.int8), "Row 0, item 1: -2 stands for no code."),
    ],
)
def test_a_matrix_that_does_not_fit_is_refused_with_its_row(codes: Codes, message: str) -> None:
    with pytest.raises(WrongMatrix, match=message):
        score_table(INSTRUMENTS["djg11"], codes)
    with pytest.raises(WrongMatrix, match=message):
        next(input_hashes(INSTRUMENTS["djg11"], codes))


def test_a_million_responses_are_no_obstacle() -> None:
    codes = np.random.default_rng(1).integers(MISSING, 5, (1_000_000, 11), dtype=np.int8)
    table = score_table(INSTRUMENTS["djg11"], codes)
    assert table.missing.size == 1_000_000
