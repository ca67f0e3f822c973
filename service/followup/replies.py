"""Free text that came in -> what the person means, or that we cannot tell. Never a guess."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from service.followup import reply_words as words
from service.followup.reply_typos import likely_meant
from service.followup.stop_doubt import may_ask_to_stop
from service.followup.warning_signs import WarningSigns
from service.measures.instrument import Option


class ReplyKind(StrEnum):
    """What a reply is."""

    ANSWER = "answer"
    NO_ANSWER = "no_answer"  # "weet niet", "zeg ik liever niet": missing, by choice
    YES = "yes"
    NO = "no"
    STOP = "stop"
    START = "start"
    HELP = "help"
    LATER = "later"
    PAUSE = "pause"  # no messages for some weeks
    UNDO = "undo"  # the last answer was a mistake
    SIGN_OFF = "sign_off"  # "afmelden": from one afternoon or from everything? We ask
    NOT_COMING = "not_coming"  # not to an activity: the coordinator reads it
    LESS_OFTEN = "less_often"  # fewer messages between the questions
    STOP_DOUBT = "stop_doubt"  # may ask to stop: nothing goes out by itself until a person has looked
    OWN_PAGE = "own_page"  # the link of the person's own page
    CALL = "call"
    WRONG_NUMBER = "wrong_number"
    DISTRESS = "distress"  # explicit words of suicide: protocol text and an alert at once
    DANGER = "danger"  # violence or fear: a neutral text (someone may read along) and an alert
    PERSONAL = "personal"  # words about the person's life, a question, a sentence: to a human at once
    UNCLEAR = "unclear"  # a near-answer ("4", "soms", "1-2"): asked about once
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reply was read as; `code` is the canonical answer code when it is an ANSWER.

    `also` is YES or NO when the words would mean that in another place: "ja" answers the open question, but after
    LATER it says that the person wants to go on. The conversation knows which.
    """

    kind: ReplyKind
    code: str | None = None
    also: ReplyKind | None = None
    weeks: int = 0  # how long a PAUSE lasts


#: Whole replies that are read before answers, in this order.
_COMMANDS: Sequence[tuple[frozenset[str], ReplyKind]] = (
    (words.START, ReplyKind.START),
    (words.HELP, ReplyKind.HELP),
    (words.LATER, ReplyKind.LATER),
    (words.CALL, ReplyKind.CALL),
    (words.UNDO, ReplyKind.UNDO),
    (words.SIGN_OFF, ReplyKind.SIGN_OFF),
    (words.NOT_COMING, ReplyKind.NOT_COMING),
    (words.FEWER_MESSAGES, ReplyKind.LESS_OFTEN),
    (words.OWN_PAGE, ReplyKind.OWN_PAGE),
)


def read_reply(text: str, options: Sequence[Option] | None, language: str = "nl", *, signs: WarningSigns) -> Reading:
    """Read one reply. `options` are those of the question that is open (digit 1 is the first), None when none is.

    The exact opt-out words are read before anything else; words of suicide before answers. `language` is that of the
    question; the basic words are understood in Dutch and English alike.
    """
    if is_stop(text):
        return Reading(ReplyKind.STOP)
    plain = _LONG_NO.sub("nee", _LONG_YES.sub("ja", words.plain_words(text)))
    warning = _warning(plain, signs)
    if warning is not None:
        return Reading(warning)
    if not plain:
        return Reading(ReplyKind.UNCLEAR if text.strip(_INVISIBLE) else ReplyKind.EMPTY)
    command = _command(plain)
    if command is not None:
        return command
    return _read_answer(text, plain, options, language) if options else _read_without_question(plain)


def is_stop(text: str) -> bool:
    """Whether the whole reply is one of the exact opt-out words: applied in the webhook's own transaction."""
    joined = words.plain_words(text[:_LONGEST_STOP]).replace(" ", "") if len(text) <= _LONGEST_STOP else ""
    return joined in words.STOP or re.fullmatch(r"s+t+o+p+", joined) is not None


#: How long "pauze" lasts when no number of weeks is named, and at most.
PAUSE_WEEKS = 2
LONGEST_PAUSE = 8
_PAUSE = re.compile(
    r"(?:even |graag |een |een weekje )*(?:pauze|pauzeren|pause)(?: (?:van|voor|for))?"
    r"(?: (?P<weeks>\w+?)(?: ?(?:week|weken|wk|weekje|weekjes|weeks))?)?(?: (?:aub|graag|svp|alstublieft|please))*"
)


def _command(plain: str) -> Reading | None:
    """A whole reply that means the same whether a question is open or not; also words that may ask us to stop."""
    for phrases, kind in _COMMANDS:
        if plain in phrases:
            return Reading(kind)
    pause = _PAUSE.fullmatch(plain)
    if pause is not None:
        return _pause(pause["weeks"])
    return Reading(ReplyKind.STOP_DOUBT) if may_ask_to_stop(plain) else None


