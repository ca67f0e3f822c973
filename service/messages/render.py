"""Key + language + values -> the words. The texts were checked when the service started: all there, or no start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.followup.problem import Problem
from service.measures.instrument import Option
from service.messages.catalogue import Catalogue
from service.messages.email_page import html_part, plain_part

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

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def sms(self, key: str, language: str, values: Mapping[str, str | int]) -> str:
        """One SMS. A name keeps every letter it has, whatever that does to the number of parts."""
        return self._catalogue.sms[language, key].fill(values)

    def email(self, key: str, language: str, values: Mapping[str, str | int]) -> EmailText:
        """One mail."""
        mail = self._catalogue.email[language, key]
        return EmailText(mail.subject.fill(values), plain_part(mail, values), html_part(mail, language, values))

    def problem(self, problem: Problem, language: str) -> str:
        """The sentence that says what is wrong, where, and what to do ("Regel 4: ...")."""
        values = {"where": problem.where, "line": problem.line, **problem.values}
        sentence = self._catalogue.problems[language, problem.key].fill(values)
        return f"{LINE[language].format(line=problem.line) if problem.line else ''}{sentence}"
