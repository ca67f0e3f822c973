"""A list of participants as municipalities keep it -> rows to register: any usual encoding, separator and spelling."""

from __future__ import annotations

import csv
import io
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from service.followup.consent import LegalBasis, Purpose, TakenHow
from service.followup.problem import Problem, Refusal
from service.followup.registration import Given, IntakeForm, NewParticipant

MOST_BYTES = 10 * 1024 * 1024
#: So many people are registered in one go within a minute.
MOST_ROWS = 10_000
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")

#: Column -> the other names under which it is known.
COLUMNS: dict[str, tuple[str, ...]] = {
    "voornaam": ("roepnaam", "first_name"),
    "achternaam": ("naam", "last_name"),
    "geboortejaar": ("birth_year",),
    "geboortedatum": ("birth_date",),
    "mobiel": ("mobiele_nummer", "mobiel_nummer", "06", "06_nummer", "gsm", "mobile"),
    "email": ("e_mail", "e_mailadres", "emailadres", "mail"),
    "vast": ("vast_nummer", "vaste_telefoon", "telefoon", "landline"),
    "voorkeur": ("voorkeur_kanaal", "preferred_channel"),
    "taal": ("language",),
    "aanspreekvorm": ("u_of_je", "form_of_address"),
    "toestemming_vragen": ("toestemming",),
    "toestemming_sms": (),
    "toestemming_email": ("toestemming_e_mail",),
    "toestemming_telefoon": ("toestemming_bellen",),
    "toestemming_aanmoediging": (),
    "toestemming_delen": (),
    "grondslag": (),
    "toestemming_hoe": (),
    "arm": ("groep",),
    "intake_datum": ("datum_intake",),
    "weten": (),
    "willen": (),
    "kunnen": (),
    "oorzaken": (),
    "risicofactoren": (),
    "preventieniveau": (),
    "verwijzer": (),
}
NEEDED = ("voornaam", "achternaam")
KNOWN = {alias: name for name, aliases in COLUMNS.items() for alias in (name, *aliases)}

YES = frozenset({"ja", "j", "yes", "y", "1", "x", "waar", "true"})
NO = frozenset({"", "nee", "n", "no", "0", "onwaar", "false", "-"})
CHOICES: dict[str, dict[str, str]] = {
    "voorkeur": {
        "sms": "sms",
        "sms'en": "sms",
        "email": "email",
        "e-mail": "email",
        "mail": "email",
        "telefoon": "phone",
        "bellen": "phone",
        "vast": "phone",
    },
    "taal": {"": "nl", "nl": "nl", "nederlands": "nl", "en": "en", "engels": "en", "english": "en"},
    "aanspreekvorm": {"": "u", "u": "u", "je": "je", "jij": "je"},
    "grondslag": {
        "": LegalBasis.CONSENT,
        "toestemming": LegalBasis.CONSENT,
        "publieke taak": LegalBasis.PUBLIC_TASK,
        "taak": LegalBasis.PUBLIC_TASK,
    },
    "toestemming_hoe": {
        "": TakenHow.PAPER,
        "papier": TakenHow.PAPER,
        "mondeling": TakenHow.SPOKEN,
        "web": TakenHow.WEB,
        "online": TakenHow.WEB,
    },
    "arm": {
        "": "intervention",
        "interventie": "intervention",
        "wachtlijst": "waiting_list",
        "vergelijking": "comparison",
    },
    "preventieniveau": {"": "", "beschermen": "protect", "risico": "at_risk", "vroeg": "early_support"},
}
CAUSES = {"individueel": "individual", "netwerk": "network_change", "maatschappelijk": "societal"}
RISKS = {
    "hoge leeftijd": "high_age",
    "alleenwonend": "living_alone",
    "klein netwerk": "small_network",
    "weinig regie": "low_control",
    "laag inkomen": "low_income",
    "partner verloren": "partner_lost",
    "gezondheid": "poor_health",
}
CONSENTS = {
    "toestemming_vragen": Purpose.QUESTIONS,
    "toestemming_sms": Purpose.SMS,
    "toestemming_email": Purpose.EMAIL,
    "toestemming_telefoon": Purpose.PHONE,
    "toestemming_aanmoediging": Purpose.ENCOURAGEMENT,
    "toestemming_delen": Purpose.SHARING,
}
#: What is kept as the wording of a consent that came with a list: the list says that there is one, not how it read.
LIST_WORDING = "Volgens de aangeleverde lijst; de tekst staat in het dossier van de organisatie."


