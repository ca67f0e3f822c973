"""The change, its size, the verdict on the goal, the margin and what comes by itself: figures and their sentences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from service.measures.analysis.result import Figure, Unit
from service.measures.disclosure import Hidden
from service.measures.estimate import Reason
from service.measures.goal import RULES, Basis, GoalType, Verdict
from service.messages.results.outcome import change, direction, goal, outcome
from service.messages.results.telling import Passage
from tests.messages.results_scene import LANGUAGES, TEXTS, telling

POINTS, P, SD = Unit.POINTS, Unit.P, Unit.SD
FELL = Figure(POINTS, -1.7, -2.26, -1.15, 47, 80)
ROSE = Figure(POINTS, 0.9, 0.4, 1.4, 47, 80)
SAME = Figure(POINTS, -0.2, -0.8, 0.4, 47, 80)
FEW = Figure(POINTS, -1.7, -2.26, -1.15, 29, 80)


def plain(words: str) -> str:
    """With ordinary spaces and hyphens."""
    return words.replace("\N{NO-BREAK SPACE}", " ").replace("\N{MINUS SIGN}", "-")


def passages(figures: Mapping[str, Figure], words: Mapping[str, str], language: str, **head: Any) -> dict[str, Passage]:
    """What is told of these figures of the participants, by key."""
    named = {f"{key}": figure for key, figure in figures.items()}
    return {one.key: one for one in outcome(telling(language, named, dict(words), **head))}


@pytest.mark.parametrize(
    ("figure", "language", "heading", "text"),
    [
        (FELL, "nl", "De score daalde gemiddeld 1,7 punt",
         ("Van 80 deelnemers tellen er 47 mee, met een score bij ‘Nulmeting’ en bij ‘Na 6 maanden’. Hun score daalde gemiddeld "
         "1,7 punt. De werkelijke daling ligt waarschijnlijk tussen 1,1 en 2,3 punt (95%-interval).")),
        (FELL, "en", "The score fell by 1.7 points on average",
         ("Of 80 participants 47 count here, with a score at ‘Baseline’ and at ‘After 6 months’. Their score fell by 1.7 points on "
         "average. The real fall is probably between 1.1 and 2.3 points (95% interval).")),
        (ROSE, "nl", "De score steeg gemiddeld 0,9 punt",
         ("Van 80 deelnemers tellen er 47 mee, met een score bij ‘Nulmeting’ en bij ‘Na 6 maanden’. Hun score steeg gemiddeld "
         "0,9 punt. De werkelijke stijging ligt waarschijnlijk tussen 0,4 en 1,4 punt (95%-interval).")),
        (ROSE, "en", "The score rose by 0.9 points on average",
         ("Of 80 participants 47 count here, with a score at ‘Baseline’ and at ‘After 6 months’. Their score rose by 0.9 points on "
         "average. The real rise is probably between 0.4 and 1.4 points (95% interval).")),
        (SAME, "nl", "De score is ongeveer gelijk gebleven",
         ("Van 80 deelnemers tellen er 47 mee, met een score bij ‘Nulmeting’ en bij ‘Na 6 maanden’. Hun score bleef ongeveer "
         "gelijk: gemiddeld -0,2 punt. De werkelijke verandering ligt waarschijnlijk tussen -0,8 en +0,4 punt "
         "(95%-interval).")),
        (SAME, "en", "The score stayed about the same",
         ("Of 80 participants 47 count here, with a score at ‘Baseline’ and at ‘After 6 months’. Their score stayed about the same: "
         "-0.2 points on average. The real change is probably between -0.8 and +0.4 points (95% interval).")),
        (Figure(POINTS, hidden=Hidden.TOO_FEW, n=9, of=80), "nl", "Over verandering zeggen we nog niets",
         "Te weinig gegevens: minder dan 10 mensen hebben twee metingen."),
        (Figure(POINTS, hidden=Hidden.TOO_FEW, n=9, of=80), "en", "We do not say anything about change yet",
         "Too few data: fewer than 10 people have two measurements."),
        (Figure(POINTS, hidden=Hidden.WAITING, n=9, of=80), "nl", "Over verandering zeggen we nog niets",
         "We wachten op meer mensen met twee metingen."),
        (Figure(POINTS, hidden=Hidden.ALL_THE_SAME, n=12, of=80), "nl", "Over verandering zeggen we nog niets",
         "De verandering tonen we niet: zo blijft niemand herkenbaar."),
        (Figure(POINTS, reason=Reason.NO_DATA, n=0, of=80, detail={"n": 0}), "nl", "Over verandering zeggen we nog niets",
         "De verandering is niet te berekenen: er zijn nog geen gegevens."),
    ],
)  # fmt: skip
def test_the_change(figure: Figure, language: str, heading: str, text: str) -> None:
    told = change(telling(language, {"change.intervention.difference": figure}), "intervention")
    assert (told.key, plain(told.heading), plain(told.text)) == ("change.intervention", heading, text)


def test_beside_another_arm_the_heading_names_whose_change_it_is() -> None:
    arms = ("intervention", "comparison")
    told = change(telling("nl", {"change.comparison.difference": SAME}, arms=arms), "comparison")
    assert told.heading == "Vergelijkingsgroep \N{EN DASH} de score is ongeveer gelijk gebleven"
    assert told.text.startswith("Van 80 mensen in de vergelijkingsgroep tellen er 47 mee, met een score bij")


def test_a_direction_needs_an_interval_that_excludes_zero() -> None:
    assert [direction(one) for one in (FELL, ROSE, SAME)] == ["fell", "rose", "same"]
    assert direction(Figure(POINTS, -1.0, -2.0, 0.0)) == "same"
    assert direction(Figure(POINTS, -1.0)) == "same"


def test_few_people_are_warned_about_with_a_test_that_assumes_less() -> None:
    figures = {"change.intervention.difference": FEW, "change.intervention.permutation": Figure(P, 0.0043, n=29)}
    told = passages(figures, {}, "nl")["change.intervention.permutation"]
    assert told.heading == "Het zijn weinig mensen, dus lees het interval ruim"
    assert told.text == (
        "Het zijn 29 deelnemers met twee metingen, minder dan 30. Eén antwoord meer kan het beeld veranderen. "
        "Een toets die minder aanneemt (permutatietoets) geeft p = 0,004."
    )
    enough = figures | {"change.intervention.difference": FELL}
    assert "change.intervention.permutation" not in passages(enough, {}, "nl")


@pytest.mark.parametrize(
    ("value", "low", "high", "heading"),
    [
        (-0.12, -0.2, -0.04, "De verandering is heel klein volgens een vuistregel"),
        (-0.3, -0.5, -0.1, "De verandering is klein volgens een vuistregel"),
        (0.5, 0.3, 0.7, "De verandering is middelgroot volgens een vuistregel"),
        (-0.9, -1.2, -0.6, "De verandering is groot volgens een vuistregel"),
        (-0.9, -2.2, 0.4, "Hoe groot de verandering is, blijft onzeker"),
    ],
)
def test_the_size_in_a_word_only_when_it_is_certain_enough(value: float, low: float, high: float, heading: str) -> None:
    figures = {"change.intervention.difference": FELL, "change.intervention.d_av": Figure(SD, value, low, high, 47)}
    told = passages(figures, {}, "nl")["change.intervention.d_av"]
    assert told.heading == heading
    assert ("vuistregel zegt niet wat" in told.text) == ("vuistregel" in heading)


def test_the_size_names_which_one_it_is() -> None:
    of_both, of_changes = Figure(SD, -0.5, -0.7, -0.3, 47), Figure(SD, -0.9, -1.2, -0.6, 47)
    hidden = Figure(SD, hidden=Hidden.DIFFERENCE, n=47)
    figures = {"change.intervention.difference": FELL, "change.intervention.d_av": of_both}
    assert (
        "met de gemiddelde spreiding van beide metingen (d_av)"
        in passages(figures, {}, "nl")["change.intervention.d_av"].text
    )
    figures |= {"change.intervention.d_av": hidden, "change.intervention.d_z": of_changes}
    told = passages(figures, {}, "nl")
    assert "change.intervention.d_av" not in told
    assert plain(told["change.intervention.d_z"].text) == (
        "In verhouding tot de verschillen tussen mensen: -0,90 standaardafwijking (95%-interval -1,20 tot -0,60). "
        "Gerekend is met de spreiding van de veranderingen zelf (d_z). "
        "De vuistregel zegt niet wat de verandering voor mensen betekent."
    )


GOALS = [
    (GoalType.REDUCE, "reached", "change", "De verandering past bij het doel",
     ("Het doel is minder eenzaamheid. De score veranderde de gunstige kant op. "
     "Dit is geen vergelijking: we weten niet wat er zonder hulp was gebeurd.")),
    (GoalType.REDUCE, "opposite", "change", "De verandering gaat tegen het doel in",
     ("Het doel is minder eenzaamheid. De score veranderde de ongunstige kant op. "
     "Dit is geen vergelijking: we weten niet wat er zonder hulp was gebeurd.")),
    (GoalType.REDUCE, "not_shown", "change", "Niet aangetoond dat het doel is bereikt",
     ("Het doel is minder eenzaamheid. De score bleef ongeveer gelijk: het doel kan bereikt zijn, of niet. "
     "Dit is geen vergelijking: we weten niet wat er zonder hulp was gebeurd.")),
    (GoalType.REDUCE, "reached", "comparison", "Het doel is bereikt, vergeleken met de vergelijkingsgroep",
     ("Het doel is minder eenzaamheid. De verandering was gunstiger dan bij de vergelijkingsgroep: "
     "dat noemen we een effect. Dit rust op de vergelijking met de vergelijkingsgroep.")),
    (GoalType.STABILISE, "opposite", "comparison", "Het verschil met de vergelijkingsgroep gaat tegen het doel in",
     ("Het doel is dat eenzaamheid niet toeneemt. De verandering was ongunstiger dan bij de vergelijkingsgroep: "
     "het effect ging de andere kant op. Dit rust op de vergelijking met de vergelijkingsgroep.")),
    (GoalType.REDUCE, "not_shown", "comparison", "Niet aangetoond dat het doel is bereikt",
     ("Het doel is minder eenzaamheid. Er is geen duidelijk verschil met de vergelijkingsgroep. "
     "Een effect kan er zijn, of niet. Dit rust op de vergelijking met de vergelijkingsgroep.")),
    (GoalType.STABILISE, "reached", "margin", "Het doel is bereikt volgens de marge uit het analyseplan",
     ("Het doel is dat eenzaamheid niet toeneemt. De score werd niet meer dan de marge ongunstiger. "
     "Een vergelijking met mensen zonder hulp is dit niet.")),
    (GoalType.PREVENT_ONSET, "not_shown", "margin", "Niet aangetoond dat het doel is bereikt",
     ("Het doel is dat mensen niet eenzaam worden. De score bleef niet aantoonbaar binnen de marge. "
     "Een vergelijking met mensen zonder hulp is dit niet.")),
]  # fmt: skip


@pytest.mark.parametrize(("wanted", "verdict", "basis", "heading", "text"), GOALS)
def test_the_verdict_on_the_goal(wanted: GoalType, verdict: str, basis: str, heading: str, text: str) -> None:
    words = {"goal.verdict": verdict, "goal.basis": basis}
    told = goal(telling("nl", {"change.intervention.difference": FELL}, words, goal=str(wanted)))
    assert (told.key, told.heading, told.text) == ("goal", heading, text)


def test_what_the_waiting_list_is_compared_with_is_called_so() -> None:
    figures = {
        "change.intervention.difference": FELL,
        "contrast.intervention.waiting_list.did": Figure(POINTS, -1.0, -1.5, -0.5, 90),
    }
    words = {"goal.verdict": "reached", "goal.basis": "comparison"}
    told = goal(telling("en", figures, words, arms=("intervention", "waiting_list")))
    assert told.text == (
        "The goal is less loneliness. The change was better than in the waiting list: that we call an effect. "
        "This rests on the comparison with the waiting list."
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_verdict_that_the_rules_can_give_has_words(language: str) -> None:
    for wanted, rules in RULES.items():
        for _, verdict, basis in rules:
            words = {"goal.verdict": str(verdict), "goal.basis": str(basis)}
            told = goal(telling(language, {"change.intervention.difference": FELL}, words, goal=str(wanted)))
            assert ("effect" in told.text) == (basis is Basis.COMPARISON)


@pytest.mark.parametrize(
    ("why", "figure", "text"),
    [
        ("margin_or_comparison", FELL,
         "Daarvoor is een marge vooraf nodig, of een vergelijkingsgroep. Beide zijn er niet."),
        ("too_few", Figure(POINTS, hidden=Hidden.TOO_FEW), "De verandering is er niet bij: niet getoond: minder dan 10."),
        ("too_few", FELL, "Dat komt hierdoor: te weinig gegevens."),
        ("too_few", Figure(POINTS, reason=Reason.TOO_FEW, detail={"n": 1, "needed": 2}),
         "Dat komt hierdoor: te weinig gegevens (1; nodig zijn er 2)."),
        ("no_data", FELL, "Dat komt hierdoor: er zijn nog geen gegevens."),
        ("something new", FELL, "Daarvoor ontbreken gegevens."),
    ],
)  # fmt: skip
def test_why_the_goal_cannot_be_judged(why: str, figure: Figure, text: str) -> None:
    words = {"goal.verdict": str(Verdict.CANNOT_BE_JUDGED), "goal.basis": "nothing", "goal.why": why}
    told = goal(telling("nl", {"change.intervention.difference": figure}, words, goal="stabilise"))
    assert told.heading == "Over het doel is nog niets te zeggen"
    assert told.text == f"Het doel is dat eenzaamheid niet toeneemt. {text}"


@pytest.mark.parametrize(
    ("word", "locked", "heading", "last"),
    [
        ("equivalent", "2025-01-02", "De score bleef binnen de marge van 0,5 punt",
         "De marge van 0,5 punt staat in het vastgelegde analyseplan."),
        ("not_shown", "", "Niet aangetoond dat de score binnen de marge van 0,5 punt bleef",
         "De marge van 0,5 punt is niet vooraf vastgelegd: lees dit als verkenning."),
    ],
)  # fmt: skip
def test_the_margin(word: str, locked: str, heading: str, last: str) -> None:
    found = Figure(POINTS, -0.1, -0.3, 0.1, 47, 80, detail={"margin": 0.5, "p": 0.01, "df": 46, "level": 0.9})
    figures = {"change.intervention.difference": SAME, "equivalence.intervention.difference": found}
    told = passages(figures, {"equivalence.intervention": word}, "nl", plan_locked_on=locked)
    text = f"De verandering was -0,1 punt (90%-interval -0,3 tot 0,1), bij 47 deelnemers. {last}"
    assert (told["equivalence.intervention"].heading, plain(told["equivalence.intervention"].text)) == (heading, text)


def test_what_comes_by_itself() -> None:
    figures = {"change.intervention.difference": FELL}
    told = passages(figures, {}, "nl")["regression.intervention"]
    assert told.heading == "Een deel van de verandering kan vanzelf komen"
    assert told.text == (
        "Mensen doen vaak mee als het slecht gaat. Ook zonder hulp gaat het daarna vaak wat beter. "
        "Hoeveel dat hier is, weten we niet."
    )
    figures["regression.intervention.expected"] = Figure(POINTS, -0.9, -1.2, -0.6, 47)
    told = passages(figures, {}, "nl")["regression.intervention"]
    assert plain(told.text) == (
        "Wie begint met een ongewone score, zit een volgende keer vaak dichter bij het gemiddelde. "
        "Bij deze groep verwachten we zo al -0,9 punt (95%-interval -1,2 tot -0,6). Gezien is -1,7 punt."
    )


def test_the_parts_of_the_questionnaire() -> None:
    figures = {
        "change.intervention.difference": FELL,
        "change.intervention.score.emotional": Figure(POINTS, -1.1, -1.5, -0.7, 43, 80),
        "change.intervention.score.social": Figure(POINTS, hidden=Hidden.DIFFERENCE, n=37, of=80),
    }
    told = passages(figures, {}, "en")["change.intervention.score"]
    assert plain(told.text) == (
        "Emotional loneliness: -1.1 points (95% interval -1.5 to -0.7), in 43 participants. "
        "Social loneliness: not shown: otherwise fewer than 10 could be computed."
    )


def test_the_word_effect_stands_in_the_texts_of_a_comparison_only() -> None:
    said = {key for (_, key), text in TEXTS.items() if any("effect" in form.lower() for form in text.forms)}
    assert said == {"goal_reached_comparison", "goal_opposite_comparison", "goal_not_shown_comparison"}
