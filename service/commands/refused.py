"""Turning what a use case refuses into sentences for the operator."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from service.commands.ready import CannotGoOn
from service.followup.problem import Refusal
from service.usecases.access import Denied, NotFound
from service.usecases.services import Services


@contextmanager
def refusals(services: Services) -> Iterator[None]:
    """Within it a Refusal becomes a CannotGoOn with one English sentence per problem."""
    try:
        yield
    except Refusal as refusal:
        raise CannotGoOn("\n".join(services.render.problem(p, "en") for p in refusal.problems)) from refusal
    except (Denied, NotFound) as error:
        raise CannotGoOn(str(error) or "There is no such thing in this organisation.") from error
