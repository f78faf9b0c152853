"""Export and import of one user, and import of chat exports."""

import asyncio
import json
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.operations.progress import Silent
from app.operations.transfer.chats.branches import messages_of, shown_in
from app.operations.transfer.chats.importer import parse_chat
from app.operations.transfer.export import export_user, id_at, id_for
from app.operations.transfer.importer import import_file as import_with_report
from sql.errors import BadUserInput
from sql.repositories.attachments import CHUNK_BYTES
from sql.repositories.branches import insert_version, lock_branches, select_version
from sql.repositories.messages import insert_pending_reply
from sql.statements import Connection
from tests.processes import run_to_completion

QUIET = Silent()
FILL = """
INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner'), ('ben', 'Ben', 'member');
INSERT INTO projects (id, user_id, name, slug) VALUES
    ('01900000-0000-7000-8000-000000000009', 'ann', 'Apollo', 'apollo');
UPDATE projects SET name = 'Everything else' WHERE user_id = 'ann' AND is_default;
INSERT INTO conversations (id, user_id, project_id, title) VALUES
    ('01900000-0000-7000-8000-000000000001', 'ann', '01900000-0000-7000-8000-000000000009', 'chat 語');
INSERT INTO messages (id, user_id, conversation_id, content, message_type) VALUES
    ('01900000-0000-7000-8000-000000000002', 'ann', '01900000-0000-7000-8000-000000000001', 'hello 😀', 'user');
INSERT INTO messages (id, user_id, conversation_id, content, message_type, status, reply_to) VALUES
    ('01900000-0000-7000-8000-000000000003', 'ann', '01900000-0000-7000-8000-000000000001', 'half', 'kana', 'pending',
     '01900000-0000-7000-8000-000000000002');
INSERT INTO intents (id, user_id, conversation_id, source_message_id, description, status, actor, result) VALUES
    ('01900000-0000-7000-8000-000000000004', 'ann', '01900000-0000-7000-8000-000000000001',
     '01900000-0000-7000-8000-000000000002', 'do it', 'completed', 'ann', '{"text": "done"}');
INSERT INTO specifications (id, user_id, title, content, author, tags) VALUES
    ('01900000-0000-7000-8000-000000000005', 'ann', 'plan', 'first', 'ann', '{a,b}');
UPDATE specifications SET content = 'second';
BEGIN;
INSERT INTO decisions (id, user_id, number, title, kind, topic, topic_key, status, author, chosen_option_id, rationale)
    VALUES ('01900000-0000-7000-8000-000000000006', 'ann', 7, 'use this', 'choice', 'database', 'database', 'proposed',
            'ann', '01900000-0000-7000-8000-000000000007', 'fast');
INSERT INTO decision_options (id, decision_id, user_id, place, label, rejection_reason) VALUES
    ('01900000-0000-7000-8000-000000000007', '01900000-0000-7000-8000-000000000006', 'ann', 0, 'this', NULL),
    ('01900000-0000-7000-8000-000000000008', '01900000-0000-7000-8000-000000000006', 'ann', 1, 'that', 'too slow');
INSERT INTO decision_sources (decision_id, user_id, source_kind, source_id, place) VALUES
    ('01900000-0000-7000-8000-000000000006', 'ann', 'message', '01900000-0000-7000-8000-000000000002', 1);
UPDATE decisions SET status = 'accepted', reason = 'all agree';
COMMIT;
INSERT INTO context_snapshots (subject_id, user_id, items, token_count, token_budget, assembled_ms) VALUES
    ('01900000-0000-7000-8000-000000000004', 'ann', '[{"layer": "decision", "kind": "decision",
     "source_id": "01900000-0000-7000-8000-000000000006"}]', 1, 1, 1);
INSERT INTO message_citations (message_id, user_id, number, place, record_kind, record_id) VALUES
    ('01900000-0000-7000-8000-000000000003', 'ann', 2, 1, 'decision', '01900000-0000-7000-8000-000000000006'),
    ('01900000-0000-7000-8000-000000000003', 'ann', 1, 2, 'message', '01900000-0000-7000-8000-000000000002');
INSERT INTO conversations (user_id, title) VALUES ('ben', 'not hers');
"""

PROJECTS_OF_ROWS = """
SELECT r.id, p.name FROM (
    SELECT id, user_id, project_id FROM conversations UNION ALL SELECT id, user_id, project_id FROM messages
    UNION ALL SELECT id, user_id, project_id FROM intents UNION ALL SELECT id, user_id, project_id FROM specifications
    UNION ALL SELECT id, user_id, project_id FROM decisions UNION ALL SELECT id, user_id, project_id FROM memories
) AS r LEFT JOIN projects AS p ON p.id = r.project_id AND NOT p.is_default WHERE r.user_id = 'ann' ORDER BY r.id
"""


