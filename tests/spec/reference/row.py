"""What every reference value is written as."""

from __future__ import annotations

from typing import TypeAlias, TypeVar

from service.measures.estimate import NotEstimable

#: A name, what Peil makes of it, what it must be, how far it may be off, and where the value comes from.
#: Infinity stands for a median that is not reached.
Row: TypeAlias = tuple[str, float, float, float, str]

T = TypeVar("T")


def must(found: T | NotEstimable) -> T:
    """The figure: a reference value always has one."""
    assert not isinstance(found, NotEstimable), found
    return found
