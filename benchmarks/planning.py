"""Planning an enrolment, beside the same calendar arithmetic by dateutil and zoneinfo in the same run.

Floor: twelve moments (four waves, an invitation and two reminders), each a relativedelta and a conversion to UTC, no
rules.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime
from importlib import resources
from zoneinfo import ZoneInfo

from dateutil.relativedelta import relativedelta

from service.bootstrap import load_instruments
from service.followup.planning import Anchors, plan
from service.followup.protocol_file import read_protocol

ENROLMENTS = 2_000
ROUNDS = 5
OFFSETS = (0, 3, 6, 12)


def floor(start: datetime) -> list[datetime]:
    zone = ZoneInfo("Europe/Amsterdam")
    moments = (start + relativedelta(months=months, days=days) for months in OFFSETS for days in (0, 3, 7))
    return [moment.replace(tzinfo=zone).astimezone(UTC) for moment in moments]


def per_second(work: Callable[[datetime], object]) -> float:
    starts = [datetime(2026, 1 + n % 12, 1 + n % 28, 10, 0) for n in range(ENROLMENTS)]
    began = time.perf_counter()
    for start in starts:
        work(start)
    return ENROLMENTS / (time.perf_counter() - began)


def main() -> None:
    text = (resources.files("service.followup") / "protocols" / "zes-vragen.yaml").read_text("utf-8")
    protocol = read_protocol(text, load_instruments()).protocol
    plan(protocol, Anchors(datetime(2026, 1, 1, 10, 0)))
    rounds = [(per_second(floor), per_second(lambda start: plan(protocol, Anchors(start)))) for _ in range(ROUNDS)]
    bare, ours = (statistics.median(column) for column in zip(*rounds, strict=True))
    print(f"planning: floor {bare:,.0f} enrolments/s, ours {ours:,.0f}/s, ratio {ours / bare:.2f} (median of {ROUNDS})")


if __name__ == "__main__":
    main()
