"""The exported file read back: the records it was made from, or every fault with its row."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.exports.long_csv import long_csv
from service.exports.long_file import RefusedFile, read_long_file
from service.followup.participation import Arm, ExitKind
from service.followup.records import records
from service.measures.analysis.analyse import analyse
from service.measures.analysis.faults import faults_in
from service.measures.analysis.plan import default_plan
from service.measures.analysis.records import AgeGroup, Records
from service.measures.analysis.result import as_plain
from service.measures.codebook import codebook
from service.measures.goal import GoalType
from service.measures.long_records import REACH
from service.measures.long_row import NOT_SHARED
from service.measures.retention import WaveOutcome
from tests.followup.records_scene import DJG6, INSTRUMENTS, NOW, PROGRAMME, PROTOCOL, Small, small, spell

SMALL = small()
Table = list[list[str]]


def read(text: str) -> Records:
    found = read_long_file(text, INSTRUMENTS)
    assert isinstance(found, list), found
    (one,) = found
    return one


def told(found: Records) -> object:
    return as_plain(
        analyse(found, default_plan(DJG6, [wave.key for wave in found.waves], found.primary), live=True)
    )  # fmt: skip


def in_cells(text: str) -> Table:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def as_text(table: Table, delimiter: str = ",", end: str = "\r\n") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator=end).writerows(table)
    return out.getvalue()


def faults(table: Table) -> list[tuple[int, str, str, str]]:
    found = read_long_file(as_text(table), INSTRUMENTS)
    assert isinstance(found, RefusedFile)
    return [(one.row, one.fault, one.found, one.expected) for one in found.faults]


def test_what_was_exported_gives_the_records_and_every_figure_again() -> None:
    ours = records(PROTOCOL, DJG6, PROGRAMME, SMALL.rows(), NOW)
    theirs = read(SMALL.text())
    assert theirs.enrolments == ours.enrolments
    assert [replace(one, row=0) for one in theirs.measurements] == list(ours.measurements)
    assert (theirs.programme, theirs.intervention) == (PROGRAMME.name, PROGRAMME.intervention)
    assert told(theirs) == told(ours)
    assert any(one.in_change for one in theirs.measurements)


def test_every_record_knows_its_row() -> None:
    table = in_cells(SMALL.text())
    place = table[0].index("pseudonym")
    for one in read(SMALL.text()).measurements:
        assert f"{table[one.row - 1][place]}/1" == one.enrolment


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("bom", [True, False])
@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_a_file_from_a_spreadsheet_is_the_same(delimiter: str, bom: bool, end: str) -> None:
    table = in_cells(SMALL.text())
    text = ("\ufeff" if bom else "") + as_text(table, delimiter, end) + end
    assert read(text) == read(SMALL.text())


def test_rows_and_columns_may_stand_in_any_order() -> None:
    header, *body = in_cells(SMALL.text())
    random.Random(5).shuffle(body)
    order = list(range(len(header)))
    random.Random(6).shuffle(order)
    mixed = [[line[place] for place in order] for line in [header, *body]]
    assert told(read(as_text(mixed))) == told(read(SMALL.text()))


def test_several_programmes_are_several_records() -> None:
    other = [replace(row, programme="Zuid") for row in SMALL.rows()]
    text = "".join(long_csv(chain(other, SMALL.rows()), [INSTRUMENTS["djg6"]]))
    found = read_long_file(text, INSTRUMENTS)
    assert isinstance(found, list)
    assert [one.programme for one in found] == [PROGRAMME.name, "Zuid"]
    assert found[0].measurements[0].row > found[1].measurements[0].row


def test_who_does_not_share_is_counted_and_nothing_is_made_up() -> None:
    rows = [
        replace(row, status_reason=NOT_SHARED, answers={}, scores={}, band=None, cutoff_set=None, lower_bound=None,
                missing=None, scoring_version=None, in_course=False, in_change=False)
        if row.pseudonym == "P001" and row.counted else row
        for row in SMALL.rows()
    ]  # fmt: skip
    found = read("".join(long_csv(rows, [INSTRUMENTS["djg6"]])))
    assert found.withheld == 2
    assert [one.codes for one in found.measurements if one.enrolment == "P001/1"] == [{}, {}]


def test_a_programme_where_nothing_is_planned_yet_can_be_read() -> None:
    found = read(Small([spell(1), spell(2)], []).text())
    assert len(found.enrolments) == 2
    assert found.measurements == ()


def test_the_codebook_names_every_value_that_can_stand_there() -> None:
    codes = {variable.name: {code for code, _ in variable.codes} for variable in codebook([DJG6])}
    assert codes["outcome"] == set(WaveOutcome)
    assert codes["reach"] == set(REACH)
    assert codes["age_group"] == set(AgeGroup)
    assert codes["goal"] == set(GoalType)
    assert codes["exit_kind"] == set(ExitKind)
    assert codes["arm"] == set(Arm)


def test_the_exported_instrument_file_names_are_free() -> None:
    names = [variable.name for variable in codebook(list(INSTRUMENTS.values()))]
    assert len(names) == len(set(names))


# ------------------------------------------------------------------------------------------------ what is refused


def at(table: Table, row: int, column: str, value: str) -> Table:
    """The table with another value in one cell; the header is row 1."""
    table[row - 1][table[0].index(column)] = value
    return table


def first_row(table: Table, **wanted: str) -> int:
    """The row of the first line that has these values."""
    places = {table[0].index(name): value for name, value in wanted.items()}
    return next(
        number
        for number, line in enumerate(table[1:], start=2)
        if all(line[place] == value for place, value in places.items())
    )  # fmt: skip


@pytest.mark.parametrize(
    ("column", "value", "fault", "expected"),
    [
        ("enrolled_on", "2-3-2026", "unreadable_date", "year-month-day, as 2026-03-31"),
        ("exited_on", "soon", "unreadable_date", "year-month-day, as 2026-03-31"),
        ("as_of", "2026-08-01", "unreadable_moment", "as 2026-03-31T09:30:00+00:00"),
        ("as_of", "2026-08-01T09:00:07", "unreadable_moment", "as 2026-03-31T09:30:00+00:00"),
        ("wave_days", "60,875", "unreadable_number", "a number with a full stop, as 91.3125"),
        ("wave_days", "nan", "unreadable_number", "a number with a full stop, as 91.3125"),
        ("enrolment", "one", "unreadable_number", "a whole number"),
        ("total", "5.0", "unreadable_number", "a whole number"),
        ("in_course", "yes", "unknown_value", "0, 1"),
        ("arm", "control", "unknown_value", "intervention, waiting_list, comparison"),
        ("goal", "cure", "unknown_value", "reduce, stabilise, prevent_onset"),
        ("instrument", "sf36", "unknown_instrument", ", ".join(sorted(INSTRUMENTS))),
        ("cutoff_set", "mine", "unknown_cutoff_set", ", ".join(sorted({one.key for one in DJG6.cutoffs}))),
        ("scoring_version", "99", "unknown_scoring", "1"),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_used_is_named_with_its_row(column: str, value: str, fault: str, expected: str) -> None:
    table = in_cells(SMALL.text())
    row = first_row(table, wave="t0", status="complete")
    named = f"{column}: {value}" if fault.startswith("un") and column not in ("instrument", "cutoff_set", "scoring_version") else value  # fmt: skip
    assert (row, fault, named, expected) in faults(at(table, row, column, value))


@pytest.mark.parametrize("column", ["pseudonym", "arm", "opened_on", "reach", "wave_number", "instrument_version"])
def test_a_cell_that_must_not_be_empty_is_named(column: str) -> None:
    table = in_cells(SMALL.text())
    row = first_row(table, wave="t0", status="complete")
    assert (row, "missing_value", column, "") in faults(at(table, row, column, ""))


@pytest.mark.parametrize(
    ("column", "value", "was"),
    [
        ("exited_on", "2026-04-04", "2026-04-03"),
        ("exit_kind", "moved", "stopped"),
        ("arm", "comparison", "intervention"),
        ("enrolled_on", "2026-03-03", "2026-03-02"),
        ("received", "0", "True"),
        ("site", "", "Buurthuis"),
        ("as_of", "2026-08-02T09:00:07+00:00", "2026-08-01 09:00:07+00:00"),
        ("wave_days", "61", "60.875"),
        ("wave_number", "9", "2"),
    ],
)
def test_another_fact_of_the_same_enrolment_wave_or_programme_is_named(column: str, value: str, was: str) -> None:
    table = in_cells(SMALL.text())
    row = first_row(table, pseudonym="P007", wave="t1")
    found = [one for one in faults(at(table, row, column, value)) if one[1] == "contradiction"]
    assert any(one[0] == row and one[2].startswith(f"{column}: ") and one[3].startswith(was) for one in found)


def test_a_score_that_does_not_follow_from_the_answers_is_named() -> None:
    table = in_cells(SMALL.text())
    row = first_row(table, wave="t0", status="complete", total="2")
    assert faults(at(table, row, "total", "3")) == [(row, "score_differs", "total: 3", "2")]


@pytest.mark.parametrize(
    ("column", "value"), [("missing", "2"), ("lower_bound", "1"), ("band", "severe"), ("social", "")]
)
def test_so_is_what_belongs_to_a_score(column: str, value: str) -> None:
    table = in_cells(SMALL.text())
    row = first_row(table, wave="t0", status="complete", total="2")
    was = {"lower_bound": "False"}.get(column, table[row - 1][table[0].index(column)])
    ((there, fault, _, follows),) = faults(at(table, row, column, value))
    assert (there, fault, follows) == (row, "score_differs", was)


def test_a_score_without_its_version_is_named() -> None:
    table = in_cells(SMALL.text())
    row = first_row(table, wave="t0", status="complete")
    assert faults(at(table, row, "scoring_version", "")) == [(row, "missing_value", "scoring_version", "1")]


def test_an_unknown_code_is_left_to_the_analysis_which_names_it_with_the_row() -> None:
    table = in_cells(SMALL.text())
    row = first_row(table, wave="t0", status="complete")
    found = told(read(as_text(at(table, row, "item_3", "maybe"))))
    assert isinstance(found, dict)
    assert [(one["row"], one["fault"], one["found"]) for one in found["faults"]] == [(row, "unknown_code", "item 3: maybe")]  # fmt: skip


def test_an_answer_from_before_the_enrolment_and_another_version_are_named_by_the_analysis() -> None:
    table = in_cells(SMALL.text())
    early, other = first_row(table, wave="t0", status="complete"), first_row(table, wave="t1", status="complete")
    at(table, early, "answered_on", "2025-12-31")
    at(table, other, "instrument_version", "1999")
    found = told(read(as_text(table)))
    assert isinstance(found, dict)
    named = {(one["row"], one["fault"]) for one in found["faults"]}
    assert {(early, "before_enrolment"), (other, "mixed_versions")} <= named


def test_the_same_wave_twice_is_named_whether_answered_or_not() -> None:
    table = in_cells(SMALL.text())
    row = first_row(table, wave="t1", status="missed")
    assert faults([*table, table[row - 1]]) == [(len(table) + 1, "duplicate_person_wave", "t1", str(row))]
    answered = first_row(table, wave="t1", status="complete")
    found = told(read(as_text([*table, table[answered - 1]])))
    assert isinstance(found, dict)
    assert "duplicate_person_wave" in {one["fault"] for one in found["faults"]}


def test_who_left_before_they_came_is_named() -> None:
    table = in_cells(SMALL.text())
    for row in (number for number, line in enumerate(table[1:], start=2) if line[0] == "P007"):
        at(table, row, "exited_on", "2026-03-01")
    assert {one[1] for one in faults(table)} == {"left_before_enrolment"}


def test_a_programme_without_a_primary_wave_is_named() -> None:
    table = in_cells(SMALL.text())
    place = table[0].index("wave_role")
    bare = [[cell if number != place or row == 0 else "" for number, cell in enumerate(line)] for row, line in enumerate(table)]  # fmt: skip
    assert faults(bare) == [(2, "missing_value", "wave_role", "baseline, primary")]


def without(column: str) -> Callable[[Table], Table]:
    def change(table: Table) -> Table:
        place = table[0].index(column)
        return [[*line[:place], *line[place + 1 :]] for line in table]

    return change


def renamed(column: str, name: str) -> Callable[[Table], Table]:
    return lambda table: [[name if cell == column else cell for cell in table[0]], *table[1:]]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda _: [], [(1, "empty_file", "", "")]),
        (lambda table: table[:1], [(1, "no_rows", "", "")]),
        (lambda _: [["name", "age"], ["Wil", "70"]], [(1, "not_this_file", "name, age", "")]),
        (without("outcome"), [(1, "missing_column", "outcome", "")]),
        (without("item_4"), [(1, "missing_column", "item_4", "")]),
        (
            renamed("item_4", "item_04"),
            [(1, "missing_column", "item_4", ""), (1, "unknown_column", "item_04", "")],
        ),
        (lambda table: [[*line, line[0]] for line in table], [(1, "double_column", "pseudonym", "")]),
        (
            lambda table: [*table[:3], [*table[3], "x"], *table[4:]],
            [(4, "wrong_width", "49", "48")],
        ),
    ],
)
def test_a_file_that_is_not_this_file_is_refused(
    change: Callable[[Table], Table], expected: list[tuple[int, str, str, str]]
) -> None:
    table = in_cells(SMALL.text())
    if expected[0][1] == "wrong_width":
        expected = [(4, "wrong_width", str(len(table[0]) + 1), str(len(table[0])))]
    assert faults(change(table)) == expected


@pytest.mark.parametrize("text", ["", "\ufeff", "\r\n\r\n", "   \n"])
def test_an_empty_file_is_refused(text: str) -> None:
    found = read_long_file(text, INSTRUMENTS)
    assert isinstance(found, RefusedFile)
    assert [one.fault for one in found.faults] == ["empty_file"]


def test_broken_quotation_marks_are_refused() -> None:
    found = read_long_file(SMALL.text() + '"P099,', INSTRUMENTS)
    assert isinstance(found, RefusedFile)
    assert [one.fault for one in found.faults] == ["not_csv"]


def test_every_fault_is_named_in_the_order_of_the_rows() -> None:
    def wrong(table: Table) -> Iterator[tuple[int, str]]:
        for row, column, value in ((9, "enrolled_on", "x"), (3, "arm", "y"), (6, "total", "z"), (6, "goal", "w")):
            at(table, row, column, value)
            yield row, column

    table = in_cells(SMALL.text())
    expected = sorted(wrong(table))
    assert sorted((row, found.partition(":")[0]) for row, _, found, _ in faults(table)) == expected
    assert [row for row, *_ in faults(table)] == [3, 6, 6, 9]


def test_an_answer_outside_the_instrument_is_not_dropped() -> None:
    """A column of the eleven items beside six: what stands there is named."""
    rows = SMALL.rows()
    text = "".join(long_csv(rows, [INSTRUMENTS["djg6"], INSTRUMENTS["djg11"]]))
    table = in_cells(text)
    row = first_row(table, wave="t0", status="complete")
    found = told(read(as_text(at(table, row, "item_1", "yes"))))
    assert isinstance(found, dict)
    assert [(one["row"], one["fault"]) for one in found["faults"]] == [(row, "unknown_item")]


NASTY = st.sampled_from(["", "0", "1", "-1", "x", "'=1", "primary", "baseline", "t0", "t9", "complete", "pending", "djg11",
                         "2026-02-30", "9999-12-31", "1e400", "no_answer", "yes", "not_shared"])  # fmt: skip


@given(st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_whatever_is_written_in_a_cell_the_answer_is_records_or_faults(data: st.DataObject) -> None:
    """Never another error, and records only that an analysis can take."""
    table = in_cells(SMALL.text())
    column = data.draw(st.integers(0, len(table[0]) - 1))
    everywhere = data.draw(st.booleans())
    value = data.draw(NASTY | st.text(max_size=6))
    rows = range(2, len(table) + 1) if everywhere else [data.draw(st.integers(1, len(table)))]
    for row in rows:
        table[row - 1][column] = value
    found = read_long_file(as_text(table), INSTRUMENTS)
    if isinstance(found, RefusedFile):
        assert found.faults
        return
    for one in found:
        plan = default_plan(one.instrument, [wave.key for wave in one.waves], one.primary)
        assert isinstance(faults_in(one, plan), tuple)
