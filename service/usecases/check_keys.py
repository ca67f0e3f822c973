"""Do the keys we were given fit the data that is there?"""

from __future__ import annotations

import uuid

from service.store import installations
from service.store.vault import Unreadable
from service.usecases.services import Services

NOBODY = uuid.UUID(int=0)
PLAIN = "peil"


def check_keys(services: Services) -> tuple[str, ...]:
    """The names of the keys that do not fit the data; empty when all is well. The first time, seal the database.

    A sealed constant tells: decrypted with CONTACT_KEYS, hashed again with LOOKUP_KEY, derived again from SECRET_KEY.
    After a rotation of CONTACT_KEYS the seal moves to the new first key.
    """
    links, lookup = services.links.token(NOBODY), services.vault.lookup(PLAIN).hex()
    with services.transaction() as session:
        wrong = []
        if installations.recall(session, "links") not in (None, links):
            wrong.append("SECRET_KEY")
        if installations.recall(session, "lookup") not in (None, lookup):
            wrong.append("LOOKUP_KEY")
        if not _readable(services, installations.recall(session, "contact")):
            wrong.append("CONTACT_KEYS")
        if not wrong:
            installations.remember(session, "links", links)
            installations.remember(session, "lookup", lookup)
            installations.remember(session, "contact", services.vault.encrypt(PLAIN, NOBODY, "installation", "seal"))
    return tuple(wrong)


def _readable(services: Services, sealed: str | None) -> bool:
    if sealed is None:
        return True
    try:
        return services.vault.decrypt(sealed, NOBODY, "installation", "seal") == PLAIN
    except Unreadable:
        return False
