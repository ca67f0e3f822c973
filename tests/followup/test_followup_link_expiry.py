"""Until when a link takes answers: the published examples, and what our protocols make of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from service.followup.link_expiry import LATE, TO_FINISH, LinkMoments, expires_at, takes_answers
from service.followup.protocol import LinkLife, Period, Unit
from service.followup.protocol_file import read_protocol
from service.measures.instrument import Instrument
from tests.usecases.scene import protocol_text

VECTORS = json.loads((Path(__file__).parents[1] / "spec" / "vectors" / "link_expiry.json").read_text("utf-8"))
AMSTERDAM = "Europe/Amsterdam"
OPENS = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLOSES = OPENS + timedelta(days=21)


def life(open_for: str, grace: str, idle: str) -> LinkLife:
    parts = (one.split() for one in (open_for, grace, idle))
    return LinkLife(*(Period(int(count), Unit(unit)) for count, unit in parts))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=lambda case: str(case["id"]))
def test_the_published_examples(case: Mapping[str, Any]) -> None:
    """The cases of formr.org, in minutes. W5.b shows that a link without an end to begin still obeys `idle`."""
    rule = life(*(f"{case[key]} minutes" for key in "XYZ"))
    now = OPENS + timedelta(minutes=case["minutes_since_invite"])
    newest = case["minutes_since_last_answer"]
    answered = None if newest is None else now - timedelta(minutes=newest)
    link = LinkMoments(OPENS, CLOSES, answered)
    assert takes_answers(rule, link, "UTC", now) is not case["expired"]
    assert (expires_at(rule, link, "UTC") is None) is case["never"]


def test_without_a_rule_a_link_takes_late_answers_for_a_fortnight() -> None:
    unbegun = LinkMoments(OPENS, CLOSES, None)
    assert expires_at(None, unbegun, AMSTERDAM) == CLOSES + LATE
    assert not takes_answers(None, unbegun, AMSTERDAM, OPENS - timedelta(seconds=1))
    assert takes_answers(None, unbegun, AMSTERDAM, OPENS)


def test_without_a_rule_who_is_answering_at_the_end_may_finish() -> None:
    last_minute = CLOSES + LATE - timedelta(minutes=1)
    assert expires_at(None, LinkMoments(OPENS, CLOSES, last_minute), AMSTERDAM) == CLOSES + LATE + TO_FINISH


def test_days_are_counted_on_the_calendar() -> None:
    """On 29 March 2026 the clock goes forward: 28 days later it is still ten in the morning, Dutch time."""
    ends = expires_at(life("28 days", "0 days", "0 days"), LinkMoments(OPENS, CLOSES, None), AMSTERDAM)
    assert ends == datetime(2026, 3, 30, 8, tzinfo=UTC)


def test_a_protocol_says_it(instruments: Mapping[str, Instrument]) -> None:
    text = protocol_text() + "link: {open: 90 days, grace: 14 days, idle: 0 days}\n"
    assert read_protocol(text, instruments).protocol.link == life("90 days", "14 days", "0 days")
    assert read_protocol(protocol_text(), instruments).protocol.link is None
