"""The analysis plan of a programme, and the figures laid down on a reference date; a score may come back.

Adds tables and loosens one rule: a process of the version before this one goes on working on the new shape.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


NEW_TABLES = ("analysis_plan", "snapshot")


def upgrade() -> None:
    """Forward."""
    _analysis_plan()
    _snapshot()
    # Answers that were changed and changed back have the score of before again: as the newest row, beside the old one.
    # (The name of its only unique constraint was too long, and was cut.)
    op.execute(
        "do $$ begin execute (select format('alter table score drop constraint %I', conname) from pg_constraint"
        " where conrelid = 'score'::regclass and contype = 'u'); end $$"
    )
    own = "nullif(current_setting('app.org_id', true), '')::uuid"
    for table in NEW_TABLES:
        op.execute(f"grant select, insert on {table} to peil_app")  # append-only: nobody changes what was laid down
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy own_organisation on {table} using (org_id = {own}) with check (org_id = {own})")


def _analysis_plan() -> None:
    op.create_table(
        "analysis_plan",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.SmallInteger(), nullable=False),
        sa.Column("plan", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("late", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(), server_default=sa.text("''"), nullable=False),
        sa.Column("locked_by", sa.Uuid(), nullable=False),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("version >= 1", name=op.f("ck_analysis_plan_version")),
        sa.CheckConstraint("version = 1 or reason <> ''", name=op.f("ck_analysis_plan_reason")),
        sa.CheckConstraint("length(digest) = 64", name=op.f("ck_analysis_plan_digest")),
        sa.ForeignKeyConstraint(
            ["org_id", "locked_by"], ["account.org_id", "account.id"], name=op.f("fk_analysis_plan_org_id_locked_by")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "programme_id"],
            ["programme.org_id", "programme.id"],
            name=op.f("fk_analysis_plan_org_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_analysis_plan_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_analysis_plan")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_analysis_plan_org_id_id")),
        sa.UniqueConstraint(
            "org_id", "programme_id", "version", name=op.f("uq_analysis_plan_org_id_programme_id_version")
        ),
    )
    op.create_index(op.f("ix_analysis_plan_org_id"), "analysis_plan", ["org_id"], unique=False)
    op.create_index(op.f("ix_analysis_plan_programme_id"), "analysis_plan", ["programme_id"], unique=False)


def _snapshot() -> None:
    op.create_table(
        "snapshot",
        sa.Column("programme_id", sa.Uuid(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("reference_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.Uuid(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("result_digest", sa.String(), nullable=False),
        sa.Column("data_digest", sa.String(), nullable=False),
        sa.Column("waves", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("peil_version", sa.String(), nullable=False),
        sa.Column("id", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("org_id", sa.Uuid(), nullable=False),
        sa.CheckConstraint("length(result_digest) = 64 and length(data_digest) = 64", name=op.f("ck_snapshot_digests")),
        sa.ForeignKeyConstraint(
            ["org_id", "plan_id"], ["analysis_plan.org_id", "analysis_plan.id"], name=op.f("fk_snapshot_org_id_plan_id")
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "programme_id"],
            ["programme.org_id", "programme.id"],
            name=op.f("fk_snapshot_org_id_programme_id"),
        ),
        sa.ForeignKeyConstraint(
            ["org_id", "taken_by"], ["account.org_id", "account.id"], name=op.f("fk_snapshot_org_id_taken_by")
        ),
        sa.ForeignKeyConstraint(["org_id"], ["organisation.id"], name=op.f("fk_snapshot_org_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_snapshot")),
        sa.UniqueConstraint("org_id", "id", name=op.f("uq_snapshot_org_id_id")),
    )
    op.create_index(op.f("ix_snapshot_org_id"), "snapshot", ["org_id"], unique=False)
    op.create_index(op.f("ix_snapshot_programme_id"), "snapshot", ["programme_id"], unique=False)


def downgrade() -> None:
    """Migrations only go forward: restore a backup instead."""
    raise NotImplementedError("Migrations only go forward. Restore a backup instead.")
