"""What an analysis is about, in words: live or a snapshot, its plan, its questionnaire; and what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from service.measures.analysis.result import Fault
from service.messages.results.numbers import day, whole
from service.messages.results.telling import Passage, Telling

#: How much of a digest is shown: enough to find it again.
MARK = 12
#: How many rows with the same fault are named.
_NAMED = 10


def about(telling: Telling) -> Iterator[Passage]:
    """Whether the figures still move, whether a plan was fixed beforehand, what was asked, and what may be said."""
    yield _moment(telling)
    yield _plan(telling)
    yield _instrument(telling)
    yield _data(telling)
    if tuple(telling.analysis.head.arms) == ("intervention",):
        yield Passage("head.alone", telling.say("alone_heading"), telling.say("alone"))


def _moment(telling: Telling) -> Passage:
    head, say = telling.analysis.head, telling.say
    when = day(datetime.fromisoformat(head.as_of), telling.language)
    if head.live:
        return Passage("head.moment", say("live_heading"), say("live", day=when))
    return Passage(
        "head.moment", say("snapshot_heading", day=when), say("snapshot", day=when, mark=head.data_digest[:MARK])
    )


def _plan(telling: Telling) -> Passage:
    head, say = telling.analysis.head, telling.say
    if not head.plan_locked_on:
        return Passage("head.plan", say("no_plan_heading"), say("no_plan"))
    late = {None: "plan", False: "plan_early", True: "plan_late"}[telling.plan_late]
    values = {
        "day": day(date.fromisoformat(head.plan_locked_on), telling.language),
        "mark": head.plan_digest[:MARK],
        "wave": telling.wave(head.primary),
    }
    return Passage("head.plan", say(f"{late}_heading"), say(late, **values))


def _instrument(telling: Telling) -> Passage:
    names, say = telling.names, telling.say
    way = "lower_is_better" if names.higher_is_worse else "higher_is_better"
    way = "lower_is_less_lonely" if names.higher_is_worse and names.counts_loneliness else way
    source = names.citation.rstrip(". ")
    text = say("instrument", instrument=names.instrument, version=names.version, source=source)
    return Passage("head.instrument", names.instrument, f"{say(way)} {text}")


def _data(telling: Telling) -> Passage:
    head, say = telling.analysis.head, telling.say
    measurements = say("measurements", n=head.measurements)
    people = say("enrolments", n=head.people)
    text = say("data", n=head.measurements, measurements=measurements, people=people)
    if head.withheld:
        text = f"{text} {say('withheld', n=head.withheld)}"
    return Passage("head.data", say("data_heading", people=people), text)


def faults(telling: Telling) -> Iterator[Passage]:
    """One passage per kind of fault, with its rows; first that there are no figures because of them."""
    found: dict[str, list[Fault]] = {}
    for fault in telling.analysis.faults:
        found.setdefault(fault.fault, []).append(fault)
    total = len(telling.analysis.faults)
    yield Passage("faults", telling.say("faults_heading"), telling.say("faults", n=total))
    for kind, rows in found.items():
        told = [fault_sentence(fault, telling) for fault in rows[:_NAMED]]
        if len(rows) > _NAMED:
            told.append(telling.say("more_faults", n=len(rows) - _NAMED))
        yield Passage(f"faults.{kind}", telling.say(f"fault_{kind}_heading"), " ".join(told))


def fault_sentence(fault: Fault, telling: Telling) -> str:
    """What is wrong and what should stand there, after the row ("Regel 12: ..."); no row for data of the service."""
    sentence = telling.say(f"fault_{fault.fault}", found=fault.found or "–", expected=fault.expected or "–")
    if not fault.row:
        return sentence
    return telling.say("fault_row", row=whole(fault.row, telling.language), fault=sentence)
