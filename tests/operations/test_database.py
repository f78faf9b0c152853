"""Old database versions are refused; a real database pretends to be old by shadowing its catalogue."""

import asyncpg
import pytest

from tests.processes import run_to_completion

OLD_POSTGRES = """
CREATE FUNCTION pretended.current_setting(name text) RETURNS text LANGUAGE sql AS $$
    SELECT CASE name WHEN 'server_version_num' THEN '170006' WHEN 'server_version' THEN '17.6' END
$$
"""
OLD_VECTOR = "CREATE VIEW pretended.pg_extension AS SELECT 'vector'::name AS extname, '0.7.4'::text AS extversion"
NO_VECTOR = """
CREATE VIEW pretended.pg_extension AS SELECT ''::name AS extname, ''::text AS extversion;
CREATE VIEW pretended.pg_available_extensions AS SELECT ''::name AS name, ''::text AS default_version
"""


@pytest.mark.parametrize(
    ("pretence", "said"),
    [
        (OLD_POSTGRES, "PostgreSQL 17.6 is too old: 18 or newer is needed."),
        (OLD_VECTOR, "pgvector 0.7.4 is too old: 0.8 or newer is needed"),
        (NO_VECTOR, "This PostgreSQL has no pgvector"),
    ],
)
async def test_old_database_is_refused_in_one_line(database_url: str, pretence: str, said: str) -> None:
    connection = await asyncpg.connect(database_url)
    name = await connection.fetchval("SELECT current_database()")
    await connection.execute(f"CREATE SCHEMA pretended; {pretence}")
    await connection.execute(f"ALTER DATABASE {name} SET search_path = pretended, pg_catalog, public")
    await connection.close()
    code, output = await run_to_completion("migrate", DATABASE_URL=database_url)
    assert code == 1
    assert output.startswith(f"Cannot start: {said}")
    assert output.count("\n") == 1
