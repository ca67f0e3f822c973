"""The shape of the data, one file per noun. Importing this package makes every table known (Alembic needs that)."""

from service.store.tables import (
    account,
    activity,
    analysis,
    audit,
    contact,
    duty,
    enrolment,
    installation,
    intervention,
    measurement,
    message,
    organisation,
    own_text,
    participant,
    reply,
)

__all__ = [
    "account",
    "activity",
    "analysis",
    "audit",
    "contact",
    "duty",
    "enrolment",
    "installation",
    "intervention",
    "measurement",
    "message",
    "organisation",
    "own_text",
    "participant",
    "reply",
]
