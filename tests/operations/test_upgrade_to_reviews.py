"""The memories of an installation that is upgraded: the extracted ones of the last seven days are to be reviewed."""

from uuid import uuid4

import asyncpg

from app.database.embedded import EmbeddedDatabase
from app.database.migrations import load_migrations, migrate
from tests.conftest import create_database, drop_database

BEFORE = 15  # migrations
MEMORY = """
INSERT INTO memories (user_id, content, kind, source_kind, source_id, created_at)
SELECT 'ann', $1, 'longterm', CASE WHEN $2 THEN 'message' END, CASE WHEN $2 THEN gen_random_uuid() END,
       now() - make_interval(days => $3) RETURNING id
"""
TO_TRASH = "SELECT move_to_trash('ann', 'memory', id) FROM memories WHERE content LIKE $1"
RESTORE = "SELECT restore_from_trash(id, 'ann') FROM trash"


async def test_only_recently_extracted_memories_wait_for_a_review(server: EmbeddedDatabase) -> None:
    name = f"old_{uuid4().hex}"
    connection = await asyncpg.connect(await create_database(server, name))
    migrations = load_migrations()
    await migrate(connection, migrations[:BEFORE])
    await connection.execute("INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner')")
    for place in ("listed", "deleted"):
        for content, extracted, days in (("new", True, 1), ("old", True, 8), ("entered", False, 1)):
            await connection.fetchval(MEMORY, f"{content} {place}", extracted, days)
    await connection.execute(TO_TRASH, "% deleted")
    await migrate(connection, migrations)
    await connection.execute(RESTORE)
    waiting = await connection.fetch("SELECT content FROM memories WHERE reviewed_at IS NULL ORDER BY content")
    assert [row["content"] for row in waiting] == ["new deleted", "new listed"]
    assert await connection.fetchval("SELECT count(*) FROM memories WHERE reviewed_at = created_at") == 4
    await connection.close()
    await drop_database(server, name)
