"""Forms: what was typed stays typed, and each thing that is wrong stands above its own field."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from werkzeug.datastructures import MultiDict

from service.api.context import services
from service.api.language import current
from service.followup.problem import Problem, Refusal


@dataclass
class Form:
    """The values of a form and what is wrong with them, by field. Templates ask `value`, `several` and `error`."""

    values: MultiDict[str, str] = field(default_factory=MultiDict)
    problems: list[Problem] = field(default_factory=list)

    def value(self, name: str, otherwise: str = "") -> str:
        """What was typed."""
        return self.values.get(name, otherwise).strip()

    def several(self, name: str) -> list[str]:
        """What was ticked."""
        return self.values.getlist(name)

    def error(self, name: str) -> str:
        """The sentence above this field; empty when nothing is wrong with it."""
        return " ".join(sentence(problem) for problem in self.problems if problem.where == name)

    @property
    def sentences(self) -> list[str]:
        """Everything that is wrong, each said once."""
        return list(dict.fromkeys(sentence(problem) for problem in self.problems))

    def number(self, name: str) -> int | None:
        """A whole number, None when the field is empty; anything else is noted as a problem."""
        text = self.value(name)
        if not text:
            return None
        if text.isascii() and text.isdigit():
            return int(text)
        self.problems.append(Problem("not_a_number", name, values={"value": text[:20]}))
        return None

    def day(self, name: str) -> date | None:
        """A date, None when the field is empty; anything else is noted as a problem."""
        text = self.value(name)
        if not text:
            return None
        try:
            return date.fromisoformat(text)
        except ValueError:
            self.problems.append(Problem("not_a_date", name, values={"value": text[:20]}))
            return None

    def needed_day(self, name: str) -> date:
        """A date that must be there. Raises Refusal."""
        found = self.day(name)
        if found is None:
            raise Refusal(*(self.problems or [Problem("required", name)]))
        return found

    def identity(self, name: str) -> uuid.UUID:
        """The id behind a choice. Raises Refusal."""
        try:
            return uuid.UUID(self.value(name))
        except ValueError as error:
            raise Refusal(Problem("choice_unknown", name)) from error

    def refuse(self) -> None:
        """Raises Refusal when something was noted."""
        if self.problems:
            raise Refusal(*self.problems)

    def take(self, refusal: Refusal) -> None:
        """Show these problems."""
        self.problems = list(refusal.problems)


def sentence(problem: Problem) -> str:
    """What is wrong and what to do, in the language of the page."""
    return services().render.problem(problem, current())


def sentences(problems: Iterable[Problem]) -> list[str]:
    """One sentence for each problem."""
    return [sentence(problem) for problem in problems]
