"""Who asks whether e-mail should end, in the language of the person who got the mail. Looking changes nothing."""

from __future__ import annotations

from dataclasses import dataclass

from service.followup.addresses import as_dialled
from service.store import attempts as attempt_rows
from service.store import organisations
from service.store.measurements import Sender
from service.usecases.services import Services


@dataclass(frozen=True, slots=True)
class Leaving:
    """Whose mail it was, and in which language the page about it is written. `sender` None for an unknown link."""

    sender: Sender | None = None
    language: str = "nl"


def show_unsubscribe(services: Services, token: str) -> Leaving:
    """What the page behind the link in a mail shows. An unknown link gets the same page, without a sender."""
    with services.transaction() as session:
        org_id = attempt_rows.organisation_for_attempt(session, token)
    if org_id is None:
        return Leaving()
    with services.transaction(org_id) as session:
        language = attempt_rows.language_of_attempt(session, token)
        found = organisations.read_organisation(session)
        if found is None or language is None:
            return Leaving()
        return Leaving(Sender(found.name, as_dialled(found.phone), ""), language)
