"""An organisation's own words for texts of the catalogue, and which words a message therefore carries."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from service.followup.form_of_address import FORMAL
from service.messages.catalogue import PRONOUNS, Catalogue, Mail, Text, read_text, spoken
from service.messages.known import allowed_values, locked


class OwnEntry(Protocol):
    """The newest version of one text as it was saved: `body` is shaped as in the catalogue, None for the standard."""

    @property
    def channel(self) -> str:
        """ "sms" or "email"."""

    @property
    def key(self) -> str:
        """The key in the catalogue."""

    @property
    def language(self) -> str:
        """The language, as in the catalogue."""

    @property
    def form(self) -> str:
        """ "u" or "je"."""

    @property
    def version(self) -> int:
        """Counts from 1."""

    @property
    def body(self) -> Mapping[str, Any] | None:
        """What was saved, see `read_body`."""


def read_body(body: Mapping[str, Any], standard: Text | Mail) -> Text | Mail:
    """The text in what was saved for this standard text. A mail keeps the standard footer: it holds the way out.

    Raises ValueError, TypeError or KeyError when it has another shape.
    """
    if isinstance(standard, Mail):
        return Mail(
            subject=read_text(body["subject"]),
            paragraphs=tuple(read_text(paragraph) for paragraph in body["paragraphs"]),
            footer=standard.footer,
            button=read_text(body["button"]) if standard.button else None,
        )
    if len(standard.forms) > 1:
        return read_text({"one": body["one"], "other": body["text"], "count": standard.count})
    return read_text(body["text"])


def write_body(words: Text | Mail) -> dict[str, Any]:
    """A text as it is saved: the opposite of `read_body`."""
    if isinstance(words, Mail):
        body: dict[str, Any] = {
            "subject": words.subject.forms[0],
            "paragraphs": [one.forms[0] for one in words.paragraphs],
        }
        return body | ({"button": words.button.forms[0]} if words.button else {})
    return {"text": words.forms[0]} | ({"one": words.forms[1]} if len(words.forms) > 1 else {})


class OwnTexts:
    """What one organisation says in its own words; where it has none, what the catalogue says.

    A saved text that this version of Peil cannot fill (a value is gone, or the text became locked) is passed over: a
    message with the standard words is better than none.
    """

    def __init__(self, catalogue: Catalogue, entries: Iterable[OwnEntry] = ()) -> None:
        self._catalogue = catalogue
        self._own: dict[tuple[str, str, str, str], tuple[int, Text | Mail]] = {}
        for entry in entries:
            words = self._usable(entry)
            if words is not None:
                self._own[entry.channel, entry.key, entry.language, entry.form] = (entry.version, words)

    def sms(self, key: str, language: str, form: str) -> Text:
        """The SMS to send. Raises KeyError when there is no such text."""
        standard = self._catalogue.sms_text(key, language, form)
        found = self._chosen("sms", key, language, form)
        return found[1] if found and isinstance(found[1], Text) else standard

    def mail(self, key: str, language: str, form: str) -> Mail:
        """The mail to send. Raises KeyError when there is no such mail."""
        standard = self._catalogue.mail(key, language, form)
        found = self._chosen("email", key, language, form)
        return found[1] if found and isinstance(found[1], Mail) else standard

    def version(self, channel: str, key: str, language: str, form: str) -> int | None:
        """Which version of its own the organisation sends; None for the standard text."""
        found = self._chosen(channel, key, language, form)
        return found[0] if found else None

    def _chosen(self, channel: str, key: str, language: str, form: str) -> tuple[int, Text | Mail] | None:
        """Its own text in this form. One that addresses nobody serves both forms, as in the catalogue."""
        found = self._own.get((channel, key, language, form))
        if found or form == FORMAL:
            return found
        informal = self._catalogue.email_je if channel == "email" else self._catalogue.sms_je
        formal = self._own.get((channel, key, language, FORMAL))
        if formal is None or (language, key) in informal or PRONOUNS[FORMAL].search(spoken(formal[1])):
            return None
        return formal

    def _usable(self, entry: OwnEntry) -> Text | Mail | None:
        if entry.body is None or locked(entry.key):
            return None
        try:
            read = self._catalogue.mail if entry.channel == "email" else self._catalogue.sms_text
            standard = read(entry.key, entry.language, entry.form)
            words = read_body(entry.body, standard)
        except (ValueError, TypeError, KeyError):
            return None
        return words if words.names <= allowed_values(entry.key, standard.names) else None
