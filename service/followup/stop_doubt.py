"""Sentences in which somebody may be asking us to stop, without one of the exact words.

Reading too many of them as doubtful costs a pause and a telephone call; reading one too few costs trust.
"""

from __future__ import annotations

import re

from service.followup import reply_words as words

_MAIL = r"(berich\w*|sms\w*|app\w*|vragen|vraagjes|vragenlijst\w*|texts?|texting|messages?)"
_DOUBTFUL = (
    rf"\b(stop|stopt|stoppen|ophoud\w*|op te houden|op houden)( \w+){{0,5}} ({_MAIL}|sturen|stuurt|mailen|schrijven)\b",
    rf"\b{_MAIL}( \w+){{0,4}} (stop|stopt|stoppen|stopzetten|ophouden|op te houden)\b",
    r"\b(stop|stopt|stoppen) (u|jullie|je)\b|\b(hier|er)( \w+)? mee (stoppen|ophouden)\b",
    r"\b(hiermee|ermee) (stoppen|ophouden)\b|\b(dat|als|of) (u|jullie|je) stopt?\b",
    r"\bhoud?t?( \w+)? (hier|er)? ?(mee )?op\b( (met|ermee|hiermee|aub)\b|$)",
    rf"\b(geen|niet|niets|niks|nooit)( \w+){{0,3}} {_MAIL} (meer|ontvangen|hebben|krijgen)\b",
    rf"\b(wil|hoef|wens)( \w+){{0,3}} (geen|deze|die|al die) ({_MAIL})\b",
    r"\b(niet|niets|niks|nooit|geen)( \w+){0,2} meer( \w+)? (meedoen|mee doen|sturen|smsen|appen|schrijven)\b",
    r"\b(niet|niets|niks|nooit|geen)( \w+){0,2} meer( \w+)? (ontvangen|storen|lastigvallen)\b",
    r"\b(doe|doen|wil)( \w+){0,3} niet (meer|langer) (mee|aan mee|meedoen)\b",
    r"\b(wil|wou)( \w+)? (er|hier|eraf|ervan)( van)? ?(af|vanaf)\b(?! en toe)|\bwil eraf\b",
    r"\blaa?t?e?n? (me|mij|ons)( \w+)? met rust\b|\bleave me alone\b",
    r"\b(haal|halen)( \w+){0,4} (weg|eraf|lijst|nummer|systeem)\b",
    r"\b(schrap|verwijder|wis)( \w+){0,3} (mij|me|mijn|nummer|gegevens)\b",
    r"\b(afmeld\w*|afgemeld|af te melden|uitschrij\w*|uit te schrijven|uitgeschreven|opzeggen|op te zeggen)\b",
    r"\blastig ?(vallen|gevallen)\b|\bspam\b",
    rf"\b(klaar met|genoeg van|zat van) (jullie|((dit|die|deze|al|al die|dat) (gedoe|gezeur|{_MAIL})))\b",
    r"\b(do not|dont|don t|never)( \w+)? (text|message|contact|write|send)\b|\btake me off\b|\bno longer want\b",
    r"^(stpo|sotp|tsop|stp|stob|stopo|stpp|atop|stopje|stopt|stoppe|stoppn|stopen|stopn|ho|hou op|kappen|kap ermee)$",
)
#: Then the words are about the person's own life: "ik krijg geen berichten meer van mijn zoon".
_LIFE = re.compile(
    r"\b(mijn|mn) (?!nummer|gegevens|telefoon|naam|mobiel)"
    r"|\b(zoon|dochter|kind\w*|man|vrouw|familie|niemand|iemand|hij|zij)\b"
    r"|\b(vriend\w*|buur\w*|zus|broer|moeder|vader|leven)\b"
)
_PATTERN = re.compile("|".join(_DOUBTFUL))


def may_ask_to_stop(plain: str) -> bool:
    """Whether these plain words may ask us to stop: then nothing goes out by itself until a person has looked."""
    if _PATTERN.search(plain) and not _LIFE.search(plain):
        return True
    parts = plain.split()
    stops = [part for part in parts if part in ("stop", "stoppen")]
    return bool(stops) and all(
        part in words.NEAR or part in words.NUMBERS or part.isdecimal() or part in stops for part in parts
    )
