"""Somebody who has every shown figure of an analysis and knows linear algebra: what it says of one to nine people.

Shares no code with the rule. The unknowns are the answers, one per person, wave and item (a skipped item adds nothing,
and the attacker knows that), and per band edge who was beyond it and who crossed it. Who is in which group is known. A
figure is a row of weights of these unknowns; it is written down here from the records and the published definitions.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from service.measures.analysis.plan import AnalysisPlan
from service.measures.analysis.records import Record, Records
from service.measures.analysis.result import Analysis
from service.measures.course import LongScores, course
from service.measures.estimate import NotEstimable

Row = dict[tuple[str, str], float]  # (person, unknown) -> weight
Matrix = NDArray[np.float64]


class Attacker:
    """One arm of one programme, as somebody who knows who is in which group sees it."""

    def __init__(self, records: Records, plan: AnalysisPlan, found: Analysis, arm: str = "intervention") -> None:
        self.records, self.plan, self.found, self.arm = records, plan, found, arm
        self.people = sorted(person.key for person in records.enrolments if person.arm == arm)
        self.at = {(one.enrolment, one.wave): one for one in records.measurements}
        self.pairs = [
            key
            for key in self.people
            if self.score(key, plan.baseline) is not None
            and self.score(key, plan.primary) is not None
            and self.at[key, plan.primary].in_change
        ]

    def succeeds(self) -> list[set[str]]:
        """Groups of one to nine people about whom something follows from the shown figures."""
        rows = [row for row in self.rows() if row]
        unknowns = sorted({at for row in rows for at in row})
        place = {at: number for number, at in enumerate(unknowns)}
        matrix = np.zeros((len(rows), len(unknowns)))
        for number, row in enumerate(rows):
            for at, weight in row.items():
                matrix[number, place[at]] = weight
            matrix[number] /= np.abs(matrix[number]).max()
        # Rows that span the same, at right angles: a combination lies within a group of columns when they are as long there.
        _, sizes, right = np.linalg.svd(matrix, full_matrices=False)
        spanning = right[sizes > 1e-7]
        of_person = np.array([person for person, _ in unknowns])
        return [
            group
            for group in self._small(matrix, unknowns)
            if np.linalg.norm(spanning[:, np.isin(of_person, list(group))], 2) > 1 - 1e-9
        ]

    def _small(self, matrix: Matrix, unknowns: list[tuple[str, str]]) -> Iterator[set[str]]:
        """Every kind of people that all figures treat alike, and every two and three of them, of one to nine people."""
        of: dict[str, list[int]] = defaultdict(list)
        for number, (person, _) in enumerate(unknowns):
            of[person].append(number)
        kinds: dict[object, set[str]] = defaultdict(set)
        for person, columns in of.items():
            names = tuple(unknowns[number][1] for number in columns)
            kinds[names, matrix[:, columns].round(9).tobytes()].add(person)
        small = [people for people in kinds.values() if len(people) < 10]
        yield from small
        yield set().union(*small) if sum(map(len, small)) < 10 else set(self.people[:1])
        for many in (2, 3):
            for chosen in itertools.islice(itertools.combinations(small, many), 150):
                together = set().union(*chosen)
                if len(together) < 10:
                    yield together

    def score(self, key: str, wave: str, name: str = "") -> int | None:
        """A score that counts in the mean of its wave."""
        record = self.at.get((key, wave))
        return record.scores.get(name or self.plan.outcome) if record is not None and record.in_course else None

    def shown(self, *parts: str) -> bool:
        """Whether a figure has a value."""
        figure = self.found.figures.get(".".join(parts))
        return figure is not None and figure.value is not None

    def rows(self) -> Iterator[Row]:
        """Every shown figure."""
        changes = (self._changes, self._scores, self._subgroups, self._shifted, self._parts)
        for part in (*changes, self._courses, self._models, self._items, self._bands, self._crossed):
            yield from part()

    def of(self, key: str, wave: str, weight: float, score: str = "") -> Row:
        """A person's score: its items, so far as they answered them."""
        rule = self.records.instrument.score_rule(score or self.plan.outcome)
        record: Record = self.at[key, wave]
        return {
            (key, f"{wave}:{item}"): weight for item in rule.items if record.codes.get(item, "no_answer") != "no_answer"
        }

    def change(self, keys: list[str], score: str = "") -> Row:
        """The sum of the changes of these people."""
        row: Row = {}
        for key in keys:
            row |= self.of(key, self.plan.primary, 1.0, score) | self.of(key, self.plan.baseline, -1.0, score)
        return row

    def _changes(self) -> Iterator[Row]:
        if self.shown("change", self.arm, "difference"):
            yield self.change(self.pairs)
        for name, wave in (("before", self.plan.baseline), ("after", self.plan.primary)):
            if self.shown("change", self.arm, name):
                yield _sum(self.of(key, wave, 1.0) for key in self.pairs)

    def _scores(self) -> Iterator[Row]:
        for rule in self.records.instrument.scores:
            if self.shown("change", self.arm, "score", rule.key):
                ends = (self.plan.baseline, self.plan.primary)
                both = [
                    key
                    for key in self.people
                    if (key, ends[0]) in self.at
                    and (last := self.at.get((key, ends[1]))) is not None
                    and last.in_change
                    and all(self.at[key, wave].scores.get(rule.key) is not None for wave in ends)
                ]
                yield self.change(both, rule.key)

    def _subgroups(self) -> Iterator[Row]:
        groups = defaultdict(list)
        ages = {person.key: person.age_group for person in self.records.enrolments}
        for key in self.pairs:
            groups[str(ages[key])].append(key)
        for value, keys in groups.items():
            if self.shown("subgroup", self.arm, "age", value, "difference"):
                yield self.change(keys)

    def _courses(self) -> Iterator[Row]:
        for wave in self.records.waves:
            keys = [key for key in self.people if self.score(key, wave.key) is not None]
            if self.shown("course", self.arm, wave.key, "mean"):
                yield _sum(self.of(key, wave.key, 1.0) for key in keys)
            if wave.key == self.plan.baseline:
                stayed = [key for key in keys if key in self.pairs]
                gone = [key for key in keys if key not in self.pairs]
                for name, who in (("stayed", stayed), ("dropped", gone)):
                    if self.shown("attrition", self.arm, "score", name):
                        yield _sum(self.of(key, wave.key, 1.0) for key in who)

    def _models(self) -> Iterator[Row]:
        """The weights of the model: generalised least squares, with one large matrix for everybody at once."""
        waves = [wave.key for wave in self.records.waves]
        cells = [(key, at) for key in self.people for at, wave in enumerate(waves) if self.score(key, wave) is not None]
        scores = [float(self.score(key, waves[at]) or 0) for key, at in cells]
        fitted = course(LongScores.of([key for key, _ in cells], [at for _, at in cells], scores), waves)
        if isinstance(fitted, NotEstimable):
            return
        between, within = float(fitted.model.random[0][0]), fitted.model.residual
        same = np.array([[one[0] == other[0] for other in cells] for one in cells], dtype=float)
        inverse = np.linalg.inv(between * same + within * np.eye(len(cells)))
        x = np.array([[float(at == place) for place in range(len(waves))] for _, at in cells])
        weights = np.linalg.pinv(x.T @ inverse @ x) @ x.T @ inverse
        for place, wave in enumerate(waves):
            if self.shown("model", self.arm, wave, "mean"):
                of = zip(cells, weights[place], strict=True)
                yield _sum(self.of(key, waves[at], float(weight)) for (key, at), weight in of if abs(weight) > 1e-12)

    def _shifted(self) -> Iterator[Row]:
        """Who dropped out is given the change that a straight line through the pairs predicts from the first score."""
        if not any(self.shown("sensitivity", self.arm, "delta", name) for name in ("0", "half", "1")):
            return
        first = [key for key in self.people if self.score(key, self.plan.baseline) is not None]
        before = np.array([float(self.score(key, self.plan.baseline) or 0) for key in self.pairs])
        after = np.array([float(self.score(key, self.plan.primary) or 0) for key in self.pairs])
        slope = float(np.cov(before, after - before)[0, 1] / before.var(ddof=1))
        row: Row = {}
        for key in first:
            stayer = key in self.pairs
            weight = slope / len(first) - (1 + slope) / len(self.pairs) * stayer
            row |= self.of(key, self.plan.baseline, weight)
            if stayer:
                row |= self.of(key, self.plan.primary, 1 / len(self.pairs))
        yield row

    def _parts(self) -> Iterator[Row]:
        for name in ("same_mode", "no_helper"):
            if self.shown("sensitivity", self.arm, name):
                yield self.change([key for key in self.pairs if self._alike(key, name)])
        if self.shown("sensitivity", self.arm, "common_items"):
            yield _sum(self._common(key) for key in self.pairs)

    def _alike(self, key: str, name: str) -> bool:
        first, last = self.at[key, self.plan.baseline], self.at[key, self.plan.primary]
        return first.mode == last.mode if name == "same_mode" else not (first.helper_delivers or last.helper_delivers)

    def _common(self, key: str) -> Row:
        first = self.of(key, self.plan.baseline, -1.0)
        last = self.of(key, self.plan.primary, 1.0)
        items = {name.split(":")[1] for _, name in first} & {name.split(":")[1] for _, name in last}
        return {at: weight for at, weight in (first | last).items() if at[1].split(":")[1] in items}

    def _items(self) -> Iterator[Row]:
        for item in self.records.instrument.primary.items:
            for wave in self.records.waves:
                if self.shown("quality", self.arm, wave.key, "item", str(item)):
                    yield {
                        (key, f"{wave.key}:{item}"): 1.0
                        for key in self.people
                        if self._answered(key, wave.key, item) and self.at[key, wave.key].in_course
                    }
            if self.shown("quality", self.arm, "item", str(item), "drift"):
                ends = (self.plan.baseline, self.plan.primary)
                last = [
                    key for key in self.people if (end := self.at.get((key, ends[1]))) is not None and end.in_change
                ]
                both = [key for key in last if all(self._answered(key, wave, item) for wave in ends)]
                yield {(key, f"{ends[1]}:{item}"): 1.0 for key in both} | {
                    (key, f"{ends[0]}:{item}"): -1.0 for key in both
                }

    def _answered(self, key: str, wave: str, item: int) -> bool:
        record = self.at.get((key, wave))
        return record is not None and record.codes.get(item, "no_answer") != "no_answer"

    def _bands(self) -> Iterator[Row]:
        """Per edge: who is beyond it in each wave, and of the pairs who crossed it."""
        bands = self._edges()
        for wave in self.records.waves:
            keys = [key for key in self.people if self.score(key, wave.key) is not None]
            for band in bands:
                if self.shown("above", self.arm, band, "wave", wave.key):
                    yield {(key, f"{wave.key}>{band}"): 1.0 for key in keys}
            for band, worse in itertools.pairwise(bands):
                if self.shown("band", self.arm, wave.key, band):
                    yield {(key, f"{wave.key}>{band}"): 1.0 for key in keys} | {
                        (key, f"{wave.key}>{worse}"): -1.0 for key in keys
                    }

    def _edges(self) -> list[str]:
        chosen = [one for one in self.records.instrument.cutoffs if one.key == self.plan.cutoff_set]
        return [band.key for one in chosen if one.score == self.plan.outcome for band in one.bands][1:]

    def _crossed(self) -> Iterator[Row]:
        ends = {"before": self.plan.baseline, "after": self.plan.primary}
        for band in self._edges():
            for name, wave in ends.items():
                if self.shown("above", self.arm, band, name):
                    yield {(key, f"{wave}>{band}"): 1.0 for key in self.pairs}
            if self.shown("above", self.arm, band, "entered"):
                yield {(key, f"entered {band}"): 1.0 for key in self.pairs}
            if self.shown("above", self.arm, band, "left"):
                signs = ((f"{ends['before']}>{band}", 1.0), (f"{ends['after']}>{band}", -1.0), (f"entered {band}", 1.0))
                yield {(key, name): sign for key in self.pairs for name, sign in signs}


def _sum(rows: Iterator[Row]) -> Row:
    found: Row = {}
    for row in rows:
        for at, weight in row.items():
            found[at] = found.get(at, 0.0) + weight
    return found
