"""No send starts after STOP was committed, however the two run against each other."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from service.measures.instrument import Instrument
from tests.conftest import short_folder
from tests.usecases.stop_races import race, server_with_commit_times


@pytest.mark.slow
def test_no_send_starts_after_stop_and_stop_is_there_within_five_seconds(instruments: Mapping[str, Instrument]) -> None:
    with server_with_commit_times(short_folder("race")) as url:
        figures = race(url, instruments, 300)
    assert figures.races >= 300
    assert figures.started_before > 0, "the races were no races: no message was ever claimed before STOP"
    assert figures.started_after == 0
    assert figures.slowest <= 5
