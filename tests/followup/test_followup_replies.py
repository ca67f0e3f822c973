"""What people send back, and what it is read as. One table; never a guess."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.bootstrap import load_instruments
from service.followup.replies import ReplyKind, is_stop, read_reply
from service.measures.instrument import Instrument

OPTIONS = load_instruments()["djg6"].options

ANSWERS = {
    "yes": ["1", "1.", " 1 ", "1)", "1!", "1 hoor", "een", "één", "Eén", "Een.", "ja", "Ja", "JA!", "ja hoor", "jaaa", "jah",
            "jazeker", "ja zeker", "jawel", "yes", "j", "1 = ja", "ja 1", "1 ja", "١", "１", "1️⃣", "①", "one", "antwoord 1",
            "optie 1", "eh 1", "nou, ja", "1 1", "ja dank u wel", "Antwoord: ja", "1\n\nGroetjes", "\u200e1", "ja 😊"],
    "more_or_less": ["2", "2.", "2 hoor", "eh 2 denk ik", "ik denk 2", "Twee", "twee.", "min of meer", "Min of Meer!",
                     "minofmeer", "2 min of meer", "2 = min of meer", "٢", "۲", "२", "two", "doe maar 2", "een 2",
                     "het is 2", "nr 2", "nummer 2 graag", "more or less", "min of meer hoor", "uhm 2", "2 2", "“2”"],
    "no": ["3", "3.", "drie", "DRIE", "nee", "Nee.", "nee hoor", "neeee", "neej", "neen", "no", "n", "3 nee", "nee = 3",
           "٣", "３", "three", "3 aub", "nee dank u", "zeker niet", "keuze 3", "3 alstublieft", "3 bedankt"],
}  # fmt: skip

NO_ANSWER = ["weet niet", "weet ik niet", "ik weet het niet", "Weet niet.", "geen idee", "geen antwoord", "liever niet",
             "zeg ik liever niet", "Dat zeg ik liever niet", "sla over", "overslaan", "volgende", "n.v.t.", "skip",
             "I don't know"]  # fmt: skip

UNCLEAR = ["0", "4", "9", "12", "22", "123", "1-2", "1,5", "1.5", "2/3", "3/5", "1 of 2", "2 of 3", "2 en 3", "1 nee", "3 ja",
           "niet 2", "-1", "ja en nee", "ja/nee", "soms", "Soms.", "een beetje", "beetje", "altijd", "nooit", "misschien",
           "vaak", "?", "???", "...", "👍", "🙂🙂", "❤️", "asdf", "q", "xx", "sdfgh", "goed", "oke", "dank u wel", "½",
           "ja soms", "nee maar", "ja maar", "1 2 3", "hangt er van af", "tussen 1 en 2", "2?3", "haha", "2a4"]  # fmt: skip

PERSONAL = ["Slecht, mijn man is dood", "slecht", "moe", "ik ben zo moe", "Het gaat niet goed met mij", "wat bedoelt u?",
            "Wie bent u?", "ja maar mijn man is overleden", "mijn zoon komt nooit meer langs", "ik ben gevallen",
            "ik lig in het ziekenhuis", "Ik kom morgen niet", "ik kom niet", "hoe lang duurt dit nog", "alleen", "pijn",
            "stop met roken is moeilijk", "wanneer stopt dit", "nee want ik heb niemand", "de trein reed niet",
            "ik moest afscheid nemen van mijn man", "ik ben niet bang", "2 kinderen en 3 katten", "ik wil niet meer",
            "1 keer per week belt mijn dochter"]  # fmt: skip

DISTRESS = ["ik wil dood", "Ik wil dood!!", "ik wil niet dood", "ik wil niet meer leven", "ik wil nie meer leven",
            "wil niet meer levn", "ik hoef niet meer te leven", "zelfmoord", "zelfmord", "zelfmoort", "zelf moord",
            "ik denk aan zelfdoding", "zelfdodig", "suïcide", "suicidaal", "was ik maar dood", "ik wou dat ik dood was",
            "ik wou dat ik er niet meer was", "liever dood dan dit", "ik maak er een eind aan", "er een einde aan maken",
            "een eind aan mijn leven maken", "mijn leven heeft geen zin meer", "ik zie het niet meer zitten",
            "ik zie het leven niet meer zitten", "wil mezelf wat aandoen", "mezelf iets aandoen", "ik stap eruit",
            "uit het leven stappen", "ik wil afscheid nemen", "ik neem afscheid", "ik spring voor de trein",
            "voor de trein springen", "1 maar ik wil dood", "ik wil niet meer verder", "I want to die", "kill myself",
            "ik denk niet aan zelfmoord", "IK WIL DOOOOD", "ik wil  n i e t meer leven, dus niet meer leven"]  # fmt: skip

DANGER = ["ik word geslagen", "hij slaat mij", "mijn man slaat me", "ben bang voor hem", "ik ben bang voor mijn zoon",
          "hij heeft mij bedreigd", "ik word mishandeld", "mishandelt", "hij doet me pijn", "ik ben verkracht",
          "geslaagen", "ik voel me niet veilig thuis", "1 maar hij slaat mij"]  # fmt: skip

STOP = ["STOP", "stop", "Stop.", "stop!", " stop ", "'stop'", "“STOP”", "S T O P", "s.t.o.p.", "stopp", "stooop", "ＳＴＯＰ",
        "stóp", "stoppen", "Stoppen.", "stop aub", "Stop a.u.b.", "stop alstublieft", "stop ermee", "stop maar", "stop nu",
        "STOP STOP", "graag stoppen", "ik wil stoppen", "uit", "UIT", "afmelden", "Afmelden.", "uitschrijven", "meld mij af",
        "ik wil geen berichten meer", "Ik wil geen berichten meer.", "geen sms meer", "geen berichten meer aub", "STOPALL",
        "unsubscribe", "end", "cancel", "quit", "please stop", "opt-out", "einde", "stop\n", "stop 🛑", "st\u200bop"]  # fmt: skip

NOT_STOP = ["stop met roken", "ik stop morgen met werken", "de bus stopt hier", "bushalte stop", "uit eten", "1 stop",
            "niet stoppen", "nonstop", "stopt u ermee?", "ik ga uit", "", "   ", "?", "stoppelbaard"]  # fmt: skip

COMMANDS = {
    ReplyKind.START: ["START", "start", "Start!", "starten", "aanmelden"],
    ReplyKind.HELP: ["HULP", "hulp?", "help", "info", "Informatie"],
    ReplyKind.LATER: [
        "LATER",
        "later",
        "nu niet",
        "niet nu",
        "straks",
        "morgen",
        "even wachten",
        "nu even niet",
        "pauze",
    ],
    ReplyKind.CALL: ["BEL", "bel", "Bel mij", "bel me aub", "bellen", "kunt u mij bellen?", "liever bellen", "call me"],
    ReplyKind.WRONG_NUMBER: [
        "verkeerd nummer",
        "Dit is een verkeerd nummer",
        "U heeft het verkeerde nummer",
        "wrong number",
    ],
}

YES = [
    "ja",
    "Ja hoor",
    "ja graag",
    "JA",
    "dat mag",
    "is goed",
    "ok",
    "oke",
    "goed",
    "prima",
    "yes",
    "ja, dat is goed",
    "graag",
]
NO = ["nee", "Nee.", "nee hoor", "nee dank u", "nee, liever niet", "liever niet", "geen zin", "no", "nope"]

TABLE = [
    *((text, ReplyKind.ANSWER, code) for code, texts in ANSWERS.items() for text in texts),
    *((text, ReplyKind.NO_ANSWER, None) for text in NO_ANSWER),
    *((text, ReplyKind.UNCLEAR, None) for text in UNCLEAR),
    *((text, ReplyKind.PERSONAL, None) for text in PERSONAL),
    *((text, ReplyKind.DISTRESS, None) for text in DISTRESS),
    *((text, ReplyKind.DANGER, None) for text in DANGER),
    *((text, ReplyKind.STOP, None) for text in STOP),
    *((text, kind, None) for kind, texts in COMMANDS.items() for text in texts),
    *((text, ReplyKind.EMPTY, None) for text in ("", " ", "\n\t", "\u200b", "\x00", "\u00a0")),
]


@pytest.mark.parametrize(("text", "kind", "code"), TABLE)
def test_while_a_question_is_open(text: str, kind: ReplyKind, code: str | None) -> None:
    reading = read_reply(text, OPTIONS)
    assert (reading.kind, reading.code) == (kind, code)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        *((text, ReplyKind.YES) for text in YES),
        *((text, ReplyKind.NO) for text in NO),
        *(
            (text, kind)
            for text, kind, _ in TABLE
            if kind not in (ReplyKind.ANSWER, ReplyKind.NO_ANSWER, ReplyKind.UNCLEAR)
        ),
        *(
            (text, ReplyKind.UNCLEAR)
            for text in ("1", "2.", "drie", "min of meer", "weet niet", "?", "👍", "dank u wel")
        ),
    ],
)
def test_while_no_question_is_open(text: str, kind: ReplyKind) -> None:
    reading = read_reply(text, None)
    assert (reading.kind, reading.code) == (kind, None)


@pytest.mark.parametrize("text", STOP)
def test_exact_opt_out_words_stop(text: str) -> None:
    assert is_stop(text)


@pytest.mark.parametrize("text", NOT_STOP)
def test_a_sentence_with_stop_in_it_is_for_a_human(text: str) -> None:
    assert not is_stop(text)


def test_ja_says_that_it_is_also_a_yes() -> None:
    assert read_reply("ja", OPTIONS).also is ReplyKind.YES
    assert read_reply("nee hoor", OPTIONS).also is ReplyKind.NO
    assert read_reply("1", OPTIONS).also is None


def test_ja_is_no_answer_to_a_question_without_that_answer(instruments: Mapping[str, Instrument]) -> None:
    options = instruments["ucla3"].options
    assert read_reply("ja", options, "en").kind is ReplyKind.UNCLEAR
    assert read_reply("often", options, "en").code == "often"
    assert read_reply("Hardly ever or never.", options, "en").code == "hardly_ever"
    assert read_reply("3", options, "en").code == options[2].code


def test_every_digit_of_every_instrument_is_its_option(instruments: Mapping[str, Instrument]) -> None:
    for instrument in instruments.values():
        for place, option in enumerate(instrument.options, start=1):
            assert read_reply(str(place), instrument.options).code == option.code
        assert read_reply(str(len(instrument.options) + 1), instrument.options).kind is ReplyKind.UNCLEAR


@given(st.text(max_size=300))
@settings(max_examples=400, deadline=None)
def test_any_text_is_read_without_an_error_and_only_codes_are_stored(text: str) -> None:
    reading = read_reply(text, OPTIONS)
    assert (reading.code in {option.code for option in OPTIONS}) == (reading.kind is ReplyKind.ANSWER)
    assert (reading.kind is ReplyKind.STOP) == is_stop(text)
    assert read_reply(text, None).code is None


def test_long_texts_are_read_quickly() -> None:
    for text in ("a" * 1600, "ja " * 533, "wil " * 400, "1" * 1600, "😀" * 1600, "stop " * 320, "niet meer " * 160):
        assert read_reply(text, OPTIONS).kind in (ReplyKind.PERSONAL, ReplyKind.UNCLEAR, ReplyKind.ANSWER)
