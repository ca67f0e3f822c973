"""The code on a paper form: forgiving of how it is typed, never of a sign that is wrong."""

from __future__ import annotations

import itertools
import uuid

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.messages.links import Links
from service.messages.paper_codes import ALPHABET, SIGNS, make_code, read_code, spaced

codes = st.binary(min_size=8, max_size=32).map(make_code)


@given(codes)
def test_a_code_is_read_as_it_was_made_in_whatever_way_it_is_typed(code: str) -> None:
    assert read_code(code) == code
    assert read_code(f" {spaced(code).lower()}.") == code
    assert read_code("-".join((code[:4], code[4:]))) == code
    assert read_code(code.replace("0", "O").replace("1", "l").replace("5", "s").replace("8", "B")) == code


@given(codes)
def test_no_single_wrong_sign_is_ever_taken_for_a_code(code: str) -> None:
    for place in range(SIGNS):
        for sign in ALPHABET:
            if sign != code[place]:
                assert read_code(code[:place] + sign + code[place + 1 :]) is None


@given(codes)
def test_no_two_signs_that_changed_places_are_ever_taken_for_a_code(code: str) -> None:
    for one, other in itertools.combinations(range(SIGNS), 2):
        if code[one] != code[other]:
            signs = list(code)
            signs[one], signs[other] = signs[other], signs[one]
            assert read_code("".join(signs)) is None


@given(st.text(max_size=20))
def test_any_text_is_a_code_or_none(typed: str) -> None:
    found = read_code(typed)
    assert found is None or (len(found) == SIGNS and set(found) <= set(ALPHABET))


@given(codes, st.integers(0, SIGNS - 1))
def test_a_sign_too_few_or_too_many_is_no_code(code: str, place: int) -> None:
    assume(code[place] in ALPHABET)
    assert read_code(code[:place] + code[place + 1 :]) is None
    assert read_code(code + code[place]) is None


def test_no_two_signs_of_the_alphabet_look_alike() -> None:
    assert len(set(ALPHABET)) == 29
    assert not set("OILSZBU") & set(ALPHABET)


@pytest.mark.parametrize("typed", ["", "   ", "123", "ééééééééé", "١٢٣٤٥٦٧٨٩"])
def test_what_is_no_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_a_measurement_has_one_code_and_another_in_another_turn_or_installation() -> None:
    measurement_id, org_id = uuid.uuid4(), uuid.uuid4()
    links, others = Links(b"x" * 32, "https://peil.example"), Links(b"y" * 32, "https://peil.example")
    code = links.paper_code(measurement_id, 0)
    assert code == links.paper_code(measurement_id, 0)
    assert code not in (links.paper_code(measurement_id, 1), others.paper_code(measurement_id, 0))
    assert links.paper_digest(org_id, code) != links.paper_digest(uuid.uuid4(), code)
