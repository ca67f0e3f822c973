"""Everything that is kept about a person, as they read it: one section for each kind, one line for each thing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from service.api import words
from service.api.language import ZONE, day, phone
from service.usecases.show_own_data import OwnData

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what is said under it, and the lines."""

    title: str
    lines: tuple[str, ...]
    note: str = ""


def data_sections(view: OwnData) -> list[Section]:
    """The sections of the page, without those that hold nothing."""
    tables = view.tables
    told = view.sender.phone
    found = [
        Section(
            _("Wie u bent en hoe wij u bereiken"),
            tuple(_who(tables["participant"], tables["person"]))
            + tuple(_address(row) for row in tables["address"])
            + tuple(_stop(row) for row in tables["stop"]),
        ),
        Section(_("Waar u ja op zei"), tuple(_consent(row) for row in tables["consent"])),
        Section(_("Waar u meedoet"), tuple(_enrolment(row) for row in tables["enrolment"])),
        Section(
            _("Wat u bij de start vertelde"),
            tuple(_intake(row) for row in tables["intake"]),
            _("Meer hierover staat in het bestand."),
        ),
        Section(
            _("Uw antwoorden"),
            tuple(_answer(row) for row in tables["answer_event"]),
            _(
                "Van alle antwoorden samen maken wij cijfers over groepen. Het getal dat uit uw antwoorden komt,"
                " staat in het bestand. Het is geen oordeel over u."
            ),
        ),
        Section(_("Berichten van ons aan u"), tuple(_message(row) for row in tables["message"] if row["sent_at"])),
        Section(
            _("Berichten van u aan ons"),
            tuple(_reply(row) for row in tables["reply"]),
            _("Schreef u iets wat een ander niet mag lezen? Dat staat hier niet. Vraag ernaar: %(phone)s.", phone=told),
        ),
        Section(
            _("Gesprekken en bezoeken"),
            tuple(_call(row) for row in tables["contact_moment"]),
            _("Wij bewaren niet wat u zei."),
        ),
        Section(_("Waarom iemand u zou bellen"), tuple(_task(row) for row in tables["call_task"])),
        Section(_("Dagen waarop u liever niets hoort"), tuple(_rest(row) for row in tables["rest_period"])),
        Section(_("Activiteiten"), tuple(_attendance(row) for row in tables["attendance"])),
    ]
    return [one for one in found if one.lines]


def about_the_file(told: str) -> str:
    """What stands at the top of the file."""
    return _(
        "Dit is alles wat wij over u bewaren. Tijden staan in UTC. Schreef u iets wat een ander niet mag lezen? Dat"
        " staat er niet in: vraag ernaar via %(phone)s. Het getal bij score is gemaakt om groepen te vergelijken."
        " Het is geen oordeel over u.",
        phone=told,
    )


def _who(people: Iterable[Row], names: Iterable[Row]) -> list[str]:
    lines = [_("Naam: %(name)s", name=f"{row['first_name']} {row['last_name']}".strip()) for row in names]
    for row in people:
        if row["birth_year"]:
            lines.append(_("Geboortejaar: %(year)s", year=row["birth_year"]))
        lines.append(_("Codewoord in onze berichten: %(word)s", word=row["recognition_word"]))
        lines.append(_("Code bij uw antwoorden, in plaats van uw naam: %(code)s", code=row["pseudonym"]))
    return lines


def _address(row: Row) -> str:
    kind = words.reach_name(row["kind"])
    value = row["value"] if row["kind"] == "email" else phone(row["value"])
    if row["replaced_at"]:
        return _("%(kind)s: %(value)s (tot %(day)s)", kind=kind, value=value, day=day(row["replaced_at"]))
    return _("%(kind)s: %(value)s", kind=kind, value=value)


def _stop(row: Row) -> str:
    kind = words.reach_name(row["kind"])
    if row["lifted_at"]:
        return _(
            "%(kind)s: gestopt op %(day)s, weer aan op %(later)s",
            kind=kind,
            day=day(row["stopped_at"]),
            later=day(row["lifted_at"]),
        )
    return _("%(kind)s: gestopt op %(day)s", kind=kind, day=day(row["stopped_at"]))


