"""The participant's side: assisted and paper answers, own pages, activities, encouragement, mail replies, duty.

Only adds: a process of the version before this one goes on working on the new shape.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


NEW_TABLES = (
    "activity", "attendance", "rest_period", "paper_entry", "own_text", "duty_roster", "amber_agreement", "staff_notice",
)  # fmt: skip
APPEND_ONLY = ("own_text", "duty_roster")
READ_ACROSS = ("participant", "staff_notice")
CHECKS = {
    "answer_event": {"mode": "mode in ('sms', 'email', 'web', 'telephone', 'face_to_face', 'paper')"},
    "participant": {
        "form_of_address": "form_of_address in ('u', 'je')",
        "encouragement": "encouragement in ('normal', 'less', 'none')",
    },
    "reply": {"channel": "channel in ('sms', 'email')"},
    "contact_moment": {
        "kind": "kind in ('call', 'visit', 'meeting', 'letter', 'message')",
        "minutes": "minutes between 0 and 1440",
    },
}

# Each function answers one question and returns as little as possible.
FUNCTIONS = {
    "participant_for_own_link(bytea)": """
create function participant_for_own_link(p_digest bytea) returns table (org_id uuid, participant_id uuid)
language sql stable security definer set search_path = public, pg_temp as
$$ select p.org_id, p.id from participant p where p.own_link_digest = p_digest $$""",
    # Whether exactly this text was sent by us, by whom and when; it takes the whole text to ask.
    "sent_by_us(text)": """
create function sent_by_us(p_body_digest text) returns table (organisation text, phone text, channel text, at timestamptz)
language sql stable security definer set search_path = public, pg_temp as
$$ select o.name, o.phone, t.channel, t.started_at from attempt t join organisation o on o.id = t.org_id
   where t.body_digest = p_body_digest and coalesce(t.outcome, '') <> 'rejected' order by t.started_at desc limit 1 $$""",
    "organisation_for_message(uuid)": """
create function organisation_for_message(p_message uuid) returns uuid
language sql stable security definer set search_path = public, pg_temp as
$$ select m.org_id from message m where m.id = p_message $$""",
    "organisations_with_due_notices(timestamptz)": """
