"""A conversation by mail: which question an answer belongs to, and everything else that lands in the mailbox."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import pytest
from sqlalchemy import Engine

from service.channels.base import InboundMail, MailKind, Outgoing
from service.channels.memory import MemoryInbox
from service.usecases.collect_mail import MailboxDown, collect_mail
from service.usecases.enrol_participant import enrol_participant
from service.usecases.services import Services
from service.usecases.show_worklist import show_worklist
from service.usecases.submit_answers import submit_answers
from tests.builders import Clock
from tests.usecases.scene import make_scene
from tests.usecases.street import Post, Street

WIL = "wil@voorbeeld.invalid"


@dataclasses.dataclass
class Mailer(Street):
    """A participant who gets mail, and answers it."""

    uids: Any = dataclasses.field(default_factory=lambda: itertools.count(1))

    @property
    def inbox(self) -> MemoryInbox:
        assert isinstance(self.services.inbox, MemoryInbox)
        return self.services.inbox

    def receive(self, **mail: Any) -> None:
        uid = str(next(self.uids))
        values = {"uid": uid, "provider_id": f"in-{uid}@voorbeeld.invalid", "kind": MailKind.REPLY, "sender": WIL}
        self.inbox.waiting.append(InboundMail(**{**values, **mail}))
        collect_mail(self.services)
        self.run()

    def reply(self, text: str, to: Outgoing | None = None, **mail: Any) -> None:
        self.receive(text=text, references=((to or self.mailbox[-1]).message_id,), **mail)

    @property
    def subject(self) -> str:
        return self.mailbox[-1].subject

    def answers(self) -> list[tuple[int, str, str]]:
        """What counts, in the order in which the questions were answered first."""
        found: dict[int, tuple[int, str, str]] = {}
        for item, code, mode in self.ask("select item, code, mode from answer_event order by sequence"):
            found[item] = (item, code, mode)
        return list(found.values())

    def to_read(self) -> list[str]:
        return [reply.words for reply in show_worklist(self.services, self.scene.coordinator).replies]


@pytest.fixture
def mailer(services: Services, clock: Clock, database: Engine) -> Mailer:
    """One participant who prefers mail, invited this morning."""
    services = dataclasses.replace(services, webhooks=Post())
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form(email=WIL, mobile="", preferred_channel="email"))
    street = Mailer(scene, services, clock, database)
    clock.forward(days=1)
    street.run()
    assert "antwoord JA op deze e-mail" in street.mailbox[0].text
    return street


def test_a_whole_wave_by_answering_mail(mailer: Mailer) -> None:
    mailer.reply("Ja graag\n\nGroet, Wil")
    for number, answer in enumerate(
        ("1", "2", "Beste Marieke,\n\n3\n\nMvg Wil de Boer", "ja", "nee", "min of meer"), 1
    ):
        assert mailer.subject.startswith(f"Vraag {number} van 6")
        mailer.reply(answer)
    assert mailer.subject.startswith("Dank u wel")
    codes = [code for _, code, _ in mailer.answers()]
    assert codes == ["yes", "more_or_less", "no", "yes", "no", "more_or_less"]
    assert {mode for _, _, mode in mailer.answers()} == {"email"}
    assert mailer.ask("select status, mode from measurement order by position")[0] == ("complete", "email")
    assert mailer.ask("select count(*) from score")[0][0] == 1
    assert mailer.to_read() == []


def test_the_same_mail_twice_is_one_reply(mailer: Mailer) -> None:
    mailer.reply("JA", provider_id="once@voorbeeld.invalid")
    sent = len(mailer.mailbox)
    mailer.reply("JA", to=mailer.mailbox[0], provider_id="once@voorbeeld.invalid")
    assert len(mailer.mailbox) == sent
    assert mailer.ask("select count(*) from reply")[0][0] == 1
    assert len(mailer.inbox.marked) == 2


def test_an_answer_to_an_older_question_overwrites_nothing_and_a_person_reads_it(mailer: Mailer) -> None:
    mailer.reply("JA")
    first = mailer.mailbox[-1]
    mailer.reply("1")
    mailer.reply("3", to=first)
    assert [code for _, code, _ in mailer.answers()] == ["yes"]
    assert mailer.subject.startswith("Dank u voor uw antwoord")
    assert mailer.to_read() == ["3"]


def test_the_same_answer_to_the_same_question_again_changes_nothing(mailer: Mailer) -> None:
    mailer.reply("JA")
    first = mailer.mailbox[-1]
    mailer.reply("1")
    sent = len(mailer.mailbox)
    mailer.reply("1", to=first)
    assert [code for _, code, _ in mailer.answers()] == ["yes"]
    assert len(mailer.mailbox) == sent
    assert mailer.to_read() == []


def test_an_answer_to_words_after_the_question_belongs_to_that_question(mailer: Mailer) -> None:
    mailer.reply("JA")
    mailer.reply("7")
    assert mailer.subject.startswith("Nog een keer de vraag")
    mailer.reply("2")
    assert [code for _, code, _ in mailer.answers()] == ["more_or_less"]


def test_a_digit_to_the_invitation_is_no_answer(mailer: Mailer) -> None:
    mailer.reply("2")
    assert mailer.answers() == []
    mailer.reply("JA", to=mailer.mailbox[0])
    mailer.reply("2", to=mailer.mailbox[0])
    assert mailer.answers() == []
    assert mailer.subject.startswith("Vraag 1 van 6")


def test_a_digit_that_answers_no_mail_of_ours_is_read_by_a_person(mailer: Mailer) -> None:
    mailer.reply("JA")
    mailer.receive(text="2")
    assert mailer.answers() == []
    assert mailer.to_read() == ["2"]
    assert "bij welke vraag" in mailer.mailbox[-1].text


def test_who_goes_on_at_the_page_is_not_asked_again_by_mail(mailer: Mailer) -> None:
    mailer.reply("JA")
    mailer.reply("1")
    token = mailer.mailbox[0].text.split("/v/")[1].split()[0]
    second = mailer.services.instruments["djg6"].items[1].number
    submit_answers(mailer.services, token, {second: "yes"})
    mailer.reply("2")
    assert [code for _, code, _ in mailer.answers()] == ["yes", "yes"]
    assert mailer.to_read() == ["2"]


def test_an_answer_after_the_window_is_kept_and_labelled_late(mailer: Mailer) -> None:
    mailer.reply("JA")
    for _ in range(5):
        mailer.reply("1")
    mailer.clock.moment = mailer.ask("select closes_at from measurement order by position")[0][0]
    mailer.clock.forward(hours=3)
    mailer.reply("3")
    assert mailer.ask("select status, mode from measurement order by position")[0] == ("late", "email")
    assert "Wat later is niet erg" in mailer.mailbox[-1].text


def test_an_invitation_answered_after_the_window_opens_nothing(mailer: Mailer) -> None:
    invitation = mailer.mailbox[0]
    mailer.clock.moment = mailer.ask("select closes_at from measurement order by position")[0][0]
    mailer.reply("JA", to=invitation)
    assert mailer.ask("select 1 from conversation") == []
    assert mailer.to_read() == ["JA"]


def test_a_correction_by_fout_goes_back_one_question(mailer: Mailer) -> None:
    mailer.reply("JA")
    mailer.reply("1")
    mailer.reply("FOUT")
    assert mailer.subject.startswith("Vraag 1 van 6")
    mailer.reply("3")
    assert [code for _, code, _ in mailer.answers()] == ["no"]


@pytest.mark.parametrize("text", ["STOP", "stop\n\nGroeten van Wil", "Beste mensen,\n\nAfmelden graag"])
def test_stop_by_mail_ends_mail_or_asks(mailer: Mailer, text: str) -> None:
    mailer.reply("JA")
    mailer.reply(text)
    if "fmelden" in text:
        assert mailer.subject.startswith("Wat bedoelt u")
        return
    assert mailer.subject.startswith("U krijgt geen e-mail meer")
    sent = len(mailer.mailbox)
    mailer.clock.forward(days=20)
    mailer.run()
    mailer.reply("1")
    assert len(mailer.mailbox) == sent
    assert mailer.ask("select count(*) from consent where purpose = 'email' and withdrawn_at is null")[0][0] == 0
    assert mailer.ask("select count(*) from consent where purpose = 'questions' and withdrawn_at is null")[0][0] == 1


def test_stop_in_the_subject_alone_of_an_unknown_thread(mailer: Mailer) -> None:
    mailer.receive(text="STOP")
    assert mailer.subject.startswith("U krijgt geen e-mail meer")


def test_stop_from_a_relatives_address_ends_the_mail_we_wrote(mailer: Mailer) -> None:
    mailer.reply("stop", sender="dochter@voorbeeld.invalid")
    assert mailer.ask("select count(*) from contact.stop where lifted_at is null")[0][0] == 2
    assert mailer.mailbox[-1].to == WIL


def test_an_answer_from_another_address_is_never_credited(mailer: Mailer) -> None:
    mailer.reply("JA")
    mailer.reply("1", sender="dochter@voorbeeld.invalid")
    assert mailer.answers() == []
    (reply,) = show_worklist(mailer.services, mailer.scene.coordinator).replies
    assert (reply.words, reply.mail_from) == ("1", "dochter@voorbeeld.invalid")
    assert reply.participant_id is not None


def test_a_strangers_mail_is_read_by_a_person_who_sees_from_whom_it_is(mailer: Mailer) -> None:
    sent = len(mailer.mailbox)
    mailer.receive(text="Mag mijn buurvrouw ook meedoen?", sender="buur@voorbeeld.invalid")
    (reply,) = show_worklist(mailer.services, mailer.scene.coordinator).replies
    assert (reply.participant_id, reply.mail_from) == (None, "buur@voorbeeld.invalid")
    assert len(mailer.mailbox) == sent


def test_at_rest_neither_the_address_nor_the_words_can_be_read(mailer: Mailer) -> None:
    mailer.reply("Mijn geheim")
    stored = str(mailer.ask("select * from reply")) + str(mailer.ask("select * from audit_event"))
    assert "geheim" not in stored
    assert WIL not in stored


def test_warning_signs_raise_the_alert_also_under_the_farewell(mailer: Mailer) -> None:
    mailer.reply("JA")
    mailer.reply("2\n\nGroet, Wil\n\nPS ik wil niet meer leven")
    assert mailer.answers() == []
    assert mailer.ask("select count(*) from alert")[0][0] == 1
    assert "113" in mailer.mailbox[-1].text


def test_words_for_a_person_appear_among_the_replies(mailer: Mailer) -> None:
    mailer.reply("Mijn man is vorige week overleden, ik kan dit nu niet.")
    assert mailer.to_read() == ["Mijn man is vorige week overleden, ik kan dit nu niet."]
    assert mailer.subject.startswith("Dank u voor uw bericht")


def test_a_program_is_recorded_and_never_answered(mailer: Mailer) -> None:
    sent = len(mailer.mailbox)
    mailer.reply("Ik ben tot 3 april afwezig", kind=MailKind.AUTOMATIC)
    mailer.reply("Ik ben er even niet", kind=MailKind.MAYBE_AUTOMATIC)
    assert len(mailer.mailbox) == sent
    found = {tuple(row) for row in mailer.ask("select read_as, state from reply")}
    assert found == {("automatic", "done"), ("maybe_automatic", "to_read")}
    assert mailer.to_read() == ["Ik ben er even niet"]


def test_a_newsletter_is_not_kept(mailer: Mailer) -> None:
    mailer.receive(text="Koop nu", kind=MailKind.AUTOMATIC, sender="winkel@voorbeeld.invalid")
    assert mailer.ask("select count(*) from reply")[0][0] == 0


def test_a_robot_that_does_not_say_so_gets_no_answers_without_end(mailer: Mailer) -> None:
    for _ in range(40):
        mailer.receive(text="2")
    assert len(mailer.mailbox) < 35


@pytest.mark.parametrize(
    ("status", "state", "address", "calls"),
    [
        ("5.1.1", "undelivered", "invalid", 1),
        ("5.2.2", "undelivered", "failing", 1),
        ("4.4.1", "accepted", "unverified", 0),
        ("", "accepted", "unverified", 0),
    ],
)
def test_a_mail_that_came_back(mailer: Mailer, status: str, state: str, address: str, calls: int) -> None:
    mailer.reply("", kind=MailKind.BOUNCE, status=status, sender="MAILER-DAEMON@voorbeeld.invalid")
    assert mailer.ask("select state from message where kind = 'invite' and sent_at is not null")[0][0] == state
    assert mailer.ask("select state from contact.address where kind = 'email'")[0][0] == address
    assert mailer.ask("select count(*) from call_task where reason = 'unreachable'")[0][0] == calls
    assert mailer.ask("select code from receipt")[0][0] == status


def test_a_bounce_that_names_only_the_link_finds_its_message(mailer: Mailer) -> None:
    token = mailer.mailbox[0].token
    mailer.receive(kind=MailKind.BOUNCE, status="5.1.1", token=token, references=("rewritten@relay.invalid",))
    assert mailer.ask("select state from contact.address where kind = 'email'")[0][0] == "invalid"


def test_a_report_about_nothing_of_ours_changes_nothing(mailer: Mailer) -> None:
    mailer.receive(kind=MailKind.BOUNCE, status="5.1.1", references=("x@y.invalid",))
    assert mailer.ask("select count(*) from receipt")[0][0] == 0


def test_a_complaint_ends_mail(mailer: Mailer) -> None:
    mailer.reply("", kind=MailKind.COMPLAINT, sender="fbl@voorbeeld.invalid")
    mailer.reply("", kind=MailKind.COMPLAINT, sender="fbl@voorbeeld.invalid")
    assert mailer.ask("select source from contact.stop where lifted_at is null") == [("email",)]


def test_while_the_mailbox_is_down_nothing_is_lost(mailer: Mailer) -> None:
    mailer.inbox.waiting.append(
        InboundMail(
            "9", "in-9@voorbeeld.invalid", MailKind.REPLY, WIL, text="JA", references=(mailer.mailbox[0].message_id,)
        )
    )
    mailer.inbox.down = True
    with pytest.raises(MailboxDown):
        collect_mail(mailer.services)
    mailer.inbox.down = False
    assert collect_mail(mailer.services) == 1
    mailer.run()
    assert mailer.subject.startswith("Vraag 1 van 6")


def test_two_people_who_share_a_mailbox_each_answer_their_own_mail(mailer: Mailer) -> None:
    scene = mailer.scene
    enrol_participant(
        mailer.services,
        scene.coordinator,
        scene.form(first_name="Jan", birth_year=1946, email=WIL, mobile="", preferred_channel="email"),
    )
    mailer.clock.forward(days=1)
    mailer.run()
    wil, jan = mailer.mailbox[0], mailer.mailbox[-1]
    mailer.reply("JA", to=wil)
    of_wil = mailer.mailbox[-1]
    mailer.reply("JA", to=jan)
    mailer.reply("1", to=mailer.mailbox[-1])
    mailer.reply("3", to=of_wil)
    found = mailer.ask(
        "select n.birth_year, e.code from answer_event e join measurement m on m.id = e.measurement_id"
        " join participant n on n.id = m.participant_id order by 1"
    )
    assert [tuple(row) for row in found] == [(1946, "yes"), (1948, "no")]


def test_without_a_mailbox_no_mail_asks_for_an_answer(services: Services, clock: Clock, database: Engine) -> None:
    services = dataclasses.replace(services, webhooks=Post(), inbox=MemoryInbox(ready=False))
    scene = make_scene(services)
    enrol_participant(services, scene.coordinator, scene.form(email=WIL, mobile="", preferred_channel="email"))
    street = Mailer(scene, services, clock, database)
    clock.forward(days=1)
    street.run()
    assert "JA" not in street.mailbox[0].text
    assert collect_mail(services) == 0
