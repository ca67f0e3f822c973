"""What a mail says between its greeting and its farewell, and what a mail that came back says of its address."""

from __future__ import annotations

import pytest

from service.bootstrap import load_instruments, load_signs
from service.followup.bounces import address_after, is_final
from service.followup.mail_replies import essence, read_mail_reply
from service.followup.replies import ReplyKind

OPTIONS = load_instruments()["djg6"].options
SIGNS = load_signs()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2", "2"),
        ("Beste Marieke,\n\n2\n\nMet vriendelijke groet,\nWil de Boer", "2"),
        ("Dag mevrouw de Wit\n2\nGroetjes Wil", "2"),
        ("2\nMvg Wil", "2"),
        ("2\nm.v.g.\nWil", "2"),
        ("Ja graag.\n\nHartelijke groeten,\nWil", "Ja graag."),
        ("Goedemorgen,\n\nja\n\nHoogachtend,\nW. de Boer", "ja"),
        ("Hello,\nyes\nKind regards,\nWil", "yes"),
        ("Dag", "Dag"),
        ("Groeten, Wil", "Groeten, Wil"),
        ("Beste Marieke,\nGroet, Wil", "Beste Marieke,\nGroet, Wil"),
        ("Groetjes doen aan iedereen, dat mis ik het meest van vroeger, want er komt hier verder helemaal niemand meer",) * 2,
        ("Ik kom er niet uit.\nKunt u mij bellen?", "Ik kom er niet uit.\nKunt u mij bellen?"),
    ],
)  # fmt: skip
def test_the_essence_of_a_letter(words: str, found: str) -> None:
    assert essence(words) == found


@pytest.mark.parametrize(
    ("words", "kind", "code"),
    [
        ("Beste Marieke,\n\n2\n\nGroet, Wil", ReplyKind.ANSWER, "more_or_less"),
        ("Min of meer.\n\nMvg, Wil", ReplyKind.ANSWER, "more_or_less"),
        ("Stop\n\nGroet, Wil", ReplyKind.STOP, None),
        ("2\n\nGroet, Wil\n\nIk wil niet meer leven", ReplyKind.DISTRESS, None),
        ("Hallo,\n\nwilt u mij bellen\n\nGroet", ReplyKind.CALL, None),
        ("Beste Marieke,\nmijn man is gestorven en nu zit ik hier.\nGroet", ReplyKind.PERSONAL, None),
    ],
)
def test_a_letter_means_what_its_words_mean(words: str, kind: ReplyKind, code: str | None) -> None:
    reading = read_mail_reply(words, OPTIONS, "nl", SIGNS)
    assert (reading.kind, reading.code) == (kind, code)


@pytest.mark.parametrize(
    ("status", "address", "final"),
    [
        ("5.1.1", "invalid", True),
        ("5.1.10", "invalid", True),
        ("5.2.1", "invalid", True),
        ("5.0.0", "failing", True),
        ("5.2.2", "failing", True),
        ("5.2.3", "failing", True),
        ("5.3.4", "failing", True),
        ("5.4.4", "failing", True),
        ("5.7.1", "failing", True),
        ("5.7.26", "failing", True),
        ("4.2.2", "", False),
        ("4.4.7", "", False),
        ("2.0.0", "", False),
        ("", "", False),
    ],
)
def test_what_a_code_says_of_the_address(status: str, address: str, final: bool) -> None:
    assert (address_after(status), is_final(status)) == (address, final)