def _pause(said: str | None) -> Reading:
    if said is None or said in words.FILLERS:
        return Reading(ReplyKind.PAUSE, weeks=PAUSE_WEEKS)
    weeks = int(said) if re.fullmatch(r"[0-9]{1,3}", said) else words.NUMBERS.get(said, 0)
    return Reading(ReplyKind.PAUSE, weeks=min(weeks, LONGEST_PAUSE)) if weeks else Reading(ReplyKind.PERSONAL)


_LONG_YES = re.compile(r"\bj+a+h?\b")
_LONG_NO = re.compile(r"\bn+e+e+[hj]?\b")

#: No opt-out phrase is longer, however it is decorated.
_LONGEST_STOP = 200
_INVISIBLE = " \t\r\n\x00\u00a0\u200b\u200c\u200d\u2060\ufeff\u200e\u200f"


def _warning(plain: str, signs: WarningSigns) -> ReplyKind | None:
    if signs.suicide.found_in(plain):
        return ReplyKind.DISTRESS
    if signs.danger.found_in(plain):
        return ReplyKind.DANGER
    if any(phrase in plain for phrase in words.WRONG_NUMBER):
        return ReplyKind.WRONG_NUMBER
    return None


def _read_without_question(plain: str) -> Reading:
    if plain in words.YES:
        return Reading(ReplyKind.YES)
    if plain in words.NO:
        return Reading(ReplyKind.NO)
    if plain in words.LESS_OFTEN:
        return Reading(ReplyKind.LESS_OFTEN)
    return _near_or_personal(plain)


def _read_answer(text: str, plain: str, options: Sequence[Option], language: str) -> Reading:
    code = _code(text, plain, options, language)
    if code is not None:
        return Reading(ReplyKind.ANSWER, code, also=_yes_or_no(plain))
    if plain in words.NO_ANSWER_WORDS or likely_meant(plain, dict.fromkeys(words.NO_ANSWER_WORDS, "")) is not None:
        return Reading(ReplyKind.NO_ANSWER)
    return _near_or_personal(plain)


def _yes_or_no(plain: str) -> ReplyKind | None:
    if plain in words.YES:
        return ReplyKind.YES
    return ReplyKind.NO if plain in words.NO else None


def _near_or_personal(plain: str) -> Reading:
    """A near-answer may be asked about once; whatever may be about the person's life goes to a human."""
    parts = plain.split()
    telling = any(part in words.TELLING for part in parts)
    near = all(part in words.NEAR or part in words.NUMBERS or part.isdecimal() for part in parts)
    if not telling and (near or (len(parts) == 1 and _gibberish(plain))):
        return Reading(ReplyKind.UNCLEAR)
    return Reading(ReplyKind.PERSONAL)


def _gibberish(word: str) -> bool:
    """A slip of the thumb: very short, without vowels, or along a row of the keyboard."""
    if len(word) <= 3 or re.search(r"\d", word):
        return len(word) <= 6
    return not re.search(r"[aeiouy]", word) or bool(re.search(r"asdf|sdfg|qwer|wert|zxcv|hjkl", word))


def _code(text: str, plain: str, options: Sequence[Option], language: str) -> str | None:
    """The one option that these words name, None when they name none, or several, or something more besides."""
    if re.search(r"(^|\s)[-−–]\d", text) or plain.endswith(" maar"):
        return None
    lexicon = _lexicon(options, language)
    if plain in lexicon:
        return lexicon[plain]
    bare = re.sub(r"\been (?=\d)", "", plain)
    found = {lexicon.get(part) for part in _parts(bare, lexicon)}
    only = found.pop() if len(found) == 1 else None
    return only or likely_meant(plain, lexicon)


def _lexicon(options: Sequence[Option], language: str) -> Mapping[str, str]:
    """What names an option: its digit, number word and label, in the language of the question before any other."""
    codes: dict[str, str] = {}
    for place, option in enumerate(options, start=1):
        codes |= {number: option.code for number, value in words.NUMBERS.items() if value == place}
        codes |= dict.fromkeys(_labels(option), option.code)
        codes[str(place)] = option.code
    own = {words.plain_words(option.label[language]): option.code for option in options if language in option.label}
    return codes | own


def _labels(option: Option) -> frozenset[str]:
    labels = frozenset(words.plain_words(label) for label in option.label.values())
    wider = (words.YES_AS_ANSWER, words.NO_AS_ANSWER, words.MORE_OR_LESS)
    return labels.union(*(synonyms for synonyms in wider if labels & synonyms))


def _parts(plain: str, lexicon: Mapping[str, str]) -> Iterator[str]:
    """The words that count, with a label of several words as one: "2 min of meer" is "2" and "min of meer"."""
    rest = f" {plain} "
    for phrase in sorted((phrase for phrase in lexicon if " " in phrase), key=len, reverse=True):
        if f" {phrase} " in rest:
            yield phrase
            rest = rest.replace(f" {phrase} ", " ", 1)
    yield from (part for part in rest.split() if part not in words.FILLERS)
