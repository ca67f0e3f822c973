"""One description per exported variable, made from the instruments: what the evaluator reads beside the file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from service.measures.instrument import NO_ANSWER, Instrument, Polarity, ScoreRule


@dataclass(frozen=True, slots=True)
class Variable:
    """One column of an export: name, meaning (nl and en), type, and for coded variables `code = label` pairs."""

    name: str
    meaning_nl: str
    meaning_en: str
    kind: str  # text | integer | date | datetime | code
    codes: tuple[tuple[str, str], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class LongRow:
    """One wave of one enrolment. Dates are local to the protocol. No organisation, no name, no contact details.

    `answers` maps item number -> stored code; `scores` maps score key -> points (None when it cannot be scored).
    A measurement without an answer has no mode, no answered_on, no answers and no scores, and still a row. `modes` are
    the ways in which the answers that count came, joined by a plus.
    """

    pseudonym: str
    intervention: str
    programme: str
    arm: str
    enrolled_on: date
    wave: str
    wave_position: int
    target_on: date
    opened_on: date
    closed_on: date
    status: str
    status_reason: str
    mode: str | None
    language: str
    instrument: str
    instrument_version: str
    answered_on: date | None
    answers: Mapping[int, str] = field(default_factory=dict)
    scores: Mapping[str, int | None] = field(default_factory=dict)
    band: str | None = None
    cutoff_set: str | None = None
    lower_bound: bool | None = None
    missing: int | None = None
    scoring_version: str | None = None
    modes: str | None = None
    assisted: bool | None = None
    helper_delivers: bool | None = None


def codebook(instruments: Sequence[Instrument]) -> tuple[Variable, ...]:
    """The variables of the long export, in column order, for these instruments: one row per enrolment and wave."""
    named = {variable.name: variable for variable in _instrument_variables(instruments)}
    row = (named.get(variable.name, variable) for variable in _ROW)
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
        *_SCORING,
    )


def item_column(number: int) -> str:
    """The column of an item in the long export; the number is the one of the published scale."""
    return f"item_{number}"


_NO_ANSWER = (NO_ANSWER, "geen antwoord gegeven; telt als ontbrekend / gave no answer; counts as missing")

_ROW = (
    Variable("pseudonym", "pseudoniem van de deelnemer", "pseudonym of the participant", "text"),
    Variable("intervention", "interventie", "intervention", "text"),
    Variable(
        "programme",
        "programma: één uitvoering van een interventie",
        "programme: one delivery of an intervention",
        "text",
    ),
    Variable(
        "arm",
        "groep waartoe de deelname hoort",
        "group to which the enrolment belongs",
        "code",
        (
            ("intervention", "interventie / intervention"),
            ("waiting_list", "wachtlijst / waiting list"),
            ("comparison", "vergelijkingsgroep / comparison group"),
        ),
    ),
    Variable("enrolled_on", "dag van aanmelding (plaatselijke datum)", "day of enrolment (local date)", "date"),
    Variable("wave", "meting", "wave", "text"),
    Variable("wave_position", "volgorde van de meting, vanaf 0", "position of the wave, from 0", "integer"),
    Variable("target_on", "dag waarop het protocol mikt (plaatselijk)", "day the protocol aims at (local)", "date"),
    Variable("opened_on", "dag waarop de meting openging (plaatselijk)", "day the window opened (local)", "date"),
    Variable(
        "closed_on",
        "dag waarop de meting sluit of sloot (plaatselijk)",
        "day the window closes or closed (local)",
        "date",
    ),
    Variable(
        "status",
        "wat er van de meting werd; ook een meting zonder antwoord heeft een rij",
        "what became of the measurement; one without an answer has a row too",
        "code",
        (
            ("scheduled", "gepland, nog niet open / scheduled, not open yet"),
            ("open", "open, nog geen antwoord / open, no answer yet"),
            ("partial", "deels ingevuld, geen hoofdscore / partly answered, no primary score"),
            ("complete", "hoofdscore binnen de termijn / primary score inside the window"),
            ("late", "hoofdscore na de termijn / primary score after the window"),
            ("missed", "gesloten zonder antwoord / closed without an answer"),
            ("excused", "niet gevraagd, met reden / not asked, with a reason"),
            ("cancelled", "vervallen / cancelled"),
        ),
    ),
    Variable(
        "status_reason", "reden bij de status, als die er is", "reason for the status, where there is one", "text"
    ),
    Variable(
        "mode",
        "hoe er het laatst geantwoord is; leeg zonder antwoord",
        "how the last answers were given; empty without an answer",
        "code",
        (
            ("sms", "sms / text message"),
            ("email", "e-mail / e-mail"),
            ("web", "persoonlijke webpagina / personal web page"),
            ("telephone", "telefoon / telephone"),
            ("face_to_face", "in een gesprek / face to face"),
            ("paper", "op papier / on paper"),
        ),
    ),
    Variable(
        "modes",
        "alle manieren waarop de antwoorden kwamen die tellen, met een plus ertussen; leeg zonder antwoord",
        "every way in which the answers that count came, joined by a plus; empty without an answer",
        "text",
    ),
    Variable(
        "assisted",
        "1 als een helper antwoorden van deze persoon opschreef, per telefoon of in een gesprek, anders 0",
        "1 when a helper wrote down answers of this person, by telephone or face to face, else 0",
        "integer",
        (("0", "nee / no"), ("1", "ja / yes")),
    ),
    Variable(
        "helper_delivers",
        "1 als die helper ook de begeleiding geeft, anders 0; leeg zonder helper",
        "1 when that helper also delivers the intervention, else 0; empty without a helper",
        "integer",
        (("0", "nee / no"), ("1", "ja / yes")),
    ),
    Variable("language", "taal van de vragenlijst (ISO 639-1)", "language of the questionnaire (ISO 639-1)", "text"),
    Variable("instrument", "vragenlijst", "instrument", "text"),
    Variable("instrument_version", "versie van de vragenlijst", "version of the instrument", "text"),
    Variable("answered_on", "dag van het laatste antwoord (plaatselijk)", "day of the last answer (local)", "date"),
)

_SCORING = (
    Variable(
        "lower_bound",
        "1 als er een antwoord ontbreekt en één punt meer een andere klasse zou geven (ondergrens), anders 0",
        "1 when an answer is missing and one point more would give another band (a lower bound), else 0",
        "integer",
        (("0", "nee / no"), ("1", "ja / yes")),
    ),
    Variable("missing", "aantal vragen zonder antwoord", "number of items without an answer", "integer"),
    Variable("scoring_version", "versie van de scoreregels", "version of the scoring rules", "text"),
)
