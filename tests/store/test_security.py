"""The second lock: without its own organisation a transaction sees nothing and writes nothing."""

from __future__ import annotations

from sqlalchemy import Engine, text

from service.store.session import make_transaction


def test_no_table_of_an_organisation_lacks_forced_row_level_security(database: Engine) -> None:
    with database.connect() as connection:
        rows = connection.execute(
            text("select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace "
                 "join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' "
                 "where n.nspname in ('public','contact') and c.relkind = 'r' and not (c.relrowsecurity and c.relforcerowsecurity)")
        ).all()  # fmt: skip
    assert rows == []


def test_without_an_organisation_nothing_is_visible(database: Engine) -> None:
    with database.begin() as connection:
        connection.execute(
            text("insert into organisation (name, short_name, phone, created_at) values ('A', 'A', '', now())")
        )
    transaction = make_transaction(database)
    with transaction() as session:
        assert session.execute(text("select count(*) from organisation")).scalar_one() == 0
        org_id = session.execute(text("select * from organisation_ids()")).scalar_one()
    with transaction(org_id) as session:
        assert session.execute(text("select count(*) from organisation")).scalar_one() == 1
