"""Who was asked, who answered and who left, in words. Missing a measurement and leaving the programme never mix."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from service.measures.analysis.result import Figure
from service.measures.estimate import Reason
from service.messages.results.numbers import listed, p_words, percent
from service.messages.results.telling import Passage, Telling
from service.messages.results.words import interval_words

#: At how many days the share that still takes part is told, the one that says most first.
_STAYING = (180, 365, 90)
_SILENT = ("partial", "refused", "bounced", "no_reply")
_OTHER_CAUSES = ("died", "moved", "no_longer_needed", "other")
_LEVEL = 0.05


def taking_part(telling: Telling) -> Iterator[Passage]:
    """Per arm: each wave, who has both measurements, the flow, and who left the programme; then whether arms differ."""
    arms = telling.analysis.head.arms
    for arm in arms:
        for wave in telling.analysis.head.waves:
            yield _wave(telling, arm, wave)
        yield _paired(telling, arm)
        yield _flow(telling, arm)
        yield _leaving(telling, arm)
        yield from _causes(telling, arm)
    for one, other in combinations(arms, 2):
        yield from _log_rank(telling, one, other)


def _wave(telling: Telling, arm: str, wave: str) -> Passage:
    key, say = f"response.{arm}.{wave}", telling.say
    rate, name = telling.shown(f"{key}.rr1"), telling.wave(wave)
    if rate is None:
        return telling.passage(key, arm, say("wave_open_heading", wave=name), say("wave_open"), _open_now(telling, key))
    text = say(
        "wave_answered",
        people=telling.people(telling.count(f"{key}.closed"), arm),
        n=telling.count(f"{key}.complete"),
        share=percent(rate.value or 0.0, telling.language),
        interval=interval_words(rate, telling.language),
    )
    silent = [say(f"silent_{one}", n=count) for one in _SILENT if (count := telling.count(f"{key}.{one}"))]
    more = [say("silent", parts=listed(silent, telling.language))] if silent else []
    if pending := telling.count(f"{key}.pending"):
        more.append(say("wave_pending", n=pending))
    more.append(_open_now(telling, key))
    heading = say("wave_heading", wave=name, share=percent(rate.value or 0.0, telling.language))
    return telling.passage(key, arm, heading, text, *more)


def _open_now(telling: Telling, key: str) -> str:
    """Who could answer at this moment, and has."""
    now = telling.count(f"{key}.open")
    return telling.say("wave_now", n=now, answered=telling.count(f"{key}.open_answered")) if now else ""


def _paired(telling: Telling, arm: str) -> Passage:
    key, say = f"response.{arm}.paired", telling.say
    figure = telling.shown(key)
    if figure is None:
        return telling.passage(key, arm, say("paired_none_heading"), say("paired_none"))
    share, of = figure.value or 0.0, figure.n or 0
    told = percent(share, telling.language)
    text = say(
        "paired",
        people=telling.people(of, arm),
        n=round(share * of),
        share=told,
        interval=interval_words(figure, telling.language),
    )
    return telling.passage(key, arm, say("paired_heading", share=told), text)


def _flow(telling: Telling, arm: str) -> Passage:
    key, say = f"flow.{arm}", telling.say
    enrolled, analysed = telling.count(f"{key}.enrolled"), telling.count(f"{key}.analysed")
    begun = say(
        "flow_begun", people=telling.people(enrolled, arm), n=enrolled, received=telling.count(f"{key}.received")
    )
    exits = [
        say(f"exit_{kind}", n=int(figure.value or 0))
        for kind, figure in telling.analysis.under(f"{key}.exit").items()
        if figure.value
    ]
    left_out = [
        say(f"left_out_{why}", n=int(figure.value or 0))
        for why, figure in telling.analysis.under(f"{key}.left_out").items()
        if figure.value
    ]
    text = [begun]
    if exits:
        text.append(say("flow_exits", parts=listed(exits, telling.language)))
    if left_out:
        text.append(say("flow_left_out", parts=listed(left_out, telling.language)))
    heading = say("flow_heading", n=analysed, people=say("people", n=enrolled))
    return telling.passage(key, arm, heading, *text)


def _leaving(telling: Telling, arm: str) -> Passage:
    key, say = f"leaving.{arm}", telling.say
    found = _staying(telling, key)
    if found is None:
        why = telling.instead(telling.figure(f"{key}.median"))
        nobody = telling.figure(f"{key}.followed") is None
        text = why if nobody else say("leaving_early", people=telling.people(telling.count(f"{key}.followed"), arm))
        return telling.passage(key, arm, say("leaving_none_heading"), text, say("missing_is_not_leaving"))
    days, figure = found
    share = percent(figure.value or 0.0, telling.language)
    text = say(
        "leaving",
        days=say("days", n=days),
        share=share,
        interval=interval_words(figure, telling.language),
        people=telling.people(figure.n or 0, arm),
    )
    heading = say("leaving_heading", days=say("days", n=days), share=share)
    return telling.passage(key, arm, heading, text, _median(telling, key), say("missing_is_not_leaving"))


def _causes(telling: Telling, arm: str) -> Iterator[Passage]:
    """The share that has left for another cause than dropping out, each beside the others (cumulative incidence)."""
    curves = {cause: telling.analysis.curves.get(f"leaving.{arm}.{cause}", ()) for cause in _OTHER_CAUSES}
    last = {cause: curve[-1] for cause, curve in curves.items() if curve}
    if not last:
        return
    parts = [
        telling.say(f"cause_{cause}", share=percent(point.share, telling.language)) for cause, point in last.items()
    ]
    days = telling.say("days", n=round(max(point.day for point in last.values())))
    text = telling.say("causes", days=days, parts=listed(parts, telling.language))
    yield telling.passage(f"leaving.{arm}.{next(iter(last))}", arm, telling.say("causes_heading"), text)


def _staying(telling: Telling, key: str) -> tuple[int, Figure] | None:
    for days in _STAYING:
        figure = telling.shown(f"{key}.staying.{days}")
        if figure is not None:
            return days, figure
    return None


def _median(telling: Telling, key: str) -> str:
    """When half had dropped out; that it was not reached says that more than half stayed."""
    figure = telling.figure(f"{key}.median")
    if figure is None or figure.hidden is not None:
        return ""
    if figure.value is not None:
        return telling.say("median", words=telling.words(figure))
    return telling.say("median_not_reached") if figure.reason is Reason.NOT_REACHED else ""


def _log_rank(telling: Telling, one: str, other: str) -> Iterator[Passage]:
    key = f"leaving.log_rank.{one}.{other}"
    figure = telling.figure(key)
    if figure is None:
        return
    groups = listed([telling.say(f"group_{arm}") for arm in (one, other)], telling.language)
    if figure.value is None:
        yield Passage(key, telling.say("pace_none_heading", groups=groups), telling.instead(figure))
        return
    p = float(figure.detail.get("p", 1.0))
    word = "pace_differs" if p < _LEVEL else "pace_same"
    text = telling.say(word, groups=groups, p=p_words(p, telling.language))
    yield Passage(key, telling.say(f"{word}_heading", groups=groups), text)
