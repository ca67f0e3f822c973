"""The link of a person's own page, and the pass that its forms carry."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime, timedelta

import pytest

from service.bootstrap import load_render
from service.messages.fills import FILL
from service.messages.links import PASS_LIVES, Links
from service.messages.sms_parts import measure

LINKS = Links(b"k" * 32, "https://peil.example")
PERSON, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("form", ["u", "je"])
@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_message_with_the_link_is_one_sms_with_the_longest_values(language: str, form: str) -> None:
    values = {**FILL[language], "link": LINKS.own_url(PERSON, 0)}
    assert measure(load_render().sms("own_page_link", language, values, form)).parts == 1


def test_a_link_is_of_one_person_one_version_and_no_questionnaire() -> None:
    made = {LINKS.own_token(PERSON, 0), LINKS.own_token(PERSON, 1), LINKS.own_token(OTHER, 0), LINKS.token(PERSON)}
    assert len(made) == 4
    assert LINKS.own_token(PERSON, 0) == LINKS.own_token(PERSON, 0)
    assert LINKS.own_token(PERSON, 0) != Links(b"j" * 32, "https://peil.example").own_token(PERSON, 0)


def test_a_pass_counts_for_its_page_and_its_time() -> None:
    token = LINKS.own_token(PERSON, 0)
    made = LINKS.own_pass(token, NOW)
    assert LINKS.passes(made, token, NOW + PASS_LIVES - timedelta(seconds=1))
    assert not LINKS.passes(made, token, NOW + PASS_LIVES)
    assert not LINKS.passes(made, LINKS.own_token(OTHER, 0), NOW)
    until, seal = made.split(".")
    for written in (
        "",
        ".",
        "1948",
        f"{int(until) + 60}.{seal}",
        f"{until}.",
        f"{until}.é",
        f"²{until}.{seal}",
        made * 9,
    ):
        assert not LINKS.passes(written, token, NOW)
