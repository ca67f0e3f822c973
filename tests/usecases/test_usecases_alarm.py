"""Alarming words: an answer at once, a warning to staff, and nothing automated until somebody has closed the alert."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from service.channels.base import Throttled
from service.followup.problem import Refusal
from service.store import notices
from service.usecases.access import Denied
from service.usecases.acknowledge_alert import acknowledge_alert
from service.usecases.agree_to_amber import agree_to_amber
from service.usecases.close_alert import close_alert
from service.usecases.escalate_alerts import escalate_alerts
from service.usecases.explain_messages import explain_messages
from service.usecases.read_alert import read_alert
from service.usecases.send_staff_notices import send_staff_notices
from service.usecases.send_trial_notice import send_trial_notice
from service.usecases.set_duty import set_duty
from service.usecases.show_alerts import show_alerts
from service.usecases.show_duty import show_duty
from tests.usecases.street import Street, street

__all__ = ["street"]  # the fixture

WORDS = "ik wil niet meer leven"
MOBILE = "+31600000201"
NIGHT = datetime(2026, 3, 8, 2, 0, tzinfo=UTC)  # Sunday, three o'clock


def on_duty(street: Street, mobile: str = "06 0000 0201") -> None:
    scene = street.scene
    marieke, chef = scene.coordinator.account_id, scene.administrator.account_id
    set_duty(street.services, scene.coordinator, marieke, chef, {marieke: mobile})


def alarm(street: Street) -> None:
    street.run()
    street.write(WORDS)


def to_staff(street: Street) -> tuple[list[str], list[str]]:
    """The texts and mails that members of staff got."""
    texts = [one.text for one in street.phone if one.token.startswith("notice-")]
    mails = [f"{one.subject}\n{one.text}" for one in street.mailbox if one.token.startswith("notice-")]
    return texts, mails


def test_who_is_on_duty_and_the_back_up_are_warned_at_once_without_a_word_of_it(street: Street) -> None:
    on_duty(street)
    alarm(street)
    assert send_staff_notices(street.services) == 3
    texts, mails = to_staff(street)
    assert (len(texts), len(mails)) == (1, 2)
    assert [one.to for one in street.phone if one.token.startswith("notice-")] == [MOBILE]
    for said in texts + mails:
        assert "/meldingen" in said
        assert "Wil" not in said.replace("Wilt u", "")
        assert "leven" not in said
        assert "113" not in said
    assert send_staff_notices(street.services) == 0


def test_without_duty_the_coordinator_of_the_programme_is_warned(street: Street) -> None:
    alarm(street)
    send_staff_notices(street.services)
    [notice] = street.ask("select account_id, channel, state from staff_notice")
    assert (notice.account_id, notice.channel, notice.state) == (street.scene.coordinator.account_id, "email", "sent")


def test_the_number_comes_at_once_in_the_middle_of_a_sunday_night(street: Street) -> None:
    street.run()
    street.clock.moment = NIGHT
    street.write(WORDS)
    assert "113" in street.phone[-1].text
    send_staff_notices(street.services)
    assert street.ask("select 1 from staff_notice where state = 'sent'")


def test_the_number_comes_although_the_day_is_full_and_the_worker_was_away(street: Street) -> None:
    street.run()
    for text in ("ja", "1", "2", "1"):
        street.write(text)
    street.clock.moment = NIGHT
    street.answer(Throttled("busy"))
    street.write(WORDS)
    street.clock.forward(hours=1)
    street.answer(None)
    street.run()
    assert "113" in street.phone[-1].text


def test_nothing_automated_goes_out_until_the_alert_is_closed(street: Street) -> None:
    alarm(street)
    person = street.ask("select id from participant")[0].id
    [alert] = street.ask("select id from alert")
    before = len(street.phone)
    street.clock.forward(days=92)
    street.run()
    assert len(street.phone) == before
    waiting = [one.reason for one in explain_messages(street.services, street.scene.coordinator, person).entries]
    assert "alert_open" in waiting
    close_alert(street.services, street.scene.coordinator, alert.id, "spoken")
    street.clock.forward(hours=3)  # half past two: an open hour
    street.run()
    assert len(street.phone) == before + 1


def test_an_alert_that_nobody_takes_on_is_passed_on_once(street: Street) -> None:
    on_duty(street)
    alarm(street)
    send_staff_notices(street.services)
    street.clock.forward(minutes=59)
    assert escalate_alerts(street.services) == 0
    street.clock.forward(minutes=2)
    assert escalate_alerts(street.services) == 1
    assert escalate_alerts(street.services) == 0
    send_staff_notices(street.services)
    assert any("na 60 minuten" in mail for mail in to_staff(street)[1])
    [alert] = street.ask("select id, escalated_at from alert")
    assert alert.escalated_at == street.clock()


def test_an_alert_that_was_taken_on_is_not_passed_on_and_warns_nobody_more(street: Street) -> None:
    on_duty(street)
    alarm(street)
    [alert] = street.ask("select id from alert")
    acknowledge_alert(street.services, street.scene.coordinator, alert.id)
    assert send_staff_notices(street.services) == 0
    assert {row.state for row in street.ask("select state from staff_notice")} == {"cancelled"}
    street.clock.forward(hours=3)
    assert escalate_alerts(street.services) == 0


def test_a_notice_that_cannot_be_sent_is_tried_again(street: Street) -> None:
    on_duty(street)
    street.answer(Throttled("busy"))
    alarm(street)
    send_staff_notices(street.services)
    street.answer(None)
    assert send_staff_notices(street.services) == 0
    street.clock.forward(seconds=31)
    assert send_staff_notices(street.services) == 1
    assert len(to_staff(street)[0]) == 1
    assert {row.state for row in street.ask("select state from staff_notice")} == {"sent"}


def test_a_sender_that_was_too_slow_does_not_undo_what_the_next_one_sent(street: Street) -> None:
    alarm(street)
    org_id, now, over = street.scene.org_id, street.clock(), timedelta(0)
    with street.services.transaction(org_id) as session:
        [slow] = notices.claim(session, now, over, 1)
    with street.services.transaction(org_id) as session:
        [next_one] = notices.claim(session, now, over, 1)
        notices.sent(session, next_one, now)
    with street.services.transaction(org_id) as session:
        notices.failed(session, slow, "unknown", now)
    assert [row.state for row in street.ask("select state from staff_notice")] == ["sent"]


def test_an_administrator_reads_the_words_only_after_nobody_else_came(street: Street) -> None:
    alarm(street)
    [alert] = street.ask("select id from alert")
    with pytest.raises(Denied):
        read_alert(street.services, street.scene.administrator, alert.id)
    street.clock.forward(minutes=61)
    escalate_alerts(street.services)
    assert read_alert(street.services, street.scene.administrator, alert.id).words == WORDS
    with pytest.raises(Denied):
        show_alerts(street.services, street.scene.evaluator)


def test_the_story_of_an_alert_tells_everything_that_was_done(street: Street) -> None:
    on_duty(street)
    alarm(street)
    [alert] = street.ask("select id from alert")
    send_staff_notices(street.services)
    street.clock.forward(minutes=10)
    read_alert(street.services, street.scene.coordinator, alert.id)
    acknowledge_alert(street.services, street.scene.coordinator, alert.id)
    close_alert(street.services, street.scene.coordinator, alert.id, "false_alarm")
    found = show_alerts(street.services, street.scene.coordinator, alert.id)
    told = [step.what for step in found.story]
    assert told[-3:] == ["read_alert", "acknowledge_alert", "close_alert"]
    assert {"raise_alert", "notice_sent", "answer_accepted"} <= set(told)
    assert (found.closed, found.false_alarms) == (1, 1)
    assert list(found.names.values()) == ["Wil de Boer"]
    assert show_alerts(street.services, street.scene.administrator).names == {}


def test_an_outcome_must_be_one_of_the_fixed_words(street: Street) -> None:
    alarm(street)
    [alert] = street.ask("select id from alert")
    with pytest.raises(Refusal):
        close_alert(street.services, street.scene.coordinator, alert.id, "hij is boos")


def test_a_strangers_words_warn_staff_too(street: Street) -> None:
    street.run()
    street.write(WORDS, sender="+31600009876")
    [alert] = street.ask("select id, participant_id from alert")
    assert alert.participant_id is None
    send_staff_notices(street.services)
    assert street.ask("select 1 from staff_notice where state = 'sent'")
    assert read_alert(street.services, street.scene.coordinator, alert.id).words == WORDS


def test_duty_refuses_one_person_as_both_and_a_number_that_is_none(street: Street) -> None:
    scene = street.scene
    one = scene.coordinator.account_id
    with pytest.raises(Refusal) as twice:
        set_duty(street.services, scene.coordinator, one, one, {})
    assert twice.value.problems[0].key == "back_up_is_on_duty"
    with pytest.raises(Refusal):
        set_duty(street.services, scene.coordinator, one, None, {one: "12"})
    with pytest.raises(Denied):
        set_duty(street.services, scene.evaluator, one, None, {})
    assert street.ask("select 1 from duty_roster") == []


def test_a_trial_notice_goes_by_every_way_there_is(street: Street) -> None:
    on_duty(street)
    taken = send_trial_notice(street.services, street.scene.coordinator, street.scene.coordinator.account_id)
    assert taken == {"sms": True, "email": True}
    assert "proefmelding" in street.phone[-1].text
    assert "proefmelding" in street.mailbox[-1].subject


def test_calls_after_high_scores_are_off_until_an_administrator_signs(street: Street) -> None:
    services, scene = street.services, street.scene
    assert show_duty(services, scene.coordinator).amber is None
    with pytest.raises(Denied):
        agree_to_amber(services, scene.coordinator, agreed=True)
    agree_to_amber(services, scene.administrator, agreed=True)
    agree_to_amber(services, scene.administrator, agreed=True)
    assert show_duty(services, scene.coordinator).amber is not None
    agree_to_amber(services, scene.administrator, agreed=False)
    assert show_duty(services, scene.coordinator).amber is None


LONELY = ("ja", "nee", "nee", "ja", "nee", "ja")


def answer_all(street: Street) -> None:
    street.run()
    for text in ("ja", *LONELY):
        street.write(text)


def test_a_high_score_leads_to_nothing_while_nobody_signed(street: Street) -> None:
    answer_all(street)
    assert street.ask("select primary_value from score")[0].primary_value == 6
    assert street.ask("select 1 from call_task") == []


def test_where_it_was_signed_a_high_score_leads_to_a_call_that_does_not_say_why(street: Street) -> None:
    agree_to_amber(street.services, street.scene.administrator, agreed=True)
    sent = len(street.phone)
    answer_all(street)
    [task] = street.ask("select * from call_task")
    assert (task.reason, task.measurement_id) == ("check_in", None)
    assert task.due_on == date(2026, 3, 5)  # three working days after Monday
    measurement = street.ask("select id from measurement order by opens_at")[0].id
    assert str(measurement) not in task.dedupe_key
    assert not any("eenza" in one.text or "score" in one.text for one in street.phone[sent:])
    said = street.ask("select action, details::text as details from audit_event")
    assert not any("score" in row.details or "check_in" in row.action for row in said)


def test_a_low_score_leads_to_no_call(street: Street) -> None:
    agree_to_amber(street.services, street.scene.administrator, agreed=True)
    street.run()
    for text in ("ja", "nee", "ja", "ja", "nee", "ja", "nee"):
        street.write(text)
    assert street.ask("select 1 from call_task") == []
