"""Data of the version before projects had members is the same for each user after the migration.

Two users with everything that they may have: what each lists, finds, restores and receives does not change, and
neither sees anything of the other.
"""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import asyncpg
import pytest

from app.database.embedded import EmbeddedDatabase
from app.database.migrations import load_migrations, migrate
from sql.event_cursor import EventPosition
from sql.repositories.events import list_events_of_user_after
from sql.statements import Connection
from tests.conftest import create_database, drop_database
from tests.identity.matrix import OWNED_ROWS
from tests.resolvers.conftest import Api, open_api

BEFORE = 13
USERS = ("lea", "max")
# `delete_some` fills the trash; the tables of the others are newer.
SKIPPED = ("deleted", "agent", "citation", "rating", "webhook", "delivery")
MORE_ROWS = (
    "UPDATE conversations SET updated_at = now() - interval '1 minute' WHERE id = '{conversation}'",
    "INSERT INTO memories (user_id, content, kind, profile) VALUES ($1, 'of-' || $1 || ' profile', 'longterm', true)",
    "INSERT INTO actions (user_id, tool, summary, status, actor) VALUES ($1, 'search', 'of-' || $1, 'done', $1)",
    "INSERT INTO context_snapshots (subject_id, user_id, items, token_count, token_budget, assembled_ms) "
    "VALUES ('{reply}', $1, '[]', 1, 2, 3), ('{intent}', $1, '[]', 1, 2, 3)",
    "INSERT INTO notifications (user_id, title, message, notification_type, is_read) "
    "VALUES ($1, 'of-' || $1, 'read', 'info', true)",
    "INSERT INTO attachments (user_id, name, media_type, size, sha256) "
    "VALUES ($1, 'unsent', 'text/plain', 1, repeat('0', 64))",
)
IN_PROJECT = (
    "WITH p AS (INSERT INTO projects (user_id, name, slug) VALUES ($1, 'of-' || $1, $2 || $1) RETURNING id), "
    "c AS (INSERT INTO conversations (user_id, project_id, title) SELECT $1, id, 'of-' || $1 FROM p RETURNING id), "
    "m AS (INSERT INTO messages (user_id, conversation_id, content, message_type) "
    "SELECT $1, id, 'of-' || $1, 'user' FROM c), "
    "i AS (INSERT INTO intents (user_id, project_id, description, actor) SELECT $1, id, 'of-' || $1, $1 FROM p) "
    "SELECT id FROM p"
)
OF_USER = "user_id = $1 AND (project_id IS NULL OR project_id IN (SELECT id FROM projects WHERE archived_at IS NULL))"
# What the version before read for a user: the statement after the name of the table.
LISTS = {
    "projects": "user_id = $1 ORDER BY id",
    "conversations": f"{OF_USER} ORDER BY updated_at DESC, id DESC",
    "messages": f"{OF_USER} AND shown ORDER BY id",
    "intents": f"{OF_USER} ORDER BY id DESC",
    "specifications": f"{OF_USER} ORDER BY id DESC",
    "decisions": f"{OF_USER} ORDER BY id DESC",
    "memories": f"{OF_USER} AND NOT archived ORDER BY id DESC",
    "notifications": f"{OF_USER} ORDER BY id DESC",
    "actions": f"{OF_USER} ORDER BY id DESC",
    "trash": f"{OF_USER} ORDER BY id DESC",
}
FOUND = f"{OF_USER} AND keys && ARRAY(SELECT search_key($1, t.term) FROM search_words('of-' || $1) AS t)"  # noqa: S608
SEARCH = """
query($words: String!) {
  search(query: $words, first: 50) { node { ... on Node { id } } also { node { ... on Node { id } } } }
}
"""
EVENTS = "SELECT xid, id, kind, subject_id, caused_by, payload FROM events WHERE user_id = $1 ORDER BY xid, id"
RESTORE = "mutation($id: ID!) { restore(id: $id) { id } }"


@dataclass
class Before:
    """What a user had before the migration."""

    lists: dict[str, list[UUID]]
    found: set[UUID]
    events: list[tuple[Any, ...]]


async def fill(connection: Connection, user: str) -> None:
    await connection.execute("INSERT INTO users (id, display_name, role) VALUES ($1, $1, 'member')", user)
    ids: dict[str, str] = {}
    for name, statement in OWNED_ROWS.items():
        if name in SKIPPED:
            continue
        filled = statement.format(**ids)
        returning = filled if filled.startswith("WITH") else f"{filled} RETURNING id"
        ids[name] = str(await connection.fetchval(returning, user))
    for statement in MORE_ROWS:
        filled = statement.format(**ids)
        await connection.execute(filled, *([user] if "$1" in filled else []))
    archived = await connection.fetchval(IN_PROJECT, user, "archived-")
    await connection.execute("UPDATE projects SET archived_at = now() WHERE id = $1", archived)
    await delete_some(connection, user, ids["forgotten"])


