"""An organisation's own words: judged, kept as versions, and carried by the very next message."""

from __future__ import annotations

import dataclasses
import re

import pytest

from service.followup.problem import Refusal
from service.usecases.access import Denied, NotFound
from service.usecases.edit_contact import ContactForm, edit_contact
from service.usecases.enrol_participant import enrol_participant
from service.usecases.import_participants import import_participants
from service.usecases.restore_text import restore_text
from service.usecases.save_text import save_text
from service.usecases.send_test_message import send_test_message
from service.usecases.show_text import show_text
from service.usecases.show_texts import show_texts
from service.usecases.steps.texts import Variant, Written
from tests.usecases.scene import make_scene
from tests.usecases.street import Street, street

__all__ = ["street"]

INVITE = Variant("sms", "invite_questions", "nl", "u")
INVITE_JE = dataclasses.replace(INVITE, form="je")
OWN = Written(
    text="{coordinator} van {organisation}, codewoord {word}. Heeft u tijd voor {n} vragen? JA of LATER. Of bel {phone}. Stop? STOP",
    one="{coordinator} van {organisation}, codewoord {word}. Heeft u tijd voor {n} vraag? JA of LATER. Of bel {phone}. Stop? STOP",
)
OTHER = Written(*(words.replace("Heeft u tijd", "Mogen we beginnen") for words in (OWN.text, OWN.one)))
MAIL = Variant("email", "invite_link", "nl", "u")


def keys(refused: pytest.ExceptionInfo[Refusal]) -> set[str]:
    return {problem.key for problem in refused.value.problems}


def test_the_next_message_carries_the_words_that_were_saved(street: Street) -> None:
    """Nothing is started again between saving and sending."""
    assert save_text(street.services, street.scene.administrator, INVITE, OWN, seen=0) == ()
    street.run()
    assert "Heeft u tijd voor 6 vragen?" in street.phone[-1].text
    assert [row.text_version for row in street.ask("select text_version from attempt")] == [1]


def test_a_standard_text_has_no_version(street: Street) -> None:
    street.run()
    assert "Mogen we u 6 vragen stellen?" in street.phone[-1].text
    assert [row.text_version for row in street.ask("select text_version from attempt")] == [None]


def test_another_organisation_keeps_its_own_words(street: Street) -> None:
    elsewhere = make_scene(street.services, "buren")
    enrol_participant(street.services, elsewhere.coordinator, elsewhere.form(mobile="06 0000 0138"))
    save_text(street.services, street.scene.administrator, INVITE, OWN, seen=0)
    street.run()
    by_number = {message.to: message.text for message in street.phone}
    assert "Heeft u tijd" in by_number["+31600000137"]
    assert "Mogen we u 6 vragen stellen?" in by_number["+31600000138"]
    assert show_text(street.services, elsewhere.administrator, INVITE).versions == []


def test_whoever_is_called_je_gets_the_words_with_je(street: Street) -> None:
    person = street.ask("select id from participant")[0].id
    form = ContactForm("Wil", "de Boer", "06 0000 0137", "", "", "sms", "nl", "je")
    edit_contact(street.services, street.scene.coordinator, person, form)
    save_text(street.services, street.scene.administrator, INVITE, OWN, seen=0)  # those are for "u"
    street.run()
    assert "Mogen we je 6 vragen stellen?" in street.phone[-1].text
    lines = street.ask("select details from audit_event where action = 'edit_contact'")
    assert "form_of_address" in lines[-1].details["changed"]


def test_a_list_may_say_how_people_are_addressed(street: Street) -> None:
    header = "Voornaam;Achternaam;Mobiel;Aanspreekvorm;Toestemming_vragen;Toestemming_sms"
    people = ("An;Bos;06 0000 0141;je;ja;ja", "Bep;Bos;06 0000 0142;;ja;ja", "Cor;Bos;06 0000 0143;U;ja;ja")
    data = "\n".join((header, *people)).encode()
    scene = street.scene
    assert import_participants(street.services, scene.coordinator, scene.programme_id, data, apply=True).applied
    forms = street.ask("select form_of_address as form, count(*) as n from participant group by 1 order by 1")
    assert [(row.form, row.n) for row in forms] == [("je", 1), ("u", 3)]
    street.run()
    assert [message.to for message in street.phone if "je 6 vragen" in message.text] == ["+31600000141"]


