"""Every text: key, placeholders, languages. Read once, checked whole.

A text is plain words with `{names}` in it; nothing in it is ever executed. Where a number decides the form, a text is
written twice: `{one: "1 week", other: "{n} weken", count: n}`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from string import Formatter

import yaml

from service.followup.form_of_address import FORMAL, INFORMAL

LANGUAGES = ("nl", "en")
KINDS = ("sms", "email", "problems", "staff", "results")

#: The kinds with a second set of files, "sms_je.yaml", for who would rather be called "je". A text that addresses
#: nobody serves both forms; so does every text in English.
ADDRESSED = {"sms": "sms_je", "email": "email_je"}
#: In these languages the two differ.
TWO_FORMS = ("nl",)
#: How a text in such a language addresses its reader, and how it may not in the other form.
PRONOUNS = {
    FORMAL: re.compile(r"\b(?:u|uw|uzelf)\b", re.IGNORECASE),
    INFORMAL: re.compile(r"\b(?:je|jij|jou|jouw|jezelf|jullie)\b", re.IGNORECASE),
}

#: The values a message may name. A problem names its own.
PLACEHOLDERS = frozenset({
    "first_name", "organisation", "coordinator", "phone", "word",
    "lead_in", "item_text", "options", "n", "total", "weeks", "link", "unsubscribe", "check",
    "day", "time", "place", "title",
})  # fmt: skip

#: Never where somebody else may read along: in an SMS, or in the subject of a mail.
FORBIDDEN = re.compile(r"\w*(?:eenza|isole|isola|lonel|score|risico|risk)\w*", re.IGNORECASE)

#: The messages that we begin, unasked: they carry the recognition word.
WE_BEGIN = (
    "invite_questions", "invite_link", "reminder_questions", "reminder_link", "test_message",
    "last_reminder_questions", "last_reminder_link", "invite_reply", "reminder_reply", "last_reminder_reply",
    "welcome", "optin_confirm", "consent_yearly", "end_followup", "distress_amber", "own_page_link",
    "invite_reply", "reminder_reply", "last_reminder_reply",
    "enc_start", "enc_expect", "enc_missed", "enc_role", "enc_choice", "activity_tomorrow", "activity_cancelled",
)  # fmt: skip

Show = Callable[[str, str], str]


class Incomplete(Exception):
    """A text is missing in a language, or names a value that does not exist; the message lists all of them."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text. `forms` is (other,) or (other, one); `count` names the value that chooses between them."""

    forms: tuple[str, ...]
    count: str = "n"

    @property
    def names(self) -> frozenset[str]:
        """The values it needs."""
        return frozenset(name for form in self.forms for _, name in pieces(form) if name) | (
            {self.count} if len(self.forms) > 1 else frozenset()
        )

    def fill(self, values: Mapping[str, str | int], show: Show = lambda _, value: value) -> str:
        """The words, with every value in its place on one line. `show(name, value)` may dress a value (for HTML).

        Raises KeyError when a value is missing.
        """
        form = self.forms[1] if len(self.forms) > 1 and int(values[self.count]) == 1 else self.forms[0]
        return "".join(
            show("", words) + (show(name, " ".join(str(values[name]).split())) if name else "")
            for words, name in pieces(form)
        )


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail: both its parts are made from these paragraphs. `button` is the label of the link, None without one; it
    stands before the last paragraph, the greeting.
    """

    subject: Text
    paragraphs: tuple[Text, ...]
    footer: tuple[Text, ...]
    button: Text | None = None

    @property
    def texts(self) -> tuple[Text, ...]:
        """Everything in it, in order."""
        return (self.subject, *self.paragraphs, *((self.button,) if self.button else ()), *self.footer)

    @property
    def names(self) -> frozenset[str]:
        """The values it needs."""
        return frozenset[str]().union(*(text.names for text in self.texts), {"link"} if self.button else set())


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All texts by (language, key)."""

    sms: Mapping[tuple[str, str], Text]
    email: Mapping[tuple[str, str], Mail]
    problems: Mapping[tuple[str, str], Text]
    staff: Mapping[tuple[str, str], Text]
    results: Mapping[tuple[str, str], Text]
    sms_je: Mapping[tuple[str, str], Text]
    email_je: Mapping[tuple[str, str], Mail]

    def sms_text(self, key: str, language: str, form: str = FORMAL) -> Text:
        """The SMS in this form of address. Raises KeyError when there is no such text."""
        found = self.sms_je.get((language, key)) if form == INFORMAL else None
        return found or self.sms[language, key]

    def mail(self, key: str, language: str, form: str = FORMAL) -> Mail:
        """The mail in this form of address. Raises KeyError when there is no such mail."""
        found = self.email_je.get((language, key)) if form == INFORMAL else None
        return found or self.email[language, key]


