"""Reads an instrument from YAML and refuses one that is not whole."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

from yaml.nodes import Node

from service.measures.instrument import (
    NO_ANSWER,
    Band,
    CutoffSet,
    Formula,
    Instrument,
    Item,
    Option,
    Polarity,
    ScoreRule,
    Use,
)
from service.measures.long_columns import COLUMNS
from service.measures.yaml_reader import YamlReader

#: Words that never go out by SMS (DESIGN 6.7). A questionnaire that uses one is asked in another way.
WORDS_NOT_BY_SMS = ("eenza", "lonel")

#: A reply by SMS is one digit: 1 for the first option, 2 for the second, and so on.
MOST_OPTIONS_BY_SMS = 9

_KEY = re.compile(r"[a-z][a-z0-9_]{1,29}")
_ALWAYS = ("key", "version", "title", "source", "items", "scores")
_INHERITED = ("conditions_of_use", "validated", "options")
_OPTIONAL = (*_INHERITED, "parent", "lead_in", "also_accepted", "lonely_codes", "cutoffs", "use", "direction", "by_sms")


class BadInstrument(ValueError):
    """The file cannot be used; the message names the line and the cure, for every problem found."""


def read_instrument(text: str, known: Mapping[str, Instrument]) -> Instrument:
    """Read one instrument. `known` holds those read before: a file may name its `parent` and share its items."""
    reader = YamlReader()
    root = reader.document(text)
    instrument = _read(reader, root, known) if root else None
    if reader.problems or instrument is None:
        raise BadInstrument("\n".join(sorted(reader.problems, key=_line_of)))
    return instrument


def _line_of(problem: str) -> int:
    """The number in `line 12: ...`."""
    return int(problem.removeprefix("line ").partition(":")[0])


def read_instruments(files: Mapping[str, str], known: Mapping[str, Instrument]) -> Mapping[str, Instrument]:
    """Read files by name, those without a parent first. Raises BadInstrument with the problems of all files.

    A key that is among `known`, or in two files, is a problem: a score must lead back to one text.
    """
    found: dict[str, Instrument] = {}
    problems: list[str] = []
    for name, text in sorted(files.items(), key=lambda file: ("\nparent:" in file[1], file[0])):
        try:
            instrument = read_instrument(text, {**known, **found})
        except BadInstrument as bad:
            problems += [f"{name}, {problem}" for problem in str(bad).splitlines()]
            continue
        if instrument.key in known or instrument.key in found:
            problems.append(f"{name}: the key `{instrument.key}` is taken; give your questionnaire another one.")
        found[instrument.key] = instrument
    if problems:
        raise BadInstrument("\n".join(problems))
    return found


def _read(reader: YamlReader, root: Node, known: Mapping[str, Instrument]) -> Instrument:
    fields = reader.mapping(root, _ALWAYS, _OPTIONAL)
    for key in _INHERITED:
        if key not in fields and "parent" not in fields:
            reader.wrong(root, f"`{key}` is missing; add it, or name a `parent` that has it.")
    parent = _parent(reader, fields.get("parent"), known)
    validated = _validated(reader, fields.get("validated"), parent)
    items = _items(reader, fields.get("items"), parent, validated)
    options = _options(reader, fields.get("options"), parent, validated)
    accepted = _accepted(reader, fields.get("also_accepted"), parent, options)
    scores = _scores(reader, fields.get("scores"), items, accepted)
    lead_in = _lead_in(reader, fields.get("lead_in"), parent, validated)
    lonely_codes = _lonely_codes(reader, fields.get("lonely_codes"), parent, accepted)
    _check_subscales(reader, root, items, lonely_codes)
    return Instrument(
        key=_key(reader, fields.get("key")),
        version=reader.text(fields.get("version")),
        title=_both_languages(reader, fields.get("title")),
        items=items,
        options=options,
        lonely_codes=lonely_codes,
        accepted_codes=accepted,
        scores=scores,
        cutoffs=_cutoffs(reader, fields.get("cutoffs"), scores),
        lead_in=lead_in,
        validated=validated,
        source=reader.text(fields.get("source")),
        conditions_of_use=_conditions(reader, fields.get("conditions_of_use"), parent),
        sms_allowed=_by_sms(reader, fields.get("by_sms"), options, _shown(items, options, lead_in)),
        text_hash=_text_hash(items, options, lead_in),
        use=Use(_one_of(reader, fields.get("use"), Use, Use.OUTCOME)),
        polarity=Polarity(_one_of(reader, fields.get("direction"), Polarity, Polarity.HIGHER_IS_WORSE)),
    )


def _key(reader: YamlReader, node: Node | None) -> str:
    key = reader.text(node)
    if node is not None and key and not _KEY.fullmatch(key):
        reader.wrong(node, f"`{key}` must be 2 to 30 small letters, digits and _, and begin with a letter.")
    return key


def _by_sms(reader: YamlReader, node: Node | None, options: tuple[Option, ...], shown: Sequence[str]) -> bool:
    """Whether it may be asked question by question: unless the file, the number of options or a word forbids it."""
    wanted = reader.flag(node) if node is not None else True
    named = any(word in text.lower() for word in WORDS_NOT_BY_SMS for text in shown)
    return wanted and not named and len(options) <= MOST_OPTIONS_BY_SMS


def _one_of(reader: YamlReader, node: Node | None, known: type[StrEnum], default: StrEnum) -> str:
    """One of these words; the default when the line is not there."""
    if node is None:
        return default
    word = reader.text(node)
    if word in set(known):
        return word
    reader.wrong(node, f"`{word}` is not known here. Known: {', '.join(known)}.")
    return default


def _parent(reader: YamlReader, node: Node | None, known: Mapping[str, Instrument]) -> Instrument | None:
    if node is None:
        return None
    key = reader.text(node)
    if key not in known:
        reader.wrong(node, f"the parent `{key}` is not known. Known: {', '.join(sorted(known)) or 'none yet'}.")
    return known.get(key)


def _both_languages(reader: YamlReader, node: Node | None) -> Mapping[str, str]:
    """Texts for staff, which are always there in Dutch and in English."""
    fields = reader.mapping(node, ("nl", "en"))
    return {language: reader.text(value) for language, value in fields.items()}


def _conditions(reader: YamlReader, node: Node | None, parent: Instrument | None) -> Mapping[str, str]:
    return parent.conditions_of_use if parent and node is None else _both_languages(reader, node)


def _validated(reader: YamlReader, node: Node | None, parent: Instrument | None) -> Mapping[str, bool]:
    if node is None:
        return parent.validated if parent else {}
    validated = {language: reader.flag(value) for language, value in reader.mapping(node, (), None).items()}
    if not validated:
        reader.wrong(node, "name at least one language, such as `nl: true`.")
    return validated


def _in_languages(reader: YamlReader, node: Node | None, validated: Mapping[str, bool]) -> Mapping[str, str]:
    """Texts for participants, in exactly the languages that `validated` names."""
    texts = reader.texts(node)
    if node is not None and validated and set(texts) != set(validated):
        reader.wrong(node, f"give the text in the languages under `validated`: {', '.join(sorted(validated))}.")
    return texts


def _lead_in(
    reader: YamlReader, node: Node | None, parent: Instrument | None, validated: Mapping[str, bool]
) -> Mapping[str, str]:
    if node is None:
        return parent.lead_in if parent else dict.fromkeys(validated, "")
    return _in_languages(reader, node, validated)


def _items(
    reader: YamlReader, node: Node | None, parent: Instrument | None, validated: Mapping[str, bool]
) -> tuple[Item, ...]:
    if parent:
        return _items_of_parent(reader, node, parent)
    items: dict[int, Item] = {}
    for part, fields in reader.named(node, ("number", "text"), ("subscale",)):
        number = reader.integer(fields.get("number"))
        if number < 1 or number in items:
            reader.wrong(part, f"item number {number} is used twice or below 1; give every item its own number.")
        subscale = reader.text(fields["subscale"]) if "subscale" in fields else None
        items[number] = Item(number, subscale, _in_languages(reader, fields.get("text"), validated))
    return tuple(items.values())


def _items_of_parent(reader: YamlReader, node: Node | None, parent: Instrument) -> tuple[Item, ...]:
    known = {item.number: item for item in parent.items}
    numbers = reader.integers(node)
    if node is not None and (len(set(numbers)) < len(numbers) or not set(numbers) <= set(known)):
        reader.wrong(node, f"list item numbers of `{parent.key}` here, each once: {', '.join(map(str, known))}.")
    return tuple(known[number] for number in numbers if number in known)


def _options(
    reader: YamlReader, node: Node | None, parent: Instrument | None, validated: Mapping[str, bool]
) -> tuple[Option, ...]:
    if parent and node is None:
        return parent.options
    options: dict[str, Option] = {}
    for part, fields in reader.named(node, ("code", "value", "label")):
        code, value = reader.text(fields.get("code")), reader.integer(fields.get("value"))
        if code in options or value in {option.value for option in options.values()}:
            reader.wrong(part, f"the code `{code}` or its value {value} is used twice; give every option its own.")
        if code == NO_ANSWER:
            reader.wrong(part, f"`{NO_ANSWER}` means that somebody gives no answer; choose another code.")
        options[code] = Option(code, _in_languages(reader, fields.get("label"), validated), value)
    return tuple(options.values())


def _accepted(
    reader: YamlReader, node: Node | None, parent: Instrument | None, options: tuple[Option, ...]
) -> Mapping[str, int]:
    accepted = {option.code: option.value for option in options}
    if parent and node is None:
        return dict(parent.accepted_codes)
    for part, fields in reader.named(node, ("code", "value")):
        code, value = reader.text(fields.get("code")), reader.integer(fields.get("value"))
        if code in accepted or value not in accepted.values():
            reader.wrong(part, f"`{code}` must be a new code with the value of one of the options.")
        accepted[code] = value
    return accepted


def _lonely_codes(
    reader: YamlReader, node: Node | None, parent: Instrument | None, accepted: Mapping[str, int]
) -> Mapping[str, frozenset[str]]:
    if parent and node is None:
        return parent.lonely_codes
    codes: dict[str, frozenset[str]] = {}
    for subscale, part in reader.mapping(node, (), None).items():
        codes[subscale] = frozenset(reader.text(code) for code in reader.sequence(part))
        if not codes[subscale] <= set(accepted):
            reader.wrong(part, f"a code here is not an option. Known: {', '.join(accepted)}.")
    return codes


def _check_subscales(
    reader: YamlReader, node: Node, items: tuple[Item, ...], lonely_codes: Mapping[str, frozenset[str]]
) -> None:
    missing = {item.subscale for item in items if item.subscale} - set(lonely_codes)
    for subscale in sorted(missing):
        reader.wrong(node, f"`lonely_codes` has no line for the subscale `{subscale}`; add it.")


def _scores(
    reader: YamlReader, node: Node | None, items: tuple[Item, ...], accepted: Mapping[str, int]
) -> tuple[ScoreRule, ...]:
    rules: dict[str, ScoreRule] = {}
    for part, fields in reader.named(node, ("key", "items", "formula", "range", "max_missing")):
        key, name = reader.text(fields.get("key")), reader.text(fields.get("formula"))
        if key in rules:
            reader.wrong(part, f"the score `{key}` stands here twice; remove one.")
        if key in COLUMNS or key.startswith("item_"):
            reader.wrong(part, f"`{key}` is the name of another column of the export; give this score another key.")
        if name not in set(Formula):
            reader.wrong(part, f"the formula `{name}` is not known. Known: {', '.join(Formula)}.")
            continue
        lowest, highest = reader.range(fields.get("range"))
        numbers, most = reader.integers(fields.get("items")), reader.integer(fields.get("max_missing"))
        rules[key] = ScoreRule(key, numbers, Formula(name), lowest, highest, most)
        _check_score(reader, part, rules[key], items, accepted)
    return tuple(rules.values())


def _check_score(
    reader: YamlReader, node: Node, rule: ScoreRule, items: tuple[Item, ...], accepted: Mapping[str, int]
) -> None:
    used = [item for item in items if item.number in rule.items]
    if len(used) < len(rule.items) or len(set(rule.items)) < len(rule.items):
        reader.wrong(node, f"the score `{rule.key}` must name items of this instrument, each once.")
        return
    counts = rule.formula is Formula.COUNT_LONELY
    if counts and any(item.subscale is None for item in used):
        reader.wrong(node, f"the score `{rule.key}` counts lonely answers: give each of its items a `subscale`.")
    if rule.formula is Formula.ORDINAL and len(used) != 1:
        reader.wrong(node, f"the score `{rule.key}` is ordinal and must have exactly one item.")
    values = accepted.values() or (0,)
    low, high = (0, len(used)) if counts else (len(used) * min(values), len(used) * max(values))
    if (rule.minimum, rule.maximum) != (low, high):
        reader.wrong(node, f"the range of the score `{rule.key}` must be [{low}, {high}] for these items and options.")
    if not 0 <= rule.max_missing <= (len(used) - 1 if counts else 0):
        reader.wrong(
            node, f"`max_missing` of `{rule.key}` is too high: only a count may miss items, never all of them."
        )


def _cutoffs(reader: YamlReader, node: Node | None, scores: tuple[ScoreRule, ...]) -> tuple[CutoffSet, ...]:
    rules = {rule.key: rule for rule in scores}
    sets: dict[tuple[str, str], CutoffSet] = {}
    for part, fields in reader.named(node, ("key", "score", "source", "bands"), ("default", "offered")):
        key, score_key = reader.text(fields.get("key")), reader.text(fields.get("score"))
        bands = tuple(_band(reader, band) for _, band in reader.named(fields.get("bands"), ("key", "range", "label")))
        default = reader.flag(fields.get("default"))
        offered = reader.flag(fields["offered"]) if "offered" in fields else True
        if default and not offered:
            reader.wrong(part, f"the set `{key}` cannot be the default and not offered; remove one of the two lines.")
        if score_key not in rules:
            reader.wrong(part, f"the score `{score_key}` is not known. Known: {', '.join(rules)}.")
        elif not _covers(bands, rules[score_key]):
            rule = rules[score_key]
            reader.wrong(part, f"the bands must run from {rule.minimum} to {rule.maximum} without gap or overlap.")
        elif default and rules[score_key] is not scores[-1]:
            reader.wrong(part, f"the default set must be about the primary (last) score, `{scores[-1].key}`.")
        if (key, score_key) in sets or (default and any(other.default for other in sets.values())):
            reader.wrong(part, f"the set `{key}` for `{score_key}`, or a default set, stands here twice; keep one.")
        sets[key, score_key] = CutoffSet(key, score_key, bands, reader.text(fields.get("source")), default, offered)
    return tuple(sets.values())


def _band(reader: YamlReader, fields: Mapping[str, Node]) -> Band:
    lowest, highest = reader.range(fields.get("range"))
    return Band(lowest, highest, reader.text(fields.get("key")), _both_languages(reader, fields.get("label")))


def _covers(bands: Sequence[Band], rule: ScoreRule) -> bool:
    """Whether every value of the score falls in exactly one band."""
    values = [value for band in bands for value in range(band.lowest, band.highest + 1)]
    return values == list(range(rule.minimum, rule.maximum + 1))


def _shown(items: Iterable[Item], options: Iterable[Option], lead_in: Mapping[str, str]) -> list[str]:
    """Every text that a participant reads."""
    texts = [text for item in items for text in item.text.values()]
    labels = [text for option in options for text in option.label.values()]
    return [*texts, *labels, *lead_in.values()]


def _text_hash(items: Iterable[Item], options: Iterable[Option], lead_in: Mapping[str, str]) -> str:
    shown = {
        "items": [[item.number, dict(item.text)] for item in items],
        "options": [[option.code, option.value, dict(option.label)] for option in options],
        "lead_in": dict(lead_in),
    }
    return hashlib.sha256(json.dumps(shown, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