def _consent(row: Row) -> str:
    what, how = words.purpose(row["purpose"]), words.taken_how(row["taken_how"])
    if row["withdrawn_at"]:
        return _(
            "%(what)s: ja op %(day)s (%(how)s), nee sinds %(later)s",
            what=what,
            day=day(row["given_at"]),
            how=how,
            later=day(row["withdrawn_at"]),
        )
    return _("%(what)s: ja sinds %(day)s (%(how)s)", what=what, day=day(row["given_at"]), how=how)


def _enrolment(row: Row) -> str:
    if row["exited_on"]:
        return _(
            "%(site)s, van %(day)s tot %(later)s",
            site=row["site"],
            day=day(row["started_on"]),
            later=day(row["exited_on"]),
        )
    return _("%(site)s, sinds %(day)s", site=row["site"], day=day(row["started_on"]))


def _intake(row: Row) -> str:
    return _("Gesprek op %(day)s", day=day(row["taken_on"]))


def _answer(row: Row) -> str:
    said = row.get("answer") or _("geen antwoord")
    return _(
        "%(day)s: “%(question)s” %(said)s",
        day=day(row["given_at"]),
        question=row.get("question", row["item"]),
        said=said,
    )


def _message(row: Row) -> str:
    by = words.channel(row["channel"] or "")
    return _("%(day)s: %(kind)s %(by)s", day=_when(row["sent_at"]), kind=words.message_kind(row["kind"]), by=by)


def _reply(row: Row) -> str:
    return _("%(day)s: “%(words)s”", day=_when(row["received_at"]), words=row["words"])


def _call(row: Row) -> str:
    outcome = words.call_outcome(row["outcome"])
    if row["undone_at"]:
        return _("%(day)s: %(outcome)s (doorgehaald)", day=_when(row["at"]), outcome=outcome)
    return _("%(day)s: %(outcome)s", day=_when(row["at"]), outcome=outcome)


def _task(row: Row) -> str:
    return _(
        "%(day)s: %(reason)s",
        day=day(row["created_at"]),
        reason=_why_called(row["reason"]),
    )


def _why_called(reason: str) -> str:
    """Why somebody would call, said to the person; words.call_reason says it to staff."""
    return {
        "asked_for_call": _("u vroeg of wij wilden bellen"),
        "stuck_by_sms": _("antwoorden per sms lukte niet"),
        "wrote_personally": _("u schreef ons iets"),
        "no_answer": _("u had nog niet op de vragen geantwoord"),
        "only_landline": _("om de vragen samen te doen"),
        "no_channel": _("om te horen hoe u wilt meedoen"),
        "unreachable": _("onze berichten kwamen niet aan"),
        "wrong_number": _("iemand schreef dat uw nummer niet klopt"),
        "shared_number": _("u deelt uw nummer met iemand anders"),
        "check_in": _("om te horen hoe het met u gaat"),
        "fate_unknown": _("wij wisten niet of een bericht was aangekomen"),
        "new_address": _("u hebt een ander nummer of mailadres"),
        "erasure_asked": _("u vroeg om uw gegevens te wissen"),
    }.get(reason, _("om iets met u te bespreken"))


def _rest(row: Row) -> str:
    if row["cancelled_at"]:
        return _("%(first)s tot en met %(last)s (weggehaald)", first=day(row["first_on"]), last=day(row["last_on"]))
    return _("%(first)s tot en met %(last)s", first=day(row["first_on"]), last=day(row["last_on"]))


def _attendance(row: Row) -> str:
    state = {"present": _("u was er"), "absent": _("u was er niet"), "not_coming": _("u kwam niet")}.get(
        row["state"], _("niet bekend")
    )
    return _("%(day)s, %(title)s: %(state)s", day=_when(row["starts_at"]), title=row["title"], state=state)


def _when(at: Any) -> str:
    return day(at.astimezone(ZONE), "d MMMM y, HH.mm")
