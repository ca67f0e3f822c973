"""The form of an analysis plan: its choices in words, a plan as fields, and fields as a plan."""

from __future__ import annotations

import math
from dataclasses import dataclass

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from service.api.forms import Form
from service.api.language import current, day
from service.api.saying import in_language
from service.followup.problem import Problem
from service.measures.analysis.plan import AnalysisPlan, Subgroup
from service.measures.ancova import Assignment
from service.measures.regression_to_mean import Population
from service.messages.results.names import names_of
from service.usecases.show_analysis_plan import PlanView

#: The fields about the people the group was chosen from: all of them, or none.
POPULATION = ("population_mean", "population_correlation", "population_n", "population_source")
MOST_PEOPLE = 100_000_000


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen, as pairs of value and words."""

    outcomes: list[tuple[str, str]]
    cutoffs: list[tuple[str, str]]
    assignments: list[tuple[str, str]]
    subgroups: list[tuple[str, str]]


def choices(view: PlanView) -> Choices:
    """The scores and sets of bands of this questionnaire, and what is the same for all."""
    scores = names_of(view.instrument, (), current()).scores
    sets: dict[str, str] = {}
    for one in view.instrument.cutoffs:
        if one.offered:
            sets.setdefault(one.key, one.source)
    return Choices(
        outcomes=[(rule.key, scores[rule.key]) for rule in view.instrument.scores],
        cutoffs=[("", _("Geen")), *((key, f"{key}: {source}") for key, source in sets.items())],
        assignments=[
            (Assignment.RANDOMISED, _("Door loting")),
            (Assignment.BASELINE_EQUIVALENT, _("Zonder loting; dat ze gelijk beginnen is vooraf onderbouwd")),
            (Assignment.OTHER, _("Anders, of er is maar één groep")),
        ],
        subgroups=[
            (Subgroup.AGE, _("Leeftijd: onder de 75, en 75 of ouder")),
            (Subgroup.LANGUAGE, _("Taal van de vragenlijst")),
            (Subgroup.MODE, _("Hoe iemand de eerste keer antwoordde, zoals per sms")),
            (Subgroup.CLUSTER, _("De plek")),
        ],
    )


def told(plan: AnalysisPlan, view: PlanView) -> list[tuple[str, str]]:
    """A locked plan, as pairs of what and how."""
    found = choices(view)
    waves = {wave.key: in_language(wave.title) for wave in view.waves}
    groups = [words for key, words in found.subgroups if key in plan.subgroups]
    first, last = (waves.get(key, key) for key in (plan.baseline, plan.primary))
    pairs = [
        (_("Waarop we oordelen"), dict(found.outcomes).get(plan.outcome, plan.outcome)),
        (_("Van welke meting tot welke"), _("Van ‘%(first)s’ tot ‘%(last)s’", first=first, last=last)),
        (_("Indeling in groepen van scores"), dict(found.cutoffs).get(plan.cutoff_set, plan.cutoff_set)),
        (_("Telt als gelijk gebleven"), _margin(plan.margin)),
        (_("Hoe mensen in hun groep kwamen"), dict(found.assignments)[plan.assignment]),
        (_("Apart bekeken"), "; ".join(groups) or _("Niets.")),
        (_("Model"), _("Elk mens een eigen lijn") if plan.random_slope else _("Elk mens een eigen beginpunt")),
        (_("De mensen uit wie de groep is gekozen"), _population(plan.population)),
        (_("Peildatum van het rapport"), day(plan.reference_on) if plan.reference_on else _("Niet vastgelegd.")),
    ]
    return [*pairs, (_("Toelichting"), plan.notes)] if plan.notes else pairs


def filled(plan: AnalysisPlan) -> Form:
    """The form as it begins: with this plan in it."""
    values = MultiDict(
        {
            "outcome": plan.outcome,
            "cutoff_set": plan.cutoff_set,
            "margin": number(plan.margin),
            "assignment": str(plan.assignment),
            "random_slope": "yes" if plan.random_slope else "",
            "reference_on": plan.reference_on.isoformat() if plan.reference_on else "",
            "notes": plan.notes,
        }
    )
    values.setlist("subgroups", [str(one) for one in plan.subgroups])
    if plan.population is not None:
        values["population_mean"] = number(plan.population.mean)
        values["population_correlation"] = number(plan.population.correlation)
        values["population_n"] = str(plan.population.n)
        values["population_source"] = plan.population.source
    return Form(values)


def plan_in(form: Form, view: PlanView) -> AnalysisPlan:
    """The plan that was filled in, about the waves of the protocol. Raises Refusal with what cannot be read."""
    subgroups = form.several("subgroups")
    assignment = form.value("assignment", Assignment.OTHER)
    if not set(subgroups) <= set(Subgroup):
        form.problems.append(Problem("choice_unknown", "subgroups"))
    if assignment not in set(Assignment):
        form.problems.append(Problem("choice_unknown", "assignment"))
    margin, population = _decimal(form, "margin", 0, 100), _population_in(form)
    reference_on = form.day("reference_on")
    form.refuse()
    return AnalysisPlan(
        outcome=form.value("outcome"),
        baseline=view.baseline.key,
        primary=view.primary.key,
        cutoff_set=form.value("cutoff_set"),
        random_slope=form.value("random_slope") == "yes",
        margin=margin,
        assignment=Assignment(assignment),
        subgroups=tuple(one for one in Subgroup if one in subgroups),
        population=population,
        reference_on=reference_on,
        notes=_clean(form.value("notes")),
    )


def reason_in(form: Form) -> str:
    """Why the plan is changed."""
    return _clean(form.value("reason"))


def number(value: float | None) -> str:
    """A number without needless decimals, with a comma in Dutch; "" for none."""
    text = "" if value is None else f"{value:g}"
    return text.replace(".", ",") if current() == "nl" else text


def _margin(margin: float | None) -> str:
    if margin is None:
        return _("Dat beoordelen we niet.")
    return _("Minder dan %(n)s punt verschil", n=number(margin))


def _population(known: Population | None) -> str:
    if known is None:
        return _("Niet ingevuld.")
    return _(
        "Gemiddeld %(mean)s punt, samenhang %(r)s, %(n)s mensen. Bron: %(source)s",
        mean=number(known.mean),
        r=number(known.correlation),
        n=known.n,
        source=known.source,
    )


def _population_in(form: Form) -> Population | None:
    given = [name for name in POPULATION if form.value(name)]
    if not given:
        return None
    if len(given) < len(POPULATION):
        form.problems.append(Problem("plan_population_incomplete", "population"))
        return None
    mean, correlation = _decimal(form, "population_mean", 0, 100), _decimal(form, "population_correlation", 0, 1)
    people = form.number("population_n")
    if people is not None and not 1 <= people <= MOST_PEOPLE:
        form.problems.append(_between("population_n", str(people), 1, MOST_PEOPLE))
    if mean is None or correlation is None or people is None:
        return None
    return Population(mean, correlation, people, _clean(form.value("population_source")))


def _decimal(form: Form, name: str, lowest: int, highest: int) -> float | None:
    """A number with a comma or a point, None when the field is empty; anything else is noted as a problem."""
    text = form.value(name)
    if not text:
        return None
    try:
        found = float(text.replace(",", "."))
    except ValueError:
        found = math.nan
    if not lowest <= found <= highest:
        form.problems.append(_between(name, text[:20], lowest, highest))
        return None
    return found


def _between(name: str, value: str, lowest: int, highest: int) -> Problem:
    return Problem("number_between", name, values={"value": value, "lowest": lowest, "highest": highest})


def _clean(text: str) -> str:
    """What a database can keep: line ends as they are here, no NUL."""
    return text.replace("\r\n", "\n").replace("\x00", "")
