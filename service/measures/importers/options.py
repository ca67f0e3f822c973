"""The answers of another program -> codes of Peil: a word that is stored, and its number where the file has one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.measures.importers.findings import Choice, Findings
from service.measures.instrument import NO_ANSWER

#: Numbers that programs for questionnaires use for "no answer".
_MISSING = frozenset({-999, -99, -98, -97, -88, -77, -9, -8, -7, 9, 88, 97, 98, 99, 777, 888, 997, 998, 999, 9999})
_NO_ANSWER_WORDS = re.compile(
    r"geen antwoord|wil niet zeggen|zeg ik liever niet|weet (?:ik )?niet|weet het niet|niet van toepassing"
    r"|\bn\.?v\.?t\b|no answer|prefer not|rather not say|don['’]?t know|do not know"
    r"|not applicable|\bn/?a\b|refused|missing",
    re.IGNORECASE,
)
_KNOWN = {"ja": "yes", "yes": "yes", "nee": "no", "no": "no", "min of meer": "more_or_less"}
_INTEGER = re.compile(r"([+-]?[0-9]{1,9})(?:\.0+)?")
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:[ T]00:00:00)?")


@dataclass(frozen=True, slots=True)
class DraftOption:
    """One answer of the draft. `value` is None where the file holds no whole number: somebody must fill it in."""

    code: str
    raw: str
    value: int | None
    label: Mapping[str, str]


def slug(text: str) -> str:
    """Lower-case letters, digits and underscores, at most 40; empty when the text has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:40].strip("_")


def whole_number(raw: str) -> int | None:
    """The number of a code such as `1`, `01` or (from a spreadsheet) `1.0`; None when it is none."""
    match = _INTEGER.fullmatch(raw.strip())
    return int(match[1]) if match else None


def draft_options(choices: Sequence[Choice], languages: Sequence[str], findings: Findings) -> tuple[DraftOption, ...]:
    """The answers in their order. Codes that stand there twice and codes for "no answer" are noted and left out."""
    numbers = {number for choice in choices if (number := whole_number(choice.raw)) is not None}
    options: dict[str, DraftOption] = {}
    for choice in choices:
        value, column = whole_number(choice.raw), choice.column
        shown = f"{choice.raw}, {next(iter(choice.label.values()), '')}"
        if _is_double(choice, value, options):
            findings.tell(choice.row, column, "this answer's code stands there twice; the first was kept", shown)
            continue
        if _is_no_answer(choice, value, numbers):
            reason = f"this looks like a code for no answer; in Peil that is `{NO_ANSWER}`, which always exists"
            findings.tell(choice.row, column, reason, shown)
            continue
        if _DATE.fullmatch(choice.raw) or any(_DATE.fullmatch(label) for label in choice.label.values()):
            findings.tell(choice.row, column, "the spreadsheet made a date of this answer; mend its words", shown)
        label = {language: choice.label[language] for language in languages}
        code = _code(choice, languages, options)
        options[code] = DraftOption(code, choice.raw, value, label)
    return tuple(options.values())


def _is_double(choice: Choice, value: int | None, options: Mapping[str, DraftOption]) -> bool:
    return any(choice.raw == option.raw or (value is not None and value == option.value) for option in options.values())


def _is_no_answer(choice: Choice, value: int | None, numbers: set[int]) -> bool:
    """By its words, or by a customary number that does not follow on the others."""
    if any(_NO_ANSWER_WORDS.search(label) for label in choice.label.values()):
        return True
    if value is None or value not in _MISSING:
        return False
    return len(numbers) > 2 and not {value - 1, value + 1} & numbers


def _code(choice: Choice, languages: Sequence[str], taken: Mapping[str, DraftOption]) -> str:
    """`yes`, `no`, or the file's own code when it is a word, or else the words of the answer."""
    labels = [choice.label["en"]] if "en" in languages else []
    labels += [choice.label[language] for language in languages]
    known = next((_KNOWN[label.lower()] for label in labels if label.lower() in _KNOWN), "")
    own = slug(choice.raw) if choice.raw[:1].isalpha() else ""
    code = known or own or next(filter(None, map(slug, labels)), "") or f"answer_{slug(choice.raw) or 'x'}"
    if code[0].isdigit():
        code = f"answer_{code}"
    while code in taken or code == NO_ANSWER:
        code = f"{code}_{slug(choice.raw) or 'x'}"
    return code
