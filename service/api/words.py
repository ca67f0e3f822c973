"""The words for what the rules call by key: reasons, outcomes, states and purposes, as staff read them."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext as _

from service.api.language import ZONE, clock, day


def call_reason(reason: str, closes_at: datetime | None, now: datetime) -> str:
    """Why somebody should be called."""
    words = {
        "asked_for_call": _("Vroeg om een telefoontje (BEL)"),
        "stuck_by_sms": _("Kwam er per sms niet uit"),
        "wrote_personally": _("Schreef iets persoonlijks"),
        "no_answer": _("Vragen niet beantwoord"),
        "only_landline": _("Alleen vaste telefoon: samen invullen"),
        "no_channel": _("Geen nummer of adres: hoe wil deze persoon meedoen?"),
        "unreachable": _("Berichten komen niet aan"),
        "wrong_number": _("Zegt dat het nummer niet klopt"),
        "shared_number": _("Deelt een nummer met iemand anders"),
        "check_in": _("Vraag eens hoe het gaat"),
        "fate_unknown": _("Onzeker of een bericht is aangekomen"),
        "new_address": _("Wil een nieuw nummer of e-mailadres doorgeven"),
        "erasure_asked": _("Vroeg om alle gegevens te wissen: bel, en doe het binnen een maand"),
    }.get(reason, _("Graag bellen"))
    if closes_at is None or reason not in ("no_answer", "only_landline", "unreachable", "no_channel"):
        return words
    if closes_at <= now:
        return _("%(words)s; het venster is gesloten", words=words)
    near = (closes_at - now).days < 6
    return _("%(words)s, venster sluit %(day)s", words=words, day=day(closes_at, "EEEE" if near else "d MMMM"))


def alert_outcome(outcome: str) -> str:
    """How an alert ended."""
    return {
        "spoken": _("Gebeld en gesproken"),
        "help_called": _("Hulp ingeschakeld (112, huisarts of andere hulp)"),
        "false_alarm": _("Loos alarm"),
        "otherwise": _("Anders afgehandeld"),
    }.get(outcome, outcome)


def alert_step(what: str, detail: str) -> str:
    """One thing that was done about an alert."""
    by = {"sms": _("per sms"), "email": _("per e-mail")}.get(detail, "")
    return {
        "raise_alert": _("Melding gemaakt"),
        "read_alert": _("Gelezen"),
        "acknowledge_alert": _("Opgepakt"),
        "escalate_alert": _("Niet op tijd opgepakt: doorgegeven"),
        "close_alert": _("Afgerond: %(how)s", how=alert_outcome(detail).lower()),
        "notice_due": _("Waarschuwing %(by)s wordt verstuurd", by=by),
        "notice_sent": _("Gewaarschuwd %(by)s", by=by),
        "notice_failed": _("Waarschuwing %(by)s is niet gelukt", by=by),
        "notice_cancelled": _("Waarschuwing %(by)s was niet meer nodig", by=by),
        "answer_suppressed": _("Het antwoord aan de deelnemer is niet verstuurd: het nummer is gestopt"),
        "answer_failed": _("Het antwoord aan de deelnemer kon niet worden verstuurd"),
        "answer_undelivered": _("Het antwoord aan de deelnemer is niet aangekomen"),
        "answer_delivered": _("Het antwoord aan de deelnemer is aangekomen"),
        "answer_accepted": _("Antwoord aan de deelnemer verstuurd"),
        "answer_sent": _("Antwoord aan de deelnemer verstuurd"),
    }.get(what, _("Antwoord aan de deelnemer staat klaar"))


def call_outcome(outcome: str) -> str:
    """How a call went."""
    return {"spoken": _("Gesproken"), "no_answer": _("Geen gehoor"), "later": _("Later bellen")}.get(outcome, outcome)


def contact_kind(kind: str) -> str:
    """How people were in touch."""
    return {
        "call": _("Telefoontje"),
        "visit": _("Bezoek"),
        "meeting": _("Ontmoeting"),
        "letter": _("Brief of kaart"),
        "message": _("Eigen bericht"),
    }.get(kind, kind)


def wish(key: str) -> str:
    """How often somebody wants to hear from us between the questions."""
    return {
        "normal": _("Gewoon: een enkele keer per maand"),
        "less": _("Minder vaak"),
        "none": _("Geen aanmoedigingen en herinneringen"),
    }.get(key, key)


def channel(name: str) -> str:
    """How a person wants to be asked."""
    return {"sms": _("per sms"), "email": _("per e-mail"), "phone": _("telefonisch")}.get(name, name)


def reach_name(kind: str) -> str:
    """What kind of address it is."""
    return {"sms": _("Mobiel"), "email": _("E-mail"), "landline": _("Vaste telefoon")}.get(kind, kind)


def reach_state(state: str, stopped: bool) -> str:
    """How sending to an address goes."""
    if stopped:
        return _("gestopt: hier gaat niets automatisch heen")
    return {
        "unverified": _("nog niet gebruikt"),
        "working": _("werkt"),
        "failing": _("komt niet aan"),
        "invalid": _("bestaat niet"),
    }.get(state, state)


def purpose(key: str) -> str:
    """What a consent is for."""
    return {
        "questions": _("Vragen beantwoorden"),
        "sms": _("Sms ontvangen"),
        "email": _("E-mail ontvangen"),
        "phone": _("Gebeld worden"),
        "encouragement": _("Aanmoediging ontvangen"),
        "sharing": _("Antwoorden delen voor evaluatie"),
    }.get(key, key)


def taken_how(key: str) -> str:
    """How a consent was given."""
    return {"paper": _("op papier"), "web": _("via internet"), "spoken": _("mondeling")}.get(key, key)


def exit_kind(key: str | None) -> str:
    """How a person left a programme."""
    return {
        "completed": _("volgens plan afgerond"),
        "stopped": _("gestopt"),
        "moved": _("verhuisd"),
        "ill": _("ziek"),
        "deceased": _("overleden"),
        "referred_on": _("doorverwezen"),
        "no_contact": _("geen contact meer"),
        "never_started": _("nooit begonnen"),
        "no_longer_needed": _("niet meer nodig"),
    }.get(key or "", _("reden onbekend"))


def message_kind(kind: str) -> str:
    """Why a message is sent."""
    return {
        "invite": _("Uitnodiging"),
        "reminder": _("Herinnering"),
        "last_reminder": _("Laatste herinnering"),
        "conversation": _("Bericht in het gesprek"),
        "stop_confirmation": _("Bevestiging van STOP"),
        "test": _("Proefbericht"),
        "resend": _("Link opnieuw"),
        "encouragement": _("Aanmoediging"),
        "activity": _("Bericht over een activiteit"),
    }.get(kind, kind)


def message_state(state: str, reason: str) -> str:
    """What became of a message, in plain words."""
    if state == "suppressed":
        return _("niet verstuurd: %(why)s", why=suppression(reason))
    return {
        "planned": _("gepland"),
        "due": _("staat klaar"),
        "sending": _("wordt verstuurd"),
        "unknown": _("onzeker of het is verstuurd; we zoeken het uit"),
        "accepted": _("verstuurd"),
        "sent": _("verstuurd"),
        "delivered": _("aangekomen"),
        "undelivered": _("niet aangekomen"),
        "failed": _("niet verstuurd"),
        "needs_review": _("onzeker: kijk dit na"),
        "expired": _("niet verstuurd: te laat"),
        "cancelled": _("vervallen"),
    }.get(state, state)


def suppression(reason: str) -> str:
    """Why a message was not sent."""
    return {
        "answered": _("de antwoorden waren binnen"),
        "stopped": _("gestopt"),
        "no_address": _("geen werkend adres"),
        "no_consent": _("geen toestemming"),
        "no_channel_consent": _("geen toestemming voor deze weg"),
        "deceased": _("overleden"),
        "no_encouragement_consent": _("geen toestemming voor aanmoediging"),
        "left_programme": _("doet niet meer mee aan het programma"),
        "wants_none": _("wil alleen de vragen krijgen"),
        "not_coming": _("komt niet naar deze activiteit"),
        "activity_cancelled": _("de activiteit is afgelast"),
        "plan_changed": _("het meetplan is veranderd"),
        "reminded_enough": _("er zijn al twee herinneringen gestuurd"),
        "replanned": _("de activiteit kreeg een andere tijd of plek"),
    }.get(reason, _("het hoefde niet meer"))


def mode(key: str | None) -> str:
    """How answers were given."""
    return {
        "sms": _("per sms"),
        "email": _("per e-mail"),
        "web": _("via de link"),
        "telephone": _("per telefoon"),
        "face_to_face": _("in een gesprek"),
        "paper": _("op papier"),
    }.get(key or "", "")


def closed(reason: str) -> str:
    """Why no answers are taken for somebody."""
    return {
        "deceased": _("Overleden: er worden geen antwoorden meer bewaard."),
        "answered": _("Deze vragen zijn helemaal beantwoord."),
        "cancelled": _("Deze vragen zijn vervallen."),
        "withdrawn": _("Er is geen toestemming voor vragen. Wat op papier staat, kunt u vernietigen."),
        "not_yet": _("Deze vragen zijn nog niet open."),
        "expired": _("Deze vragen zijn gesloten; er worden geen antwoorden meer bewaard."),
    }.get(reason, _("Deze vragen zijn gesloten; er worden geen antwoorden meer bewaard."))


def goal(key: str) -> str:
    """What an intervention is for."""
    return {
        "reduce": _("eenzaamheid verminderen"),
        "stabilise": _("eenzaamheid niet laten toenemen"),
        "prevent_onset": _("eenzaamheid voorkomen"),
    }.get(key, key)


def due(moment: datetime, now: datetime) -> str:
    """By when: a time today, else the day and the time."""
    if moment.astimezone(ZONE).date() == now.astimezone(ZONE).date():
        return clock(moment)
    return f"{day(moment, 'EEEE d MMMM')}, {clock(moment)}"


def arm_names() -> dict[str, str]:
    """The groups of a programme, by key."""
    return {
        "intervention": _("Programma"),
        "waiting_list": _("Wachtlijst"),
        "comparison": _("Vergelijkingsgroep"),
    }
