"""Why somebody gets a message or not, before and after the fact; and looking changes nothing."""

from __future__ import annotations

import dataclasses
import uuid
from datetime import date, timedelta

import pytest

from service.channels.memory import MemoryChannel
from service.commands import why
from service.commands.ready import CannotGoOn
from service.followup.delivery import Verdict
from service.followup.planning import MessageKind
from service.followup.problem import Refusal
from service.usecases.access import Denied, NotFound
from service.usecases.explain_messages import Entry, explain_messages
from service.usecases.open_questionnaire import open_questionnaire
from service.usecases.submit_answers import submit_answers
from tests.usecases.street import Street, street

__all__ = ["street"]  # the fixture


def person(street: Street) -> uuid.UUID:
    found: uuid.UUID = street.ask("select id from participant")[0].id
    return found


def entries(street: Street, on: date | None = None) -> dict[tuple[str, str | None], Entry]:
    found = explain_messages(street.services, street.scene.coordinator, person(street), on)
    return {(one.kind, one.wave): one for one in found.entries}


def one(street: Street, kind: MessageKind, wave: str = "t0") -> Entry:
    return entries(street)[kind, wave]


def test_before_the_fact_everything_that_is_planned_has_a_day(street: Street) -> None:
    found = entries(street)
    assert {key[1] for key in found} == {"t0", "t3m", "t6m", "t12m"}
    assert {entry.foreseen for entry in found.values()} == {Verdict.SEND}
    assert found[MessageKind.INVITE, "t0"].at == street.clock()
    assert found[MessageKind.REMINDER, "t0"].local_at.date() == date(2026, 3, 5)
    assert {entry.channel for entry in found.values()} == {"sms"}


def test_looking_changes_nothing(street: Street) -> None:
    query = "select id, state, reason, due_at, attempt_number from message order by id"
    before, events = street.ask(query), street.ask("select count(*) as n from message_event")[0].n
    entries(street)
    assert street.ask(query) == before
    assert street.ask("select count(*) as n from message_event")[0].n == events


def test_sent_and_delivered(street: Street) -> None:
    street.run()
    invite = one(street, MessageKind.INVITE)
    assert (invite.state, invite.foreseen, invite.channel) == ("accepted", None, "sms")
    assert invite.at == street.clock()
    street.report(street.phone[0].token, "delivered")
    invite = one(street, MessageKind.INVITE)
    assert invite.state == "delivered"
    assert [step.event for step in invite.steps] == ["claim", "accept", "report_delivered"]


def test_stopped_says_so_for_what_was_open_and_for_what_is_to_come(street: Street) -> None:
    street.run()
    street.write("STOP")
    reminder, later = one(street, MessageKind.REMINDER), one(street, MessageKind.INVITE, "t3m")
    assert (reminder.state, reminder.reason, reminder.foreseen) == ("cancelled", "stopped", None)
    assert (later.state, later.foreseen, later.reason) == ("planned", Verdict.SUPPRESS, "stopped")
    street.clock.moment = later.at + timedelta(minutes=1)
    street.run()
    later = one(street, MessageKind.INVITE, "t3m")
    assert (later.state, later.foreseen, later.reason) == ("suppressed", None, "stopped")


def test_waiting_for_the_open_hours(street: Street) -> None:
    street.clock.forward(hours=2)  # 12.30 in Amsterdam, between the two stretches
    invite = one(street, MessageKind.INVITE)
    assert (invite.foreseen, invite.reason) == (Verdict.SEND, "quiet_hours")
    assert (invite.local_at.hour, invite.local_at.minute) == (14, 0)
    street.run()
    assert street.phone == []
    assert one(street, MessageKind.INVITE).reason == "quiet_hours"
    street.clock.moment = invite.at
    street.run()
    assert len(street.phone) == 1


def test_waiting_for_the_cap(street: Street) -> None:
    with street.database.begin() as connection:
        connection.exec_driver_sql(
            "insert into message (id, org_id, participant_id, kind, text_key, values, local_at, time_zone, due_at,"
            " expires_at, state, reason, attempt_number, sent_at, created_at, dedupe_key)"
            " select gen_random_uuid(), org_id, participant_id, 'resend', '', '{}', local_at, time_zone, due_at,"
            " expires_at, 'delivered', '', 1, due_at, created_at, 'cap' || n from message, generate_series(1, 2) n"
            " where kind = 'invite' order by due_at limit 2"
        )
    invite = one(street, MessageKind.INVITE)
    assert (invite.foreseen, invite.reason) == (Verdict.SEND, "cap_per_day")
    assert invite.local_at.date() == date(2026, 3, 3)


