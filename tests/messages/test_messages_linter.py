"""What the linter refuses and what it warns of; and that our own texts pass it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from service.bootstrap import load_render
from service.messages.catalogue import Mail, Text, read_mail, read_text
from service.messages.linter import Draft, Lint, lint

CATALOGUE = load_render().catalogue
#: The lead-in of a scale is as it was published, one sentence of 23 words.
HARD_AS_PUBLISHED = {"question_first"}


def shipped() -> Iterator[Draft]:
    sets = (
        ("sms", "u", CATALOGUE.sms),
        ("sms", "je", CATALOGUE.sms_je),
        ("email", "u", CATALOGUE.email),
        ("email", "je", CATALOGUE.email_je),
    )
    for channel, form, texts in sets:
        for (language, key), words in texts.items():
            yield Draft(channel, key, language, form, words, words)


@pytest.mark.parametrize("draft", list(shipped()), ids=lambda d: f"{d.channel}-{d.language}-{d.form}-{d.key}")
def test_our_own_texts_have_no_errors_and_no_warnings(draft: Draft) -> None:
    found = lint(draft)
    assert not found.errors
    assert draft.key in HARD_AS_PUBLISHED or not found.warnings


GOOD = (
    "{coordinator} van {organisation}, codewoord {word}. Uw vragen: {link} Het hoeft niet. Of bel {phone}. Stop? STOP"
)


def judge(words: str, *, form: str = "u", telling: tuple[str, ...] = (), **fill: str | int) -> Lint:
    """An own text for the invitation with a link."""
    standard = CATALOGUE.sms_text("invite_link", "nl", form)
    return lint(Draft("sms", "invite_link", "nl", form, read_text(words), standard, telling, fill))


def keys(problems: tuple[object, ...]) -> set[str]:
    return {getattr(problem, "key", "") for problem in problems}


def test_a_good_text_of_ones_own_is_good() -> None:
    assert judge(GOOD) == Lint((), ())


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (GOOD.replace("Uw vragen", "Bent u eenzaam"), "text_forbidden"),
        (GOOD.replace("Uw vragen", "Uw score"), "text_forbidden"),
        (GOOD.replace("Uw vragen", "Risico? Kijk"), "text_forbidden"),
        (GOOD.replace("codewoord {word}", "hallo"), "text_needs_value"),
        (GOOD.replace("Of bel {phone}. ", ""), "text_needs_value"),
        (GOOD.replace("{link}", "hier"), "text_needs_value"),
        (GOOD.replace("{coordinator} van {organisation}", "Wij"), "text_no_sender"),
        (GOOD.replace(" Stop? STOP", ""), "text_no_stop"),
        (GOOD.replace("Uw vragen", "{n} vragen over {total}"), ""),
        (GOOD.replace("Uw vragen", "{age}"), "text_unknown_value"),
        (GOOD.replace("{link} Het", "{link}. Het"), "text_link_glued"),
        (GOOD.replace(": {link}", ":{link}"), "text_link_glued"),
        (GOOD.replace("Het hoeft niet", "Zie www.welzijn.nl"), "text_address"),
        (GOOD.replace("Uw vragen", "Jouw vragen"), "text_wrong_form"),
        (GOOD.replace("Het hoeft niet.", "Het hoeft niet, u kiest."), "text_too_long"),
    ],
)
def test_what_is_refused(words: str, key: str) -> None:
    found = keys(judge(words).errors)
    assert key in found if key else "text_unknown_value" in found  # a link has no number of questions of its own


def test_the_text_for_je_may_not_say_u() -> None:
    assert keys(judge(GOOD.replace("Uw vragen", "Je vragen"), form="je").errors) == set()
    assert keys(judge(GOOD, form="je").errors) == {"text_wrong_form"}


def test_the_name_of_a_programme_stays_out() -> None:
    words = GOOD.replace("Uw vragen", "Samen Koken").replace(" Het", " Mag")
    assert keys(judge(words, telling=("samen koken", "ja")).errors) == {"text_names_programme"}
    assert not judge(words).errors


def test_a_longer_name_of_the_organisation_leaves_less_room() -> None:
    full = GOOD.replace("Het hoeft", "Het mag, hoeft")
    assert not judge(GOOD, organisation="Welzijn Westland-Oost").errors  # the standard text is as long
    (problem,) = judge(full, organisation="Welzijn Westland-Oost").errors
    assert (problem.key, problem.where) == ("text_too_long", "text")


def test_letters_that_cost_more_are_a_warning_that_names_them_and_the_cost() -> None:
    found = judge(GOOD.replace("hoeft niet", "hoeft niet…").replace("Uw", "\u2019t"))
    (dear,) = (problem for problem in found.warnings if problem.key == "text_dear")
    assert dear.values == {"value": "\u2019 …", "n": 3}
    assert not found.errors


@pytest.mark.parametrize(
    ("words", "key"),
    [
        ("Het is verplicht.", "text_pressing"),
        ("U moet nu bellen.", "text_pressing"),
        ("U heeft nog steeds niet gebeld.", "text_pressing"),
        ("Doe mee!", "text_exclamation"),
        ("Doe mee 🙂", "text_emoji"),
        ("Doe GEWOON mee.", "text_capitals"),
        ("Het is niet verplicht. Antwoord JA of STOP.", ""),
    ],
)
def test_tone_is_a_warning(words: str, key: str) -> None:
    standard = CATALOGUE.sms_text("thank_you", "nl")
    text = read_text(f"{words} {{coordinator}}, {{phone}}")
    found = lint(Draft("sms", "thank_you", "nl", "u", text, standard))
    assert not found.errors
    assert keys(found.warnings) - {"text_dear"} == ({key} if key else set())


def mail(subject: str = "Uw vragen van {organisation}", paragraph: str = "Wij horen graag van u.") -> Lint:
    standard = CATALOGUE.mail("invite_link", "nl")
    footer = [text.forms[0] for text in standard.footer]
    body = {"subject": subject, "paragraphs": [paragraph], "button": "Naar de vragen", "footer": footer}
    words: Mail | Text = read_mail(body)
    return lint(Draft("email", "invite_link", "nl", "u", words, standard))


def test_a_subject_tells_nothing_and_the_footer_keeps_the_way_out() -> None:
    assert mail() == Lint((), ())
    assert [(p.key, p.where) for p in mail(subject="Eenzaam? {organisation}").errors] == [("text_forbidden", "subject")]
    assert [(p.key, p.where) for p in mail(paragraph="Kijk op https://elders.nl").errors] == [
        ("text_address", "paragraphs")
    ]


def test_long_sentences_and_hard_words_are_a_warning() -> None:
    long = "Wij willen heel graag van u weten " + "hoe het nu met u gaat en " * 4 + "of u het fijn vindt."
    assert "text_long_sentence" in keys(mail(paragraph=long).warnings)
    hard = (
        "De uitvoeringsorganisatie evalueert periodiek deelnemersgegevens. Verantwoordelijkheidsverdeling en "
        "informatievoorziening ondersteunen kwaliteitsverbetering. Medewerkers registreren ontwikkelingen "
        "overeenkomstig gemeentelijke verantwoordingsverplichtingen en subsidievoorwaarden, ondersteund door "
        "digitale administratiesystemen en kwaliteitsfunctionarissen."
    )
    assert "text_hard" in keys(mail(paragraph=hard).warnings)
