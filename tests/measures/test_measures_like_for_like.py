from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date

import pytest

from service.measures.estimate import NotEstimable, Reason
from service.measures.instrument import Instrument
from service.measures.like_for_like import (
    Difference,
    Fault,
    LikeForLike,
    Measured,
    OutcomeSeries,
    RefusedSeries,
    RowFault,
    Verdict,
    like_for_like,
    outcome_series,
)

FIRST = Measured(
    row=1,
    person="a",
    wave="T0",
    instrument="djg11",
    version="1999",
    language="nl",
    mode="sms",
    day=date(2026, 3, 2),
    enrolled_on=date(2026, 3, 1),
)
SECOND = dataclasses.replace(FIRST, row=2, wave="T1", day=date(2026, 6, 2))
SETS = {"djg11": frozenset({"manual", "rivm"}), "djg6": frozenset({"manual", "cbs"})}


def faults(*rows: Measured) -> list[RowFault]:
    found = outcome_series(rows, SETS)
    assert isinstance(found, RefusedSeries)
    return list(found.faults)


def compared(*pairs: tuple[Measured, Measured]) -> LikeForLike:
    earlier = [dataclasses.replace(first, person=str(place)) for place, (first, _) in enumerate(pairs)]
    later = [dataclasses.replace(second, person=str(place)) for place, (_, second) in enumerate(pairs)]
    found = like_for_like(earlier, later[::-1])
    assert isinstance(found, LikeForLike)
    return found


def test_scores_of_one_instrument_and_version_are_a_series() -> None:
    assert outcome_series([FIRST, SECOND], SETS) == OutcomeSeries("djg11", "1999", (FIRST, SECOND))


def test_no_rows_are_no_series() -> None:
    assert outcome_series([], SETS) == NotEstimable(Reason.NO_DATA, {"n": 0})


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"from_check_in": True}, RowFault(2, Fault.CHECK_IN, "djg11")),
        ({"instrument": "djg6"}, RowFault(2, Fault.MIXED_INSTRUMENTS, "djg6", "djg11")),
        ({"version": "2006"}, RowFault(2, Fault.MIXED_VERSIONS, "2006", "1999")),
        ({"wave": "T0"}, RowFault(2, Fault.DUPLICATE, "T0", "1")),
        ({"day": date(2026, 2, 28)}, RowFault(2, Fault.BEFORE_ENROLMENT, "2026-02-28", "2026-03-01")),
        ({"cutoff_set": "cbs"}, RowFault(2, Fault.UNKNOWN_CUTOFF_SET, "cbs", "manual, rivm")),
    ],
)
def test_a_row_that_does_not_belong_is_refused_by_name(change: Mapping[str, object], fault: RowFault) -> None:
    assert faults(FIRST, dataclasses.replace(SECOND, **change)) == [fault]  # type: ignore[arg-type] # fields by name


def test_every_fault_is_named_in_the_order_of_the_rows() -> None:
    late_check_in = dataclasses.replace(FIRST, row=9, from_check_in=True)
    other = dataclasses.replace(SECOND, row=4, instrument="ucla3", day=date(2025, 1, 1), cutoff_set="manual")
    again = dataclasses.replace(SECOND, row=5)
    more = dataclasses.replace(SECOND, row=6)
    assert [(fault.row, fault.fault) for fault in faults(late_check_in, FIRST, more, other, again)] == [
        (4, Fault.MIXED_INSTRUMENTS),
        (4, Fault.BEFORE_ENROLMENT),
        (4, Fault.UNKNOWN_CUTOFF_SET),
        (4, Fault.DUPLICATE),
        (5, Fault.DUPLICATE),
        (9, Fault.CHECK_IN),
    ]


def test_a_check_in_can_never_be_in_an_outcome_series_not_even_alone() -> None:
    check_in = dataclasses.replace(FIRST, from_check_in=True)
    assert faults(check_in) == [RowFault(1, Fault.CHECK_IN, "djg11")]