create function organisations_with_due_notices(p_now timestamptz) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as
$$ select distinct org_id from staff_notice where state = 'due' and due_at <= p_now $$""",
}


def upgrade() -> None:
    """Forward."""
    _staff_tables()
    _participant_tables()
    _columns()
    _more_columns()
    for table, checks in CHECKS.items():
        for name, condition in checks.items():
            op.execute(f"alter table {table} drop constraint if exists ck_{table}_{name}")
            op.execute(f"alter table {table} add constraint ck_{table}_{name} check ({condition})")
    op.execute("alter table contact.stop drop constraint if exists ck_stop_source")
    sources = "source in ('sms', 'email', 'provider', 'staff', 'web')"
    op.execute(f"alter table contact.stop add constraint ck_stop_source check ({sources})")
    # What was taken on before alerts could be closed counts as closed. The owner is held by the policies too: lift them.
    op.execute("alter table alert no force row level security")
    op.execute("update alert set closed_at = acknowledged_at, outcome = 'otherwise' where acknowledged_at is not null")
    op.execute("alter table alert force row level security")
    own = "nullif(current_setting('app.org_id', true), '')::uuid"
    for table in NEW_TABLES:
        op.execute(f"grant select, insert, update on {table} to peil_app")
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy own_organisation on {table} using (org_id = {own}) with check (org_id = {own})")
    for table in APPEND_ONLY:
        op.execute(f"revoke update on {table} from peil_app")
    for table in READ_ACROSS:
        op.execute(f"create policy across on {table} to peil_cross using (true) with check (true)")
        op.execute(f"grant select on {table} to peil_cross")
    op.execute("grant create on schema public to peil_cross")
    for signature, definition in FUNCTIONS.items():
        op.execute(definition)
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to peil_app")
        op.execute(f"alter function {signature} owner to peil_cross")
    op.execute("revoke create on schema public from peil_cross")


def _staff_tables() -> None:
    op.create_table(
        "amber_agreement",
        sa.Column("signed_by", sa.Uuid(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "signed_by"], ["account.org_id", "account.id"], name=op.f("fk_amber_agreement_org_id_signed_by")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_amber_agreement_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amber_agreement")),
    )
    op.create_index(op.f("ix_amber_agreement_org_id"), "amber_agreement", ["org_id"], unique=False)
    op.create_index(
        "uq_amber_agreement_in_force",
        "amber_agreement",
        ["org_id"],
        unique=True,
        postgresql_where=sa.text("ended_at is null"),
    )
    op.create_table(
        "duty_roster",
        sa.Column("sequence", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("on_duty_id", sa.Uuid(), nullable=False),
        sa.Column("back_up_id", sa.Uuid(), nullable=True),
        sa.Column("set_by", sa.Uuid(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "back_up_id"], ["account.org_id", "account.id"], name=op.f("fk_duty_roster_org_id_back_up_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "on_duty_id"], ["account.org_id", "account.id"], name=op.f("fk_duty_roster_org_id_on_duty_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "set_by"], ["account.org_id", "account.id"], name=op.f("fk_duty_roster_org_id_set_by")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_duty_roster_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_duty_roster")),
    )
    op.create_index(op.f("ix_duty_roster_org_id"), "duty_roster", ["org_id"], unique=False)
    op.create_table(
        "own_text",
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("body", postgresql.JSONB(none_as_null=True, astext_type=sa.Text()), nullable=True),
        sa.Column("saved_by", sa.Uuid(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("channel in ('sms', 'email')", name=op.f("ck_own_text_channel")),
        sa.CheckConstraint("form in ('u', 'je')", name=op.f("ck_own_text_form")),
        sa.ForeignKeyConstraint(
            ["org_id", "saved_by"], ["account.org_id", "account.id"], name=op.f("fk_own_text_org_id_saved_by")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_own_text_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_own_text")),
        sa.UniqueConstraint(
            "org_id",
            "channel",
            "key",
            "language",
            "form",
            "version",
            name=op.f("uq_own_text_org_id_channel_key_language_form_version"),
        ),
    )
    op.create_index(op.f("ix_own_text_org_id"), "own_text", ["org_id"], unique=False)


def _participant_tables() -> None:
    op.create_table(
        "rest_period",
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("source in ('staff', 'participant')", name=op.f("ck_rest_period_source")),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_rest_period_days")),
        sa.ForeignKeyConstraint(
            ["org_id", "participant_id"],
            ["participant.org_id", "participant.id"],
            name=op.f("fk_rest_period_org_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_rest_period_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rest_period")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_rest_period_org_id_id")),
    )
    op.create_index(op.f("ix_rest_period_org_id"), "rest_period", ["org_id"], unique=False)
    op.create_index(op.f("ix_rest_period_participant_id"), "rest_period", ["participant_id"], unique=False)
    op.create_table(
        "activity",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("local_at", sa.DateTime(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("minutes", sa.SmallInteger(), nullable=False),
        sa.Column("remind", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("minutes between 1 and 1440", name=op.f("ck_activity_minutes")),
        sa.ForeignKeyConstraint(
            ["org_id", "created_by"], ["account.org_id", "account.id"], name=op.f("fk_activity_org_id_created_by")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "programme_id"],
            ["programme.org_id", "programme.id"],
            name=op.f("fk_activity_org_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_activity_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_activity_org_id_id")),
    )
    op.create_index(op.f("ix_activity_org_id"), "activity", ["org_id"], unique=False)
    op.create_index(op.f("ix_activity_programme_id"), "activity", ["programme_id"], unique=False)
    op.create_index(op.f("ix_activity_starts_at"), "activity", ["starts_at"], unique=False)
    op.create_table(
        "attendance",
        sa.Column("activity_id", sa.Uuid(), nullable=False),
        sa.Column("participant_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("state in ('not_coming', 'present', 'absent', 'open')", name=op.f("ck_attendance_state")),
        sa.ForeignKeyConstraint(
            ["org_id", "activity_id"], ["activity.org_id", "activity.id"], name=op.f("fk_attendance_org_id_activity_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "participant_id"],
            ["participant.org_id", "participant.id"],
            name=op.f("fk_attendance_org_id_participant_id"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "recorded_by"], ["account.org_id", "account.id"], name=op.f("fk_attendance_org_id_recorded_by")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_attendance_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attendance")),
        sa.UniqueConstraint(
            "org_id", "activity_id", "participant_id", name=op.f("uq_attendance_org_id_activity_id_participant_id")
        ),
    )
    op.create_index(op.f("ix_attendance_org_id"), "attendance", ["org_id"], unique=False)
    op.create_index(op.f("ix_attendance_participant_id"), "attendance", ["participant_id"], unique=False)
    op.create_table(
        "paper_entry",
        sa.Column("measurement_id", sa.Uuid(), nullable=False),
        sa.Column("answers", sa.String(), nullable=False),
        sa.Column("filled_in_on", sa.Date(), nullable=False),
        sa.Column("entered_by", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["org_id", "entered_by"], ["account.org_id", "account.id"], name=op.f("fk_paper_entry_org_id_entered_by")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "measurement_id"],
            ["measurement.org_id", "measurement.id"],
            name=op.f("fk_paper_entry_org_id_measurement_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_paper_entry_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper_entry")),
    )
    op.create_index(op.f("ix_paper_entry_measurement_id"), "paper_entry", ["measurement_id"], unique=False)
    op.create_index(op.f("ix_paper_entry_org_id"), "paper_entry", ["org_id"], unique=False)
    op.create_index(
        "uq_paper_entry_waiting",
        "paper_entry",
        ["org_id", "measurement_id"],
        unique=True,
        postgresql_where=sa.text("settled_at is null"),
    )
    op.create_table(
        "staff_notice",
        sa.Column("alert_id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), server_default=sa.text("'due'"), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.SmallInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("code", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("channel in ('sms', 'email')", name=op.f("ck_staff_notice_channel")),
        sa.CheckConstraint("state in ('due', 'sent', 'failed', 'cancelled')", name=op.f("ck_staff_notice_state")),
        sa.CheckConstraint("step in ('first', 'escalation')", name=op.f("ck_staff_notice_step")),
        sa.ForeignKeyConstraint(
            ["org_id", "account_id"], ["account.org_id", "account.id"], name=op.f("fk_staff_notice_org_id_account_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "alert_id"], ["alert.org_id", "alert.id"], name=op.f("fk_staff_notice_org_id_alert_id")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_staff_notice_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_notice")),
        sa.UniqueConstraint(
            "org_id",
            "alert_id",
            "account_id",
            "step",
            "channel",
            name=op.f("uq_staff_notice_org_id_alert_id_account_id_step_channel"),
        ),
    )
    op.create_index(
        "ix_staff_notice_due", "staff_notice", ["due_at"], unique=False, postgresql_where=sa.text("state = 'due'")
    )
    op.create_index(op.f("ix_staff_notice_org_id"), "staff_notice", ["org_id"], unique=False)


def _columns() -> None:
    op.add_column("account", sa.Column("alert_mobile", sa.String(), server_default=sa.text("''"), nullable=False))
    op.add_column("alert", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alert", sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("alert", sa.Column("outcome", sa.String(), nullable=True))
    op.alter_column("alert", "participant_id", existing_type=sa.Uuid(), nullable=True)
    op.add_column("attempt", sa.Column("text_version", sa.Integer(), nullable=True))
    op.create_index(op.f("ix_attempt_body_digest"), "attempt", ["body_digest"], unique=False)
    op.add_column("contact_moment", sa.Column("two_way", sa.Boolean(), nullable=True))
    op.add_column("contact_moment", sa.Column("minutes", sa.SmallInteger(), nullable=True))
    op.add_column("enrolment", sa.Column("first_activity_on", sa.Date(), nullable=True))
    op.add_column(
        "measurement", sa.Column("link_version", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("measurement", sa.Column("paper_digest", sa.LargeBinary(), nullable=True))
    op.add_column("measurement", sa.Column("assisted_by", sa.Uuid(), nullable=True))
    op.add_column("measurement", sa.Column("helper_delivers", sa.Boolean(), nullable=True))
    op.create_unique_constraint(op.f("uq_measurement_paper_digest"), "measurement", ["paper_digest"])
    op.create_foreign_key(
        op.f("fk_measurement_org_id_assisted_by"), "measurement", "account", ["org_id", "assisted_by"], ["org_id", "id"]
    )


def _more_columns() -> None:
    op.add_column("message", sa.Column("activity_id", sa.Uuid(), nullable=True))
    op.create_index(op.f("ix_message_activity_id"), "message", ["activity_id"], unique=False)
    op.create_foreign_key(
        op.f("fk_message_org_id_activity_id"), "message", "activity", ["org_id", "activity_id"], ["org_id", "id"]
    )
    op.add_column(
        "participant", sa.Column("form_of_address", sa.String(), server_default=sa.text("'u'"), nullable=False)
    )
    op.add_column(
        "participant", sa.Column("encouragement", sa.String(), server_default=sa.text("'normal'"), nullable=False)
    )
    op.add_column("participant", sa.Column("bereaved_on", sa.Date(), nullable=True))
    op.add_column(
        "participant", sa.Column("own_link_version", sa.SmallInteger(), server_default=sa.text("0"), nullable=False)
    )
    op.add_column("participant", sa.Column("own_link_digest", sa.LargeBinary(), nullable=True))
    op.add_column("participant", sa.Column("erasure_asked_at", sa.DateTime(timezone=True), nullable=True))
    op.create_unique_constraint(op.f("uq_participant_own_link_digest"), "participant", ["own_link_digest"])
    op.add_column("programme", sa.Column("ends_on", sa.Date(), nullable=True))
    op.add_column("protocol_version", sa.Column("replaces_id", sa.Uuid(), nullable=True))
    op.add_column("protocol_version", sa.Column("made_by", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_protocol_version_org_id_made_by"),
        "protocol_version",
        "account",
        ["org_id", "made_by"],
        ["org_id", "id"],
    )
    op.create_foreign_key(
        op.f("fk_protocol_version_org_id_replaces_id"),
        "protocol_version",
        "protocol_version",
        ["org_id", "replaces_id"],
        ["org_id", "id"],
    )
    op.add_column("reply", sa.Column("channel", sa.String(), server_default=sa.text("'sms'"), nullable=False))
    op.add_column("reply", sa.Column("in_reply_to", sa.Uuid(), nullable=True))
    op.create_foreign_key(
        op.f("fk_reply_org_id_in_reply_to"), "reply", "message", ["org_id", "in_reply_to"], ["org_id", "id"]
    )


def downgrade() -> None:
    """Migrations only go forward: restore a backup instead."""
    raise NotImplementedError("Migrations only go forward. Restore a backup instead.")
