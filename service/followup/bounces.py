"""What a report about a mail that did not arrive says of its address (codes: RFC 3463)."""

from __future__ import annotations

from typing import Final

#: Permanent, and still no word about the address: a full mailbox, a mail that is too large, a form that the other side
#: cannot take, its policy ("not from you"), and 5.0.0, which says nothing.
_NOT_THE_ADDRESS: Final = ("5.0.", "5.2.2", "5.2.3", "5.3.", "5.4.", "5.5.", "5.6.", "5.7.")


def is_final(status: str) -> bool:
    """Whether this mail will not arrive any more (5.x.x); 4.x.x is a delay, 2.x.x is good news."""
    return status.startswith("5")


def address_after(status: str) -> str:
    """How the address is marked: "invalid" (nobody there), "failing" (this mail did not arrive), "" (nothing new)."""
    if not is_final(status):
        return ""
    return "failing" if f"{status}.".startswith(_NOT_THE_ADDRESS) else "invalid"
