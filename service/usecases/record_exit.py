"""A coordinator notes that somebody left a programme, how and why. The questions go on."""

from __future__ import annotations

import uuid
from datetime import date

from service.followup.participation import ExitKind
from service.followup.problem import Problem, Refusal
from service.followup.registration import check_past
from service.store import audit, participants
from service.usecases import access
from service.usecases.access import Action, Actor, NotFound
from service.usecases.services import Services
from service.usecases.steps.calendar import office_day

LONGEST_REASON = 500


def record_exit(
    services: Services,
    actor: Actor,
    participant_id: uuid.UUID,
    enrolment_id: uuid.UUID,
    *,
    exited_on: date,
    exit_kind: ExitKind,
    reason: str = "",
) -> None:
    """End one enrolment; leaving does not end measurement.

    Raises Denied, NotFound, Refusal (a day in the future or before the start; ended before).
    """
    access.require(actor, Action.CHANGE_PARTICIPANTS)
    if exit_kind == ExitKind.DECEASED:
        raise Refusal(Problem("record_death_instead", "exit_kind"))
    if len(reason) > LONGEST_REASON:
        raise Refusal(Problem("too_long", "reason", values={"most": LONGEST_REASON}))
    check_past(exited_on, office_day(services.now()), "exited_on")
    with services.transaction(actor.org_id) as session:
        enrolments = {one.id: one for one in participants.enrolments_of(session, participant_id)}
        if enrolment_id not in enrolments:
            raise NotFound
        if exited_on < enrolments[enrolment_id].started_on:
            raise Refusal(Problem("date_before_start", "exited_on"))
        if not participants.exit_enrolment(
            session, enrolment_id, exited_on=exited_on, exit_kind=exit_kind, reason=reason.strip()
        ):
            raise Refusal(Problem("already_left", "exited_on"))
        audit.append(
            session,
            actor.org_id,
            services.now(),
            actor.account_id,
            "record_exit",
            "enrolment",
            enrolment_id,
            {"kind": exit_kind.value},
        )