@pytest.fixture
async def filled(connection: Connection) -> Connection:
    await connection.execute(FILL)
    return connection


async def import_file(connection: Connection, user: str, path: Path) -> tuple[int, int]:
    """The numbers of new and of existing rows."""
    report = await import_with_report(connection, user, path, QUIET, max_bytes=2**30)
    return report.added, report.existing


async def export_to(connection: Connection, user: str, path: Path) -> list[dict[str, Any]]:
    lines = [line async for line in export_user(connection, user, QUIET)]
    path.write_bytes(b"".join(lines))  # noqa: ASYNC240 - a few lines
    return [orjson.loads(line) for line in lines]


async def test_export_contains_all_data_of_one_user_only(filled: Connection, tmp_path: Path) -> None:
    header, *lines = await export_to(filled, "ann", tmp_path / "out.jsonl")
    assert header["user"] == "ann"
    assert [line["table"] for line in lines] == [
        "projects", "projects", "conversations", "messages", "messages", "intents", "specifications", "decisions",
        "message_citations", "message_citations",
        "record_causes", "record_causes", "record_causes", "record_causes",
    ]  # fmt: skip
    assert [each["version"] for each in lines[6]["belonging"]["specification_revisions"]] == [1, 2]
    assert "not hers" not in (tmp_path / "out.jsonl").read_text()
    assert "claimed_by" not in (tmp_path / "out.jsonl").read_text()


