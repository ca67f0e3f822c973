"""What the page with every figure shows: its parts with sentences, charts and tables, all from one analysis."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flask_babel import gettext as _

from service.api import saying
from service.api.analysis_parts import PARTS, Row, forest_of, part_of, retention_of, rows_of
from service.api.language import current, decimal, interval, percent_interval, signed
from service.measures.analysis.records import PlannedWave
from service.measures.analysis.result import Analysis, CurvePoint, Figure, Unit
from service.measures.instrument import Instrument
from service.messages.results.labels import label
from service.messages.results.names import Names
from service.messages.results.telling import Passage
from service.messages.results.words import figure_words


@dataclass(frozen=True, slots=True)
class TableRow:
    """One figure in a table, in words."""

    key: str
    label: str
    words: str
    n: str
    figure: Figure


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the page: the sentence first, then the chart, then every figure of it."""

    name: str
    heading: str
    text: str
    more: tuple[Passage, ...]
    forest: tuple[TableRow, ...]
    table: tuple[TableRow, ...]


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the three figures at the top, with its ruler (`at`, `low` and `high` in the unit of the ruler)."""

    title: str
    figure: Figure
    value: str
    unit: str
    of: str
    interval: str
    words: str
    ruler: Ruler | None


@dataclass(frozen=True, slots=True)
class Ruler:
    """The ruler under a key figure."""

    minimum: float
    maximum: float
    at: float
    low: float
    high: float
    step: float
    big: float
    mark: str = ""
    signed: bool = False
    target: float | None = None
    target_label: str = ""


@dataclass(frozen=True, slots=True)
class WaveRow:
    """One wave of the course: the mean as measured and by the model."""

    title: str
    short: str
    days: float
    valid: int
    mean: Figure
    mean_words: str
    model_words: str
    model_shown: bool


@dataclass(frozen=True, slots=True)
class CourseChart:
    """The course of the intervention arm on the full scale."""

    maximum: int
    marks: str
    bands: str
    label: str
    waves: tuple[WaveRow, ...]


@dataclass(frozen=True, slots=True)
class RetentionLine:
    """The curve of one arm, with its name."""

    name: str
    steps: tuple[CurvePoint, ...]
    end: float
    at_risk: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class RetentionChart:
    """Who still takes part: the lines, the marks of the axis, and the words that the drawing needs."""

    label: str
    lines: tuple[RetentionLine, ...]
    lines_words: str
    marks: tuple[int, ...]
    last: float


#: The parts that begin with their first sentence: it says what the part is about.
LED = frozenset({"change", "course", "contrast", "leaving"})


def parts_of(analysis: Analysis, passages: Sequence[Passage], labels: Labels) -> list[Part]:
    """The parts that have figures, in their order."""
    found = []
    for name in PARTS:
        told = [passage for passage in passages if part_of(passage.key) == name]
        rows = rows_of(analysis, name)
        if not rows and not told:
            continue
        leads = bool(told) and name in LED
        found.append(
            Part(
                name=name,
                heading=told[0].heading if leads else labels.part(name),
                text=told[0].text if leads else labels.about(name),
                more=tuple(told[leads:]),
                forest=tuple(labels.row(row) for row in forest_of(analysis, name)),
                table=tuple(labels.row(row) for row in rows),
            )
        )
    return found


@dataclass(frozen=True, slots=True)
class Labels:
    """Turns figures into rows with words, in the language of the page."""

    names: Names

    def row(self, row: Row) -> TableRow:
        """One figure with its label, its words and its people."""
        figure = row.figure
        n = "" if figure.n is None or figure.unit is Unit.PEOPLE else str(figure.n)
        if n and figure.of is not None:
            n = str(_("%(n)s van %(of)s", n=figure.n, of=figure.of))
        return TableRow(row.key, label(row.key, self.names, current()), figure_words(figure, current()), n, figure)

    def about(self, name: str) -> str:
        """What a part is about, where its first sentence does not say it."""
        return {
            "bands": str(_("De grenzen tussen de klassen komen van de makers van de vragenlijst.")),
            "response": str(_("Een meting missen is iets anders dan stoppen met het programma.")),
            "lean": str(_("Zouden de cijfers anders zijn als er anders was gemeten, of als iedereen had geantwoord?")),
            "quality": str(_("Per meetmoment: hoe goed de vragen bij elkaar passen en hoe ze zijn beantwoord.")),
        }.get(name, "")

    def part(self, name: str) -> str:
        """The heading of a part that its first sentence does not lead."""
        return {
            "change": str(_("De verandering")),
            "course": str(_("De score per meetmoment")),
            "bands": str(_("Wie in welke klasse valt")),
            "contrast": str(_("Naast de vergelijkingsgroep")),
            "subgroups": str(_("De verandering per groep")),
            "response": str(_("Wie antwoordt per meetmoment")),
            "leaving": str(_("Wie doet er nog mee?")),
            "lean": str(_("Hoe stevig is dit?")),
            "quality": str(_("Hoe goed is er gemeten?")),
        }[name]


def key_figures(analysis: Analysis, arm: str) -> list[KeyFigure]:
    """The three figures at the top: how many have both measurements, the change, and its size."""
    head = f"change.{arm}"
    found = [_paired(analysis.figures[f"response.{arm}.paired"]), _change(analysis.figures[f"{head}.difference"])]
    size = analysis.figures.get(f"{head}.d_av")
    return [*found, _size(size)] if size else found


def _paired(figure: Figure) -> KeyFigure:
    words = str(_("te weinig gegevens"))
    if figure.value is None or figure.low is None or figure.high is None:
        return KeyFigure(str(_("Twee metingen")), figure, "", "", "", "", words, None)
    return KeyFigure(
        str(_("Twee metingen")),
        figure,
        decimal(100 * figure.value, 0),
        "%",
        str(_("%(n)s van %(of)s mensen", n=round(figure.value * (figure.n or 0)), of=figure.n)),
        percent_interval(figure.low, figure.high),
        figure_words(figure, current()),
        Ruler(
            0, 100, round(100 * figure.value, 1), round(100 * figure.low, 1), round(100 * figure.high, 1), 10, 50,
            mark=" %", target=70, target_label=str(_("drempel 70 (voorstel)")),
        ),
    )  # fmt: skip


def _change(figure: Figure) -> KeyFigure:
    title = str(_("Verandering in score"))
    if figure.value is None or figure.low is None or figure.high is None:
        return KeyFigure(title, figure, "", "", "", "", figure_words(figure, current()), None)
    return KeyFigure(
        title,
        figure,
        signed(figure.value),
        str(_("punt")),
        str(_("%(n)s mensen met twee metingen", n=figure.n)),
        interval(figure.low, figure.high),
        figure_words(figure, current()),
        Ruler(
            -3, 3, round(figure.value, 2), round(max(figure.low, -3), 2), round(min(figure.high, 3), 2), 1, 3,
            signed=True, target=0, target_label=str(_("geen verandering")),
        ),
    )  # fmt: skip


def _size(figure: Figure) -> KeyFigure:
    title = str(_("Grootte (d_av)"))
    if figure.value is None or figure.low is None or figure.high is None:
        return KeyFigure(title, figure, "", "", "", "", figure_words(figure, current()), None)
    return KeyFigure(
        title,
        figure,
        signed(figure.value, 2),
        "",
        str(_("in standaardafwijkingen van de score")),
        interval(figure.low, figure.high, 2),
        figure_words(figure, current()),
        Ruler(
            -2, 2, round(figure.value, 2), round(max(figure.low, -2), 2), round(min(figure.high, 2), 2), 0.5,
            2, signed=True, target=0, target_label=str(_("geen verandering")),
        ),
    )  # fmt: skip


def course_chart(
    analysis: Analysis, arm: str, instrument: Instrument, waves: Sequence[PlannedWave], names: Names
) -> CourseChart:
    """The course of an arm, wave by wave."""
    rule = instrument.score_rule(analysis.head.outcome)
    chosen = next(
        (one for one in instrument.cutoffs if (one.key, one.score) == (analysis.head.cutoff_set, rule.key)), None
    )
    bands = chosen.bands if chosen else ()
    rows = tuple(_wave_row(analysis, arm, wave, names) for wave in waves)
    told = "; ".join(f"{row.title} {row.mean_words}" for row in rows)
    return CourseChart(
        maximum=rule.maximum,
        marks=" ".join(str(band.lowest) for band in bands),
        bands="|".join(
            f"{(band.lowest + band.highest + (0 if band.highest == rule.maximum else 1)) / 2}:{names.bands[band.key]}"
            for band in bands
        ),
        label=str(_("Gemiddelde score per meetmoment:")) + f" {told}",
        waves=rows,
    )


def _wave_row(analysis: Analysis, arm: str, wave: PlannedWave, names: Names) -> WaveRow:
    mean = analysis.figures[f"course.{arm}.{wave.key}.mean"]
    model = analysis.figures.get(f"model.{arm}.{wave.key}.mean")
    title = names.waves[wave.key]
    return WaveRow(
        title=title,
        short=saying.shortened(title, wave.key),
        days=wave.days,
        valid=int(analysis.figures[f"course.{arm}.{wave.key}.valid"].value or 0),
        mean=mean,
        mean_words=figure_words(mean, current()),
        model_words=figure_words(model, current()) if model else "–",
        model_shown=model is not None and model.shown,
    )


def retention_chart(analysis: Analysis, arm_names: dict[str, str]) -> RetentionChart | None:
    """The curves of who still takes part; None when nobody was followed."""
    found = retention_of(analysis)
    if found is None:
        return None
    several = len(found.lines) > 1
    lines = tuple(
        RetentionLine(arm_names[line.arm] if several else str(_("Doet nog mee")), line.steps, line.end, line.at_risk)
        for line in found.lines
    )
    told = "; ".join(
        f"{line.name} {decimal(100 * (line.steps[-1].share if line.steps else 1.0), 0)} %" for line in lines
    )
    return RetentionChart(
        label=str(_("Deel dat nog meedoet aan het programma:")) + f" {told}",
        lines=lines,
        lines_words="|".join(f"{place}:{line.name}" for place, line in enumerate(lines)),
        marks=found.marks,
        last=found.last,
    )