def test_a_mail_too_calls_people_what_they_want_to_be_called(street: Street) -> None:
    person = street.ask("select id from participant")[0].id
    form = ContactForm("Wil", "de Boer", "06 0000 0137", "wil@voorbeeld.invalid", "", "email", "nl", "je")
    edit_contact(street.services, street.scene.coordinator, person, form)
    street.run()
    assert street.mailbox[-1].text.startswith("Hoi Wil,")
    assert re.search(r"\b(u|uw)\b", street.mailbox[-1].text, re.IGNORECASE) is None


def test_a_form_of_address_is_u_or_je(street: Street) -> None:
    with pytest.raises(Refusal) as refused:
        enrol_participant(
            street.services, street.scene.coordinator, street.scene.form(form_of_address="gij", mobile="06 0000 0139")
        )
    assert [(p.key, p.where) for p in refused.value.problems] == [("choice_unknown", "form_of_address")]


def test_what_breaks_the_rules_is_refused_and_nothing_is_kept(street: Street) -> None:
    bad = dataclasses.replace(OWN, text=OWN.text.replace("Heeft u tijd", "Bent u eenzaam"))
    with pytest.raises(Refusal) as refused:
        save_text(street.services, street.scene.administrator, INVITE, bad, seen=0)
    assert keys(refused) == {"text_forbidden"}
    assert street.ask("select 1 from own_text") == []


def test_the_name_of_our_own_programme_is_refused(street: Street) -> None:
    bad = dataclasses.replace(OWN, text=OWN.text.replace("Heeft u tijd", "Samen koken:"))
    with pytest.raises(Refusal) as refused:
        save_text(street.services, street.scene.administrator, INVITE, bad, seen=0)
    assert "text_names_programme" in keys(refused)


@pytest.mark.parametrize(
    ("written", "said"),
    [(Written(), {"text_empty"}), (dataclasses.replace(OWN, one="{organisation"), {"text_braces"})],
)
def test_empty_words_and_stray_braces_are_refused(street: Street, written: Written, said: set[str]) -> None:
    with pytest.raises(Refusal) as refused:
        save_text(street.services, street.scene.administrator, INVITE, written, seen=0)
    assert keys(refused) == said
    assert {p.key for p in show_text(street.services, street.scene.administrator, INVITE, written).problems} == said


def test_letters_that_cost_more_are_kept_and_said(street: Street) -> None:
    dear = Written(*(words.replace("Of bel", "Ëen vraag? Bel") for words in (OWN.text, OWN.one)))
    warnings = save_text(street.services, street.scene.administrator, INVITE, dear, seen=0)
    assert {warning.key for warning in warnings} == {"text_dear"}
    assert warnings[0].values["value"] == "Ë"


@pytest.mark.parametrize("key", ["question", "distress_red", "help", "stop_confirm"])
def test_a_text_that_is_fixed_stays_as_it_is(street: Street, key: str) -> None:
    with pytest.raises(Refusal) as refused:
        save_text(street.services, street.scene.administrator, Variant("sms", key, "nl", "u"), OWN, seen=0)
    assert keys(refused) == {"text_locked"}
    assert show_text(street.services, street.scene.coordinator, Variant("sms", key, "nl", "u")).lock is not None


def test_only_an_administrator_writes_and_everybody_of_the_staff_may_look(street: Street) -> None:
    with pytest.raises(Denied):
        save_text(street.services, street.scene.coordinator, INVITE, OWN, seen=0)
    with pytest.raises(Denied):
        restore_text(street.services, street.scene.coordinator, INVITE, None)
    assert show_texts(street.services, street.scene.coordinator)


@pytest.mark.parametrize(
    "variant",
    [
        Variant("sms", "no_such_text", "nl", "u"),
        Variant("sms", "invite_link", "de", "u"),
        Variant("sms", "invite_link", "en", "je"),
        Variant("letter", "invite_link", "nl", "u"),
    ],
)
def test_a_text_that_does_not_exist_is_not_found(street: Street, variant: Variant) -> None:
    with pytest.raises(NotFound):
        show_text(street.services, street.scene.administrator, variant)


