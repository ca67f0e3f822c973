"""Who may see and change what: roles, forced row-level security, append-only tables, the audit chain, narrow functions.

Three roles. The owner migrates (and is itself held by the policies, because they are forced). `peil_app` owns nothing and
sees one organisation at a time. `peil_cross` cannot log in; it owns the few functions that must look across
organisations, and may read only the tables they need.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

ORG_TABLES = (
    "account",
    "staff_session",
    "intervention",
    "protocol_version",
    "programme",
    "participant",
    "consent",
    "intake",
    "contact.person",
    "contact.address",
    "contact.stop",
    "contact_moment",
    "enrolment",
    "measurement",
    "answer_event",
    "score",
    "message",
    "attempt",
    "message_event",
    "receipt",
    "reply",
    "conversation",
    "call_task",
    "alert",
    "audit_event",
)
APPEND_ONLY = ("intake", "answer_event", "score", "message_event", "audit_event")
READ_ACROSS = (
    "organisation",
    "account",
    "staff_session",
    "measurement",
    "message",
    "attempt",
    "receipt",
    "reply",
    "conversation",
    "contact.address",
    "contact.stop",
)

ROLES = """
do $$
declare wanted text;
begin
  foreach wanted in array array['peil_app', 'peil_cross'] loop
    begin
      execute format('create role %I nologin', wanted);
    exception when duplicate_object or unique_violation then null;
    end;
    begin
      execute format('grant %I to current_user', wanted);
    exception when others then
      -- a superuser needs no membership; anybody else must have it
      if not (select rolsuper from pg_roles where rolname = current_user) then raise; end if;
    end;
  end loop;
end $$;
grant usage on schema public, contact to peil_app, peil_cross;
grant create on schema public to peil_cross;
"""

AUDIT_CHAIN = """
create function audit_chain() returns trigger language plpgsql as $$
begin
  perform pg_advisory_xact_lock(hashtextextended('audit:' || new.org_id::text, 0));
  select digest into new.previous from audit_event where org_id = new.org_id order by sequence desc limit 1;
  new.digest := sha256(coalesce(new.previous, ''::bytea) || convert_to(concat_ws('|', new.org_id, extract(epoch from new.at),
    new.actor_id, new.action, new.subject_kind, new.subject_id, new.details::text), 'UTF8'));
  return new;
end $$;
create trigger audit_chain before insert on audit_event for each row execute function audit_chain();
"""

# Each function answers one question and returns as little as possible.
FUNCTIONS = {
    "organisation_ids()": """
create function organisation_ids() returns setof uuid language sql stable security definer set search_path = public, pg_temp as
$$ select id from organisation order by created_at, id $$""",
    "account_for_sign_in(text)": """
create function account_for_sign_in(p_email text)
returns table (org_id uuid, account_id uuid, password_hash text, disabled boolean)
language sql stable security definer set search_path = public, pg_temp as
$$ select a.org_id, a.id, a.password_hash, a.disabled_at is not null from account a where a.email = lower(p_email) $$""",
    "session_account(bytea)": """
create function session_account(p_digest bytea)
returns table (org_id uuid, session_id uuid, account_id uuid, name text, role text, created_at timestamptz, seen_at timestamptz)
language sql stable security definer set search_path = public, pg_temp as
$$ select a.org_id, s.id, a.id, a.name, a.role, s.created_at, s.seen_at
   from staff_session s join account a on a.org_id = s.org_id and a.id = s.account_id
   where s.token_digest = p_digest and s.ended_at is null and a.disabled_at is null $$""",
    "sign_in_attempted(bytea, timestamptz, boolean)": """
create function sign_in_attempted(p_digest bytea, p_at timestamptz, p_succeeded boolean) returns void
language sql volatile security definer set search_path = public, pg_temp as
$$ insert into sign_in_attempt (email_digest, at, succeeded) values (p_digest, p_at, p_succeeded) $$""",
    "sign_in_failures(bytea, timestamptz)": """
create function sign_in_failures(p_digest bytea, p_since timestamptz) returns bigint
language sql stable security definer set search_path = public, pg_temp as
$$ select count(*) from sign_in_attempt where email_digest = p_digest and at >= p_since and not succeeded
   and at > coalesce((select max(at) from sign_in_attempt where email_digest = p_digest and succeeded), '-infinity') $$""",
    "organisations_with_due_messages(timestamptz)": """