def test_answered_ends_the_reminder(street: Street) -> None:
    street.run()
    street.write("JA")
    for _ in range(6):
        street.write("1")
    reminder = one(street, MessageKind.REMINDER)
    assert (reminder.state, reminder.reason) == ("cancelled", "answered")


def test_too_late_and_nobody_to_send_it(street: Street) -> None:
    assert isinstance(street.services.sms, MemoryChannel)
    street.services.sms.ready = False
    invite = one(street, MessageKind.INVITE)
    assert (invite.foreseen, invite.reason) == (Verdict.POSTPONE, "channel_not_ready")
    street.clock.forward(days=22)
    assert one(street, MessageKind.INVITE).foreseen is Verdict.EXPIRE


def test_one_day_only(street: Street) -> None:
    assert list(entries(street, date(2026, 3, 5))) == [(MessageKind.REMINDER, "t0")]
    assert entries(street, date(2026, 3, 6)) == {}


def test_only_who_may_see_participants_asks(street: Street) -> None:
    with pytest.raises(Denied):
        explain_messages(street.services, street.scene.evaluator, person(street))
    with pytest.raises(NotFound):
        explain_messages(street.services, street.scene.coordinator, uuid.uuid4())


def test_the_command_finds_a_pseudonym_and_names_nobody(street: Street) -> None:
    street.run()
    pseudonym = street.ask("select pseudonym from participant")[0].pseudonym
    found = why.explain(street.services, f" {pseudonym.lower()} ", None, None)
    said = why._page(found) + why._json(found)
    assert "will send" in said
    assert "accepted" in said
    for private in ("Wil", "Boer", "3160000", "voorbeeld"):
        assert private not in said
    with pytest.raises(CannotGoOn):
        why.explain(street.services, "PNIEMAND", None, None)


def test_who_is_answering_when_the_link_ends_may_finish(street: Street) -> None:
    """A fortnight after the window the link is closed, but not in the face of somebody with one question to go."""
    services = street.services
    token = services.links.token(street.ask("select id from measurement where wave = 't0'")[0].id)
    [row] = street.ask("select closes_at from measurement where wave = 't0'")
    street.clock.moment = row.closes_at + timedelta(days=14, minutes=-5)
    for item in open_questionnaire(services, token).items[:-1]:
        submit_answers(services, token, {item.number: "yes"})
    street.clock.forward(minutes=20)
    shown = open_questionnaire(services, token)
    assert shown.state == "open"
    assert submit_answers(dataclasses.replace(services), token, {shown.items[-1].number: "no"})
    assert [row.status for row in street.ask("select status from measurement where wave = 't0'")] == ["late"]
    street.clock.forward(days=1)
    assert open_questionnaire(services, token).state == "done"


def test_waiting_until_somebody_has_read_what_the_person_wrote(street: Street) -> None:
    street.run()
    with street.database.begin() as connection:
        connection.exec_driver_sql(
            "insert into reply (id, org_id, provider, provider_id, received_at, sender_hash, sender, words, read_as,"
            " state, failures)"
            " select gen_random_uuid(), org_id, 'twilio', 'SMheld', now(), lookup_hash, '', '', 'stop_doubt', 'to_read', 0"
            " from contact.address where kind = 'sms'"
        )
    reminder = one(street, MessageKind.REMINDER)
    assert (reminder.foreseen, reminder.reason) == (Verdict.POSTPONE, "words_to_read")


def test_a_protocol_says_how_long_its_links_live(street: Street) -> None:
    """60 days to begin, two days more for who has begun: late answers all, and labelled so."""
    with street.database.begin() as connection:
        connection.exec_driver_sql("alter table protocol_version disable trigger user")
        connection.exec_driver_sql(
            "update protocol_version set source = source || 'link: {open: 60 days, grace: 2 days, idle: 0 days}'"
        )
        connection.exec_driver_sql("alter table protocol_version enable trigger user")
    services = street.services
    token = services.links.token(street.ask("select id from measurement where wave = 't0'")[0].id)
    street.clock.forward(days=59)
    shown = open_questionnaire(services, token)
    assert shown.state == "open"
    submit_answers(services, token, {shown.items[0].number: "yes"})
    street.clock.forward(days=2)
    assert open_questionnaire(services, token).state == "open"
    street.clock.forward(days=1)
    assert open_questionnaire(services, token).state == "expired"
    with pytest.raises(Refusal):
        submit_answers(services, token, {shown.items[1].number: "yes"})