@dataclass(frozen=True, slots=True)
class FileRow:
    """One row of the file; `form` is None when it could not be read. `line` is the line of the file it ends on."""

    line: int
    name: str
    form: NewParticipant | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ParticipantFile:
    """A file that could be read, and what should be known about it: columns that are not used, or stand twice."""

    rows: tuple[FileRow, ...]
    notes: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What holds for every row: in which places each column stands, how many there are, and where the people go."""

    columns: Mapping[str, list[int]]
    width: int
    programme_id: uuid.UUID
    today: date


@dataclass
class _Reader:
    """The cells of one row by column name, and what is wrong with them."""

    cells: Mapping[str, str]
    line: int
    problems: list[Problem] = field(default_factory=list)

    def wrong(self, key: str, column: str, value: str = "") -> None:
        self.problems.append(Problem(key, column, self.line, {"value": value[:40]}))

    def choice(self, column: str, otherwise: str = "") -> str:
        text = self.cells.get(column, "").strip().lower()
        if not text and otherwise:
            return otherwise
        found = CHOICES[column].get(text)
        if found is None:
            self.wrong("choice_unknown", column, text)
            return otherwise
        return found

    def several(self, column: str, known: Mapping[str, str]) -> tuple[str, ...]:
        found: list[str] = []
        for part in self.cells.get(column, "").replace("|", ",").replace(";", ",").split(","):
            text = part.strip().lower()
            if text in known:
                found.append(known[text])
            elif text:
                self.wrong("choice_unknown", column, text)
        return tuple(found)

    def number(self, column: str) -> int | None:
        text = self.cells.get(column, "").strip().removesuffix(".0").removesuffix(",0")
        if not text:
            return None
        if not (text.isascii() and text.isdigit()):
            self.wrong("not_a_number", column, text)
            return None
        return int(text)

    def day(self, column: str) -> date | None:
        text = self.cells.get(column, "").strip()
        if not text:
            return None
        found = read_date(text)
        if found is None:
            self.wrong("not_a_date", column, text)
        return found

    def yes(self, column: str) -> bool:
        text = self.cells.get(column, "").strip().lower()
        if text not in YES and text not in NO:
            self.wrong("not_yes_or_no", column, text)
        return text in YES


def read_participants(data: bytes, programme_id: uuid.UUID, today: date) -> ParticipantFile:
    """Read a CSV file. Raises Refusal when no row of it can be read at all."""
    text = decode(data)
    separator, text = _separator(text)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        header = next(reader, [])
        columns, notes = _columns(header)
        rows = tuple(_rows(reader, _Shape(columns, len(header), programme_id, today)))
    except csv.Error as error:
        raise Refusal(Problem("file_unreadable", "file", reader.line_num)) from error
    if not rows:
        raise Refusal(Problem("file_empty", "file"))
    return ParticipantFile(rows, tuple(notes))


def decode(data: bytes) -> str:
    """Bytes -> text: UTF-8 with or without a mark, UTF-16, or Windows-1252. Raises Refusal."""
    if len(data) > MOST_BYTES:
        raise Refusal(Problem("file_too_large", "file", values={"most": MOST_BYTES // 1024 // 1024}))
    if data.startswith(b"PK\x03\x04"):
        raise Refusal(Problem("file_is_workbook", "file"))
    sample = data[:2000]
    try:
        if data.startswith(UTF16_MARKS):
            return data.decode("utf-16")
        if sample.count(0) * 4 > len(sample):
            return data.decode("utf-16-le" if sample[1:2] == b"\0" else "utf-16-be")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def read_date(text: str) -> date | None:
    """A date as 2026-03-01, 1-3-2026, 01/03/2026 or 1.3.2026; None when it is not one."""
    parts = text.strip().split(" ")[0].split("T")[0].replace("/", "-").replace(".", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    year, month, day = parts if len(parts[0]) == 4 else reversed(parts)
    if len(year) != 4:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _separator(text: str) -> tuple[str, str]:
    first, _, rest = text.partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == len("sep=;"):
        return first.strip()[-1], rest
    counts = {sign: first.count(sign) for sign in (";", "\t", ",")}
    return max(counts, key=lambda sign: counts[sign]), text


def _columns(header: list[str]) -> tuple[dict[str, list[int]], list[Problem]]:
    columns: dict[str, list[int]] = {}
    notes: list[Problem] = []
    for place, title in enumerate(header):
        name = KNOWN.get(_plain(title))
        if name is not None:
            columns.setdefault(name, []).append(place)
        elif title.strip():
            notes.append(Problem("column_unused", title.strip()[:60], 1))
    notes += [Problem("column_twice", name, 1) for name, places in columns.items() if len(places) > 1]
    missing = [Problem("column_missing", name, 1) for name in NEEDED if name not in columns]
    if missing:
        raise Refusal(*missing)
    return columns, notes


def _plain(title: str) -> str:
    return "_".join(title.strip().lower().replace("-", " ").replace("_", " ").split())


def _rows(reader: Iterator[list[str]], shape: _Shape) -> Iterator[FileRow]:
    count = 0
    for line, cells in enumerate(reader, start=2):
        if not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise Refusal(Problem("file_too_many_rows", "file", values={"most": MOST_ROWS}))
        yield _row(line, cells, shape)


def _row(line: int, cells: list[str], shape: _Shape) -> FileRow:
    row = _Reader({}, line)
    values: dict[str, str] = {}
    for name, places in shape.columns.items():
        filled = [cells[place].strip() for place in places if place < len(cells) and cells[place].strip()]
        values[name] = filled[0] if filled else ""
        if len(set(filled)) > 1:
            row.wrong("columns_disagree", name)
    if any(cell.strip() for cell in cells[shape.width :]):
        row.wrong("row_too_long", "")
    row.cells = values
    form = _form(row, shape.programme_id, shape.today)
    name = f"{values['voornaam']} {values['achternaam']}".strip()[:80]
    return FileRow(line, name, None if row.problems else form, tuple(row.problems))


def _form(row: _Reader, programme_id: uuid.UUID, today: date) -> NewParticipant:
    cells = row.cells
    born = row.day("geboortedatum")
    mobile, email = cells.get("mobiel", ""), cells.get("email", "")
    given = Given(
        LegalBasis(row.choice("grondslag", LegalBasis.CONSENT)),
        TakenHow(row.choice("toestemming_hoe", TakenHow.PAPER)),
        LIST_WORDING,
    )
    return NewParticipant(
        first_name=cells["voornaam"],
        last_name=cells["achternaam"],
        programme_id=programme_id,
        birth_year=row.number("geboortejaar") or (born.year if born else None),
        mobile=mobile,
        email=email,
        landline=cells.get("vast", ""),
        preferred_channel=row.choice("voorkeur", "sms" if mobile else "email" if email else "phone"),
        language=row.choice("taal", "nl"),
        form_of_address=row.choice("aanspreekvorm", "u"),
        arm=row.choice("arm", "intervention"),
        consents={purpose: given for column, purpose in CONSENTS.items() if row.yes(column)},
        intake=_intake(row, today),
    )


def _intake(row: _Reader, today: date) -> IntakeForm | None:
    taken_on = row.day("intake_datum")
    filled = ("weten", "willen", "kunnen", "oorzaken", "risicofactoren", "preventieniveau", "verwijzer")
    if taken_on is None and not any(row.cells.get(name, "").strip() for name in filled):
        return None
    return IntakeForm(
        taken_on=taken_on or today,
        know=row.number("weten"),
        want=row.number("willen"),
        can=row.number("kunnen"),
        causes=row.several("oorzaken", CAUSES),
        risk_factors=row.several("risicofactoren", RISKS),
        prevention_level=row.choice("preventieniveau") or None,
        referrer=row.cells.get("verwijzer", ""),
    )
