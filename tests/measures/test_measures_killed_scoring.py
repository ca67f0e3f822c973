"""A score says of what instrument and version it is, and by which set of cut-offs; a value outside every band has none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from service.measures.instrument import Instrument
from service.measures.scoring import UnknownCode, band_of, score

Instruments = Mapping[str, Instrument]


def test_a_score_names_its_instrument_version_and_cut_offs(instruments: Instruments) -> None:
    for instrument in instruments.values():
        whole = score(instrument, {item.number: instrument.options[0].code for item in instrument.items})
        cutoffs = instrument.default_cutoffs()
        assert cutoffs is not None
        assert (whole.instrument, whole.version) == (instrument.key, instrument.version)
        assert whole.cutoff_set == cutoffs.key
        assert whole.band in {band.key for band in cutoffs.bands}
        assert whole.complete


def test_without_a_band_there_is_no_set_of_cut_offs(instruments: Instruments) -> None:
    unanswered = score(instruments["djg11"], {})
    assert (unanswered.band, unanswered.cutoff_set, unanswered.complete) == (None, None, False)
    none_default = replace(instruments["djg11"], cutoffs=())
    whole = score(none_default, dict.fromkeys(range(1, 12), "yes"))
    assert (whole.band, whole.cutoff_set, whole.complete) == (None, None, True)


def test_a_value_above_the_highest_band_is_in_none(instruments: Instruments) -> None:
    assert band_of(instruments["djg11"], 12) is None


def test_an_unknown_code_is_named_with_its_item(instruments: Instruments) -> None:
    with pytest.raises(UnknownCode) as refused:
        score(instruments["djg11"], {4: "perhaps"})
    assert str(refused.value) == "Item 4: the code 'perhaps' is not one of the codes of this instrument."
    assert (refused.value.item, refused.value.code) == (4, "perhaps")
