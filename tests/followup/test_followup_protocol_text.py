"""A protocol written as text reads as the same protocol, and the differences between two versions are named."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from importlib import resources

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.bootstrap import load_instruments
from service.followup.encouragement_file import TEXTS
from service.followup.participation import Arm
from service.followup.problem import Refusal
from service.followup.protocol import (
    Anchor,
    Cap,
    EncouragementPlan,
    Ladder,
    LinkLife,
    Period,
    Protocol,
    QuietHours,
    Reminder,
    Slot,
    SmsForm,
    Unit,
    Wave,
    Word,
)  # fmt: skip
from service.followup.protocol_differences import Difference, differences
from service.followup.protocol_file import read_protocol
from service.followup.protocol_text import Draft, DraftWave, draft_of, text_of, write_protocol
from service.measures.instrument import Instrument

INSTRUMENTS = load_instruments()
SHIPPED = ("zes-vragen", "elf-vragen", "aanschuiven", "dag-en-nacht")


def shipped(name: str) -> Protocol:
    text = (resources.files("service.followup") / "protocols" / f"{name}.yaml").read_text("utf-8")
    return read_protocol(text, INSTRUMENTS).protocol


def same(protocol: Protocol) -> Protocol:
    return replace(protocol, digest="")


def period(most: int = 6) -> st.SearchStrategy[Period]:
    return st.builds(Period, st.integers(1, most), st.sampled_from([Unit.DAYS, Unit.WEEKS]))


words = st.text(st.characters(codec="utf-8", exclude_categories=("C", "Z")), min_size=1, max_size=12)
titles = st.tuples(
    words | st.sampled_from(["null", "none", "yes", "12:30", "# x", "a: b", "- x", "~", "é’s “x”"]), words
).map(lambda both: {"nl": both[0], "en": both[1]})
times = st.builds(time, st.integers(0, 23), st.integers(0, 59))
ladders = st.one_of(
    st.builds(Ladder, st.just(()), st.none() | period()),
    st.builds(lambda first, last, call: Ladder((Reminder(first, last),), call), period(), st.booleans(), period()),
    st.builds(lambda last: Ladder((Reminder(Period(3, Unit.DAYS)), Reminder(Period(2, Unit.WEEKS), last)), None),
              st.booleans()),
)  # fmt: skip
slots = st.lists(st.integers(0, 96), min_size=2, max_size=6, unique=True).map(
    lambda edges: tuple(
        Slot(15 * start, 15 * end) for start, end in zip(sorted(edges)[::2], sorted(edges)[1::2], strict=False)
    )
)
plans = st.none() | st.builds(
    lambda text, more: EncouragementPlan(
        (Word(text, Period(2, Unit.WEEKS)),), (text,) if more else (), Period(1, Unit.MONTHS) if more else None,
        Period(2, Unit.MONTHS),
    ),
    st.sampled_from(TEXTS), st.booleans(),
)  # fmt: skip


@st.composite
def protocols(draw: st.DrawFn) -> Protocol:
    """Waves 200 days apart with windows of at least 43 days, so that they never overlap and no reminder is too late."""
    count = draw(st.integers(1, 4))
    primary = draw(st.integers(0, count - 1))
    waves = []
    for number in range(count):
        anchor = draw(st.sampled_from(Anchor))
        timeless = anchor is Anchor.ENROLMENT and number == 0
        waves.append(
            Wave(
                f"w{number}",
                draw(titles),
                Period(200 * number, Unit.DAYS),
                None if timeless else draw(times),
                Period(draw(st.integers(43, 90)), Unit.DAYS),
                number == primary,
                draw(st.sampled_from(SmsForm)),
                anchor,
                draw(st.frozensets(st.sampled_from(Arm), min_size=1)),
            )
        )
    long = Period(draw(st.integers(100, 200)), Unit.DAYS)
    return Protocol(
        key=draw(st.from_regex(r"[a-z0-9][a-z0-9_-]{0,39}", fullmatch=True)),
        version=draw(st.integers(1, 9999)),
        title=draw(titles),
        instrument="djg6",
        language="nl",
        time_zone=draw(st.sampled_from(["Europe/Amsterdam", "UTC", "America/Aruba"])),
        waves=tuple(waves),
        ladder=draw(ladders),
        quiet=QuietHours(draw(slots), draw(st.booleans()), draw(st.booleans())),
        cap=Cap(draw(st.integers(1, 1000)), draw(st.integers(1, 30_000))),
        digest="",
        link=draw(st.none() | st.just(LinkLife(long, Period(3, Unit.HOURS), Period(0, Unit.DAYS)))),
        arm_ladders=draw(st.dictionaries(st.sampled_from(Arm), ladders, max_size=2)),
        encouragement=draw(plans),
    )


@given(protocols())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_what_is_written_reads_as_it_was(protocol: Protocol) -> None:
    try:
        read = read_protocol(write_protocol(protocol), INSTRUMENTS).protocol
    except Refusal as refusal:  # encouragement that comes too often is refused, written or not
        assert {problem.key for problem in refusal.problems} <= {"protocol_encouragement_often"}  # noqa: PT017
        return
    assert same(read) == protocol
    assert write_protocol(read) == write_protocol(protocol)


@pytest.mark.parametrize("name", SHIPPED)
def test_what_ships_can_be_opened_as_a_form_and_saved(name: str) -> None:
    protocol = shipped(name)
    assert same(read_protocol(write_protocol(protocol), INSTRUMENTS).protocol) == same(protocol)
    assert differences(draft_of(protocol), draft_of(protocol)) == ()


def test_a_draft_that_cannot_be_used_says_what_is_wrong(instruments: Mapping[str, Instrument]) -> None:
    draft = Draft(key="Nieuw!", version="x", waves=(DraftWave(key="t0", title_nl="T0", offset="soon"),))
    with pytest.raises(Refusal) as caught:
        read_protocol(text_of(draft), instruments)
    keys = {problem.key for problem in caught.value.problems}
    assert {"protocol_bad_key", "protocol_bad_number", "protocol_bad_period", "protocol_not_text"} <= keys


OLD = draft_of(shipped("zes-vragen"))
T3M = OLD.waves[1]
CHANGES = [
    ({"title_nl": "Anders"}, [Difference("title_nl", "", OLD.title_nl, "Anders")]),
    ({"sundays": False}, [Difference("sundays", "", "yes", "no")]),
    ({"waves": OLD.waves[:3]}, [Difference("wave_removed", "t12m", "Na 12 maanden", "")]),
    (
        {"waves": (*OLD.waves, DraftWave(key="t18m", title_nl="Na 18 maanden", offset="18 months", window="21 days"))},
        [Difference("wave_added", "t18m", "", "Na 18 maanden")],
    ),
    (
        {"waves": (OLD.waves[0], replace(T3M, offset="4 months", at="11:00"), *OLD.waves[2:])},
        [Difference("wave.offset", "t3m", "3 months", "4 months"), Difference("wave.at", "t3m", "10:00", "11:00")],
    ),
    ({"waves": OLD.waves[::-1]}, [Difference("waves_order", "", "t0, t3m, t6m, t12m", "t12m, t6m, t3m, t0")]),
    ({"ladder": replace(OLD.ladder, second="")}, [Difference("ladder.second", "", "7 days", "")]),
    (
        {"arm_ladders": {"comparison": replace(OLD.ladder, call="")}},
        [Difference("ladder.call", "comparison", "10 days", "")],
    ),
    ({"version": "9"}, []),
]


@pytest.mark.parametrize(("change", "found"), CHANGES)
def test_each_difference_is_named(change: dict[str, object], found: list[Difference]) -> None:
    assert list(differences(OLD, replace(OLD, **change))) == found  # type: ignore[arg-type]
