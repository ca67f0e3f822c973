"""A draft as the text of an instrument file. What cannot be imported stands there as FILL IN, and is refused."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from service.measures.importers.draft import Draft
from service.measures.yaml_reader import TO_FILL_IN

_SCORES = "which items make a score, and how: see the lines below; no program has this in a form that can be taken over"
_DIRECTION = "higher_is_worse or higher_is_better, for the (last) score"
_SOURCE = "who made this questionnaire, where it was published, and whose translation this is"
_CONDITIONS = {"nl": "wat de makers van wie het gebruikt vragen", "en": "what its makers ask of those who use it"}
_MOST_NUMBERS = 12


def to_fill_in(draft: Draft) -> tuple[str, ...]:
    """The keys that somebody must fill in before the draft is an instrument, in the order of the file."""
    keys = [] if draft.naming.key else ["key"]
    keys += [] if draft.naming.version else ["version"]
    keys += [f"title.{language}" for language in ("nl", "en") if language not in draft.naming.title]
    keys += ["source", "conditions_of_use"]
    keys += [f"options: value of {option.code}" for option in draft.options if option.value is None]
    return (*keys, "direction", "scores")


def draft_text(draft: Draft, made_from: str) -> str:
    """The draft as YAML. `made_from` (a file name) stands in the first line; items keep their old names as remarks."""
    return "\n".join([*_head(draft, made_from), *_middle(draft), *_scores(draft)]) + "\n"


def _line(value: Any) -> str:
    """A value on one line, quoted where YAML would otherwise read something else."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=float("inf"), sort_keys=False)
    return str(text).removesuffix("\n...\n").rstrip("\n")


def _fill(what: str) -> str:
    return f"{TO_FILL_IN}: {what}"


def _remark(text: str) -> str:
    """A text as a remark: on one line, with nothing that YAML refuses."""
    return "# " + "".join(letter if letter.isprintable() else " " for letter in text)


def _head(draft: Draft, made_from: str) -> Iterator[str]:
    naming = draft.naming
    yield _remark(f"Draft made by `peil instrument import` from {made_from}. Fill in every line with FILL IN, and")
    yield "# compare every word with the published questionnaire. Remarks such as these may go."
    yield f"key: {_line(naming.key or _fill('a short name in lower case, such as swls'))}"
    yield f"version: {_line(naming.version or _fill('the year or edition of the questionnaire'))}"
    yield "title:"
    for language in ("nl", "en"):
        title = naming.title.get(language) or _fill(f"the name of the questionnaire ({language})")
        yield f"  {language}: {_line(title)}"
    yield f"source: {_line(_fill(_SOURCE))}"
    yield "conditions_of_use:"
    yield from (f"  {language}: {_line(_fill(what))}" for language, what in _CONDITIONS.items())
    yield f"direction: {_line(_fill(_DIRECTION))}"
    yield "# true only for a language in which these very words were studied."
    yield f"validated: {_line(dict.fromkeys(draft.languages, False))}"


def _middle(draft: Draft) -> Iterator[str]:
    if any(draft.lead_in.values()):
        yield "lead_in:"
        yield from (f"  {_line(language)}: {_line(text)}" for language, text in draft.lead_in.items())
    yield "options:"
    for option in draft.options:
        value = _fill("the number that the manual gives to this answer") if option.value is None else option.value
        entry = {"code": option.code, "value": value, "label": dict(option.label)}
        yield f"- {_line(entry)}  {_remark(f'was {option.raw}')}"
    yield "items:"
    for item in draft.items:
        yield f"- {_line({'number': item.number, 'text': dict(item.text)})}  {_remark(f'was {item.name}')}"


def _scores(draft: Draft) -> Iterator[str]:
    numbers = [item.number for item in draft.items]
    shown = ", ".join(map(str, numbers[:_MOST_NUMBERS])) + (", ..." if len(numbers) > _MOST_NUMBERS else "")
    low, high = _range(draft)
    yield f"scores: {_line(_fill(_SCORES))}"
    yield "# When all items are simply added up, that is:"
    yield "# scores:"
    yield f"# - {{key: total, items: [{shown}], formula: sum, range: [{low}, {high}], max_missing: 0}}"
    yield "# A sum takes the values as they stand: an item that the manual turns round cannot be in it."
    yield "# Published cut-offs, with their source, go under `cutoffs:`, as in djg6.yaml; without them leave it out."


def _range(draft: Draft) -> tuple[int | str, int | str]:
    """The lowest and highest sum; a question mark while the number of an answer is not known."""
    values = [option.value for option in draft.options if option.value is not None]
    if not values or len(values) < len(draft.options):
        return "?", "?"
    return len(draft.items) * min(values), len(draft.items) * max(values)


def as_mapping(draft: Draft) -> Mapping[str, Any]:
    """What became of the file, for a machine."""
    return {
        "items": [{"number": item.number, "name": item.name, "text": dict(item.text)} for item in draft.items],
        "languages": list(draft.languages),
        "fill_in": list(to_fill_in(draft)),
        "rows": {"mapped": len(draft.mapped), "left_out": len(draft.left_out)},
        "unmapped": [
            {"sheet": one.sheet, "row": one.row, "column": one.column, "value": one.value, "reason": one.reason}
            for one in draft.unmapped
        ],
    }
