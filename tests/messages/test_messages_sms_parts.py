"""How many SMS a text becomes, and what Dutch texts and names do to it. The published table is in tests/spec."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.messages.sms_parts import Encoding, measure


@pytest.mark.parametrize(
    ("text", "encoding", "units", "dear"),
    [
        ("", Encoding.GSM7, 0, ()),
        ("René, Günter, één, à", Encoding.GSM7, 20, ()),
        ("Zoë", Encoding.UCS2, 3, ("ë",)),
        ("Şükran en Fatıma", Encoding.UCS2, 16, ("Ş", "ı")),
        ("€ 5 [of 6]", Encoding.GSM7, 13, ("€", "[", "]")),
        ("Hoi 👋", Encoding.UCS2, 6, ("👋",)),
        ("’t is goed…", Encoding.UCS2, 11, ("’", "…")),
        ("een €, een ë", Encoding.UCS2, 12, ("ë",)),
    ],
)
def test_which_characters_cost_extra(text: str, encoding: Encoding, units: int, dear: tuple[str, ...]) -> None:
    size = measure(text)
    assert (size.encoding, size.units, size.dear) == (encoding, units, dear)


def test_a_pair_is_never_cut_over_two_parts() -> None:
    assert measure("a" * 152 + "€" + "a" * 152).parts == 3  # the euro sign begins part two, one septet stays empty
    assert measure("ë" * 66 + "👋" + "ë" * 66).parts == 3


@given(st.text(max_size=400), st.text(max_size=40))
def test_more_text_is_never_fewer_parts(text: str, more: str) -> None:
    assert measure(text + more).parts >= measure(text).parts >= 1
