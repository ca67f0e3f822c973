"""Somebody says who they are at the door of an own page. Wrong answers are counted; too many close the door."""

from __future__ import annotations

from datetime import timedelta

from service.followup.problem import Problem, Refusal
from service.followup.reply_words import plain_words
from service.store import audit, own_pages
from service.store.own_pages import Owner
from service.usecases.services import Services
from service.usecases.steps.own_door import whose

#: So many wrong answers in such a time, and nobody comes in, with the right answer either. The second keeps somebody
#: who found a telephone from trying every likely year in one night.
LIMITS = ((5, timedelta(hours=1)), (15, timedelta(days=7)))


def open_own_page(services: Services, token: str, answer: str) -> str:
    """The pass that the forms behind the door carry. Raises NotFound; Refusal for a wrong answer or too many of them.

    The count stands in the audit trail, where the coordinator's organisation can see it too.
    """
    visitor = whose(services, token)
    now = services.now()
    with services.transaction(visitor.org_id) as session:
        own_pages.link_version(session, visitor.participant_id)  # locks: guesses at the same moment are counted too
        owner = own_pages.owner(session, visitor.participant_id)
        problem = None
        if any(own_pages.wrong_answers(session, owner.id, now - within) >= most for most, within in LIMITS):
            problem = Problem("own_too_often", "antwoord")
        elif not _is_right(owner, answer):
            problem = Problem("own_word_wrong" if owner.birth_year is None else "own_year_wrong", "antwoord")
            audit.append(session, visitor.org_id, now, None, own_pages.WRONG_ANSWER, "participant", owner.id)
    if problem is not None:
        raise Refusal(problem)
    return services.links.own_pass(token, now)


def _is_right(owner: Owner, answer: str) -> bool:
    said = plain_words(answer[:100])
    if owner.birth_year is not None:
        return said == str(owner.birth_year)
    return said == plain_words(owner.recognition_word)
