"""Export and import of a user whose projects have several members: their own records, and nobody sees more of them."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from app.operations.progress import Silent
from app.operations.transfer.export import export_user
from app.operations.transfer.importer import import_file
from sql.statements import Connection
from tests.operations.test_transfer import CLAUDE

APOLLO = "01900000-0000-7000-8000-000000000009"
FILL = """
INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner'), ('ben', 'Ben', 'member');
INSERT INTO projects (id, user_id, name, slug) VALUES
    ('01900000-0000-7000-8000-000000000009', 'ben', 'Apollo', 'apollo');
INSERT INTO project_members (project_id, user_id, role) VALUES ('01900000-0000-7000-8000-000000000009', 'ann', 'admin');
INSERT INTO conversations (id, user_id, project_id, title, visibility) VALUES
    ('01900000-0000-7000-8000-000000000001', 'ann', '01900000-0000-7000-8000-000000000009', 'private', 'private'),
    ('01900000-0000-7000-8000-000000000002', 'ann', '01900000-0000-7000-8000-000000000009', 'shared', 'project'),
    ('01900000-0000-7000-8000-000000000003', 'ben', '01900000-0000-7000-8000-000000000009', 'shared by Ben', 'project');
INSERT INTO messages (id, user_id, conversation_id, content, message_type) VALUES
    ('01900000-0000-7000-8000-000000000011', 'ann', '01900000-0000-7000-8000-000000000001', 'secret', 'user'),
    ('01900000-0000-7000-8000-000000000012', 'ann', '01900000-0000-7000-8000-000000000002', 'known', 'user'),
    ('01900000-0000-7000-8000-000000000013', 'ann', '01900000-0000-7000-8000-000000000003', 'to Ben', 'user'),
    ('01900000-0000-7000-8000-000000000014', 'ben', '01900000-0000-7000-8000-000000000002', 'from Ben', 'user');
INSERT INTO memories (id, user_id, content, kind, source_kind, source_id) VALUES
    ('01900000-0000-7000-8000-000000000021', 'ann', 'a secret', 'longterm', 'message',
     '01900000-0000-7000-8000-000000000011'),
    ('01900000-0000-7000-8000-000000000022', 'ann', 'a known fact', 'longterm', 'message',
     '01900000-0000-7000-8000-000000000012');
INSERT INTO actions (id, user_id, message_id, tool, summary, status, actor) VALUES
    ('01900000-0000-7000-8000-000000000031', 'ann', '01900000-0000-7000-8000-000000000011', 'search', 'of a secret',
     'done', 'ann');
INSERT INTO decisions (id, user_id, project_id, title, kind, topic, topic_key, status, author) VALUES
    ('01900000-0000-7000-8000-000000000041', 'ann', '01900000-0000-7000-8000-000000000009',
     'by Ann', 'rule', 'a', 'a', 'accepted', 'ann'),
    ('01900000-0000-7000-8000-000000000042', 'ben', '01900000-0000-7000-8000-000000000009',
     'by Ben', 'rule', 'b', 'b', 'accepted', 'ben');
"""
OWN = ("conversations", "messages", "memories", "actions", "decisions")


@pytest.fixture
async def filled(connection: Connection) -> Connection:
    await connection.execute(FILL)
    return connection


async def export_to(connection: Connection, user: str, path: Path, project: str | None = None) -> dict[str, list[Any]]:
    """The exported rows by table."""
    given = None if project is None else UUID(project)
    lines = [line async for line in export_user(connection, user, Silent(), given)]
    path.write_bytes(b"".join(lines))  # noqa: ASYNC240 - a few lines
    rows: dict[str, list[Any]] = {}
    for line in map(orjson.loads, lines[1:]):
        rows.setdefault(line["table"], []).append(line["row"])
    return rows


async def import_from(connection: Connection, user: str, path: Path) -> tuple[int, int, int]:
    report = await import_file(connection, user, path, Silent(), max_bytes=2**30)
    return report.added, report.existing, len(report.left_out)


async def seen_by_all(connection: Connection) -> dict[str, bool]:
    """Of Ann's records with a scope, whether all members see them, by title or text."""
    rows = await connection.fetch(
        "SELECT title AS name, scope_id = project_id AS by_all FROM conversations WHERE user_id = 'ann' UNION ALL "
        "SELECT content, scope_id = project_id FROM messages WHERE user_id = 'ann' UNION ALL "
        "SELECT content, scope_id = project_id FROM memories WHERE user_id = 'ann' UNION ALL "
        "SELECT summary, scope_id = project_id FROM actions WHERE user_id = 'ann'"
    )
    return {row["name"]: row["by_all"] for row in rows}


async def test_an_export_has_the_projects_of_an_admin_with_their_own_records(
    filled: Connection, tmp_path: Path
) -> None:
    for project in (None, APOLLO):
        rows = await export_to(filled, "ann", tmp_path / "out.jsonl", project)
        apollo = next(row for row in rows["projects"] if row["id"] == APOLLO)
        assert apollo["is_default"] is False
        assert [row["title"] for row in rows["conversations"]] == ["private", "shared"]
        assert [row["visibility"] for row in rows["conversations"]] == ["private", "project"]
        assert [row["content"] for row in rows["messages"]] == ["secret", "known"]
        assert [row["title"] for row in rows["decisions"]] == ["by Ann"]
        assert not any("scope_id" in row for table in rows.values() for row in table)
    await filled.execute("UPDATE project_members SET role = 'member' WHERE user_id = 'ann' AND project_id = $1", APOLLO)
    rows = await export_to(filled, "ann", tmp_path / "out.jsonl")
    assert APOLLO not in [row["id"] for row in rows["projects"]]
    assert [row["title"] for row in rows["decisions"]] == ["by Ann"]


