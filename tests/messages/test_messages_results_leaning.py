"""Who has no later measurement, what if, are the pairs alike, did the questions measure: figures and their sentences."""

from __future__ import annotations

import pytest

from service.measures.analysis.result import Figure, Unit
from service.measures.disclosure import Hidden
from service.messages.results.leaning import leaning
from service.messages.results.measuring import measuring, strength
from tests.messages.results_scene import TOO_FEW, count, told_by

SHARE, POINTS = Unit.SHARE, Unit.POINTS


def test_who_has_no_later_measurement() -> None:
    figures = {
        "attrition.intervention.stayed": count(47, 79),
        "attrition.intervention.dropped": count(32, 79),
        "attrition.intervention.score.stayed": Figure(POINTS, 7.01, n=47),
        "attrition.intervention.score.dropped": Figure(POINTS, 7.73, n=32),
        "attrition.intervention.score.smd": Figure(Unit.SD, -0.24, -0.69, 0.21, 79),
        "attrition.intervention.score.odds": Figure(Unit.RATIO, 1.1, 0.98, 1.24, 79, detail={"p": 0.1}),
    }
    assert told_by(leaning, "attrition.intervention", figures) == (
        "Wie geen latere meting heeft, begon niet duidelijk anders",
        "Van 79 deelnemers met een eerste score hebben er 32 geen latere.",
    )
    assert told_by(leaning, "attrition.intervention.score", figures)[1] == (
        "Eerste score: 7,0 punt bij wie bleef, 7,7 punt bij de anderen. "
        "Verschil: -0,24 standaardafwijking (95%-interval -0,69 tot 0,21). "
        "Samenhang met de score (odds ratio per punt): 1,10 (95%-interval 0,98--1,24)."
    )
    apart = figures | {"attrition.intervention.score.smd": Figure(Unit.SD, -0.5, -0.9, -0.1, 79)}
    assert told_by(leaning, "attrition.intervention", apart)[0] == (
        "Wie geen latere meting heeft, begon met een andere score"
    )


def test_the_change_were_those_without_a_later_measurement_otherwise() -> None:
    figures = {
        "sensitivity.intervention.completers": Figure(POINTS, -1.2, -1.8, -0.6, 47),
        "sensitivity.intervention.delta.0": Figure(POINTS, -1.1, -1.7, -0.5, 79),
        "sensitivity.intervention.delta.half": Figure(POINTS, -0.9, -1.5, -0.3, 79),
        "sensitivity.intervention.delta.1": Figure(POINTS, -0.6, -1.3, 0.1, 79),
        "sensitivity.intervention.tipping": Figure(POINTS, 0.84),
    }
    assert told_by(leaning, "sensitivity.intervention.delta", figures) == (
        "De conclusie hangt af van de mensen zonder latere meting",
        (
            "Van wie beide metingen heeft: -1,2 punt (95%-interval -1,8 tot -0,6). "
            "Met een schatting voor wie geen latere meting heeft: -1,1 punt (95%-interval -1,7 tot -0,5). "
            "Scoorden zij een half punt slechter dan verwacht: -0,9 punt (95%-interval -1,5 tot -0,3). "
            "Scoorden zij één punt slechter dan verwacht: -0,6 punt (95%-interval -1,3 tot 0,1). "
            "Pas als zij 0,8 punt hoger scoorden dan verwacht, is er geen verandering meer aangetoond."
        ),
    )
    other_way = {
        "sensitivity.intervention.delta.0": Figure(POINTS, 1.1, 0.5, 1.7, 79),
        "sensitivity.intervention.tipping": Figure(POINTS, -0.84),
    }
    heading, text = told_by(leaning, "sensitivity.intervention.delta", other_way, "en")
    assert heading == "The conclusion stays, also if people without a later measurement scored a little higher"
    assert text.endswith("Only if they scored 0.8 points lower than expected is change no longer shown.")