def test_somebody_may_be_measured_on_the_day_of_enrolment() -> None:
    same_day = dataclasses.replace(FIRST, day=FIRST.enrolled_on)
    assert outcome_series([same_day], SETS) == OutcomeSeries("djg11", "1999", (same_day,))


def test_a_pair_holds_both_measurements_of_one_person() -> None:
    found = like_for_like([FIRST], [dataclasses.replace(SECOND, person="somebody else"), SECOND])
    assert isinstance(found, LikeForLike)
    assert [(pair.earlier, pair.later) for pair in found.pairs] == [(FIRST, SECOND)]


def test_a_check_in_does_not_decide_of_which_instrument_the_series_is() -> None:
    check_in = dataclasses.replace(FIRST, row=3, instrument="nl_week", from_check_in=True)
    assert faults(check_in, FIRST, SECOND) == [RowFault(3, Fault.CHECK_IN, "nl_week")]


def test_rows_with_the_same_line_number_are_still_seen_to_be_double() -> None:
    assert faults(FIRST, FIRST) == [RowFault(1, Fault.DUPLICATE, "T0", "1")]


def test_every_known_cut_off_set_of_the_instruments_themselves_is_accepted(
    instruments: Mapping[str, Instrument],
) -> None:
    known = {key: frozenset(cutoffs.key for cutoffs in found.cutoffs) for key, found in instruments.items()}
    for key in sorted(known["djg11"]):
        assert isinstance(outcome_series([dataclasses.replace(FIRST, cutoff_set=key)], known), OutcomeSeries)


def test_alike_pairs_may_be_joined() -> None:
    found = compared((FIRST, SECOND), (FIRST, SECOND))
    assert (found.verdict, found.alike, found.touched) == (Verdict.JOIN, 2, {})


@pytest.mark.parametrize(
    ("change", "difference", "verdict"),
    [
        ({"instrument": "djg6"}, Difference.INSTRUMENT, Verdict.SPLIT),
        ({"version": "2006"}, Difference.VERSION, Verdict.SPLIT),
        ({"language": "en"}, Difference.LANGUAGE, Verdict.JOIN_WITH_SENSITIVITY),
        ({"mode": "phone"}, Difference.MODE, Verdict.JOIN_WITH_SENSITIVITY),
        ({"helper_delivers": True}, Difference.HELPER_DELIVERS, Verdict.JOIN_WITH_SENSITIVITY),
    ],
)
def test_one_pair_that_is_not_alike_is_counted_and_decides(
    change: Mapping[str, object], difference: Difference, verdict: Verdict
) -> None:
    changed = dataclasses.replace(SECOND, **change)  # type: ignore[arg-type] # fields by name
    found = compared((FIRST, SECOND), (FIRST, changed), (FIRST, SECOND))
    assert (found.verdict, found.alike, found.touched) == (verdict, 2, {difference: 1})
    assert found.without(difference) == tuple(
        pair.later == dataclasses.replace(SECOND, person=pair.later.person) for pair in found.pairs
    )


def test_help_of_a_deliverer_both_times_is_not_alike_either() -> None:
    helped, again = (dataclasses.replace(row, helper_delivers=True) for row in (FIRST, SECOND))
    assert compared((helped, again)).touched == {Difference.HELPER_DELIVERS: 1}


def test_one_pair_may_differ_in_several_things_and_be_kept_for_some() -> None:
    changed = dataclasses.replace(SECOND, language="en", mode="web")
    found = compared((FIRST, changed), (FIRST, SECOND))
    assert found.touched == {Difference.LANGUAGE: 1, Difference.MODE: 1}
    assert sorted(found.without(Difference.MODE)) == [False, True]
    assert found.without(Difference.HELPER_DELIVERS) == (True, True)
    assert found.without() == (True, True)


def test_people_measured_once_make_no_pair() -> None:
    other = dataclasses.replace(SECOND, person="b")
    assert like_for_like([FIRST], [other]) == NotEstimable(Reason.NO_DATA, {"n": 0})
    assert like_for_like([], []) == NotEstimable(Reason.NO_DATA, {"n": 0})
