"""Personal links: the same every time, different for everybody, useless for anything else."""

from __future__ import annotations

import re
import uuid

from service.messages.links import Links

LINKS = Links(b"s" * 32, "https://peil.example/")
ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def test_a_reminder_repeats_the_same_link() -> None:
    assert LINKS.url(ONE) == Links(b"s" * 32, "https://peil.example").url(ONE) == LINKS.url(ONE)
    assert LINKS.url(ONE).startswith("https://peil.example/v/")


def test_a_token_is_22_characters_that_need_no_escaping() -> None:
    assert re.fullmatch(r"[A-Za-z0-9_-]{22}", LINKS.token(ONE))


def test_every_measurement_and_every_key_has_its_own() -> None:
    tokens = {
        LINKS.token(ONE),
        LINKS.token(OTHER),
        Links(b"t" * 32, "https://peil.example").token(ONE),
    }
    assert len(tokens) == 3


def test_only_the_digest_is_kept() -> None:
    token = LINKS.token(ONE)
    assert len(Links.digest(token)) == 32
    assert token.encode() not in Links.digest(token)
    assert Links.digest(token) == Links.digest(token) != Links.digest(LINKS.token(OTHER))


def test_a_token_is_found_in_what_was_taken_over_from_a_message() -> None:
    token = LINKS.token(ONE)
    for written in (
        token,
        f"{token}.",
        f"<{token}>",
        f" {token}\n",
        f"{token[:9]} {token[9:]}",
        f"{token}&utm=x",
        f"{token}/",
    ):
        assert Links.mend(written) == token
    for written in ("", "x", token[:-1], "." * 30, f"{token[:11]}.{token[11:]}"):
        assert Links.mend(written) is None
