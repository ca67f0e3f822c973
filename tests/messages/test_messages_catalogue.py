"""The texts as shipped are complete; a catalogue that is not says everything that is wrong with it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from service.messages.catalogue import WE_BEGIN, Catalogue, Incomplete, Mail, Text, read_catalogue
from service.messages.fills import FILL
from service.messages.sms_parts import Encoding, measure

TEXTS = Path(__file__).parents[2] / "service" / "messages" / "texts"
SHIPPED = {f"{path.parent.name}/{path.name}": path.read_text("utf-8") for path in TEXTS.glob("*/*.yaml")}
CATALOGUE = read_catalogue(SHIPPED)

SMS_KEYS = {
    "invite_questions", "invite_link", "reminder_questions", "reminder_link", "question_first", "question",
    "thank_you", "call_ack", "help", "later_ack", "unclear_once", "unclear_invite", "hand_over", "free_text",
    "distress_red", "declined", "wrong_number", "nothing_open", "start_confirm", "stop_confirm", "late_answer",
    "test_message", "test_ack",
}  # fmt: skip
MAIL_KEYS = {"invite_link", "reminder_link", "test_message"}

GOOD = {
    "nl/sms.yaml": 'hello: "Dag, {organisation} {phone}"',
    "en/sms.yaml": 'hello: "Hello, {organisation} {phone}"',
    "nl/email.yaml": 'hello: {subject: "Dag", paragraphs: ["{organisation}"], footer: ["{phone}"]}',
    "en/email.yaml": 'hello: {subject: "Hello", paragraphs: ["{organisation}"], footer: ["{phone}"]}',
    "nl/problems.yaml": 'late: {one: "{n} dag te laat", other: "{n} dagen te laat"}',
    "en/problems.yaml": 'late: {one: "{n} day late", other: "{n} days late"}',
    "nl/staff.yaml": 'waits: "Er wacht iets"',
    "en/staff.yaml": 'waits: "Something waits"',
    "nl/results.yaml": 'change: "De score daalde"',
    "en/results.yaml": 'change: "The score fell"',
}


def broken(**changes: str) -> str:
    """What read_catalogue says of the small good catalogue with these files in place of its own."""
    files: Mapping[str, str] = {**GOOD, **{name.replace("__", "/") + ".yaml": text for name, text in changes.items()}}
    with pytest.raises(Incomplete) as refused:
        read_catalogue(files)
    return str(refused.value)


def test_every_text_we_need_is_there_in_both_languages() -> None:
    for language in ("nl", "en"):
        assert {key for lang, key in CATALOGUE.sms if lang == language} >= SMS_KEYS
        assert {key for lang, key in CATALOGUE.email if lang == language} >= MAIL_KEYS


@pytest.mark.parametrize(("language", "key"), sorted(CATALOGUE.sms))
def test_an_sms_is_one_part_with_long_ordinary_values(language: str, key: str) -> None:
    """Also with a personal link of its real length; only the lead-in of a scale needs a second one."""
    text = CATALOGUE.sms[language, key].fill(FILL[language])
    size = measure(text)
    allowed = 2 if key == "question_first" else 1
    assert size.encoding is Encoding.GSM7, size.dear
    assert size.parts <= allowed, f"{size.units} septets: {text}"


def test_every_message_names_a_sender_and_a_telephone_number() -> None:
    texts: list[Text | Mail] = [*CATALOGUE.sms.values(), *CATALOGUE.email.values()]
    for text in texts:
        assert "phone" in text.names
        assert text.names & {"organisation", "coordinator"}


def test_the_first_message_of_a_wave_carries_the_recognition_word() -> None:
    for key in ("invite_questions", "invite_link", "test_message"):
        assert "word" in CATALOGUE.sms["nl", key].names
    assert "word" in CATALOGUE.email["nl", "invite_link"].names


def test_every_message_that_we_begin_carries_the_recognition_word() -> None:
    for key in WE_BEGIN:
        for texts in (CATALOGUE.sms, CATALOGUE.email, CATALOGUE.sms_je, CATALOGUE.email_je):
            words: Text | Mail | None = texts.get(("nl", key))
            assert words is None or "word" in words.names


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"nl__sms": 'hello: "Dag u, {organisation} {phone}"'}, "nl/sms_je: hello is missing"),
        ({"nl__sms": 'hello: "Dag jij, {organisation} {phone}"'}, "nl/sms: hello says 'jij' in the form for 'u'"),
        ({"nl__sms_je": 'hello: "Uw {organisation} {phone}"'}, "nl/sms_je: hello says 'Uw' in the form for 'je'"),
        (
            {"nl__sms_je": 'hello: "Hoi, {coordinator} {phone}"'},
            "nl/sms_je: hello names ['coordinator', 'phone'], with 'u' it names ['organisation', 'phone']",
        ),
        ({"nl__sms_je": 'other: "Hoi, {organisation} {phone}"'}, "nl/sms_je: other belongs to no text"),
        ({"en__sms_je": 'hello: "Hi, {organisation} {phone}"'}, "en/sms_je: hello belongs to no text"),
        (
            {"nl__email": 'hello: {subject: "Voor u", paragraphs: ["{organisation}"], footer: ["{phone}"]}'},
            "nl/email_je: hello is missing",
        ),
    ],
)
def test_u_and_je_are_both_complete_and_never_mixed(changes: dict[str, str], said: str) -> None:
    assert said in broken(**changes)


def test_a_text_that_addresses_nobody_serves_both_forms() -> None:
    assert read_catalogue(GOOD).sms_text("hello", "nl", "je") == read_catalogue(GOOD).sms_text("hello", "nl", "u")
    assert CATALOGUE.sms_text("thank_you", "nl", "je") != CATALOGUE.sms_text("thank_you", "nl", "u")
    assert CATALOGUE.sms_text("thank_you", "en", "je") == CATALOGUE.sms_text("thank_you", "en", "u")


@pytest.mark.parametrize("key", sorted(key for _, key in CATALOGUE.sms_je))
def test_an_sms_with_je_is_one_part_as_well(key: str) -> None:
    size = measure(CATALOGUE.sms_je["nl", key].fill(FILL["nl"]))
    assert (size.encoding, size.parts) == (Encoding.GSM7, 1)


def test_every_mail_with_a_link_can_be_ended() -> None:
    assert all("unsubscribe" in mail.names for mail in CATALOGUE.email.values() if mail.button)


def test_the_small_good_catalogue_is_good() -> None:
    assert isinstance(read_catalogue(GOOD), Catalogue)


def test_problems_may_be_spread_over_files() -> None:
    more = {"nl/problems_import.yaml": 'column: "Kolom"', "en/problems_import.yaml": 'column: "Column"'}
    assert ("nl", "column") in read_catalogue({**GOOD, **more}).problems


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"en__sms": "{}"}, "en/sms: hello is missing"),
        ({"en__sms": 'hello: "Hello, {coordinator} {phone}"'}, "en/sms: hello names ['coordinator', 'phone']"),
        ({"nl__sms": 'hello: "{organisation} {phone} {age}"'}, "nl/sms: hello names age: no such value"),
        ({"nl__sms": 'hello: "{phone}"'}, "nl/sms: hello does not say who sends it"),
        ({"nl__sms": 'hello: "{organisation}"'}, "nl/sms: hello has no telephone number"),
        ({"nl__sms": 'invite_link: "{organisation} {phone}"'}, "nl/sms: invite_link lacks the recognition word"),
        ({"nl__sms": 'hello: "Eenzaam? {organisation} {phone}"'}, "'Eenzaam'"),
        ({"en__email": 'hello: {subject: "Lonely?", paragraphs: ["{organisation}"], footer: ["{phone}"]}'}, "'Lonely'"),
        ({"nl__sms": 'hello: "{organisation.__class__} {phone}"'}, "is no plain name"),
        ({"nl__sms": 'hello: "{organisation!r} {phone}"'}, "is no plain name"),
        ({"nl__sms": 'hello: "{organisation:>99} {phone}"'}, "is no plain name"),
        ({"nl__sms": 'hello: "{0} {phone}"'}, "is no plain name"),
        ({"nl__sms": 'hello: "{organisation {phone}"'}, "nl/sms.yaml: hello:"),
        ({"nl__sms": 'a: "x"\na: "y"'}, "a stands twice"),
        ({"nl__sms": "- a"}, "nl/sms.yaml: holds no texts"),
        ({"nl__sms": "hello: 5"}, "is neither words nor {one, other}"),
        ({"nl__sms": 'hello: {one: "x"}'}, "is neither words nor {one, other}"),
        ({"nl__sms": 'hello: "'}, "nl/sms.yaml:"),
        ({"nl__email": 'hello: "x"'}, "a mail has subject, paragraphs, button and footer"),
        ({"nl__problems_more": 'late: "Laat"'}, "late stands in another file too"),
        ({"de__sms": 'hello: "x"'}, "de/sms.yaml: no file of texts has this name"),
        ({"nl__letters": 'hello: "x"'}, "nl/letters.yaml: no file of texts has this name"),
    ],
)
def test_what_is_wrong_is_said(changes: dict[str, str], said: str) -> None:
    assert said in broken(**changes)


def test_everything_wrong_is_listed_and_not_only_the_first() -> None:
    said = broken(nl__sms='hello: "Dag"', en__problems="{}")
    assert len(said.splitlines()) >= 4
