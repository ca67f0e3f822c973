"""Every key that the code names has its words: problems, replies in a conversation, messages."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from service.messages.catalogue import read_catalogue

SERVICE = Path(__file__).parents[2] / "service"
TEXTS = SERVICE / "messages" / "texts"
CATALOGUE = read_catalogue({f"{p.parent.name}/{p.name}": p.read_text("utf-8") for p in TEXTS.glob("*/*.yaml")})
ALWAYS = {"where", "line"}


def named_as(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def literals(node: ast.expr) -> Iterator[str]:
    """The strings an argument may be, as far as they stand there."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from literals(node.body)
        yield from literals(node.orelse)


def calls(name: str, position: int = 0) -> Iterator[tuple[str, str, ast.Call]]:
    """Where, key and call, for each call of `name` whose argument at this position is written out."""
    for path in sorted(SERVICE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and named_as(node) == name:
                first = [
                    *node.args[position : position + 1],
                    *(word.value for word in node.keywords if word.arg in ("key", "text")),
                ]
                for key in (key for argument in first for key in literals(argument)):
                    yield f"{path.relative_to(SERVICE)}:{node.lineno}", key, node


def values_of(call: ast.Call) -> set[str] | None:
    """The names of the values of a Problem, None when they are not written out."""
    given = [word.value for word in call.keywords if word.arg == "values"] + call.args[3:4]
    if not given:
        return set()
    if isinstance(given[0], ast.Dict) and all(isinstance(key, ast.Constant) for key in given[0].keys):
        return {str(key.value) for key in given[0].keys if isinstance(key, ast.Constant)}
    return None


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_problem_has_its_sentence_and_the_values_in_it(language: str) -> None:
    wrong = []
    for where, key, call in calls("Problem"):
        text = CATALOGUE.problems.get((language, key))
        values = values_of(call)
        if text is None:
            wrong.append(f"{where} names {key!r}: no such key in texts/{language}/problems*.yaml")
        elif values is not None and (missing := text.names - ALWAYS - values):
            wrong.append(f"{where} gives {key!r} no {sorted(missing)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_problem_noted_by_a_reader_has_its_sentence(language: str) -> None:
    """The readers of files note a problem by `self.wrong(key, ...)`; a `_Rule` holds the keys of its problems."""
    noted = [(where, key) for where, key, _ in calls("wrong") if where.startswith("followup/")]
    for where, _, rule in calls("_Rule", position=1):
        noted += [(where, key) for argument in rule.args for key in literals(argument)]
    unknown = [f"{where} names {key!r}" for where, key in noted if (language, key) not in CATALOGUE.problems]
    assert not unknown, "\n".join(unknown)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_reply_in_a_conversation_has_its_text(language: str) -> None:
    unknown = [
        f"{where} says {key!r}"
        for where, key, _ in calls("Say")
        if (language, key) not in (CATALOGUE.email if "steps/mail_" in where else CATALOGUE.sms)
    ]
    assert not unknown, "\n".join(unknown)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_message_has_its_text(language: str) -> None:
    unknown = [f"{where}: sms {key!r}" for where, key, _ in calls("sms") if (language, key) not in CATALOGUE.sms]
    unknown += [f"{where}: email {key!r}" for where, key, _ in calls("email") if (language, key) not in CATALOGUE.email]
    assert not unknown, "\n".join(unknown)