async def test_import_restores_the_exported_rows(filled: Connection, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    before = await export_to(filled, "ann", path)
    await filled.execute("DELETE FROM users WHERE id = 'ann'")
    await filled.execute("INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner')")
    assert await import_file(filled, "ann", path) == (7, 0)
    assert await import_file(filled, "ann", path) == (0, 7)
    after = await export_to(filled, "ann", tmp_path / "again.jsonl")

    def comparable(lines: list[dict[str, Any]]) -> list[Any]:
        kept: list[Any] = json.loads(json.dumps(lines[1:]))
        default = next(line["row"] for line in kept if line["row"].get("is_default"))
        kept = json.loads(json.dumps(kept).replace(default["id"], "default"))
        for line in kept:
            if line["row"].get("is_default"):
                line["row"] = {"name": line["row"]["name"]}
            line["row"].pop("intents_extracted_at", None)
            line.get("belonging", {}).pop("intent_transitions", None)
            for revision in line.get("belonging", {}).get("specification_revisions", ()):
                revision.pop("created_at")
            for change in line.get("belonging", {}).get("decision_changes", ()):
                change.pop("id")
        return kept

    expected = comparable(before)
    expected[4]["row"]["status"] = "stopped"  # no worker will finish this reply
    assert sorted(map(str, comparable(after))) == sorted(map(str, expected))


async def test_all_versions_of_messages_are_imported_and_one_branch_is_shown(
    filled: Connection, tmp_path: Path
) -> None:
    asked, path = UUID("01900000-0000-7000-8000-000000000002"), tmp_path / "out.jsonl"
    async with filled.transaction():
        version = await insert_version(filled, await lock_branches(filled, "ann", asked), "hello again")
        await insert_pending_reply(filled, version)
        await select_version(filled, await lock_branches(filled, "ann", asked))
    lines = await export_to(filled, "ann", path)
    read = "SELECT content, shown FROM messages WHERE user_id = 'ben' ORDER BY id"
    expected = [("hello 😀", True), ("half", True), ("hello again", False), ("", False)]
    contents = {"old": lines, "damaged": json.loads(json.dumps(lines))}
    contents["old"] = [
        line | {"row": {n: v for n, v in line["row"].items() if n not in ("version_of", "branch", "selected", "shown")}}
        if line.get("table") == "messages" else line for line in lines
    ]  # fmt: skip
    for line in contents["damaged"]:
        if line.get("table") == "messages":
            line["row"] |= {"shown": True, "selected": line["row"]["version_of"] is None}
    for content, found in [
        (lines, expected),
        (contents["damaged"], [(text, not shown) for text, shown in expected]),  # the newest version is shown
        (contents["old"], [(text, True) for text, _ in expected]),
    ]:
        path.write_bytes(b"".join(orjson.dumps(line) + b"\n" for line in content))
        await filled.execute("DELETE FROM conversations WHERE user_id = 'ben'")
        await import_file(filled, "ben", path)
        assert [tuple(row) for row in await filled.fetch(read)] == found


async def test_import_for_another_user_creates_a_copy(filled: Connection, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    await export_to(filled, "ann", path)
    assert await import_file(filled, "ben", path) == (7, 0)
    assert await import_file(filled, "ben", path) == (0, 7)
    projects = "SELECT name, slug FROM projects WHERE user_id = 'ben' ORDER BY is_default"
    assert [(row["name"], row["slug"].rpartition("-")[0]) for row in await filled.fetch(projects)] == [
        ("Apollo", "apollo"), ("General", "general"),
    ]  # fmt: skip
    of_conversation = (
        "SELECT p.name FROM conversations c JOIN projects p ON p.id = c.project_id AND p.user_id = c.user_id "
        "WHERE c.user_id = 'ben' AND c.title = 'chat 語'"
    )
    assert await filled.fetchval(of_conversation) == "Apollo"
    rows = await filled.fetch("SELECT m.content FROM messages m JOIN conversations c ON c.id = m.conversation_id "
                              "WHERE m.user_id = 'ben' AND c.user_id = 'ben' ORDER BY m.id")  # fmt: skip
    assert [row[0] for row in rows] == ["hello 😀", "half"]
    chosen = (
        "SELECT o.label FROM decisions p JOIN decision_options o ON o.id = p.chosen_option_id WHERE p.user_id = 'ben'"
    )
    assert await filled.fetchval(chosen) == "this"
    assert await filled.fetchval("SELECT count(*) FROM messages WHERE user_id = 'ann'") == 2


async def test_one_project_is_exported_with_its_records_and_imported(filled: Connection, tmp_path: Path) -> None:
    apollo = UUID("01900000-0000-7000-8000-000000000009")
    await filled.execute("UPDATE specifications SET project_id = $1", apollo)
    await filled.execute(
        "INSERT INTO memories (user_id, project_id, profile, content, kind) VALUES "
        "('ann', $1, false, 'of Apollo', 'longterm'), ('ann', NULL, false, 'other', 'longterm'), "
        "('ann', NULL, true, 'of Ann', 'longterm')", apollo
    )  # fmt: skip
    await filled.execute("UPDATE intents SET project_id = default_project('ann')")  # moved out of its conversation
    path = tmp_path / "apollo.jsonl"
    lines = [line async for line in export_user(filled, "ann", QUIET, apollo)]
    path.write_bytes(b"".join(lines))
    tables = [line["table"] for line in map(orjson.loads, lines[1:])]
    counted = [each for each in tables if each not in ("record_causes", "message_citations")]
    assert counted == ["projects", "conversations", "messages", "messages", "specifications", "memories"]
    await import_file(filled, "ben", path)
    names = await filled.fetch(
        "SELECT p.name, m.content FROM memories AS m LEFT JOIN projects AS p ON p.id = m.project_id "
        "WHERE m.user_id = 'ben'"
    )
    assert [tuple(each) for each in names] == [("Apollo", "of Apollo")]
    whole = tmp_path / "all.jsonl"
    await export_to(filled, "ann", whole)
    before = await filled.fetch(PROJECTS_OF_ROWS)
    await filled.execute("DELETE FROM users WHERE id = 'ann'; INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
    await import_file(filled, "ann", whole)
    assert await filled.fetch(PROJECTS_OF_ROWS) == before


async def test_files_are_exported_and_imported_and_damaged_ones_left_out(filled: Connection, tmp_path: Path) -> None:
    path, content = tmp_path / "out.jsonl", bytes(range(256)) * 2000
    chunks = [content[start : start + CHUNK_BYTES] for start in range(0, len(content), CHUNK_BYTES)]
    for number, digest in ((1, sha256(content).hexdigest()), (2, "0" * 64)):
        file_id = UUID(f"01900000-0000-7000-8000-00000000010{number}")
        await filled.execute(
            "INSERT INTO attachments (id, user_id, name, media_type, size, sha256) "
            "VALUES ($1, 'ann', 'a.txt', 'text/plain', $2, $3)", file_id, len(content), digest,
        )  # fmt: skip
        for place, chunk in enumerate(chunks):
            start = place * CHUNK_BYTES
            await filled.execute("INSERT INTO attachment_chunks VALUES ($1, 'ann', $2, $3)", file_id, start, chunk)
        await filled.execute(
            "INSERT INTO message_attachments VALUES ('01900000-0000-7000-8000-000000000002', $1, 'ann', $2)",
            file_id, number,
        )  # fmt: skip
    await export_to(filled, "ann", path)
    for user in ("ben", "ann"):
        await filled.execute("DELETE FROM users WHERE id = 'ann'")
        await filled.execute("INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner')")
        report = await import_with_report(filled, user, path, QUIET, max_bytes=2**30)
        assert report.notes["import.files_damaged", ()] == 1
        stored = await filled.fetch(
            "SELECT a.unused_since, string_agg(k.content, ''::bytea ORDER BY k.start) AS content "
            "FROM message_attachments AS l JOIN attachments AS a ON a.id = l.attachment_id AND a.user_id = l.user_id "
            "JOIN attachment_chunks AS k ON k.attachment_id = a.id WHERE l.user_id = $1 GROUP BY a.id", user,
        )  # fmt: skip
        assert [(row["unused_since"], row["content"]) for row in stored] == [(None, content)]
        # A piece that overlaps those of a complete file is not taken.
        odd = path.read_bytes().replace(b'"start":0,', b'"start":5,').replace(b'"start":0}', b'"start":5}')
        assert b'"start":5' in odd
        (tmp_path / "odd.jsonl").write_bytes(odd)
        await import_with_report(filled, user, tmp_path / "odd.jsonl", QUIET, max_bytes=2**30)
        assert await filled.fetchval("SELECT count(*) FROM attachment_chunks WHERE start = 5") == 0


async def test_interrupted_import_can_be_repeated(filled: Connection, tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    await export_to(filled, "ann", path)
    whole = path.read_bytes()
    lines = whole.splitlines(keepends=True)
    path.write_bytes(b"".join(lines[:5]) + b"{broken\n")
    report = await import_with_report(filled, "ben", path, QUIET, max_bytes=2**30)
    assert [(each.key, each.params["line"]) for each in report.left_out] == [("import.line_left_out", 6)]
    await export_to(filled, "ben", tmp_path / "part.jsonl")
    path.write_bytes(whole)
    await import_file(filled, "ben", path)
    assert await filled.fetchval("SELECT count(*) FROM intents WHERE user_id = 'ben'") == 1


CLAUDE = {
    "uuid": "c1", "name": "Fences", "created_at": "2024-05-01T10:00:00.000000Z", "updated_at": "2024-05-01T10:05:00Z",
    "chat_messages": [
        {"uuid": "m1", "sender": "human", "text": "what is a fence? \u0000", "created_at": "2024-05-01T10:00:00Z",
         "attachments": [{"file_name": "notes.txt", "extracted_content": "x"}]},
        {"uuid": "m2", "sender": "assistant", "text": "", "content": [{"type": "text", "text": "A number."}],
         "created_at": "2024-05-01T10:00:00Z"},
        {"uuid": "m3", "sender": "human", "text": "", "content": [], "created_at": "2024-05-01T10:02:00Z"},
    ],
}  # fmt: skip


def node(key: str, parent: str | None, role: str, parts: list[Any], at: float | None, **more: Any) -> dict[str, Any]:
    message = {
        "id": key,
        "author": {"role": role},
        "create_time": at,
        "content": {"content_type": "text", "parts": parts},
    }
    return {"id": key, "parent": parent, "children": [], "message": {**message, **more}}


CHATGPT = {
    "title": "Leases", "create_time": 1714557600.5, "conversation_id": "g1", "current_node": "e",
    "mapping": {
        "root": {"id": "root", "parent": None, "children": [], "message": None},
        "a": node("a", "root", "system", [""], None),
        "b": node("b", "a", "user", ["what is a lease?"], 1714557601.0),
        "gone": node("gone", "b", "assistant", ["an answer that was regenerated"], 1714557602.0),
        "c": node("c", "b", "assistant", ["A promise", {"content_type": "image_asset_pointer"}], 1714557603.0),
        "d": node("d", "c", "tool", ["a tool's output"], 1714557604.0),
        "e": node("e", "d", "assistant", ["that ends."], 1714557602.5),
    },
}  # fmt: skip


@pytest.fixture
async def ann(connection: Connection) -> Connection:
    await connection.execute("INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner')")
    return connection


@pytest.mark.parametrize("archive", [True, False])
async def test_chat_export_is_imported_once_in_order_without_creating_work(
    ann: Connection, tmp_path: Path, archive: bool
) -> None:
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([CLAUDE, CHATGPT]))
    if archive:
        with zipfile.ZipFile(tmp_path / "export.zip", "w") as packed:
            packed.write(path, "data/conversations.json")
        path = tmp_path / "export.zip"
    assert await import_file(ann, "ann", path) == (6, 0)
    assert await import_file(ann, "ann", path) == (0, 6)
    rows = await ann.fetch(
        "SELECT c.title, m.content, m.message_type, m.intents_extracted_at IS NOT NULL AS extracted "
        "FROM messages m JOIN conversations c ON c.id = m.conversation_id ORDER BY c.title, m.shown DESC, m.id"
    )
    assert [tuple(row) for row in rows] == [
        ("Fences", "what is a fence? \ufffd\n\n[notes.txt]\n\nx", "user", True),
        ("Fences", "A number.", "kana", True),
        ("Leases", "what is a lease?", "user", True),
        ("Leases", "A promise\n\n[attachment]", "kana", True),
        ("Leases", "that ends.", "kana", True),
        ("Leases", "an answer that was regenerated", "kana", True),
    ]
    assert await ann.fetchval("SELECT count(*) FROM messages WHERE status = 'pending'") == 0
    assert await ann.fetchval("SELECT min(created_at) FROM messages") == datetime(2024, 5, 1, 10, tzinfo=UTC)


async def test_repeated_import_adds_new_messages(ann: Connection, tmp_path: Path) -> None:
    path = tmp_path / "conversations.json"
    path.write_text(json.dumps([{**CLAUDE, "chat_messages": CLAUDE["chat_messages"][:1]}]))
    assert await import_file(ann, "ann", path) == (1, 0)
    path.write_text(json.dumps([CLAUDE]))
    assert await import_file(ann, "ann", path) == (1, 1)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'[{"uuid": "x"}]', b'[{"mapping": 3}]', b"PK\x03\x04", b"\xff\xfe"]
)
async def test_invalid_file_is_refused_in_one_line(ann: Connection, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(BadUserInput) as refusal:
        await import_file(ann, "ann", tmp_path / "file")
    assert "\n" not in str(refusal.value)


def test_cyclic_conversation_ends() -> None:
    looping = {**CHATGPT, "mapping": {**CHATGPT["mapping"], "root": {"parent": "e", "message": None}}}  # type: ignore[dict-item]
    chat = parse_chat(looping)
    shown = shown_in(chat, messages_of(chat, datetime.now(UTC)))
    assert sorted(each.id for each in shown) == ["b", "c", "e"]


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC)), st.text(), st.uuids(version=4))  # noqa: DTZ001
def test_ids_are_valid_stable_and_sorted_by_time(moment: datetime, name: str, original: UUID) -> None:
    made = id_at(moment, name)
    assert made == id_at(moment, name) != id_at(moment, name, "x")
    assert made.version == 7
    assert made.variant == "specified in RFC 4122"
    assert made.int >> 80 == int(moment.timestamp() * 1000) or abs((made.int >> 80) - moment.timestamp() * 1000) < 1
    assert id_for("a", original).int >> 80 == original.int >> 80
    assert id_for("a", original) != id_for("b", original)


