"""From a person's reply to our next question: through the real web, queue, worker, clock and simulator. N=100 replies.

Measured from the moment that the person sends until the provider has our next message, looked at every 0.05 s.
"""

from __future__ import annotations

import os
import statistics
import sys
import time

from tests.journeys.live import begin_stack, eventually, finish_stack, wait_for_stack
from tests.journeys.town import Town, make_town

MOST_SECONDS = 2.0
FIRST = 500
#: "ja" and six answers: so many of our messages follow from one person's replies.
WORDS = ("JA", "1", "2", "3", "1", "2", "3")


def answer_time(town: Town, number: str, words: str) -> float:
    """Seconds from the moment that the person sends these words until our next message is at the provider."""
    phone = town.stack.simulator
    before = len(phone.texts(number))
    began = time.perf_counter()
    phone.reply(number, words)
    eventually(lambda: len(phone.texts(number)) > before, "the next question", 30)
    return time.perf_counter() - began


def main() -> int:
    replies = int(os.environ.get("N", "100"))
    stack = begin_stack(sends=True)
    try:
        wait_for_stack(stack)
        town = make_town(stack)
        people = -(-replies // len(WORDS))
        times: list[float] = []
        for place in range(people):
            number = f"+3160000{FIRST + place:04d}"
            town.enrol(FIRST + place)
            eventually(lambda: stack.simulator.texts(number), "the invitation", 60)  # noqa: B023
            times += [answer_time(town, number, words) for words in WORDS]
    finally:
        finish_stack(stack)
    times = times[:replies]
    p95 = statistics.quantiles(times, n=100)[94]
    print(
        f"reply to next question: {len(times)} replies, p50 {statistics.median(times):.2f} s, p95 {p95:.2f} s"
        f" (at most {MOST_SECONDS:g}), max {max(times):.2f} s"
    )
    return 0 if p95 <= MOST_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
