"""What is wrong with a long file, in one English sentence with the line and what to do."""

from __future__ import annotations

from collections.abc import Mapping

from service.exports.long_cells import FileFault
from service.measures import like_for_like
from service.measures.analysis.result import Fault

_SENTENCES: Mapping[str, str] = {
    FileFault.EMPTY_FILE: "the file is empty. Download it again.",
    FileFault.NOT_CSV: "this is not CSV ({found}). Check the quotation marks, or download the file again.",
    FileFault.NOT_THIS_FILE: "this is not a file that Peil exported: there is no column pseudonym, programme or wave "
    "(found: {found}). Take the file of /gegevens.",
    FileFault.NO_ROWS: "the file has columns but no rows: nobody was enrolled.",
    FileFault.MISSING_COLUMN: "the column {found!r} is missing. A file of an older version lacks it: export it again.",
    FileFault.UNKNOWN_COLUMN: "the column {found!r} is not one of this file. Remove it, or mend its name.",
    FileFault.DOUBLE_COLUMN: "the column {found!r} stands there twice. Remove one.",
    FileFault.WRONG_WIDTH: "{found} cells where the header has {expected}. Check for a stray separator.",
    FileFault.MISSING_VALUE: "{found} is empty{expected}. Take the value from the exported file.",
    FileFault.UNREADABLE_DATE: "{found!r} is not a date. Write it as {expected}.",
    FileFault.UNREADABLE_MOMENT: "{found!r} is not a moment with its time zone. Write it {expected}.",
    FileFault.UNREADABLE_NUMBER: "{found!r} is not a number. Write {expected}.",
    FileFault.UNKNOWN_VALUE: "{found!r} is not known. Possible: {expected}.",
    FileFault.UNKNOWN_INSTRUMENT: "the questionnaire {found!r} is not known. Known: {expected}. "
    "Your own stand in the folder of PEIL_INSTRUMENTS.",
    FileFault.UNKNOWN_SCORING: "the scores were made by version {found} of the rules, and here is version {expected}. "
    "Use the Peil that made the file, or `peil rescore` there and export again.",
    FileFault.CONTRADICTION: "{found}, but elsewhere {expected}. One of the two is wrong.",
    FileFault.SCORE_DIFFERS: "{found}, but from the answers follows {expected}. Take the row from the exported file; "
    "when it is as it was exported: `peil rescore`, and export again.",
    FileFault.LEFT_BEFORE_ENROLMENT: "left on {found}, before the enrolment on {expected}. Check both dates.",
    like_for_like.Fault.CHECK_IN: "{found!r} is a check-in, and no outcome can be made of it. Remove these rows.",
    like_for_like.Fault.DUPLICATE: "the wave {found!r} of this enrolment stands on line {expected} too. Keep one.",
    like_for_like.Fault.UNKNOWN_CUTOFF_SET: "the cut-off set {found!r} is not known. Known: {expected}.",
}


def sentence(fault: Fault) -> str:
    """What is wrong, with the line of the file (the header is line 1)."""
    expected = fault.expected
    if fault.fault == FileFault.MISSING_VALUE:
        expected = f" (possible: {expected})" if expected else ""
    return f"line {fault.row}: " + _SENTENCES[fault.fault].format(found=fault.found, expected=expected)
