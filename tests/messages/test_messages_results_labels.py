"""Every figure and curve that an analysis can give has a name, in both languages, and no two have the same."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from service.followup.participation import Mode
from service.measures.instrument import Polarity
from service.measures.leaving import CAUSES, Exit, NotFollowed
from service.messages.results.label_words import LABELS
from service.messages.results.labels import NoLabel, label, value_name
from service.messages.results.names import names_of
from tests.measures.analysis_scene import INSTRUMENT, WAVES
from tests.messages.results_scene import LANGUAGES, PROGRAMMES, names, programme, who5


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", PROGRAMMES)
def test_every_figure_of_every_analysis_has_a_name_of_its_own(name: str, language: str) -> None:
    told = programme(name)
    known = told.names(language)
    made = {key: label(key, known, language) for key in told.analysis.figures}
    assert [text for text, count in Counter(made.values()).items() if count > 1] == []
    for key, text in made.items():
        assert text.strip(), key
        assert text != key, key
        assert not re.search(r"[{}_]|None|\b(?:t0|t3m|t6m|djg11)\b", text.replace("d_", "").replace("g_", "")), text
    for key in told.analysis.curves:
        assert label(key, known, language) != key


def test_the_programmes_give_nearly_every_kind_of_figure() -> None:
    """So that a kind that never occurs here is not taken for one that was tried."""
    given = {key for told in map(programme, PROGRAMMES) for key in (*told.analysis.figures, *told.analysis.curves)}
    tried = {pattern for pattern in LABELS if any(_fits(pattern, key) for key in given)}
    rare = {
        "flow.{arm}.left_out.pending", "flow.{arm}.left_out.left", "leaving.{arm}.not_followed.started_later",
        "leaving.{arm}.not_followed.dates_contradict", "like.{arm}.instrument", "like.{arm}.version",
    }  # fmt: skip
    assert set(LABELS) - tried <= rare, sorted(set(LABELS) - tried - rare)


def _fits(pattern: str, key: str) -> bool:
    parts = re.split(r"{\w+}", pattern)
    return re.fullmatch("[^.]+".join(re.escape(part) for part in parts), key) is not None


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_to_leave_has_a_name(language: str) -> None:
    for kind in (*Exit, "still_there"):
        label(f"flow.intervention.exit.{kind}", names(language), language)
    for why in NotFollowed:
        label(f"leaving.intervention.not_followed.{why}", names(language), language)
    for cause in CAUSES:
        label(f"leaving.intervention.{cause}", names(language), language)


@pytest.mark.parametrize(
    ("key", "dutch", "english"),
    [
        ("response.intervention.t6m.rr1", "Na 6 maanden: respons, geldige score (RR1)",
         "After 6 months: response, valid score (RR1)"),
        ("change.intervention.difference", "Verandering", "Change"),
        ("change.waiting_list.difference", "Verandering (wachtlijst)", "Change (waiting list)"),
        ("change.intervention.score.social", "Verandering: sociale eenzaamheid", "Change: social loneliness"),
        ("band.comparison.t0.severe", "Nulmeting: ernstig eenzaam (vergelijkingsgroep)",
         "Baseline: severely lonely (comparison group)"),
        ("above.intervention.moderate.wave.t3m", "Na 3 maanden: matig eenzaam of ongunstiger",
         "After 3 months: moderately lonely or worse"),
        ("transition.intervention.from.severe.to.moderate", "Van ernstig eenzaam naar matig eenzaam",
         "From severely lonely to moderately lonely"),
        ("subgroup.intervention.age.older.difference", "Verandering, leeftijd: 75 of ouder", "Change, age: 75 or older"),
        ("subgroup.intervention.cluster.De Brug v.z.w. Noord.difference", "Verandering, plek: De Brug v.z.w. Noord",
         "Change, site: De Brug v.z.w. Noord"),
        ("contrast.intervention.comparison.did", "Verschil tussen deelnemers en vergelijkingsgroep: twee metingen",
         "Difference of participants and comparison group: two measurements"),
        ("quality.intervention.t0.item.9", "Nulmeting, vraag 9: ‘Ik mis mensen om me heen’",
         "Baseline, question 9: ‘I miss having people around me’"),
        ("quality.intervention.item.9.drift", "Verandering bij vraag 9: ‘Ik mis mensen om me heen’",
         "Change for question 9: ‘I miss having people around me’"),
        ("quality.intervention.t0.total.alpha", "Nulmeting: samenhang van de hele vragenlijst (alfa)",
         "Baseline: the whole questionnaire, hanging together (alpha)"),
        ("leaving.log_rank.intervention.comparison", "Tempo van stoppen, deelnemers en vergelijkingsgroep (log-ranktoets)",
         "Pace of stopping, participants and comparison group (log-rank test)"),
    ],
)  # fmt: skip
def test_names_of_figures(key: str, dutch: str, english: str) -> None:
    assert (label(key, names("nl"), "nl"), label(key, names("en"), "en")) == (dutch, english)


@pytest.mark.parametrize(
    "key", ["", "change", "change.intervention.luck", "band.intervention.t9.severe", "league.table"]
)
def test_what_is_no_figure_has_no_name(key: str) -> None:
    with pytest.raises(NoLabel):
        label(key, names("nl"), "nl")


def test_the_same_band_is_named_as_in_the_set_of_the_plan() -> None:
    """ "not_lonely" of the whole scale and of a half are two things, and two sets name a band each in its own way."""
    whole = names_of(INSTRUMENT, WAVES, "nl")
    assert whole.bands["not_lonely"] == "niet eenzaam"
    halves = [one for one in INSTRUMENT.cutoffs if one.score == "emotional"]
    for cutoffs in halves:
        named = names_of(INSTRUMENT, WAVES, "nl", outcome="emotional", cutoff_set=cutoffs.key)
        assert {band.key: named.bands[band.key] for band in cutoffs.bands} == {
            band.key: band.label["nl"] for band in cutoffs.bands
        }


def test_a_questionnaire_in_one_language_is_named_in_that_language() -> None:
    known = names_of(who5(), WAVES, "en")
    assert known.items[1] == "a text for statement 1"
    assert known.bands == {"low": "low well-being", "not_low": "no low well-being"}
    assert not known.higher_is_worse
    assert who5().polarity is Polarity.HIGHER_IS_BETTER


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_way_to_answer_has_a_name(language: str) -> None:
    for mode in Mode:
        assert value_name("mode", mode, language) != mode


@pytest.mark.parametrize(
    ("by", "value", "dutch", "english"),
    [
        ("language", "nl", "Nederlands", "Dutch"),
        ("language", "ar", "Arabisch", "Arabic"),
        ("language", "xx-none", "xx-none", "xx-none"),
        ("mode", "unknown", "onbekend", "unknown"),
        ("mode", "face_to_face", "in een gesprek", "face to face"),
        ("cluster", "Noord", "Noord", "Noord"),
    ],
)
def test_names_of_groups(by: str, value: str, dutch: str, english: str) -> None:
    assert (value_name(by, value, "nl"), value_name(by, value, "en")) == (dutch, english)