create function organisations_with_due_messages(p_now timestamptz) returns setof uuid
language sql stable security definer set search_path = public, pg_temp as
$$ select org_id from message where state in ('planned', 'due') and due_at <= p_now group by org_id order by min(due_at) $$""",
    "organisations_in_flight()": """
create function organisations_in_flight() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as
$$ select distinct org_id from message where state in ('sending', 'unknown') $$""",
    "organisations_with_pending_input()": """
create function organisations_with_pending_input() returns setof uuid
language sql stable security definer set search_path = public, pg_temp as
$$ select org_id from reply where state = 'pending' union select org_id from receipt where applied_at is null $$""",
    "measurement_for_link(bytea)": """
create function measurement_for_link(p_digest bytea) returns table (org_id uuid, measurement_id uuid)
language sql stable security definer set search_path = public, pg_temp as
$$ select m.org_id, m.id from measurement m where m.link_digest = p_digest $$""",
    # A known number belongs to the organisation that is talking with it, else to the one that wrote to it last; an unknown
    # number to the organisation whose sender it wrote to, else to the oldest organisation (the host of this installation).
    "organisation_for_number(bytea, text)": """
create function organisation_for_number(p_hash bytea, p_sent_to text) returns uuid
language sql stable security definer set search_path = public, contact, pg_temp as
$$ select coalesce(
     (select c.org_id from conversation c where c.address_hash = p_hash and c.closed_at is null order by c.changed_at desc limit 1),
     (select t.org_id from attempt t join contact.address a on a.org_id = t.org_id and a.id = t.address_id
       where a.lookup_hash = p_hash order by t.started_at desc limit 1),
     (select a.org_id from contact.address a where a.lookup_hash = p_hash order by a.created_at desc limit 1),
     (select o.id from organisation o where o.sms_number = p_sent_to),
     (select o.id from organisation o order by o.created_at, o.id limit 1)) $$""",
    "attempt_for_token(text)": """
create function attempt_for_token(p_token text) returns table (org_id uuid, message_id uuid, number smallint)
language sql stable security definer set search_path = public, pg_temp as
$$ select t.org_id, t.message_id, t.number from attempt t where t.token = p_token $$""",
    "attempt_organisation(text)": """
create function attempt_organisation(p_provider_id text) returns uuid
language sql stable security definer set search_path = public, pg_temp as
$$ select t.org_id from attempt t where t.provider_id = p_provider_id limit 1 $$""",
    # STOP ends the number everywhere it is known, and with the organisation it was sent to.
    "stop_everywhere(bytea, uuid, text, timestamptz)": """
create function stop_everywhere(p_hash bytea, p_org uuid, p_source text, p_at timestamptz) returns void
language sql volatile security definer set search_path = public, contact, pg_temp as
$$ insert into contact.stop (org_id, lookup_hash, source, stopped_at)
   select org_id, p_hash, p_source, p_at from contact.address where lookup_hash = p_hash union select p_org, p_hash, p_source, p_at
   on conflict do nothing $$""",
}


def upgrade() -> None:
    """Forward."""
    op.execute(ROLES)
    op.execute("grant select, insert, update on all tables in schema public, contact to peil_app")
    op.execute("revoke all on alembic_version, sign_in_attempt from peil_app")
    for table in APPEND_ONLY:
        op.execute(f"revoke update on {table} from peil_app")
    op.execute("alter table organisation enable row level security")
    op.execute("alter table organisation force row level security")
    own = "nullif(current_setting('app.org_id', true), '')::uuid"
    op.execute(f"create policy own_organisation on organisation using (id = {own}) with check (id = {own})")
    for table in ORG_TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        op.execute(f"create policy own_organisation on {table} using (org_id = {own}) with check (org_id = {own})")
    for table in READ_ACROSS:
        op.execute(f"create policy across on {table} to peil_cross using (true) with check (true)")
        op.execute(f"grant select on {table} to peil_cross")
    op.execute("grant select, insert on sign_in_attempt to peil_cross")
    op.execute("grant insert on contact.stop to peil_cross")
    op.execute(AUDIT_CHAIN)
    for signature, definition in FUNCTIONS.items():
        op.execute(definition)
        op.execute(f"revoke all on function {signature} from public")
        op.execute(f"grant execute on function {signature} to peil_app")
        op.execute(f"alter function {signature} owner to peil_cross")
    op.execute("revoke create on schema public from peil_cross")


def downgrade() -> None:
    """Migrations only go forward: restore a backup instead."""
    raise NotImplementedError("Migrations only go forward. Restore a backup instead.")
