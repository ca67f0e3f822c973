"""What the whole database holds, small enough to compare: for tests that say that nothing changed."""

from __future__ import annotations

from sqlalchemy import Engine, text


def all_rows(engine: Engine) -> dict[str, str]:
    """The number of rows and a digest of all of them, per table."""
    with engine.connect() as connection:
        tables = connection.execute(
            text("select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables "
                 "where schemaname in ('public', 'contact')")
        ).scalars()  # fmt: skip
        query = " union all ".join(
            f"select '{table}', count(*) || ':' || md5(coalesce(string_agg(t::text, '|' order by t::text), '')) from {table} t"
            for table in tables
        )
        return {row[0]: row[1] for row in connection.execute(text(query))}