async def delete_some(connection: Connection, user: str, memory: str) -> None:
    project = await connection.fetchval(IN_PROJECT, user, "gone-")
    conversation = await connection.fetchval(
        "WITH c AS (INSERT INTO conversations (user_id, title) VALUES ($1, 'of-' || $1) RETURNING id), "
        "m AS (INSERT INTO messages (user_id, conversation_id, content, message_type) "
        "SELECT $1, id, 'of-' || $1, 'user' FROM c) SELECT id FROM c",
        user,
    )
    decision = await connection.fetchval(
        "INSERT INTO decisions (user_id, title, kind, topic, topic_key, status, author) "
        "VALUES ($1, 'of-' || $1, 'rule', 'other', 'other', 'accepted', $1) RETURNING id",
        user,
    )
    for kind, record in (
        ("memory", UUID(memory)),
        ("project", project),
        ("conversation", conversation),
        ("decision", decision),
    ):
        assert await connection.fetchval("SELECT move_to_trash($1, $2, $3, $1)", user, kind, record)


async def read_before(connection: Connection, user: str) -> Before:
    async def ids(column: str, table: str, condition: str) -> list[UUID]:
        return [row[0] for row in await connection.fetch(f"SELECT {column} FROM {table} WHERE {condition}", user)]  # noqa: S608

    return Before(
        {
            name: await ids("record_id" if name == "trash" else "id", name, condition)
            for name, condition in LISTS.items()
        },
        set(await ids("subject_id", "search_entries", FOUND)),
        [tuple(row) for row in await connection.fetch(EVENTS, user)],
    )


@pytest.fixture
async def upgraded(server: EmbeddedDatabase) -> AsyncIterator[tuple[Api, dict[str, Before]]]:
    name = f"old_{uuid4().hex}"
    dsn = await create_database(server, name)
    connection = await asyncpg.connect(dsn)
    migrations = load_migrations()
    await migrate(connection, migrations[:BEFORE])
    for user in USERS:
        await fill(connection, user)
    before = {user: await read_before(connection, user) for user in USERS}
    await migrate(connection, migrations)
    await connection.close()
    async with open_api(dsn) as api:
        yield api, before
    await drop_database(server, name)


async def list_ids(api: Api, user: str, name: str) -> list[str]:
    arguments = "first: 100, includeArchived: true" if name == "projects" else "first: 100"
    data = await api.data(f"query {{ {name}({arguments}) {{ edges {{ node {{ ... on Node {{ id }} }} }} }} }}", user)
    return [edge["node"]["id"] for edge in data[name]["edges"]]


async def found_ids(api: Api, user: str) -> set[str]:
    hits = (await api.data(SEARCH, user, words=f"of-{user}"))["search"]
    return {each["node"]["id"] for hit in hits for each in (hit, *hit["also"])}


async def test_every_list_is_the_same(upgraded: tuple[Api, dict[str, Before]]) -> None:
    api, before = upgraded
    for user in USERS:
        for name, ids in before[user].lists.items():
            assert len(ids) > 0
            assert await list_ids(api, user, name) == [str(each) for each in ids], name


async def test_a_search_finds_the_same(upgraded: tuple[Api, dict[str, Before]]) -> None:
    api, before = upgraded
    for user, other in (USERS, USERS[::-1]):
        assert len(before[user].found) > 5
        assert await found_ids(api, user) == {str(each) for each in before[user].found}
        data = await api.data(SEARCH, user, words=f"of-{other}")
        assert {hit["node"]["id"] for hit in data["search"]} <= {str(each) for each in before[user].found}


async def test_cursors_of_events_continue_at_the_same_place(upgraded: tuple[Api, dict[str, Before]]) -> None:
    api, before = upgraded
    for user in USERS:
        events = before[user].events
        for begin in (0, len(events) // 2, len(events)):
            after = EventPosition(*events[begin - 1][:2]) if begin else EventPosition(0, 0)
            async with api.database.connection() as connection:
                page = await list_events_of_user_after(connection, user, after, 1000)
            seen = [(e.xid, e.id, e.kind, e.subject_id, e.caused_by) for e in page.events]
            assert seen == [each[:5] for each in events[begin:]]


async def test_everything_can_be_restored_from_the_trash(upgraded: tuple[Api, dict[str, Before]]) -> None:
    api, before = upgraded
    for user in USERS:
        for record in before[user].lists["trash"]:
            answer = await api.data(RESTORE, user, id=str(record))
            assert answer["restore"]["id"] == str(record)
        assert await list_ids(api, user, "trash") == []
        async with api.database.connection() as connection:
            own = await connection.fetch(
                "SELECT subject_id FROM search_entries WHERE user_id = $1 AND project_id IS DISTINCT FROM "
                "(SELECT id FROM projects WHERE user_id = $1 AND archived_at IS NOT NULL)", user
            )  # fmt: skip
        found = await found_ids(api, user)
        assert found == {str(row[0]) for row in own}
        assert len(found) > len(before[user].found)
    for user, other in (USERS, USERS[::-1]):
        for name in LISTS:
            assert not set(await list_ids(api, user, name)) & set(await list_ids(api, other, name))
