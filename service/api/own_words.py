"""The words on a participant's own page: what comes and why, what changed, and how to undo it.

Somebody may be looking along: nothing here names the programme, the scale or its subject.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask_babel import gettext as _
from flask_babel import ngettext

from service.api.language import day, moment
from service.usecases.show_own_door import Door
from service.usecases.show_own_page import Ahead, OwnPage


@dataclass(frozen=True, slots=True)
class Said:
    """What a page says after a change. `undo` is the verb that undoes it here, with its label and fields; without one
    the last line says how else."""

    title: str
    lines: tuple[str, ...] = ()
    undo: str = ""
    undo_label: str = ""
    undo_fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Coming:
    """One message to come: when, what, and why."""

    when: str
    what: str
    why: str


def ahead_line(one: Ahead) -> Coming:
    """What comes, in the words of who gets it."""
    what = {
        "invite": _("een paar korte vragen"),
        "reminder": _("een herinnering aan die vragen"),
        "last_reminder": _("een laatste herinnering aan die vragen"),
        "resend": _("uw link, nog een keer"),
        "encouragement": _("een vriendelijk bericht"),
        "activity": _("een bericht over een activiteit"),
        "test": _("een proefbericht"),
    }.get(one.kind, _("een antwoord van ons"))
    why = {
        "invite": _("Omdat u meedoet. Wij vragen dit een paar keer per jaar."),
        "reminder": _("Alleen als u dan nog niet hebt geantwoord."),
        "last_reminder": _("Alleen als u dan nog niet hebt geantwoord."),
        "encouragement": _("Omdat u zei dat dit mag."),
        "activity": _("Omdat u meedoet aan die activiteit."),
    }.get(one.kind, _("Omdat u ons schreef of belde."))
    if one.waits == "paused":
        why += " " + _("Het komt later, omdat u om een pauze vroeg.")
    elif one.waits == "rest_days":
        why += " " + _("Het komt na de dagen waarop u liever niets hoort.")
    elif one.waits in ("words_to_read", "alert_open"):
        why += " " + _("Het wacht tot wij u hebben gesproken.")
    by = {"sms": _("per sms"), "email": _("per e-mail")}.get(one.channel or "", "")
    return Coming(moment(one.at), f"{what}, {by}" if by else what, why)


def nothing_ahead(view: OwnPage) -> str:
    """Why nothing comes; "" when something does."""
    if view.ahead:
        return ""
    if view.erasure_asked_at is not None or not view.asked:
        return _("Wij stellen u geen vragen meer.")
    if view.stopped:
        return _("U hebt onze berichten gestopt. Er komt niets.")
    if view.channel == "phone":
        return _("Wij sturen u niets. Zijn er vragen? Dan bellen wij u.")
    return _("Er staat nu niets voor u klaar.")


def weeks(number: int) -> str:
    """So many weeks."""
    return ngettext("%(num)s week", "%(num)s weken", number)


def how_often_choices() -> list[tuple[str, str]]:
    """How often somebody may hear from us between the questions."""
    return [("normal", _("Gewoon")), ("less", _("Minder vaak")), ("none", _("Alleen de vragen"))]


def way(channel: str) -> str:
    """How somebody is asked."""
    return {"sms": _("Per sms"), "email": _("Per e-mail"), "phone": _("Bel mij")}.get(channel, channel)


def paused(number: int) -> Said:
    """A pause began."""
    return Said(
        _("U hebt nu %(weeks)s rust.", weeks=weeks(number)),
        (_("Wat in die tijd zou komen, komt later. Vragen die dan al gesloten zijn, komen niet meer."),),
        "verder",
        _("Toch geen pauze"),
    )


def pause_ended() -> Said:
    """A pause ended."""
    return Said(_("De pauze is voorbij."), (_("U krijgt onze berichten weer op de gewone dagen."),))


def rest_days_kept(first_on: date, last_on: date) -> Said:
    """Days without messages were kept."""
    return Said(
        _("Van %(first)s tot en met %(last)s laten wij u met rust.", first=day(first_on), last=day(last_on)),
        (_("Toch weer berichten in die dagen? Haal ze weg op uw pagina."),),
    )


def rest_days_ended() -> Said:
    """Days without messages were crossed out."""
    return Said(_("Deze dagen zijn weggehaald."), (_("Wij mogen u dan weer een bericht sturen."),))


def how_often_kept(how_often: str) -> Said:
    """How often somebody hears from us changed."""
    titles = {
        "less": _("U hoort tussendoor minder vaak van ons."),
        "none": _("U krijgt alleen de vragen nog."),
    }
    none = how_often == "none"
    stays = _("Ook over activiteiten sturen wij u geen herinnering.") if none else _("De vragen blijven gewoon komen.")
    return Said(
        titles.get(how_often, _("U hoort tussendoor weer gewoon van ons.")),
        (stays,),
        "" if how_often == "normal" else "vaker",
        _("Toch gewoon"),
        {"vaak": "normal"},
    )


def channel_kept(channel: str, door: Door) -> Said:
    """How somebody is asked changed."""
    change = _("Anders kiezen? Dat kan altijd op uw pagina.")
    if channel == "phone":
        line = _(
            "Staan er vragen voor u klaar? Dan bellen wij u vanaf %(phone)s of een ander nummer van ons.",
            phone=door.sender.phone,
        )
        return Said(_("Wij bellen u voortaan."), (line, change))
    title = (
        _("U krijgt onze vragen voortaan per sms.")
        if channel == "sms"
        else _("U krijgt onze vragen voortaan per e-mail.")
    )
    return Said(title, (change,))


def address_asked(door: Door) -> Said:
    """Somebody has a new number or address."""
    return Said(
        _("Dat is goed. Wij bellen u om het nieuwe nummer of adres op te schrijven."),
        (
            _("Wij bellen op een werkdag, op het nummer dat wij nu van u hebben."),
            _(
                "Is dat nummer niet meer van u? Of hebt u zich bedacht? Bel ons dan: %(phone)s.",
                phone=door.sender.phone,
            ),
        ),
    )


def stopped(door: Door, *, by_start: bool) -> Said:
    """All messages were stopped. `by_start` when START brings the SMS back."""
    again = (
        _("Toch weer berichten? Stuur START naar het nummer van onze sms, of bel %(phone)s.", phone=door.sender.phone)
        if by_start
        else _("Toch weer berichten? Bel %(phone)s.", phone=door.sender.phone)
    )
    return Said(
        _("U krijgt geen berichten meer van ons."),
        (
            _("Uw deelname verandert hier niet door. Iemand mag u nog bellen."),
            again,
        ),
    )


def erasure_asked(door: Door) -> Said:
    """Everything is to go."""
    return Said(
        _("U krijgt niets meer van ons, en wij wissen uw gegevens."),
        (
            _(
                "Dat doet een medewerker, binnen een maand. Tot die tijd staan uw gegevens er nog."
                " Wij stellen u geen vragen meer."
            ),
            _("Hebt u zich bedacht? Bel ons zo snel mogelijk: %(phone)s.", phone=door.sender.phone),
        ),
    )
