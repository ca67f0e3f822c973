"""One description per exported variable, made from the instruments: what the evaluator reads beside the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from service.measures.instrument import NO_ANSWER, Instrument, Polarity, ScoreRule
from service.measures.long_columns import ROW, SCORING
from service.measures.long_row import LongRow, Variable

__all__ = ["LongRow", "Variable", "codebook", "item_column"]


def codebook(instruments: Sequence[Instrument]) -> tuple[Variable, ...]:
    """The variables of the long export, in column order, for these instruments: one row per enrolment and wave."""
    named = {variable.name: variable for variable in _instrument_variables(instruments)}
    row = (named.get(variable.name, variable) for variable in ROW)
    return (*row, *_item_variables(instruments), *_score_variables(instruments), *_scoring_variables(instruments))


def _instrument_variables(instruments: Sequence[Instrument]) -> tuple[Variable, ...]:
    """Which instruments the file holds: name and conditions of use of each, and what its text was (SHA-256)."""
    titles = [
        (i.key, f"{i.title['nl']} / {i.title['en']}. {i.conditions_of_use['nl']} / {i.conditions_of_use['en']}", i.key)
        for i in instruments
    ]
    versions = [(i.version, f"SHA-256 {i.text_hash}", i.key) for i in instruments]
    return (
        Variable(
            "instrument",
            "vragenlijst, met haar voorwaarden voor gebruik",
            "instrument, with its conditions of use",
            "code",
            _merged(titles),
            _in_one(instruments, {i.key: i.source for i in instruments}),
        ),
        Variable(
            "instrument_version",
            "versie van de vragenlijst, met het kenmerk van haar tekst",
            "version of the instrument, with the fingerprint of its text",
            "code",
            _merged(versions),
        ),
    )


def _labels(instrument: Instrument) -> tuple[tuple[str, str], ...]:
    """Each code that may be stored, with its label (nl / en) and the number of the manual."""
    shown = {option.code: " / ".join(dict.fromkeys(option.label.values())) for option in instrument.options}
    values = instrument.accepted_codes.items()
    return (*((code, f"{shown.get(code, code)} ({value})") for code, value in values), _NO_ANSWER)


def _in_one(instruments: Sequence[Instrument], text: Mapping[str, str]) -> str:
    """One text for all instruments: as it is with one instrument, named by instrument with several."""
    return "; ".join(text[i.key] if len(instruments) == 1 else f"{i.key}: {text[i.key]}" for i in instruments)


def _item_variables(instruments: Sequence[Instrument]) -> tuple[Variable, ...]:
    numbers = sorted({item.number for instrument in instruments for item in instrument.items})
    return tuple(_item_variable(number, _with_item(instruments, number)) for number in numbers)


def _with_item(instruments: Sequence[Instrument], number: int) -> list[Instrument]:
    return [i for i in instruments if number in {item.number for item in i.items}]


def _item_variable(number: int, instruments: Sequence[Instrument]) -> Variable:
    def meaning(language: str) -> str:
        texts = [(i.key, i.item(number).text) for i in instruments]
        return _in_one(instruments, {key: text.get(language, next(iter(text.values()))) for key, text in texts})

    codes = [(code, label, i.key) for i in instruments for code, label in _labels(i)]
    return Variable(
        name=item_column(number),
        meaning_nl=meaning("nl"),
        meaning_en=meaning("en"),
        kind="code",
        codes=_merged(codes),
        source=_in_one(instruments, {i.key: i.source for i in instruments}),
    )


def _merged(codes: Sequence[tuple[str, str, str]]) -> tuple[tuple[str, str], ...]:
    """Codes with their label; where instruments label one code differently, each label names its instrument."""
    labels: dict[str, dict[str, list[str]]] = {}
    for code, label, instrument in codes:
        labels.setdefault(code, {}).setdefault(label, []).append(instrument)
    return tuple(
        (code, next(iter(by)) if len(by) == 1 else "; ".join(f"{', '.join(keys)}: {text}" for text, keys in by.items()))
        for code, by in labels.items()
    )


def _score_variables(instruments: Sequence[Instrument]) -> tuple[Variable, ...]:
    keys = dict.fromkeys(rule.key for instrument in instruments for rule in instrument.scores)
    return tuple(_score_variable(key, instruments) for key in keys)


def _score_variable(key: str, instruments: Sequence[Instrument]) -> Variable:
    having = [i for i in instruments if key in {rule.key for rule in i.scores}]
    rules = {i.key: i.score_rule(key) for i in having}
    nl = {i.key: _score_nl(rules[i.key], i.polarity) for i in having}
    en = {i.key: _score_en(rules[i.key], i.polarity) for i in having}
    source = _in_one(having, {i.key: i.source for i in having})
    return Variable(key, _in_one(having, nl), _in_one(having, en), "integer", source=source)


def _score_nl(rule: ScoreRule, polarity: Polarity) -> str:
    better = "gunstiger" if polarity is Polarity.HIGHER_IS_BETTER else "ongunstiger"
    return (
        f"score {rule.key}, {rule.minimum} tot {rule.maximum} punten, hoger is {better}; leeg als er meer dan "
        f"{rule.max_missing} van de vragen {_numbers(rule)} onbeantwoord zijn; nooit aangevuld"
    )


def _score_en(rule: ScoreRule, polarity: Polarity) -> str:
    better = "better" if polarity is Polarity.HIGHER_IS_BETTER else "worse"
    return (
        f"score {rule.key}, {rule.minimum} to {rule.maximum} points, higher is {better}; empty when more than "
        f"{rule.max_missing} of the items {_numbers(rule)} are missing; never prorated"
    )


def _numbers(rule: ScoreRule) -> str:
    return ", ".join(str(number) for number in rule.items)


def _scoring_variables(instruments: Sequence[Instrument]) -> tuple[Variable, ...]:
    sets = [(i.key, cutoffs) for i in instruments if (cutoffs := i.default_cutoffs())]
    bands = [
        (band.key, f"{band.label['nl']} / {band.label['en']} ({band.lowest}-{band.highest})", key)
        for key, cutoffs in sets
        for band in cutoffs.bands
    ]
    used = dict.fromkeys((cutoffs.key, cutoffs.source) for _, cutoffs in sets)
    return (
        Variable(
            "band",
            "de klasse van de hoofdscore volgens cutoff_set; zegt iets over groepen, geen diagnose van een persoon",
            "the band of the primary score by cutoff_set; for groups, never a diagnosis of a person",
            "code",
            _merged(bands),
        ),
        Variable("cutoff_set", "de gebruikte set grenzen", "the set of cut-offs used", "code", tuple(used)),
        *SCORING,
    )


def item_column(number: int) -> str:
    """The column of an item in the long export; the number is the one of the published scale."""
    return f"item_{number}"


_NO_ANSWER = (NO_ANSWER, "geen antwoord gegeven; telt als ontbrekend / gave no answer; counts as missing")