def test_whether_the_pairs_are_alike() -> None:
    figures = {
        "like.intervention.language": count(1, 47),
        "like.intervention.helper_delivers": count(5, 47),
        "sensitivity.intervention.no_helper": Figure(POINTS, -1.1, -1.7, -0.5, 42, 47),
    }
    words = {"like.intervention": "join_with_sensitivity"}
    assert told_by(leaning, "like.intervention", figures, words=words)[1].endswith(
        "Anders was: de taal bij 1 persoon en de hulp bij 5 mensen, van iemand uit het programma."
    )
    assert told_by(leaning, "sensitivity.intervention.no_helper", figures) == (
        "Wie geen hulp had van iemand uit het programma",
        "Bij 42 deelnemers (van de 47) was de verandering -1,1 punt (95%-interval -1,7 tot -0,5).",
    )
    assert told_by(leaning, "like.intervention", {}, words={"like.intervention": "split"})[0] == (
        "De metingen zijn niet met elkaar te vergelijken"
    )


@pytest.mark.parametrize(
    ("h", "word"),
    [(0.5, "strong"), (0.496, "strong"), (0.49, "medium"), (0.396, "medium"), (0.3, "weak"), (0.29, "none")],
)
def test_the_word_for_how_the_questions_hang_together_fits_the_number_as_it_is_written(h: float, word: str) -> None:
    assert strength(h) == word


def test_the_quality_of_a_wave() -> None:
    figures = {
        "quality.intervention.t6m.total.alpha": Figure(Unit.RATIO, 0.83, 0.79, 0.86, 290),
        "quality.intervention.t6m.total.h": Figure(Unit.RATIO, 0.42, 0.36, 0.48, 290),
        "quality.intervention.t6m.straight": Figure(SHARE, 0.03, 0.01, 0.05, 290),
        "quality.intervention.t6m.on_time": Figure(SHARE, 0.94, 0.9, 0.97, 290),
    }
    assert told_by(measuring, "quality.intervention.t6m", figures) == (
        "Na 6 maanden: de vragen hangen redelijk samen",
        (
            "Samenhang van de vragen (alfa): 0,83 (95%-interval 0,79--0,86). "
            "Schaalbaarheid (H van Loevinger): 0,42 (95%-interval 0,36--0,48). Dat is gemiddeld. "
            "3 % gaf overal hetzelfde antwoord. 94 % antwoordde op tijd."
        ),
    )
    few = figures | {f"quality.intervention.t6m.total.{name}": TOO_FEW for name in ("alpha", "h")}
    assert told_by(measuring, "quality.intervention.t6m", few)[1].startswith(
        "Samenhang van de vragen: te weinig gegevens (15; nodig zijn er 30)."
    )


def test_questions_that_moved_stand_in_the_order_of_the_questionnaire() -> None:
    def moved(share: float, p: float) -> Figure:
        return Figure(SHARE, share, share - 0.1, share + 0.1, 47, detail={"adjusted_p": p, "became": 1})

    figures = {
        "quality.intervention.item.9.drift": moved(-0.3, 0.001),
        "quality.intervention.item.2.drift": moved(-0.2, 0.01),
        "quality.intervention.item.3.drift": moved(-0.1, 0.5),
        "quality.intervention.item.4.drift": Figure(SHARE, hidden=Hidden.DIFFERENCE, n=44),
    }
    assert told_by(measuring, "quality.intervention.item", figures) == (
        "Bij 2 vragen veranderden de antwoorden duidelijk",
        (
            "Bekeken: 3 vragen, gecorrigeerd voor het aantal vragen (Holm). "
            "‘Ik mis een echt goede vriend of vriendin’: -20 procentpunt (95%-interval -30 tot -10). "
            "‘Ik mis mensen om me heen’: -30 procentpunt (95%-interval -40 tot -20). 1 vraag tonen we niet."
        ),
    )