async def test_who_has_left_exports_nothing_of_the_project(filled: Connection, tmp_path: Path) -> None:
    await filled.execute("UPDATE project_members SET role = NULL WHERE user_id = 'ann' AND project_id = $1", APOLLO)
    rows = await export_to(filled, "ann", tmp_path / "out.jsonl")
    assert [row["user_id"] for row in rows["projects"]] == ["ann"]
    assert not set(OWN) & set(rows)


async def test_another_users_default_project_does_not_become_the_own_one(filled: Connection, tmp_path: Path) -> None:
    await filled.execute(
        "INSERT INTO project_members (project_id, user_id, role) "
        "SELECT id, 'ann', 'admin' FROM projects WHERE user_id = 'ben' AND is_default"
    )
    rows = await export_to(filled, "ann", tmp_path / "out.jsonl")
    assert [row["user_id"] for row in rows["projects"] if row["is_default"]] == ["ann"]
    assert (await import_from(filled, "ann", tmp_path / "out.jsonl"))[0] == 0
    assert await filled.fetchval("SELECT count(*) FROM projects") == 3


async def test_records_return_to_their_project_and_are_seen_by_the_same_people(
    filled: Connection, tmp_path: Path
) -> None:
    path = tmp_path / "out.jsonl"
    await export_to(filled, "ann", path)
    before = await seen_by_all(filled)
    assert before == {"private": False, "secret": False, "a secret": False, "of a secret": False,
                      "shared": True, "known": True, "a known fact": True, "to Ben": True}  # fmt: skip
    assert await import_from(filled, "ann", path) == (0, 9, 0)
    for table in reversed(OWN):
        await filled.execute(f"DELETE FROM {table} WHERE user_id = 'ann' AND project_id = $1", APOLLO)  # noqa: S608
    assert await import_from(filled, "ann", path) == (8, 1, 0)
    del before["to Ben"]
    assert await seen_by_all(filled) == before
    of_project = "SELECT count(*) FROM decisions WHERE project_id = $1 AND user_id = 'ann'"
    assert await filled.fetchval(of_project, APOLLO) == 1


@pytest.mark.parametrize("role", [None, "reader"])
async def test_an_import_writes_nothing_into_a_project_that_the_user_may_not_change(
    filled: Connection, tmp_path: Path, role: str | None
) -> None:
    path = tmp_path / "out.jsonl"
    await export_to(filled, "ann", path)
    for table in reversed(OWN):
        await filled.execute(f"DELETE FROM {table} WHERE user_id = 'ann' AND project_id = $1", APOLLO)  # noqa: S608
    await filled.execute("UPDATE project_members SET role = $2 WHERE user_id = 'ann' AND project_id = $1", APOLLO, role)
    await import_from(filled, "ann", path)
    for table in OWN:
        rows = f"SELECT count(*) FROM {table} WHERE user_id = 'ann' AND project_id = $1"  # noqa: S608
        assert await filled.fetchval(rows, APOLLO) == 0, table
    assert await filled.fetchval("SELECT count(*) FROM decisions WHERE user_id = 'ann'") == 1
    # The project is copied, and she alone is its member.
    copy = "SELECT array_agg(m.user_id) FROM projects p JOIN project_members m ON m.project_id = p.id " \
           "WHERE p.user_id = 'ann' AND NOT p.is_default"  # fmt: skip
    assert await filled.fetchval(copy) == ["ann"]


async def test_what_comes_from_a_private_message_stays_private_without_it(filled: Connection, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    await filled.execute("DELETE FROM messages WHERE content = 'secret'")
    await export_to(filled, "ann", path)
    assert (await seen_by_all(filled))["of a secret"] is False
    for table in reversed(OWN):
        await filled.execute(f"DELETE FROM {table} WHERE user_id = 'ann' AND project_id = $1", APOLLO)  # noqa: S608
    await import_from(filled, "ann", path)
    seen = await seen_by_all(filled)
    assert (seen["a secret"], seen["of a secret"], seen["a known fact"]) == (False, False, True)


async def test_a_chat_is_not_imported_into_a_project_that_the_user_has_left(filled: Connection, tmp_path: Path) -> None:
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([{**CLAUDE, "chat_messages": CLAUDE["chat_messages"][:1]}]))
    assert (await import_from(filled, "ann", path))[0] == 1
    await filled.execute("UPDATE conversations SET project_id = $1 WHERE title = 'Fences'", APOLLO)
    await filled.execute("UPDATE project_members SET role = NULL WHERE user_id = 'ann' AND project_id = $1", APOLLO)
    path.write_text(json.dumps([CLAUDE]))
    assert (await import_from(filled, "ann", path))[0] == 0
    await filled.execute("UPDATE project_members SET role = 'member' WHERE user_id = 'ann' AND project_id = $1", APOLLO)
    assert (await import_from(filled, "ann", path))[0] == 1
