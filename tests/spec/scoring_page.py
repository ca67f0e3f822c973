"""docs/reference/scoring.md, printed from the instruments and the worked examples.

Write it again with: python -m tests.spec.scoring_page
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from service.bootstrap import load_instruments
from service.measures.instrument import Instrument
from service.measures.scoring import Scored, score

EXAMPLES = Path(__file__).with_name("djg_examples.md")
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "scoring.md"
CODES = {"1": "no", "2": "more_or_less", "3": "yes", ".": None}
BANDS = {"not": "not_lonely", "null": None}


@dataclass(frozen=True)
class Example:
    """One line of the table: eleven answers, what each form of the scale must make of them, and what that proves."""

    key: str
    responses: str
    djg11: tuple[int | None, int | None, int | None, str | None]  # emotional, social, total, band
    djg6: tuple[int | None, int | None, int | None, str | None]
    proves: str

    @property
    def answers(self) -> dict[int, str | None]:
        return {number: CODES[code] for number, code in enumerate(self.responses, start=1)}


def examples() -> list[Example]:
    """The examples of djg_examples.md."""
    lines = [line.split("|")[1:-1] for line in EXAMPLES.read_text("utf-8").splitlines() if line.startswith("| D")]
    return [_example([cell.strip() for cell in cells]) for cells in lines]


def _example(cells: list[str]) -> Example:
    return Example(cells[0], cells[1].strip("`"), _expected(cells[2:6]), _expected(cells[6:10]), cells[10])


def _expected(cells: list[str]) -> tuple[int | None, int | None, int | None, str | None]:
    emotional, social, total = (None if cell == "null" else int(cell) for cell in cells[:3])
    return emotional, social, total, BANDS.get(cells[3], cells[3])


def outcome(scored: Scored) -> tuple[int | None, int | None, int | None, str | None]:
    """A De Jong Gierveld score in the columns of the table."""
    return scored.values["emotional"], scored.values["social"], scored.values["total"], scored.band


def render(instruments: Mapping[str, Instrument]) -> str:
    """The page."""
    return "\n".join(
        [*_head(), *(line for i in instruments.values() for line in _instrument(i)), *_table(instruments), ""]
    )


def _head() -> Iterator[str]:
    yield "# How answers become scores"
    yield ""
    yield "Printed from `service/measures/instruments` and `tests/spec/djg_examples.md` by `python -m tests.spec.scoring_page`; a test keeps it true."
    yield ""
    yield "- An answer is stored as its code, never as the digit that somebody sent."
    yield "- A missing answer is never filled in and a score is never prorated. A score that misses more items than its rule allows is empty."
    yield '- A total with a missing item is a lower bound: where one point more would give another band, the band carries the word "ondergrens" (`lower_bound`).'
    yield "- Bands describe groups. They are not a diagnosis of a person."


def _instrument(instrument: Instrument) -> Iterator[str]:
    yield from ("", f"## {instrument.key} (version {instrument.version})", "")
    yield f"{instrument.title['en']}. {instrument.source}"
    yield from ("", instrument.conditions_of_use["en"], "")
    yield f"By SMS: {'yes' if instrument.sms_allowed else 'never, the text names loneliness'}. Languages: {_languages(instrument)}."
    yield from ("", "| score | items | rule | range | may miss |", "|---|---|---|---|---|")
    for rule in instrument.scores:
        items = ", ".join(map(str, rule.items))
        yield f"| {rule.key} | {items} | {rule.formula} | {rule.minimum}-{rule.maximum} | {rule.max_missing} |"
    yield from ("", "| answer | code | number | counts as lonely for |", "|---|---|---|---|")
    labels = {option.code: "; ".join(option.label.values()) for option in instrument.options}
    for code, value in instrument.accepted_codes.items():
        subscales = ", ".join(name for name, lonely in instrument.lonely_codes.items() if code in lonely) or "-"
        yield f"| {labels.get(code, '(five-category form)')} | `{code}` | {value} | {subscales} |"
    yield from ("", "| set of cut-offs | score | bands | source |", "|---|---|---|---|")
    for cutoffs in instrument.cutoffs:
        bands = "; ".join(
            f"{band.lowest}-{band.highest} {band.label['en']} ({band.label['nl']})" for band in cutoffs.bands
        )
        default = " (default)" if cutoffs.default else "" if cutoffs.offered else " (off)"
        yield f"| {cutoffs.key}{default} | {cutoffs.score} | {bands} | {cutoffs.source} |"


def _languages(instrument: Instrument) -> str:
    return ", ".join(f"{name} ({'' if good else 'not '}validated)" for name, good in instrument.validated.items())


def _table(instruments: Mapping[str, Instrument]) -> Iterator[str]:
    yield from ("", "## Worked examples of the De Jong Gierveld scale", "")
    yield "1 = no, 2 = more or less, 3 = yes (the manual's numbers), `.` = missing; the eleven items in order. Scores below are computed by Peil."
    yield ""
    yield "| | answers | emotional | social | total | band | emotional (6) | social (6) | total (6) | band (6) | what it proves |"
    yield "|---|---|---|---|---|---|---|---|---|---|---|"
    for example in examples():
        cells = [_cell(score(instruments[key], example.answers)) for key in ("djg11", "djg6")]
        yield f"| {example.key} | `{example.responses}` | {cells[0]} | {cells[1]} | {example.proves} |"


def _cell(scored: Scored) -> str:
    *points, band = outcome(scored)
    bound = " (lower bound)" if scored.lower_bound else ""
    return " | ".join(["-" if point is None else str(point) for point in points] + [f"{band}{bound}" if band else "-"])


if __name__ == "__main__":
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(render(load_instruments()), "utf-8")
