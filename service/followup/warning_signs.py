"""Words of suicide, and of violence or fear, in what people write.

Sensitive on purpose: spelling mistakes count, and a "not" in the sentence still raises (domain.md 4.5). It misses
cases all the same; no text may promise that somebody is watching.
"""

from __future__ import annotations

import difflib
import re
from itertools import pairwise

_SUICIDE_WORDS = ("zelfmoord", "zelfdoding", "zelfmoordenaar", "suicide", "suicidaal", "suicidal", "euthanasie")
_DANGER_WORDS = (
    "geslagen",
    "mishandeld",
    "mishandelt",
    "mishandeling",
    "verkracht",
    "bedreigd",
    "bedreigt",
    "misbruikt",
)

#: After `_squeeze`: no letter stands twice in a row, so "dood" is "dod" and "willen" is "wilen".
_WISH = r"(wil|wl|wilde|wilen|wou|wens|wenste|hop|hoop|hopte|kan beter|beter|liever|mocht|mag|was ik|verlang)"
_GAP = r"( \w+){0,3} "
_DEATH = r"(dod|dot|dodgan|dod gan|doden|sterven|er niet mer (zijn|was|ben|bestan)|wegzijn|nit mer zijn|inslapen)"
_SUICIDE = (
    rf"\b{_WISH}{_GAP}{_DEATH}\b",
    rf"\b{_WISH} {_DEATH}\b",
    rf"\b{_DEATH}{_GAP}?(wil|wilen|wilde|wou|wens)\b",
    r"\bdodswens\b",
    r"\bwil\w*( \w+){0,2} niet (mer|langer) verder\b",
    r"\bwas ik( er)?( \w+)? (dod|niet mer)\b",
    r"\bni?e?t? (mer|langer|verder|mr)( \w+){0,3} l[ae]?[ev]e?[nv]n?\b",
    r"\bleve?n? (niet|nit|nie) (mer|langer|verder)\b",
    r"\bleven( \w+){0,3} (geen|gen) zin\b",
    r"\b(klar met|genoeg van|genog van|gehad met) (het|dit|mijn|mn|t) leven\b",
    r"\bgen zin( mer)?( \w+){0,3} leven\b",
    r"\b(het|t|leven) (leven )?niet mer (zit|ziten|zie|zien)\b",
    r"\bzie( \w+){0,2} (leven )?niet mer ziten\b",
    r"\b(e[ei]nd|einde|eind)( \w+)? a[an]*( \w+){0,4} (mak|maken|mak|gemakt|leven)\b",
    r"\b(mak|maken|mak)( \w+){0,4} (e[ei]nd|einde)( \w+)? an\b",
    r"\b(e[ei]nd|einde) an (mijn|mn|m n|het|t) leven\b",
    r"\beruit stapen\b|\bstap( ik)? eruit\b|\bleven (uit )?stapen\b|\buit het leven\b",
    r"\b(mijn|mn|m n|het) leven (be[ei]indig|be[ei]ndig|nem|beroven)\w*\b|\bbe?e?[ei]indig\w* (mijn|mn|het) leven\b",
    r"\b(mezelf|mijzelf|me zelf|mij zelf|me|mij)( \w+){0,2} (van kant|ophangen|opgehangen|verdrinken|doden)\b",
    r"\b(mezelf|mijzelf|me zelf|mij zelf)( \w+){0,2} (iets|wat|niets)( \w+)? (an ?doen?|an te doen|angedan)\b",
    r"\b(mezelf|mijzelf|me zelf|mij zelf) (an ?doen|an te doen)\b|\bvan kant maken\b",
    r"\bpolsen (dor)?(snijden|gesneden)\b",
    r"\b(vor|onder|van)( \w+){0,2} (trein|dak|brug|flat)( \w+)? (spring|gan|stap|lop)\w*\b",
    r"\bspring\w*( \w+){0,2} (vor|onder|van)( \w+)? (trein|dak|brug|flat)\b",
    r"\bafscheid (te )?nemen\b(?! van (mijn|mn|m n|haar|hem|de|onze|ons|een|en)\b)",
    r"\b(nem|nam)( \w+){0,2} afscheid\b(?! van (mijn|mn|m n|haar|hem|de|onze|ons|een|en)\b)",
    r"\b(kil|hang|hurt) myself\b|\bend (my life|it al)\b|\b(want|wana)( to)? die\b|\bbeter of dead\b|\bbeter dead\b",
    r"\bnot want to live\b|\bdont want to live\b|\bno reason to live\b",
)
_DANGER = (
    r"\bbang vor\b",
    r"\b(slat|sloeg|schopt|schopte|knijpt|stompt|wurgt|stalkt|opsluit)( \w+)? (mij|me|mijn)\b",
    r"\b(mij|me|mijn) (slat|sloeg|schopt|schopte|stompt|wurgt|opsluit|stalkt|slan|opgesloten)\b",
    r"\bsla\w* (mij|me)\b|\bslat mijn\b|\bbeats? me\b|\bhits? me\b",
    r"\bdo[et]t? (mij|me) (weer )?pijn\b|\bhurts? me\b|\bafraid of\b|\bscared of\b",
    r"\bopgesloten\b|\bvermord|\bvermorden\b|\bmishandel|\bverkracht|\bbedreig|\bmisbruik|\bstalk(t|er|ing)\b",
    r"\bniet veilig( \w+)? (thuis|hier)\b|\b(thuis|hier)( \w+)? niet veilig\b|\bonveilig\b|\babuse",
)
_SUICIDE_PATTERN = re.compile("|".join(_SUICIDE))
_DANGER_PATTERN = re.compile("|".join(_DANGER))


def speaks_of_suicide(words: str) -> bool:
    """Whether these plain words speak of suicide or of not wanting to live. Words without spaces count too."""
    return bool(_SUICIDE_PATTERN.search(_squeeze(words))) or _resembles(words, _SUICIDE_WORDS)


def speaks_of_danger(words: str) -> bool:
    """Whether these plain words speak of violence or of fear of somebody."""
    return bool(_DANGER_PATTERN.search(_squeeze(words))) or _resembles(words, _DANGER_WORDS)


def _squeeze(words: str) -> str:
    return re.sub(r"([a-z])\1+", r"\1", words)


def _resembles(words: str, signs: tuple[str, ...]) -> bool:
    """Whether a word, or two neighbours written apart, is one of the signs or nearly so."""
    parts = words.split()
    candidates = {*parts, *(first + second for first, second in pairwise(parts))}
    return any(
        any(sign in candidate for sign in signs) or difflib.get_close_matches(candidate, signs, n=1, cutoff=0.82)
        for candidate in candidates
        if 6 <= len(candidate) <= 40
    )
