"""The dialogue by SMS: one question at a time, one retry, and a human as soon as a machine should be silent."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from service.bootstrap import load_instruments
from service.followup.conversation import AlertLevel, Dialogue, Stage, Step, TaskReason, begin, step
from service.followup.replies import Reading, ReplyKind
from service.measures.instrument import NO_ANSWER
from tests.builders import read_reply

DJG6 = load_instruments()["djg6"]
ITEMS = tuple(item.number for item in DJG6.items)
CODES = {option.code for option in DJG6.options} | {NO_ANSWER}


def talk(*texts: str, dialogue: Dialogue | None = None) -> list[Step]:
    """What follows from each text in turn, read as the service reads it."""
    at: Dialogue | None = dialogue or begin(ITEMS)[0]
    steps = []
    for text in texts:
        options = DJG6.options if at is not None and at.open_item is not None else None
        taken = step(at, read_reply(text, options))
        steps.append(taken)
        at = taken.dialogue
    return steps


def said(steps: list[Step]) -> list[tuple[str, ...]]:
    return [tuple(say.text for say in taken.say) for taken in steps]


def asking(position: int = 0, unclear: int = 0) -> Dialogue:
    return Dialogue(Stage.ASKING, ITEMS, position, unclear)


def test_it_opens_with_the_question_whether_we_may_ask() -> None:
    dialogue, say = begin(ITEMS)
    assert (dialogue.stage, dialogue.open_item) == (Stage.INVITED, None)
    assert (say.text, say.values) == ("invite_questions", {"n": 6})


def test_a_whole_conversation() -> None:
    steps = talk("ja", "1", "min of meer", "nee hoor", "weet niet", "2.", "drie")
    assert said(steps) == [("question_first",), *[("question",)] * 5, ("thank_you",)]
    stored = [pair for taken in steps for pair in taken.store]
    codes = ["yes", "more_or_less", "no", NO_ANSWER, "more_or_less", "no"]
    assert stored == list(zip(ITEMS, codes, strict=True))
    assert [dict(taken.say[0].values) for taken in steps[:2]] == [
        {"n": 1, "total": 6, "item": ITEMS[0]},
        {"n": 2, "total": 6, "item": ITEMS[1]},
    ]
    last = steps[-1].dialogue
    assert last is not None
    assert last.stage is Stage.CLOSED
    assert not any(taken.task or taken.alert or taken.to_read for taken in steps)


def test_who_answered_some_questions_elsewhere_gets_the_lead_in_with_the_next_one() -> None:
    (taken,) = talk("ja", dialogue=Dialogue(Stage.INVITED, ITEMS, 2))
    assert (taken.say[0].text, taken.say[0].values["n"]) == ("question_first", 3)


def test_a_digit_is_no_yes() -> None:
    steps = talk("1", "ja")
    assert said(steps) == [("unclear_invite",), ("question_first",)]
    assert steps[0].store == ()


def test_no_declines_this_wave() -> None:
    (taken,) = talk("nee hoor")
    assert (taken.declined, taken.stop, said([taken])) == (True, False, [("declined",)])


def test_no_to_a_question_is_an_answer_and_closes_nothing() -> None:
    taken = step(asking(), read_reply("nee", DJG6.options))
    assert taken.store == ((ITEMS[0], "no"),)
    assert not taken.declined


def test_later_waits_and_ja_goes_on_where_it_was() -> None:
    steps = talk("ja", "1", "later", "ja")
    assert said(steps)[2:] == [("later_ack",), ("question",)]
    assert steps[3].say[0].values["n"] == 2
    assert steps[3].store == ()  # "ja" said: go on
    onward = talk("ja", "1", "later", "3")
    assert onward[3].store == ((ITEMS[1], "no"),)


def test_before_the_first_question_a_digit_is_no_answer() -> None:
    steps = talk("later", "2", "2")
    assert said(steps) == [("later_ack",), ("question_first",), ("question",)]
    assert [taken.store for taken in steps] == [(), (), ((ITEMS[0], "more_or_less"),)]


def test_no_after_later_declines_only_before_the_first_question() -> None:
    assert talk("later", "nee")[1].declined
    after = talk("ja", "1", "later", "nee")[3]
    assert not after.declined
    assert after.store == ()


def test_unclear_is_asked_about_once_and_then_a_human_takes_over() -> None:
    steps = talk("ja", "soms", "4")
    assert said(steps)[1:] == [("unclear_once",), ("hand_over",)]
    assert (steps[2].task, steps[2].to_read) == (TaskReason.STUCK_BY_SMS, True)
    assert steps[1].task is None
    assert said(talk("ja", "soms", "1", "soms")) == [
        ("question_first",),
        ("unclear_once",),
        ("question",),
        ("unclear_once",),
    ]
    assert said(talk("ja", "  ", ""))[1:] == [("unclear_once",), ("hand_over",)]


def test_who_was_stuck_may_go_on_with_a_digit_but_not_with_a_word() -> None:
    steps = talk("ja", "1", "soms", "soms", "ja", "3")
    assert said(steps)[4:] == [(), ("question",)]
    assert (steps[4].store, steps[4].to_read) == ((), True)
    assert steps[5].store == ((ITEMS[1], "no"),)


def test_words_about_ones_life_go_to_a_human_and_the_question_stays_open() -> None:
    steps = talk("ja", "Slecht, mijn man is dood", "1")
    assert said(steps)[1] == ("free_text",)
    assert (steps[1].task, steps[1].to_read, steps[1].alert) == (TaskReason.WROTE_PERSONALLY, True, None)
    assert steps[2].store == ((ITEMS[0], "yes"),)


@pytest.mark.parametrize("before", [(), ("ja",), ("ja", "1", "later"), ("ja", "soms", "soms"), ("nee",)])
def test_words_of_suicide_raise_an_alert_everywhere(before: tuple[str, ...]) -> None:
    taken = talk(*before, "ik wil niet meer leven")[-1]
    assert (taken.alert, taken.to_read, said([taken])) == (AlertLevel.RED, True, [("distress_red",)])
    if taken.dialogue is not None:
        assert (taken.dialogue.stage, taken.dialogue.open_item) == (Stage.HANDED_OVER, None)


def test_after_an_alert_nothing_is_asked_again_by_itself() -> None:
    steps = talk("ja", "1", "ik wil dood", "2", "hallo", "ja")
    assert said(steps)[3:] == [(), (), ()]
    assert all(taken.to_read and not taken.store for taken in steps[3:])


def test_violence_gets_a_neutral_text() -> None:
    taken = talk("ja", "hij slaat mij")[-1]
    assert (taken.alert, said([taken])) == (AlertLevel.RED, [("free_text",)])


@pytest.mark.parametrize(
    "before", [(), ("ja",), ("ja", "1", "later"), ("ja", "soms", "soms"), ("ja", "ik wil dood"), ("nee",)]
)
def test_stop_stops_everywhere(before: tuple[str, ...]) -> None:
    taken = talk(*before, "STOP")[-1]
    assert (taken.stop, taken.store, said([taken])) == (True, (), [("stop_confirm",)])
    assert taken.dialogue is None or taken.dialogue.stage is Stage.CLOSED


def test_help_call_and_wrong_number() -> None:
    steps = talk("ja", "hulp", "bel", "1", "verkeerd nummer")
    assert said(steps)[1:] == [("help",), ("call_ack",), ("question",), ("wrong_number",)]
    assert steps[2].task is TaskReason.ASKED_FOR_CALL
    assert steps[3].store == ((ITEMS[0], "yes"),)
    assert (steps[4].wrong_number, steps[4].task) == (True, TaskReason.WRONG_NUMBER)
    assert steps[4].dialogue == replace(asking(1), stage=Stage.CLOSED)


@pytest.mark.parametrize("text", ["1", "ja", "nee", "soms", "dank u wel", "later", ""])
def test_when_nothing_is_open_words_are_for_reading(text: str) -> None:
    taken = step(None, read_reply(text, None))
    assert (said([taken]), taken.to_read, taken.store, taken.declined) == ([("nothing_open",)], True, (), False)
    closed = step(Dialogue(Stage.CLOSED, ITEMS, 6), read_reply(text, None))
    assert said([closed]) == [("nothing_open",)]


def test_start_lets_messages_in_again() -> None:
    taken = step(None, read_reply("START", None))
    assert (taken.start, said([taken])) == (True, [("start_confirm",)])
    assert step(asking(2), read_reply("start", DJG6.options)).dialogue == asking(2)


def test_fout_takes_back_one_answer_at_a_time() -> None:
    steps = talk("ja", "1", "2", "fout", "fout", "3")
    assert said(steps)[3:] == [("question",), ("question_first",), ("question",)]
    assert [taken.store for taken in steps[3:]] == [
        ((ITEMS[1], NO_ANSWER),),
        ((ITEMS[0], NO_ANSWER),),
        ((ITEMS[0], "no"),),
    ]
    assert [taken.undone for taken in steps[3:]] == [True, True, False]


@pytest.mark.parametrize("before", [(), ("ja",), ("ja", "ik wil dood"), ("nee",), ("ja", "1", "soms", "soms")])
def test_fout_with_nothing_to_take_back_is_for_a_person(before: tuple[str, ...]) -> None:
    taken = talk(*before, "fout")[-1]
    assert (taken.store, taken.to_read, taken.task) == ((), True, TaskReason.WROTE_PERSONALLY)


def test_pauze_waits_and_ja_goes_on() -> None:
    steps = talk("ja", "1", "pauze 3", "ja", "2")
    assert (steps[2].pause_weeks, said(steps)[2], steps[2].say[0].values) == (3, ("pause_confirm",), {"n": 3})
    assert steps[3].say[0].values["n"] == 2
    assert steps[4].store == ((ITEMS[1], "more_or_less"),)
    assert step(None, read_reply("pauze", None)).pause_weeks == 2


def test_a_doubtful_stop_hands_over_and_repeats_nothing() -> None:
    steps = talk("ja", "laat me met rust", "laat me met rust", "stop")
    assert said(steps)[1:] == [("stop_doubt",), (), ("stop_confirm",)]
    assert [taken.to_read for taken in steps[1:3]] == [True, True]
    assert not steps[1].stop


def test_afmelden_is_asked_about_once() -> None:
    steps = talk("ja", "afmelden", "afmelden", "kom niet")
    assert said(steps)[1:] == [("ask_scope",), (), ("not_coming_ack",)]
    assert [taken.task for taken in steps[1:3]] == [None, TaskReason.WROTE_PERSONALLY]
    assert all(taken.to_read and not taken.stop for taken in steps[1:])


texts = st.one_of(
    st.sampled_from(["1", "2", "3", "ja", "nee", "soms", "4", "", "later", "bel", "hulp", "start", "weet niet", "?",
                     "mijn man is dood", "ik wil dood", "hij slaat mij", "verkeerd nummer", "stop", "fout", "pauze 3",
                     "afmelden", "kom niet", "laat me met rust"]),
    st.text(max_size=20),
)  # fmt: skip


@given(st.lists(texts, max_size=25))
@settings(max_examples=400, deadline=None)
def test_whatever_is_written(written: list[str]) -> None:
    """Never two retries in a row, never an unknown code, an item twice only after FOUT, and STOP always stops."""
    dialogue: Dialogue | None = begin(ITEMS)[0]
    answered: list[int] = []
    before: tuple[str, ...] = ()
    for text in written:
        options = DJG6.options if dialogue is not None and dialogue.open_item is not None else None
        reading = read_reply(text, options)
        taken = step(dialogue, reading)
        says = tuple(say.text for say in taken.say)
        assert len(says) <= 1
        assert not (says == before and says[:1] in (("unclear_once",), ("unclear_invite",)))
        assert taken.stop == (reading.kind is ReplyKind.STOP)
        assert {code for _, code in taken.store} <= CODES
        if taken.undone:
            assert taken.store == ((answered.pop(), NO_ANSWER),)
        else:
            answered += [item for item, _ in taken.store]
        dialogue, before = taken.dialogue, says
    assert answered == list(ITEMS[: len(answered)])


@given(
    st.sampled_from(list(ReplyKind)), st.sampled_from(list(Stage)), st.integers(0, 6), st.integers(0, 3), st.booleans()
)
@settings(max_examples=300, deadline=None)
def test_every_reading_has_a_step_at_every_stage(
    kind: ReplyKind, stage: Stage, position: int, unclear: int, shared: bool
) -> None:
    reading = Reading(kind, "yes" if kind is ReplyKind.ANSWER else None)
    if stage is not Stage.CLOSED and position == len(ITEMS):
        position -= 1
    before = Dialogue(stage, ITEMS, position, unclear, shared)
    taken = step(before, reading)
    assert taken.say or taken.to_read
    if before.unnamed:  # several people use the number: nothing is kept or declined before a name was given
        assert (taken.store, taken.declined, taken.undone) == ((), False, False)
        assert taken.dialogue is None or taken.dialogue.stage is not Stage.ASKING
