"""The shape of the data, one file per noun. Importing this package makes every table known (Alembic needs that)."""

from service.store.tables import (
    account,
    audit,
    contact,
    enrolment,
    installation,
    intervention,
    measurement,
    message,
    organisation,
    participant,
    reply,
)

__all__ = [
    "account",
    "audit",
    "contact",
    "enrolment",
    "installation",
    "intervention",
    "measurement",
    "message",
    "organisation",
    "participant",
    "reply",
]
