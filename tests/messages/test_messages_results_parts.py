"""Who answered and left, bands, model, contrasts and subgroups: figures and their exact sentences."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.measures.analysis.result import CurvePoint, Figure, Unit
from service.measures.disclosure import Hidden
from service.measures.estimate import Reason
from service.messages.results.in_bands import in_bands
from service.messages.results.over_time import over_time
from service.messages.results.taking_part import taking_part
from tests.messages.results_scene import TOO_FEW, count, plain, telling, told_by

SHARE, POINTS, PEOPLE, P = Unit.SHARE, Unit.POINTS, Unit.PEOPLE, Unit.P


WAVE = {
    "response.intervention.t6m.closed": count(80), "response.intervention.t6m.complete": count(48),
    "response.intervention.t6m.partial": count(5), "response.intervention.t6m.refused": count(1),
    "response.intervention.t6m.bounced": count(0), "response.intervention.t6m.no_reply": count(26),
    "response.intervention.t6m.pending": count(11),
    "response.intervention.t6m.open": count(1), "response.intervention.t6m.open_answered": count(0, 1),
    "response.intervention.t6m.rr1": Figure(SHARE, 0.6, 0.49, 0.7, 80),
    "response.intervention.paired": Figure(SHARE, 0.5875, 0.478, 0.689, 80),
    "flow.intervention.enrolled": count(81), "flow.intervention.received": count(74, 81),
    "flow.intervention.analysed": count(47, 81), "flow.intervention.exit.still_there": count(76, 81),
    "flow.intervention.exit.stopped": count(4, 81), "flow.intervention.exit.deceased": count(1, 81),
    "flow.intervention.left_out.no_follow_up": count(33, 81), "flow.intervention.left_out.pending": count(1, 81),
    "leaving.intervention.followed": count(81, 81),
    "leaving.intervention.median": Figure(Unit.DAYS, n=81, reason=Reason.NOT_REACHED, detail={"n": 81}),
    "leaving.intervention.staying.90": Figure(SHARE, 0.95, 0.9, 0.98, 81),
    "leaving.intervention.staying.180": Figure(SHARE, 0.872, 0.78, 0.93, 81),
    "leaving.intervention.staying.365": Figure(SHARE, n=81, reason=Reason.NOT_REACHED, detail={"last": "364"}),
}  # fmt: skip


@pytest.mark.parametrize(
    ("key", "language", "heading", "text"),
    [
        ("response.intervention.t6m", "nl", "Na 6 maanden: 60 % antwoordt",
         ("Bij 80 deelnemers is de antwoordperiode voorbij; 48 gaven een geldig antwoord. Dat is 60 % "
          "(95%-interval 49 % tot 70 %; RR1 volgens AAPOR). "
          "Verder: 5 onvolledig, 1 wilde niet en 26 geen antwoord. Bij 11 mensen is dit meetmoment nog niet voorbij. "
          "Nu open bij 1 persoon; 0 met een geldig antwoord.")),
        ("response.intervention.t6m", "en", "After 6 months: 60 % answers",
         ("For 80 participants the time to answer is over; 48 gave a valid answer. That is 60 % "
          "(95% interval 49 % to 70 %; RR1 by AAPOR). "
          "Further: 5 incomplete, 1 did not want to and 26 no answer. For 11 people this wave is not over yet. "
          "Open now for 1 person; 0 with a valid answer.")),
        ("response.intervention.paired", "nl", "59 % heeft twee metingen",
         ("Van 80 deelnemers bij wie beide antwoordperioden voorbij zijn, hebben er 47 twee geldige metingen. "
          "Dat is 59 % (95%-interval 48 % tot 69 %).")),
        ("flow.intervention", "nl", "Van 81 mensen tellen er 47 mee in de verandering",
         ("Er zijn 81 deelnemers ingeschreven; bij 74 is het begonnen. "
          "Meedoen: 76 doen nog mee, 4 stopten en 1 overleed. "
          "Niet in de verandering: 33 zonder geldige latere meting en 1 waarbij een antwoordperiode nog loopt.")),
        ("leaving.intervention", "nl", "Na 180 dagen deed naar schatting 87 % nog mee",
         ("Na 180 dagen deed naar schatting 87 % nog mee (95%-interval 78 % tot 93 %; Kaplan-Meier), "
          "van 81 deelnemers. Meer dan de helft is niet gestopt, zover de gegevens reiken. "
          "Een meting missen is niet stoppen; afronden, verhuizen of overlijden ook niet.")),
        ("leaving.intervention", "en", "After 180 days an estimated 87 % still took part",
         ("After 180 days an estimated 87 % still took part (95% interval 78 % to 93 %; Kaplan-Meier), "
          "of 81 participants. More than half did not stop, as far as the data reach. "
          "Missing a measurement is not stopping; nor is completing, moving house or dying.")),
    ],
)  # fmt: skip
def test_taking_part(key: str, language: str, heading: str, text: str) -> None:
    assert told_by(taking_part, key, WAVE, language) == (heading, text)


def test_a_wave_that_is_open_for_everybody_is_no_non_response() -> None:
    none = Figure(SHARE, n=0, reason=Reason.NO_DATA, detail={"n": 0})
    figures = WAVE | {"response.intervention.t6m.rr1": none, "response.intervention.paired": none}
    assert told_by(taking_part, "response.intervention.t6m", figures)[0] == "Na 6 maanden: nog bij niemand gesloten"
    assert told_by(taking_part, "response.intervention.paired", figures)[0] == "Nog niemand kan twee metingen hebben"


@pytest.mark.parametrize(
    ("p", "heading"),
    [
        (0.051, "Geen duidelijk verschil in stoppen tussen de deelnemers en de vergelijkingsgroep"),
        (0.01, "Niet even snel gestopt: de deelnemers en de vergelijkingsgroep"),
    ],
)
def test_the_pace_of_leaving_is_compared_without_saying_who_is_ahead(p: float, heading: str) -> None:
    key = "leaving.log_rank.intervention.comparison"
    figures = WAVE | {key: Figure(Unit.STATISTIC, 3.8, detail={"df": 1, "p": p})}
    assert told_by(taking_part, key, figures, waves=(), arms=("intervention", "comparison"))[0] == heading


ABOVE = {
    "above.intervention.severe.before": Figure(SHARE, 0.23, 0.18, 0.3, 180, 300),
    "above.intervention.severe.after": Figure(SHARE, 0.11, 0.07, 0.17, 180, 300),
    "above.intervention.severe.left": Figure(SHARE, 0.14, 0.1, 0.2, 180, 300),
    "above.intervention.severe.entered": Figure(SHARE, 0.02, 0.01, 0.06, 180, 300),
    "above.intervention.severe.p": Figure(P, 0.0001, n=180),
}


def test_an_edge_of_the_bands() -> None:
    assert told_by(in_bands, "above.intervention.severe", ABOVE) == (
        "Minder mensen scoren ‘ernstig eenzaam’ of ongunstiger",
        (
            "Van 180 deelnemers met twee metingen scoorde eerst ‘ernstig eenzaam’ of ongunstiger: 23 % (18 % tot 30 %). "
            "Later: 11 % (7 % tot 17 %). 14 % van hen ging uit deze groep. 2 % van hen kwam erbij. "
            "Zo’n verschil komt zelden door toeval (toets van McNemar: p < 0,001)."
        ),
    )
    by_chance = ABOVE | {"above.intervention.severe.p": Figure(P, 0.3, n=180)}
    heading, text = told_by(in_bands, "above.intervention.severe", by_chance, "en")
    assert heading == "About as many people score ‘severely lonely’ or worse"
    assert text.endswith("Such a difference may be chance (McNemar’s test: p = 0.300).")
    partly = ABOVE | {
        "above.intervention.severe.after": Figure(SHARE, hidden=Hidden.DIFFERENCE, n=180, of=300),
        "above.intervention.severe.p": Figure(P, hidden=Hidden.DIFFERENCE, n=180),
    }
    heading, text = told_by(in_bands, "above.intervention.severe", partly)
    assert heading == "Wie ‘ernstig eenzaam’ of ongunstiger scoort"
    assert "Later: niet getoond: anders is minder dan 10 te berekenen." in text
    nothing = dict.fromkeys(ABOVE, Figure(SHARE, hidden=Hidden.TOO_FEW, n=4, of=5))
    assert told_by(in_bands, "above.intervention.severe", nothing)[1] == "Niet getoond: minder dan 10."


def test_reliable_change_is_of_a_group_and_says_where_its_limit_comes_from() -> None:
    figures = {
        "reliable.intervention.critical": Figure(POINTS, 3.66, detail={"source": "a study of 131 people."}),
        "reliable.intervention.recovered": Figure(SHARE, 0.15, 0.07, 0.28, 47, 80),
        "reliable.intervention.improved": Figure(SHARE, 0.04, 0.01, 0.14, 47, 80),
        "reliable.intervention.unchanged": Figure(SHARE, 0.81, 0.67, 0.9, 47, 80),
        "reliable.intervention.deteriorated": Figure(SHARE, hidden=Hidden.ALL_THE_SAME, n=47, of=80),
        "reliable.intervention.eligible": Figure(SHARE, 0.68, 0.54, 0.8, 47, 80),
    }
    assert told_by(in_bands, "reliable.intervention", figures)[1] == (
        "Meer dan 3,7 punt is meer dan de vragenlijst uit zichzelf schommelt. "
        "Zoveel beter en over de grens van een groep: 15 % (7 % tot 28 %). "
        "Zoveel beter, niet over die grens: 4 % (1 % tot 14 %). Minder verschil dan dat: 81 % (67 % tot 90 %). "
        "Zoveel slechter: niet getoond."
    )
    assert told_by(in_bands, "reliable.intervention.critical", figures, "en")[1] == (
        "68 % (54 % to 80 %) had room to get that much better. "
        "The limit is provisional and says nothing about one person. Source: a study of 131 people."
    )


MODEL = {
    "course.intervention.t6m.mean": Figure(POINTS, 3.3, 2.4, 4.2, 48, 80),
    "course.intervention.t6m.valid": count(50),
    "course.intervention.t6m.waiting": count(1),
    "model.intervention.t6m.change": Figure(POINTS, -1.6, -2.1, -1.04, 79, detail={"p": 0.001}),
    "model.intervention.joint": Figure(Unit.STATISTIC, 20.1, n=79, detail={"df1": 2, "df2": 100.2, "p": 0.0001}),
}


def test_the_course_and_the_model() -> None:
    assert told_by(over_time, "course.intervention", MODEL)[1] == (
        "Na 6 maanden: gemiddeld 3,3 punt (95%-interval 2,4--4,2), bij 48 deelnemers. "
        "1 antwoord telt nog niet mee: cijfers verspringen met minstens tien tegelijk."
    )
    assert told_by(over_time, "model.intervention", MODEL, words={"model.singular": "yes"}) == (
        "Alle metingen samen: de score daalde 1,6 punt",
        (
            "Uit alle metingen van 79 mensen samen volgt bij ‘Na 6 maanden’ een daling van 1,6 punt, waarschijnlijk tussen "
            "1,0 en 2,1 (95%-interval; gemengd model). "
            "Over alle meetmomenten samen is de score niet gelijk gebleven (F-toets: p < 0,001). "
            "Mensen verschilden zo weinig van elkaar dat het model vereenvoudigd is. Lees het voorzichtig."
        ),
    )
    few = MODEL | {"model.intervention.t6m.change": TOO_FEW}
    assert told_by(over_time, "model.intervention", few) == (
        "Alle metingen samen: nog niets te zeggen",
        "Niet te berekenen: te weinig gegevens (15; nodig zijn er 30).",
    )


CONTRAST = "contrast.intervention.comparison"


def test_a_contrast_by_every_method_of_the_plan() -> None:
    figures = {
        "course.intervention.t6m.mean": TOO_FEW,
        "course.comparison.t6m.mean": TOO_FEW,
        f"{CONTRAST}.model": Figure(POINTS, -1.0, -1.4, -0.6, 500, detail={"p": 0.0123, "adjusted_p": 0.0246}),
        f"{CONTRAST}.did": Figure(POINTS, -0.9, -1.3, -0.5, 312, detail={"p": 0.0005}),
        f"{CONTRAST}.ancova": Figure(POINTS, reason=Reason.NOT_COMPARABLE),
    }
    arms = ("intervention", "comparison")
    assert told_by(over_time, CONTRAST, figures, arms=arms) == (
        "Verschil in verandering: -1,0 punt tussen de deelnemers en de vergelijkingsgroep",
        (
            "Dit is de verandering bij de deelnemers min die bij de vergelijkingsgroep. "
            "Uit alle metingen (gemengd model): -1,0 punt (95%-interval -1,4 tot -0,6); "
            "gecorrigeerd voor meer vergelijkingen (Holm) p = 0,025. "
            "Uit wie twee metingen heeft: -0,9 punt (95%-interval -1,3 tot -0,5); p < 0,001. "
            "Bij een gelijke eerste score (covariantieanalyse): er is niet geloot, "
            "dus de groepen begonnen misschien niet gelijk."
        ),
    )
    open_ = figures | {f"{CONTRAST}.model": Figure(POINTS, -0.3, -1.0, 0.4, 500, detail={"p": 0.4})}
    assert told_by(over_time, CONTRAST, open_, "en", arms=arms)[0] == (
        "No clear difference in change between the participants and the comparison group"
    )
    few = dict.fromkeys(figures, TOO_FEW)
    heading, text = told_by(over_time, CONTRAST, few, arms=arms)
    assert heading == "Het verschil in verandering tussen de deelnemers en de vergelijkingsgroep is niet te zeggen"
    assert "Uit wie twee metingen heeft: te weinig gegevens (15; nodig zijn er 30)." in text


@pytest.mark.parametrize(
    ("word", "clusters", "heading", "end"),
    [
        ("too_narrow", 3, "De verandering, rekening houdend met plekken: interval te smal",
         ("Met 3 plekken is de verandering -1,0 punt (95%-interval -2,5 tot 0,5). "
         "Bij minder dan 10 plekken is dit interval te smal.")),
        ("enough", 12, "De verandering, rekening houdend met plekken",
         "Met 12 plekken is de verandering -1,0 punt (95%-interval -2,5 tot 0,5)."),
    ],
)  # fmt: skip
def test_few_sites_give_an_interval_that_is_too_narrow(word: str, clusters: int, heading: str, end: str) -> None:
    found = Figure(POINTS, -1.0, -2.5, 0.5, 43, detail={"clusters": clusters, "p": 0.1})
    figures = MODEL | {"clusters.intervention.difference": found}
    words = {"clusters.intervention": word}
    assert told_by(over_time, "clusters.intervention", figures, words=words) == (
        heading,
        f"Mensen van één plek lijken op elkaar. {end}",
    )


def test_subgroups_stand_in_a_fixed_order_and_are_not_compared() -> None:
    figures = MODEL | {
        "subgroup.intervention.age.older.difference": Figure(POINTS, -1.7, -2.4, -1.0, 32, 50),
        "subgroup.intervention.age.younger.difference": Figure(POINTS, hidden=Hidden.TOO_FEW, n=4, of=30),
    }
    assert told_by(over_time, "subgroup.intervention.age", figures) == (
        "De verandering apart: leeftijd",
        (
            "Dit lag niet vooraf vast: lees het als verkenning. De volgorde zegt niets. "
            "75 of ouder: -1,7 punt (95%-interval -2,4 tot -1,0), bij 32 deelnemers. "
            "Jonger dan 75: niet getoond: minder dan 10."
        ),
    )


@pytest.mark.parametrize(
    ("locked", "late", "start"),
    [
        ("", None, "Dit lag niet vooraf vast: lees het als verkenning."),
        ("2025-01-02", True, "Dit lag niet vooraf vast: lees het als verkenning."),
        ("2025-01-02", False, "Dit stond vooraf in het analyseplan; de volgorde zegt niets."),
        ("2025-01-02", None, "Dit stond vooraf in het analyseplan; de volgorde zegt niets."),
    ],
)
def test_a_late_plan_is_no_plan_beforehand(locked: str, late: bool | None, start: str) -> None:
    figures = MODEL | {"subgroup.intervention.age.older.difference": Figure(POINTS, -1.7, -2.4, -1.0, 32, 50)}
    made = telling("nl", figures, plan_late=late, waves=("t6m",), plan_locked_on=locked)
    [passage] = [one for one in over_time(made) if one.key == "subgroup.intervention.age"]
    assert passage.text.startswith(start)


def test_other_reasons_to_leave_stand_apart_from_dropping_out() -> None:
    figures = dict(WAVE)
    curves = {
        "leaving.intervention.died": (
            CurvePoint(40, 80, 1, 0.0125, 0.0, 0.06),
            CurvePoint(170, 70, 1, 0.026, 0.0, 0.08),
        ),
        "leaving.intervention.moved": (CurvePoint(99, 75, 2, 0.051, 0.01, 0.12),),
        "leaving.intervention.dropped_out": (CurvePoint(99, 75, 2, 0.2, 0.1, 0.3),),
    }
    made = telling("nl", figures, waves=("t6m",))
    made = replace(made, analysis=replace(made.analysis, curves=curves))
    [passage] = [one for one in taking_part(made) if one.key == "leaving.intervention.died"]
    assert plain(passage.text) == (
        "Na 170 dagen was naar schatting 3 % overleden en 5 % verhuisd (cumulatieve incidentie)."
    )
