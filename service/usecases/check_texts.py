"""Is every questionnaire that is in use still worded as it was when it was first seen in use?"""

from __future__ import annotations

from service.measures.instrument import Instrument
from service.store import installations, organisations, rescoring
from service.usecases.services import Services


def check_texts(services: Services) -> tuple[str, ...]:
    """The questionnaires in use whose words changed under the same version, as "key version"; empty when all is well.

    A version that measurements were planned with may not change: its answers were given to other words. The first time
    that a version is seen in use its text hash is kept, and from then on compared. Before that it may change freely.
    What was changed between planning and that first look is not noticed, and neither are the scoring key and the
    cut-off sets, which are no part of the text hash.
    """
    with services.transaction() as session:
        chosen = organisations.list_organisation_ids(session)
    in_use: set[tuple[str, str]] = set()
    for org_id in chosen:
        with services.transaction(org_id) as session:
            in_use |= rescoring.instruments_in_use(session)
    changed = []
    with services.transaction() as session:
        for one in sorted(services.instruments.values(), key=_name):
            if (one.key, one.version) not in in_use:
                continue
            known = installations.recall(session, f"text {_name(one)}")
            if known is None:
                installations.remember(session, f"text {_name(one)}", one.text_hash)
            elif known != one.text_hash:
                changed.append(_name(one))
    return tuple(changed)


def _name(one: Instrument) -> str:
    return f"{one.key} {one.version}"
