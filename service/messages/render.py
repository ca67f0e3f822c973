"""Key + language + values -> the words. The texts were checked when the service started: all there, or no start."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from service.followup.form_of_address import FORMAL
from service.followup.problem import Problem
from service.measures.instrument import Option
from service.messages.catalogue import Catalogue, Mail, Text
from service.messages.email_page import html_part, plain_part
from service.messages.own import OwnEntry, OwnTexts

LINE = {"nl": "Regel {line}: ", "en": "Line {line}: "}


@dataclass(frozen=True, slots=True)
class EmailText:
    """A mail, in full: the plain part stands alone."""

    subject: str
    text: str
    html: str


def option_line(options: Sequence[Option], language: str) -> str:
    """The answers with their digits, in the order shown: "1 = ja, 2 = min of meer, 3 = nee"."""
    return ", ".join(f"{digit} = {option.label[language]}" for digit, option in enumerate(options, start=1))


class Render:
    """Renders texts of the catalogue. Unknown keys and missing values raise KeyError: they are programming errors."""

    def __init__(self, catalogue: Catalogue, own: Iterable[OwnEntry] = ()) -> None:
        self._catalogue = catalogue
        self._own = OwnTexts(catalogue, own)

    @property
    def catalogue(self) -> Catalogue:
        """The standard texts."""
        return self._catalogue

    def speaking_as(self, own: Iterable[OwnEntry]) -> Render:
        """The same, in an organisation's own words where it has them."""
        return Render(self._catalogue, own)

    def sms(self, key: str, language: str, values: Mapping[str, str | int], form: str = FORMAL) -> str:
        """One SMS. A name keeps every letter it has, whatever that does to the number of parts."""
        return self._own.sms(key, language, form).fill(values)

    def words(self, channel: str, key: str, language: str, form: str) -> Text | Mail:
        """A text before anything is filled in."""
        return self._own.mail(key, language, form) if channel == "email" else self._own.sms(key, language, form)

    def version(self, channel: str, key: str, language: str, form: str = FORMAL) -> int | None:
        """Which version of its own words an organisation sends here; None for the standard text."""
        return self._own.version(channel, key, language, form)

    def email(self, key: str, language: str, values: Mapping[str, str | int], form: str = FORMAL) -> EmailText:
        """One mail."""
        mail = self._own.mail(key, language, form)
        return EmailText(mail.subject.fill(values), plain_part(mail, values), html_part(mail, language, values))

    def staff(self, key: str, language: str, values: Mapping[str, str | int]) -> str:
        """A notice to a member of staff: it says that something waits, and where; never about whom, nor what."""
        return self._catalogue.staff[language, key].fill(values)

    def problem(self, problem: Problem, language: str) -> str:
        """The sentence that says what is wrong, where, and what to do ("Regel 4: ...")."""
        values = {"where": problem.where, "line": problem.line, **problem.values}
        sentence = self._catalogue.problems[language, problem.key].fill(values)
        return f"{LINE[language].format(line=problem.line) if problem.line else ''}{sentence}"
