"""The dialogue by SMS: step(state, reading) -> the next state, what to say, what to store, whom to warn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from uuid import UUID

from service.followup.replies import Reading, ReplyKind
from service.measures.instrument import NO_ANSWER

#: So many unclear replies in a row, and a human takes over.
STUCK = 2


#: The text that carries the link of a person's own page.
OWN_PAGE_LINK = "own_page_link"
#: Texts after which the next reply means something else than before. An answer given before one of these was read
#: crossed it; what only tells something ("that is noted") leaves the open question open.
ASKS = frozenset({"question_first", "question", "ask_name", "ask_name_again", "ask_scope", "hand_over"})


class Stage(StrEnum):
    """Where a conversation is."""

    INVITED = "invited"  # we asked whether we may ask
    NAMING = "naming"  # several people use this number: we asked who writes
    ASKING = "asking"  # question `position` (from 0) is open
    LATER = "later"  # the person asked to wait; any answer or JA resumes at `position`
    HANDED_OVER = "handed_over"  # a human takes it from here
    CLOSED = "closed"  # every question was answered, or the person declined or stopped


class TaskReason(StrEnum):
    """Why somebody should call a participant (the words stand on the coordinator's page)."""

    ASKED_FOR_CALL = "asked_for_call"
    STUCK_BY_SMS = "stuck_by_sms"
    WROTE_PERSONALLY = "wrote_personally"
    NO_ANSWER = "no_answer"  # silence until the window is about to close
    ONLY_LANDLINE = "only_landline"
    NO_CHANNEL = "no_channel"
    UNREACHABLE = "unreachable"
    WRONG_NUMBER = "wrong_number"
    SHARED_NUMBER = "shared_number"
    CHECK_IN = "check_in"  # to hear how somebody is; the list does not say why
    FATE_UNKNOWN = "fate_unknown"  # an e-mail whose fate we do not know
    NEW_ADDRESS = "new_address"  # a new number or address, to be written down by a person
    ERASURE_ASKED = "erasure_asked"  # everything about the person must go, within a month


class AlertLevel(StrEnum):
    """How fast a human must look."""

    RED = "red"
    AMBER = "amber"


@dataclass(frozen=True, slots=True)
class Dialogue:
    """One conversation. `items` are the item numbers in the order asked; `unclear` counts unclear replies in a row.

    When a number is `shared` we know who writes only from the moment that a name was given until the questions rest.
    """

    stage: Stage
    items: tuple[int, ...]
    position: int = 0
    unclear: int = 0
    shared: bool = False

    @property
    def unnamed(self) -> bool:
        """Whether nobody can know which of several people writes."""
        return self.shared and self.stage is not Stage.ASKING

    @property
    def open_item(self) -> int | None:
        """The item whose question the person has in front of them, None when there is none.

        After a hand-over because of unclear replies the question is still there; after warning signs it is not.
        """
        if self.unnamed:
            return None
        stuck = self.stage is Stage.HANDED_OVER and self.unclear >= STUCK and self.position > 0
        if (stuck or self.stage in (Stage.ASKING, Stage.LATER)) and self.position < len(self.items):
            return self.items[self.position]
        return None


@dataclass(frozen=True, slots=True)
class Say:
    """A text to send: the key in the catalogue and its non-personal values ({"n": 2, "total": 6, "item": 4})."""

    text: str
    values: Mapping[str, int | str] = field(default_factory=dict)
    about: UUID | None = None  # the activity it is about


@dataclass(frozen=True, slots=True)
class Step:
    """What one reply leads to."""

    dialogue: Dialogue | None
    say: tuple[Say, ...] = ()
    store: tuple[tuple[int, str], ...] = ()  # item number, code
    task: TaskReason | None = None
    alert: AlertLevel | None = None
    to_read: bool = False  # the words themselves appear on the coordinator's page
    declined: bool = False  # this wave is declined: no reminder follows
    stop: bool = False
    start: bool = False
    wrong_number: bool = False
    undone: bool = False  # `store` takes an answer back; nothing is finished by it
    not_coming: bool = False  # to the next activity
    less_often: bool = False  # fewer messages between the questions
    pause_weeks: int = 0  # what would go out within so many weeks goes out so many weeks later


def begin(items: tuple[int, ...]) -> tuple[Dialogue, Say]:
    """A conversation opens with the question whether we may ask."""
    return Dialogue(Stage.INVITED, items), Say("invite_questions", {"n": len(items)})


def step(dialogue: Dialogue | None, reading: Reading) -> Step:
    """What follows from one reply. `dialogue` is None when no conversation is open with this number.

    STOP, START, warning signs, help, a request to be called and words for a human mean the same at every stage; what
    is left depends on the question the person has in front of them.
    """
    if dialogue is not None and dialogue.stage is Stage.CLOSED:
        dialogue = None
    always = _ALWAYS.get(reading.kind)
    if always is not None:
        return always(dialogue)
    if reading.kind is ReplyKind.PAUSE:
        return _pause(dialogue, reading.weeks)
    if dialogue is None:
        return Step(None, (Say("nothing_open"),), to_read=True)
    if dialogue.unnamed:
        return _when_unnamed(dialogue, reading)
    return _AT_STAGE[dialogue.stage](dialogue, reading)


def named(dialogue: Dialogue) -> Step:
    """The person whom this conversation is about said so: the question that is open is asked."""
    return _ask(replace(dialogue, stage=Stage.ASKING, unclear=0), first=True)


def nobody_named(dialogue: Dialogue) -> Step:
    """Who writes cannot be told: nothing is asked or kept, and a human looks."""
    handed = replace(dialogue, stage=Stage.HANDED_OVER)
    return Step(handed, (Say("hand_over"),), task=TaskReason.SHARED_NUMBER, to_read=True)


def _stop(dialogue: Dialogue | None) -> Step:
    return Step(_moved(dialogue, Stage.CLOSED), (Say("stop_confirm"),), stop=True)


def _start(dialogue: Dialogue | None) -> Step:
    return Step(dialogue, (Say("start_confirm"),), start=True)


def _help(dialogue: Dialogue | None) -> Step:
    return Step(dialogue, (Say("help"),))


def _call(dialogue: Dialogue | None) -> Step:
    return Step(dialogue, (Say("call_ack"),), task=TaskReason.ASKED_FOR_CALL)


def _wrong_number(dialogue: Dialogue | None) -> Step:
    return Step(
        _moved(dialogue, Stage.CLOSED),
        (Say("wrong_number"),),
        task=TaskReason.WRONG_NUMBER,
        wrong_number=True,
    )


def _distress(dialogue: Dialogue | None) -> Step:
    """Every time, also when a human has it already: words of suicide never go without the number 113."""
    handed = _moved(dialogue, Stage.HANDED_OVER)
    return Step(handed, (Say("distress_red"),), alert=AlertLevel.RED, to_read=True)


def _danger(dialogue: Dialogue | None) -> Step:
    """The neutral text: somebody else may be reading along."""
    handed = _moved(dialogue, Stage.HANDED_OVER)
    return Step(handed, (Say("free_text"),), alert=AlertLevel.RED, to_read=True)


def _personal(dialogue: Dialogue | None) -> Step:
    """A human reads it; the open question stays open. Once a human has it, no text is sent again."""
    say = () if _is_handed_over(dialogue) else (Say("free_text"),)
    return Step(dialogue, say, task=TaskReason.WROTE_PERSONALLY, to_read=True)


def _stop_doubt(dialogue: Dialogue | None) -> Step:
    """Nothing goes out by itself until a person has looked (see `delivery.decide`)."""
    say = () if _is_handed_over(dialogue) else (Say("stop_doubt"),)
    handed = _moved(dialogue, Stage.HANDED_OVER)
    return Step(handed, say, task=TaskReason.WROTE_PERSONALLY, to_read=True)


def _sign_off(dialogue: Dialogue | None) -> Step:
    """Which of the two is meant? Asked once; until a person has looked nothing else goes out."""
    if _is_handed_over(dialogue):
        return _stop_doubt(dialogue)
    return Step(_moved(dialogue, Stage.HANDED_OVER), (Say("ask_scope"),), to_read=True)


def _own_page(dialogue: Dialogue | None) -> Step:
    """The open question stays open."""
    return Step(dialogue, (Say(OWN_PAGE_LINK),))


def _not_coming(dialogue: Dialogue | None) -> Step:
    """Noted with the next activity when there is one; otherwise a person reads it."""
    return Step(dialogue, (Say("not_coming_ack"),), to_read=True, not_coming=True)


def _less_often(dialogue: Dialogue | None) -> Step:
    """The open question stays open: this is about what comes between the questions."""
    return Step(dialogue, (Say("less_often_ack"),), less_often=True)


def _undo(dialogue: Dialogue | None) -> Step:
    """The last answer is taken back and its question asked again; a human reads it when there is none to take back."""
    resting = (Stage.ASKING, Stage.LATER)
    if dialogue is None or dialogue.unnamed or dialogue.position == 0 or dialogue.stage not in resting:
        return _personal(dialogue)
    back = replace(dialogue, stage=Stage.ASKING, position=dialogue.position - 1, unclear=0)
    return replace(_ask(back, ((back.items[back.position], NO_ANSWER),)), undone=True)


def _pause(dialogue: Dialogue | None, weeks: int) -> Step:
    paused = dialogue if dialogue is None or _is_handed_over(dialogue) else _moved(dialogue, Stage.LATER)
    return Step(paused, (Say("pause_confirm", {"n": weeks}),), pause_weeks=weeks)


def _is_handed_over(dialogue: Dialogue | None) -> bool:
    return dialogue is not None and dialogue.stage is Stage.HANDED_OVER


def _moved(dialogue: Dialogue | None, stage: Stage) -> Dialogue | None:
    return None if dialogue is None else replace(dialogue, stage=stage, unclear=0)


_ALWAYS: Mapping[ReplyKind, Callable[[Dialogue | None], Step]] = {
    ReplyKind.STOP: _stop,
    ReplyKind.START: _start,
    ReplyKind.HELP: _help,
    ReplyKind.CALL: _call,
    ReplyKind.WRONG_NUMBER: _wrong_number,
    ReplyKind.DISTRESS: _distress,
    ReplyKind.DANGER: _danger,
    ReplyKind.PERSONAL: _personal,
    ReplyKind.STOP_DOUBT: _stop_doubt,
    ReplyKind.SIGN_OFF: _sign_off,
    ReplyKind.NOT_COMING: _not_coming,
    ReplyKind.LESS_OFTEN: _less_often,
    ReplyKind.OWN_PAGE: _own_page,
    ReplyKind.UNDO: _undo,
}


def _when_unnamed(dialogue: Dialogue, reading: Reading) -> Step:
    """Whoever goes on is asked for a first name, also for a no: it may be somebody else's to say. (A reply that is a
    name never comes here: see `naming`.)"""
    meaning = reading.also or reading.kind
    if dialogue.stage is Stage.HANDED_OVER:
        return Step(dialogue, to_read=True)
    if meaning is ReplyKind.LATER:
        return _later(dialogue)
    if meaning is ReplyKind.NO:
        return nobody_named(dialogue)
    if dialogue.stage is Stage.NAMING:
        return _unclear(dialogue, "ask_name_again", TaskReason.SHARED_NUMBER)
    if meaning is ReplyKind.EMPTY:
        return _unclear(dialogue, "unclear_invite")
    return Step(replace(dialogue, stage=Stage.NAMING, unclear=0), (Say("ask_name"),))


def _when_invited(dialogue: Dialogue, reading: Reading) -> Step:
    """Only a yes opens the questions, and only a no declines them; a digit is neither."""
    meaning = reading.also or reading.kind
    if meaning is ReplyKind.YES:
        return _ask(replace(dialogue, stage=Stage.ASKING, unclear=0), first=True)
    if meaning is ReplyKind.NO:
        return _declined(dialogue)
    if meaning is ReplyKind.LATER:
        return _later(dialogue)
    return _unclear(dialogue, "unclear_invite")


def _when_asking(dialogue: Dialogue, reading: Reading) -> Step:
    if reading.kind is ReplyKind.ANSWER and reading.code is not None:
        return _answered(dialogue, reading.code)
    if reading.kind is ReplyKind.NO_ANSWER:
        return _answered(dialogue, NO_ANSWER)
    if reading.kind is ReplyKind.LATER:
        return _later(dialogue)
    return _unclear(dialogue, "unclear_once")


def _when_later(dialogue: Dialogue, reading: Reading) -> Step:
    """JA means "go on" here, not an answer. A digit answers the question that was open; before the first question
    nobody can know whether it was ever seen, so that one is asked (again) first."""
    meaning = reading.also or reading.kind
    if meaning is ReplyKind.YES:
        return _ask(replace(dialogue, stage=Stage.ASKING, unclear=0))
    if meaning is ReplyKind.NO:
        return _declined(dialogue) if dialogue.position == 0 else _unclear(dialogue, "unclear_invite")
    if meaning in (ReplyKind.ANSWER, ReplyKind.NO_ANSWER) and dialogue.position == 0:
        return _ask(replace(dialogue, stage=Stage.ASKING, unclear=0))
    if meaning in (ReplyKind.ANSWER, ReplyKind.NO_ANSWER, ReplyKind.LATER):
        return _when_asking(dialogue, reading)
    return _unclear(dialogue, "unclear_invite")


def _when_handed_over(dialogue: Dialogue, reading: Reading) -> Step:
    """A human has it: words are for reading and nothing is asked again by itself. Somebody who was only stuck may go
    on by sending a digit (not "ja" or "nee": those may answer our offer to call). See `Dialogue.open_item`."""
    clear = reading.kind is ReplyKind.ANSWER and reading.also is None and reading.code is not None
    if clear and dialogue.open_item is not None:
        return _answered(dialogue, str(reading.code))
    return Step(dialogue, to_read=True)


_AT_STAGE: Mapping[Stage, Callable[[Dialogue, Reading], Step]] = {
    Stage.INVITED: _when_invited,
    Stage.NAMING: _when_unnamed,
    Stage.ASKING: _when_asking,
    Stage.LATER: _when_later,
    Stage.HANDED_OVER: _when_handed_over,
}


def _ask(dialogue: Dialogue, store: tuple[tuple[int, str], ...] = (), *, first: bool = False) -> Step:
    """The question at the position; without any left, thanks. The first one in a conversation carries the lead-in,
    also when earlier ones were answered elsewhere."""
    if dialogue.position >= len(dialogue.items):
        return Step(replace(dialogue, stage=Stage.CLOSED), (Say("thank_you"),), store)
    number = dialogue.position + 1
    values = {"n": number, "total": len(dialogue.items), "item": dialogue.items[dialogue.position]}
    return Step(dialogue, (Say("question_first" if first or number == 1 else "question", values),), store)


def _answered(dialogue: Dialogue, code: str) -> Step:
    item = dialogue.items[dialogue.position]
    onward = replace(dialogue, stage=Stage.ASKING, position=dialogue.position + 1, unclear=0)
    return _ask(onward, ((item, code),))


def _later(dialogue: Dialogue) -> Step:
    return Step(replace(dialogue, stage=Stage.LATER, unclear=0), (Say("later_ack"),))


def _declined(dialogue: Dialogue) -> Step:
    return Step(replace(dialogue, stage=Stage.CLOSED, unclear=0), (Say("declined"),), declined=True)


def _unclear(dialogue: Dialogue, text: str, reason: TaskReason = TaskReason.STUCK_BY_SMS) -> Step:
    """Asked about once; the second time in a row a human takes over. The question itself is not repeated."""
    counted = replace(dialogue, unclear=dialogue.unclear + 1)
    if counted.unclear < STUCK:
        return Step(counted, (Say(text),))
    handed = replace(counted, stage=Stage.HANDED_OVER)
    return Step(handed, (Say("hand_over"),), task=reason, to_read=True)
