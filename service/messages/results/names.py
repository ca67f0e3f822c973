"""What the parts of a programme are called in one language: waves, scores, bands, items, the questionnaire itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.measures.analysis.records import PlannedWave
from service.measures.instrument import CutoffSet, Formula, Instrument, Polarity, ScoreRule

#: Scores that every questionnaire means alike.
_WHOLE = {"nl": "de hele vragenlijst", "en": "the whole questionnaire"}
#: The two halves of a scale that counts lonely answers.
_HALVES = {
    ("emotional", "nl"): "emotionele eenzaamheid",
    ("emotional", "en"): "emotional loneliness",
    ("social", "nl"): "sociale eenzaamheid",
    ("social", "en"): "social loneliness",
}
_PART = {"nl": "het onderdeel ‘{key}’", "en": "the part ‘{key}’"}


@dataclass(frozen=True, slots=True)
class Names:
    """The names in `language`, by key (items by number). A key that is not here is a figure of another programme.

    `citation` is the source of the questionnaire, as it must be named. `higher_is_worse` and `counts_loneliness` say
    what a score means.
    """

    language: str
    instrument: str
    version: str
    citation: str
    waves: Mapping[str, str]
    scores: Mapping[str, str]
    bands: Mapping[str, str]
    items: Mapping[int, str]
    higher_is_worse: bool = True
    counts_loneliness: bool = False


def names_of(
    instrument: Instrument,
    waves: Sequence[PlannedWave],
    language: str,
    *,
    outcome: str = "",
    cutoff_set: str = "",
) -> Names:
    """The names of this questionnaire and these waves; where a language is missing, those of the first that is there.

    `outcome` and `cutoff_set` are those of the analysis plan: the same band may have another name in another set. When
    they are not given, the bands are those of the default set.
    """
    chosen = _chosen_last(instrument, outcome or instrument.primary.key, cutoff_set)
    return Names(
        language=language,
        instrument=_in(instrument.title, language),
        version=instrument.version,
        citation=instrument.source.strip(),
        waves={wave.key: _in(wave.title, language) or wave.key for wave in waves},
        scores={rule.key: _score(rule, instrument, language) for rule in instrument.scores},
        bands={band.key: _in(band.label, language) for cutoffs in chosen for band in cutoffs.bands},
        items={item.number: _in(item.text, language) for item in instrument.items},
        higher_is_worse=instrument.polarity is Polarity.HIGHER_IS_WORSE,
        counts_loneliness=instrument.primary.formula is Formula.COUNT_LONELY,
    )


def _chosen_last(instrument: Instrument, outcome: str, cutoff_set: str) -> list[CutoffSet]:
    """The sets of bands, those that count for this outcome last: their names win."""

    def weight(cutoffs: CutoffSet) -> tuple[bool, bool, bool]:
        return cutoffs.score == outcome, cutoffs.key == cutoff_set, cutoffs.default

    return sorted(instrument.cutoffs, key=weight)


def _score(rule: ScoreRule, instrument: Instrument, language: str) -> str:
    half = _HALVES.get((rule.key, language))
    if half and rule.formula is Formula.COUNT_LONELY:
        return half
    if rule.key == instrument.primary.key:
        return _WHOLE[language]
    return _PART[language].format(key=rule.key.replace("_", " "))


def _in(texts: Mapping[str, str], language: str) -> str:
    """The text in this language, else in whichever there is."""
    return texts.get(language) or next(iter(texts.values()), "")