def test_versions_stay_and_can_be_put_back(street: Street) -> None:
    services, administrator = street.services, street.scene.administrator
    save_text(services, administrator, INVITE, OWN, seen=0)
    save_text(services, administrator, INVITE, OTHER, seen=1)
    save_text(services, administrator, INVITE, OTHER, seen=2)  # the same words again are no new version
    restore_text(services, administrator, INVITE, 1)
    page = show_text(services, administrator, INVITE)
    assert [saved.version for saved in page.versions] == [3, 2, 1]
    assert page.shown == OWN
    restore_text(services, administrator, INVITE, None)
    page = show_text(services, administrator, INVITE)
    assert (page.saved, page.chosen.version) == (4, None)
    street.run()
    assert "Mogen we u 6 vragen stellen?" in street.phone[-1].text
    lines = street.ask("select action, details from audit_event where subject_kind = 'own_text' order by sequence")
    assert [line.action for line in lines] == ["save_text", "save_text", "restore_text", "restore_text"]
    assert "vragen" not in str(lines)


def test_a_version_that_is_not_there_cannot_be_put_back(street: Street) -> None:
    with pytest.raises(Refusal) as refused:
        restore_text(street.services, street.scene.administrator, INVITE, 7)
    assert keys(refused) == {"text_version_unknown"}


def test_of_two_who_write_at_once_the_second_is_told(street: Street) -> None:
    save_text(street.services, street.scene.administrator, INVITE, OWN, seen=0)
    with pytest.raises(Refusal) as refused:
        save_text(street.services, street.scene.administrator, INVITE, OTHER, seen=0)
    assert keys(refused) == {"text_changed_meanwhile"}


def test_a_mail_in_ones_own_words_keeps_the_standard_way_out(street: Street) -> None:
    own = Written(
        subject="Een vraag van {organisation}",
        paragraphs="Dag {first_name},\n\nWilt u een paar vragen\nbeantwoorden? Het hoeft niet.\n\n\nGroet, {coordinator}",
        button="Naar de vragen",
    )
    save_text(street.services, street.scene.administrator, MAIL, own, seen=0)
    page = show_text(street.services, street.scene.coordinator, MAIL)
    assert page.look is not None
    assert page.look.subject == "Een vraag van welzijn"
    assert "Wilt u een paar vragen beantwoorden? Het hoeft niet.\n\n" in page.look.ordinary
    assert "https://peil.example/u/" in page.look.ordinary
    line = next(one for one in show_texts(street.services, street.scene.coordinator) if one.own)
    assert (line.channel, line.key, line.own) == ("email", "invite_link", (("nl", "u"),))


def test_saved_words_that_can_no_longer_be_filled_give_way_to_the_standard(street: Street) -> None:
    """A newer Peil may know another set of values: then the standard text is sent, and the message is not held up."""
    save_text(street.services, street.scene.administrator, INVITE, OWN, seen=0)
    with street.database.begin() as connection:
        connection.exec_driver_sql("alter table own_text disable trigger all")
        connection.exec_driver_sql("update own_text set body = jsonb_build_object('text', '{gone}', 'one', '{gone}')")
        connection.exec_driver_sql("alter table own_text enable trigger all")
    street.run()
    assert "Mogen we u 6 vragen stellen?" in street.phone[-1].text


def test_after_the_last_questions_of_all_the_thanks_say_so(street: Street) -> None:
    street.run()
    with street.database.begin() as connection:
        connection.exec_driver_sql("update measurement set status = 'cancelled' where status = 'scheduled'")
    for words in ("JA", "1", "2", "3", "1", "2", "3"):
        street.write(words)
    assert "dit waren de laatste vragen. Bedankt dat u meedeed." in street.phone[-1].text


def test_as_long_as_more_questions_come_the_thanks_do_not_say_goodbye(street: Street) -> None:
    street.run()
    for words in ("JA", "1", "2", "3", "1", "2", "3"):
        street.write(words)
    assert "Uw antwoorden zijn binnen." in street.phone[-1].text


def test_whoever_answers_a_test_message_hears_that_it_came(street: Street) -> None:
    street.run()
    street.clock.forward(minutes=5)  # the test is the newest message to this number
    person = street.ask("select id from participant")[0].id
    send_test_message(street.services, street.scene.coordinator, person, "sms")
    street.run()
    test = next(message for message in street.phone if "proefbericht" in message.text)
    with street.database.begin() as connection:
        connection.exec_driver_sql("update conversation set closed_at = now() where closed_at is null")
    assert "klaproos" in test.text or "codewoord" in test.text
    street.write("Ja")
    assert "Ons bericht is goed aangekomen" in street.phone[-1].text
