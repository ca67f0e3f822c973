"""Every exported variable has a meaning, in both languages, and its codes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from service.followup.participation import Arm, MeasurementStatus, Mode
from service.measures.codebook import Variable, codebook
from service.measures.instrument import Instrument, Polarity

Instruments = Mapping[str, Instrument]


def by_name(variables: tuple[Variable, ...]) -> dict[str, Variable]:
    return {variable.name: variable for variable in variables}


def test_every_variable_is_described_once_in_both_languages(instruments: Instruments) -> None:
    variables = codebook(list(instruments.values()))
    assert len({variable.name for variable in variables}) == len(variables)
    assert all(variable.meaning_nl and variable.meaning_en for variable in variables)
    assert {variable.kind for variable in variables} <= {"text", "integer", "number", "date", "datetime", "code"}
    assert all(variable.codes for variable in variables if variable.kind == "code")


def test_an_item_carries_its_words_codes_and_source(instruments: Instruments) -> None:
    item = by_name(codebook([instruments["djg11"]]))["item_2"]
    assert item.meaning_nl == "Ik mis een echt goede vriend of vriendin"
    assert item.meaning_en == "I miss having a really close friend"
    assert dict(item.codes)["yes"] == "ja / yes (3)"
    assert {"yes_emph", "no_emph", "no_answer"} <= set(dict(item.codes))
    assert "Vrije Universiteit" in item.source


def test_only_the_items_and_scores_of_the_instruments_in_the_file(instruments: Instruments) -> None:
    names = list(by_name(codebook([instruments["djg6"]])))
    assert [name for name in names if name.startswith("item_")] == [f"item_{number}" for number in (3, 4, 7, 8, 9, 10)]
    assert "level" not in names
    assert "item_1" in by_name(codebook([instruments["ons_direct"]]))


def test_with_several_instruments_each_text_names_its_instrument(instruments: Instruments) -> None:
    variables = by_name(codebook([instruments["ucla3"], instruments["ons_direct"]]))
    assert variables["item_1"].meaning_en.startswith(
        "ucla3: How often do you feel that you lack companionship?; ons_direct:"
    )
    assert dict(variables["item_1"].codes)["some"] == "ucla3: Some of the time (2); ons_direct: Some of the time (4)"


def test_the_codes_of_the_follow_up_are_all_described(instruments: Instruments) -> None:
    variables = by_name(codebook([instruments["djg11"]]))
    assert set(dict(variables["status"].codes)) == set(MeasurementStatus)
    assert set(dict(variables["mode"].codes)) == set(Mode)
    assert set(dict(variables["arm"].codes)) == set(Arm)


def test_the_conditions_of_use_and_the_text_travel_with_the_file(instruments: Instruments) -> None:
    six = instruments["djg6"]
    variables = by_name(codebook([six, instruments["ucla3"]]))
    titles, versions = dict(variables["instrument"].codes), dict(variables["instrument_version"].codes)
    assert set(titles) == {"djg6", "ucla3"}
    assert "Vermeld de bron bij elk gebruik." in titles["djg6"]
    assert "Cite the source with every use." in titles["djg6"]
    assert six.source in variables["instrument"].source
    assert six.text_hash in versions[six.version]


def test_which_way_is_better_is_said(instruments: Instruments) -> None:
    better = replace(instruments["ucla3"], polarity=Polarity.HIGHER_IS_BETTER)
    total = by_name(codebook([better]))["total"]
    assert "hoger is gunstiger" in total.meaning_nl
    assert "higher is better" in total.meaning_en
    assert "higher is worse" in by_name(codebook([instruments["ucla3"]]))["total"].meaning_en
