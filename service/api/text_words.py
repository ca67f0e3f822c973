"""The words for what the texts are called, when they are sent, and why some are fixed."""

from __future__ import annotations

from flask_babel import gettext as _

from service.messages.known import Lock, Moment


def title(key: str) -> str:
    """What a text is called on the pages; one without a name goes by its key."""
    for part in (_of_start(), _of_questions(), _of_encouragement(), _of_answers(), _of_safety()):
        if key in part:
            return part[key]
    return key


def moment(when: Moment) -> str:
    """When the texts of one section are sent."""
    return {
        Moment.START: _("Aan het begin"),
        Moment.QUESTIONS: _("Rond de vragen"),
        Moment.ENCOURAGEMENT: _("Tussendoor"),
        Moment.ACTIVITY: _("Over een activiteit"),
        Moment.ANSWER: _("Als antwoord op wat iemand schrijft"),
        Moment.SAFETY: _("Als het niet goed gaat"),
    }[when]


def lock(why: Lock) -> str:
    """Why nobody may change a text."""
    return {
        Lock.SCALE: _(
            "Dit zijn de vragen zelf. Ze blijven zoals de onderzoekers ze maakten, anders telt de uitkomst niet."
        ),
        Lock.SAFETY: _("Iemand die hulp nodig heeft, leest dit. De woorden zijn met zorg gekozen en liggen vast."),
        Lock.STOP: _("Stoppen moet altijd en overal op dezelfde manier kunnen. Daarom ligt deze tekst vast."),
    }[why]


def form(language: str, address: str) -> str:
    """A language and form of address: "Nederlands, met u"."""
    if language == "en":
        return _("Engels")
    return _("Nederlands, met je") if address == "je" else _("Nederlands, met u")


def value(name: str) -> str:
    """What stands in the place of {name}."""
    return {
        "first_name": _("voornaam van de deelnemer"),
        "organisation": _("korte naam van uw organisatie"),
        "coordinator": _("voornaam van de coördinator"),
        "phone": _("telefoonnummer"),
        "word": _("codewoord van de deelnemer"),
        "link": _("persoonlijke link"),
        "unsubscribe": _("link om te stoppen met e-mail"),
        "check": _("pagina die zegt of een bericht echt van ons is"),
        "n": _("een aantal"),
        "total": _("het aantal vragen"),
        "weeks": _("het aantal weken"),
        "options": _("de antwoorden, zoals 1 = ja"),
        "lead_in": _("de inleiding van de vragen"),
        "item_text": _("de vraag"),
        "day": _("de dag"),
        "time": _("het tijdstip"),
        "place": _("de plaats"),
        "title": _("de naam van de activiteit"),
    }.get(name, name)


def _of_start() -> dict[str, str]:
    return {
        "welcome": _("Welkom"),
        "optin_confirm": _("Vraag of het nummer klopt"),
        "test_message": _("Proefbericht"),
        "test_ack": _("Antwoord op het proefbericht"),
        "own_page_link": _("Link naar de eigen pagina"),
        "activity_tomorrow": _("Morgen is er een activiteit"),
        "activity_cancelled": _("Een activiteit gaat niet door"),
    }


def _of_questions() -> dict[str, str]:
    return {
        "invite_questions": _("Uitnodiging: vragen per sms"),
        "invite_link": _("Uitnodiging met een link"),
        "invite_reply": _("Uitnodiging: vragen per e-mail"),
        "reminder_questions": _("Herinnering: vragen per sms"),
        "reminder_link": _("Herinnering met een link"),
        "reminder_reply": _("Herinnering: vragen per e-mail"),
        "last_reminder_questions": _("Laatste herinnering: vragen per sms"),
        "last_reminder_link": _("Laatste herinnering met een link"),
        "last_reminder_reply": _("Laatste herinnering: vragen per e-mail"),
        "question_first": _("De eerste vraag"),
        "question": _("Een vraag"),
        "older_question": _("Antwoord op een oudere vraag"),
        "halfway": _("Op de helft"),
        "thank_you": _("Bedankt voor de antwoorden"),
        "end_followup": _("Dit waren de laatste vragen"),
    }


def _of_encouragement() -> dict[str, str]:
    return {
        "enc_start": _("Aanmoediging: wennen kost tijd"),
        "enc_expect": _("Aanmoediging: contact groeit langzaam"),
        "enc_missed": _("Aanmoediging: altijd welkom"),
        "enc_role": _("Aanmoediging: ergens bij helpen"),
        "enc_choice": _("Aanmoediging: wat vindt u leuk?"),
        "consent_yearly": _("Elk jaar: wilt u nog berichten?"),
    }


def _of_answers() -> dict[str, str]:
    return {
        "call_ack": _("Na BEL: we bellen u"),
        "later_ack": _("Na LATER"),
        "pause_confirm": _("Na PAUZE"),
        "less_often_ack": _("Na MINDER: minder vaak bericht"),
        "only_questions_ack": _("Alleen nog vragen"),
        "not_coming_ack": _("Na KOM NIET"),
        "not_coming_noted": _("Na KOM NIET bij een activiteit"),
        "declined": _("Na NEE op de vragen"),
        "unclear_once": _("Een antwoord dat niet duidelijk is"),
        "unclear_invite": _("Een antwoord op de uitnodiging dat niet duidelijk is"),
        "ask_name": _("Meer mensen gebruiken een nummer: wie schrijft er?"),
        "ask_name_again": _("De voornaam is niet duidelijk"),
        "hand_over": _("Het lukt niet met berichten"),
        "late_answer": _("Een antwoord dat later kwam"),
        "nothing_open": _("Er staan geen vragen klaar"),
        "unplaced": _("Een e-mail die we niet kunnen plaatsen"),
        "stop_confirm": _("Na STOP"),
        "stop_doubt": _("Misschien wil iemand stoppen"),
        "start_confirm": _("Na START: weer berichten"),
        "ask_scope": _("Een keer niet komen, of helemaal stoppen?"),
        "wrong_number": _("Een verkeerd nummer"),
    }


def _of_safety() -> dict[str, str]:
    return {
        "help": _("Na HULP"),
        "free_text": _("Iemand schrijft iets persoonlijks"),
        "distress_red": _("Iemand denkt aan zelfdoding"),
        "distress_amber": _("Mogen we u bellen?"),
        "listening_line": _("De Luisterlijn"),
    }
