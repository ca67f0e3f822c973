"""A link ends with the number or address that it was sent to."""

from __future__ import annotations

import re

from service.usecases.edit_contact import ContactForm, edit_contact
from service.usecases.open_questionnaire import LinkState, open_questionnaire
from service.usecases.resend_link import resend_link
from tests.usecases.street import Street, street

__all__ = ["street"]  # the fixture


def test_a_questionnaire_link_on_a_telephone_that_is_not_hers_any_more_opens_nothing(street: Street) -> None:
    street.run()
    person = street.ask("select id from participant")[0].id
    measurement = street.ask("select id from measurement order by opens_at")[0].id
    old = street.services.links.token(measurement)
    assert open_questionnaire(street.services, old).state is LinkState.OPEN
    contact = ContactForm("Wil", "de Boer", "06 0000 0999", "wil@voorbeeld.invalid", "", "sms", "nl")
    edit_contact(street.services, street.scene.coordinator, person, contact)
    assert open_questionnaire(street.services, old).state is LinkState.UNKNOWN
    resend_link(street.services, street.scene.coordinator, person)
    street.run()
    new = re.search(r"/v/([\w-]+)", street.phone[-1].text)
    assert new
    assert new[1] != old
    assert open_questionnaire(street.services, new[1]).state is LinkState.OPEN


def test_another_mail_address_leaves_the_link_on_her_telephone_as_it_is(street: Street) -> None:
    street.run()
    person = street.ask("select id from participant")[0].id
    token = street.services.links.token(street.ask("select id from measurement order by opens_at")[0].id)
    contact = ContactForm("Wil", "de Boer", "06 0000 0137", "wilma@voorbeeld.invalid", "", "sms", "nl")
    edit_contact(street.services, street.scene.coordinator, person, contact)
    assert open_questionnaire(street.services, token).state is LinkState.OPEN