def pieces(form: str) -> Iterator[tuple[str, str | None]]:
    """The words and the name that follows them, one pair after the other. Raises ValueError when a brace is astray."""
    for words, name, spec, conversion in Formatter().parse(form):
        if name is not None and (not name.isidentifier() or spec or conversion):
            raise ValueError(f"{{{name}}} is no plain name")
        yield words, name


class _Strict(yaml.SafeLoader):
    """YAML in which no key may stand twice: the second would silently win."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[object, object]:
        """A mapping, refused when a key is repeated."""
        keys = [key.value for key, _ in node.value]
        if twice := sorted({key for key in keys if keys.count(key) > 1}):
            raise yaml.constructor.ConstructorError(None, None, f"{', '.join(twice)} stands twice", node.start_mark)
        return dict(super().construct_mapping(node, deep))


def read_catalogue(files: Mapping[str, str]) -> Catalogue:
    """Read `{"nl/sms.yaml": text, ...}` and check it whole. Raises Incomplete.

    Problems may be spread over `problems.yaml`, `problems_import.yaml` and so on; each key stands once.
    """
    wrong: list[str] = []
    found: dict[str, dict[tuple[str, str], Text | Mail]] = {kind: {} for kind in (*KINDS, *ADDRESSED.values())}
    for path, content in sorted(files.items()):
        _read_file(path, content, found, wrong)
    for kind in KINDS:
        wrong += _compare(kind, found[kind])
    for kind, informal in ADDRESSED.items():
        wrong += _compare_forms(kind, found[kind], found[informal])
    for kind, texts in found.items():
        wrong += [line for (language, key), text in texts.items() for line in _judge(kind, language, key, text)]
    if wrong:
        raise Incomplete("\n".join(wrong))
    return Catalogue(
        sms={key: text for key, text in found["sms"].items() if isinstance(text, Text)},
        email={key: text for key, text in found["email"].items() if isinstance(text, Mail)},
        problems={key: text for key, text in found["problems"].items() if isinstance(text, Text)},
        staff={key: text for key, text in found["staff"].items() if isinstance(text, Text)},
        results={key: text for key, text in found["results"].items() if isinstance(text, Text)},
        sms_je={key: text for key, text in found["sms_je"].items() if isinstance(text, Text)},
        email_je={key: text for key, text in found["email_je"].items() if isinstance(text, Mail)},
    )


def _read_file(
    path: str, content: str, found: Mapping[str, dict[tuple[str, str], Text | Mail]], wrong: list[str]
) -> None:
    """Put every entry of one file in `found`, by kind; what cannot be read is written down in `wrong`."""
    language, _, name = path.partition("/")
    stem = name.removesuffix(".yaml")
    kind = next((kind for kind in ADDRESSED.values() if f"{stem}_".startswith(f"{kind}_")), stem.split("_")[0])
    if language not in LANGUAGES or kind not in found:
        wrong.append(f"{path}: no file of texts has this name")
        return
    try:
        # A SafeLoader: it makes plain values only.
        entries = yaml.load(content, Loader=_Strict)  # noqa: S506
    except yaml.YAMLError as problem:
        wrong.append(f"{path}: {problem}")
        return
    if not isinstance(entries, dict):
        wrong.append(f"{path}: holds no texts")
        return
    for key, entry in entries.items():
        if (language, key) in found[kind]:
            wrong.append(f"{path}: {key} stands in another file too")
            continue
        try:
            found[kind][language, key] = read_mail(entry) if kind.startswith("email") else read_text(entry)
        except (ValueError, TypeError, KeyError) as problem:
            wrong.append(f"{path}: {key}: {problem}")


def read_text(entry: object) -> Text:
    """One text, as written or in two forms. Raises ValueError when it is neither, or a brace is astray."""
    if isinstance(entry, str) and entry.strip():
        text = Text((entry.strip(),))
    elif isinstance(entry, dict) and entry.keys() <= {"one", "other", "count"} and entry.keys() >= {"one", "other"}:
        text = Text((str(entry["other"]).strip(), str(entry["one"]).strip()), str(entry.get("count", "n")))
    else:
        raise ValueError("is neither words nor {one, other}")
    for form in text.forms:
        list(pieces(form))
    return text


def read_mail(entry: object) -> Mail:
    """One mail. Raises ValueError, TypeError or KeyError when it has another shape."""
    if not isinstance(entry, dict) or not entry.keys() <= {"subject", "paragraphs", "button", "footer"}:
        raise ValueError("a mail has subject, paragraphs, button and footer")
    return Mail(
        subject=read_text(entry["subject"]),
        paragraphs=tuple(read_text(paragraph) for paragraph in entry["paragraphs"]),
        footer=tuple(read_text(paragraph) for paragraph in entry["footer"]),
        button=read_text(entry["button"]) if "button" in entry else None,
    )


def _compare(kind: str, texts: Mapping[tuple[str, str], Text | Mail]) -> Iterator[str]:
    """What stands in one language only, or names other values there."""
    if not texts:
        yield f"{kind}: no texts at all"
    for key in sorted({key for _, key in texts}, key=str):
        missing = [language for language in LANGUAGES if (language, key) not in texts]
        yield from (f"{language}/{kind}: {key} is missing" for language in missing)
        if missing:
            continue
        first, *others = LANGUAGES
        yield from (
            f"{language}/{kind}: {key} names {sorted(texts[language, key].names)}, "
            f"in {first} it names {sorted(texts[first, key].names)}"
            for language in others
            if texts[language, key].names != texts[first, key].names
        )


def spoken(text: Text | Mail) -> str:
    """Every word of it, in all its forms, without the values."""
    texts = text.texts if isinstance(text, Mail) else (text,)
    return " ".join(words for one in texts for form in one.forms for words, _ in pieces(form))


def _compare_forms(
    kind: str, formal: Mapping[tuple[str, str], Text | Mail], informal: Mapping[tuple[str, str], Text | Mail]
) -> Iterator[str]:
    """What differs between the forms of address by more than the form."""
    for (language, key), text in formal.items():
        if language in TWO_FORMS:
            other = informal.get((language, key))
            yield from (f"{language}/{kind}{line}" for line in _compare_form(key, text, other))
    for language, key in informal:
        if (language, key) not in formal or language not in TWO_FORMS:
            yield f"{language}/{kind}_je: {key} belongs to no text"


def _compare_form(key: str, formal: Text | Mail, informal: Text | Mail | None) -> Iterator[str]:
    """A text that says "u" has one that says "je" beside it, with the same values; neither speaks as the other does."""
    if told := PRONOUNS[INFORMAL].search(spoken(formal)):
        yield f": {key} says {told.group()!r} in the form for 'u'"
    if informal is None:
        if PRONOUNS[FORMAL].search(spoken(formal)):
            yield f"_je: {key} is missing"
        return
    if informal.names != formal.names:
        yield f"_je: {key} names {sorted(informal.names)}, with 'u' it names {sorted(formal.names)}"
    if told := PRONOUNS[FORMAL].search(spoken(informal)):
        yield f"_je: {key} says {told.group()!r} in the form for 'je'"


def _judge(kind: str, language: str, key: str, text: Text | Mail) -> Iterator[str]:
    """What a message breaks of the rules of wording: known values, sender, telephone number, no telling word."""
    if kind in ("problems", "staff", "results"):
        return
    where = f"{language}/{kind}: {key}"
    if unknown := sorted(text.names - PLACEHOLDERS):
        yield f"{where} names {', '.join(unknown)}: no such value"
    if not text.names & {"organisation", "coordinator"}:
        yield f"{where} does not say who sends it"
    if "phone" not in text.names:
        yield f"{where} has no telephone number"
    if key in WE_BEGIN and "word" not in text.names:
        yield f"{where} lacks the recognition word"
    for form in (text.subject if isinstance(text, Mail) else text).forms:
        if told := FORBIDDEN.search(form):
            yield f"{where} says {told.group()!r}, and somebody may read along"