async def test_export_and_import_as_commands(tmp_path: Path) -> None:
    from tests.operations.test_backup import short_home

    with short_home() as home:
        (home / "conversations.json").write_text(json.dumps([CLAUDE]))
        environment = {"RESONANT_DATA_DIR": str(home / "data")}
        code, output = await run_to_completion("import", str(home / "conversations.json"), **environment)
        assert code == 0, output
        assert "2 new" in output
        code, output = await run_to_completion("export", str(home / "mine.jsonl"), **environment)
        assert code == 0, output
        assert "5 rows" in output
        assert (home / "mine.jsonl").stat().st_mode & 0o777 == 0o600
        for arguments, said in (
            (("add", "Apollo 11"), "apollo-11"),
            (("archive", "apollo-11"), "archived"),
            (("archive", "apollo-11", "--undo"), "restored"),
            (("list",), "apollo-11\tApollo 11\n"),
            (("export", "apollo-11", str(home / "apollo.jsonl")), "1 rows"),
            (("link", "apollo-11", str(home)), str(home)),
            (("link", "apollo-11", str(home), "--undo"), "No longer linked"),
            (("members", "apollo-11"), "\tadmin\n"),
            (("invite", "apollo-11", "--role", "reader"), "/invite/rei_"),
        ):
            code, output = await run_to_completion("project", *arguments, **environment)
            assert (code, said in output) == (0, True), output
        code, output = await run_to_completion("project", "archive", "nowhere", **environment)
        assert (code, "no such project" in output) == (1, True), output
        code, output = await run_to_completion("import", str(home / "mine.jsonl"), "--user", "nobody", **environment)
        assert code == 1
        assert "no user nobody" in output
    await asyncio.sleep(0)
