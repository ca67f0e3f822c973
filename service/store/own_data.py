"""Everything that is kept about one person, table by table: for that person, and for nobody else.

A table that is about people and is missing here is found by a test that asks the database for every such table.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

#: What somebody wrote out of fear of another (`read_as` danger) is left out below: that other may be the one who
#: holds the telephone. The page says to everybody that such words are told by a person only. For the same reason a
#: message that waits because of an alert waits as one does when there are words to read.
#:
#: Table -> how its rows about one person are read. Names of columns are those of the file the person gets; what ends
#: in `_sealed` is decrypted by the use case, with `_key` as what it was sealed for.
QUERIES: Mapping[str, str] = {
    "participant": """select p.pseudonym, p.recognition_word, p.language, p.birth_year, p.preferred_channel,
        p.form_of_address, p.encouragement, p.bereaved_on, p.died_on, p.created_at, p.erasure_asked_at
        from participant p where p.id = :id""",
    "person": """select first_name as first_name_sealed, last_name as last_name_sealed
        from contact.person where participant_id = :id""",
    "address": """select kind, value as value_sealed, state, state_at, created_at, replaced_at
        from contact.address where participant_id = :id order by created_at, kind""",
    "stop": """select distinct a.kind, s.source, s.stopped_at, s.lifted_at from contact.stop s
        join contact.address a on a.org_id = s.org_id and a.lookup_hash = s.lookup_hash
        where a.participant_id = :id order by s.stopped_at""",
    "consent": """select purpose, legal_basis, taken_how, wording, given_at, withdrawn_at, withdrawn_how
        from consent where participant_id = :id order by given_at, purpose""",
    "intake": """select taken_on, know, want, can, causes, risk_factors, prevention_level, referrer, details
        from intake where participant_id = :id order by taken_on""",
    "rest_period": """select first_on, last_on, source, created_at, cancelled_at
        from rest_period where participant_id = :id order by first_on""",
    "enrolment": """select g.name as programme, g.site, e.arm, e.started_on, e.first_activity_on, e.exited_on,
        e.exit_kind, e.exit_reason from enrolment e join programme g on g.org_id = e.org_id and g.id = e.programme_id
        where e.participant_id = :id order by e.started_at""",
    "measurement": """select wave, instrument, language, target_on, opens_at, closes_at, status, status_reason, mode,
        first_answer_at, completed_at, helper_delivers, paper_digest is not null as paper_form
        from measurement where participant_id = :id order by opens_at""",
    "answer_event": """select me.wave, me.instrument, me.language, x.item, x.code, x.mode, x.given_at,
        x.recorded_by is not null as written_down_by_staff from answer_event x
        join measurement me on me.org_id = x.org_id and me.id = x.measurement_id
        where me.participant_id = :id order by me.opens_at, x.sequence""",
    "score": """select me.wave, s.instrument, s.instrument_version, s.scoring_version, s.score_values,
        s.primary_value, s.missing, s.lower_bound, s.scored_at from score s
        join measurement me on me.org_id = s.org_id and me.id = s.measurement_id
        where me.participant_id = :id order by s.sequence""",
    "paper_entry": """select x.answers as answers_sealed, x.measurement_id::text as answers_key, x.filled_in_on,
        x.entered_at, x.settled_at from paper_entry x
        join measurement me on me.org_id = x.org_id and me.id = x.measurement_id
        where me.participant_id = :id order by x.entered_at""",
    "message": """select kind, text_key, channel, state,
        case reason when 'alert_open' then 'words_to_read' else reason end as reason, due_at, sent_at,
        expires_at, created_at from message where participant_id = :id order by coalesce(sent_at, due_at)""",
    "attempt": """select t.channel, t.number, t.parts, t.started_at, t.finished_at, t.outcome, t.code
        from attempt t join message m on m.org_id = t.org_id and m.id = t.message_id
        where m.participant_id = :id order by t.started_at""",
    "message_event": """select v.at, v.event, v.state_to,
        case v.reason when 'alert_open' then 'words_to_read' else v.reason end as reason from message_event v
        join message m on m.org_id = v.org_id and m.id = v.message_id
        where m.participant_id = :id order by v.sequence""",
    "receipt": """select c.received_at, c.status, c.code from receipt c join attempt t on t.org_id = c.org_id
        and (t.token = c.token or (t.provider = c.provider and t.provider_id = c.provider_id))
        join message m on m.org_id = t.org_id and m.id = t.message_id
        where m.participant_id = :id order by c.received_at""",
    "reply": """select r.received_at, r.channel, r.words as words_sealed, r.provider_id as words_key, r.read_as,
        r.state, r.read_at from reply r where r.participant_id = :id and r.read_as <> 'danger'
        order by r.received_at""",
    "conversation": """select stage, position, opened_at, changed_at, closed_at
        from conversation where participant_id = :id order by opened_at""",
    "call_task": """select reason, created_at, due_on, done_at, outcome
        from call_task where participant_id = :id order by created_at""",
    "contact_moment": """select at, kind, outcome, two_way, minutes, undone_at
        from contact_moment where participant_id = :id order by at""",
    "alert": """select a.level, a.raised_at, a.acknowledged_at, a.closed_at, a.outcome from alert a
        join reply r on r.org_id = a.org_id and r.id = a.reply_id
        where a.participant_id = :id and r.read_as <> 'danger' order by a.raised_at""",
    "attendance": """select ac.title, ac.starts_at, t.state, t.recorded_at,
        t.recorded_by is null as said_so_yourself
        from attendance t join activity ac on ac.org_id = t.org_id and ac.id = t.activity_id
        where t.participant_id = :id order by ac.starts_at""",
    "audit_event": """select at, action, actor_id is not null as by_staff, details
        from audit_event where subject_id = :id order by sequence""",
}

Rows = list[dict[str, Any]]


def everything_about(session: Session, participant_id: uuid.UUID) -> dict[str, Rows]:
    """The rows about this person by table, still sealed."""
    return {
        table: [dict(row) for row in session.execute(text(query), {"id": participant_id}).mappings()]
        for table, query in QUERIES.items()
    }
