"""Import of many rows with few statements: each row is as if it had been imported alone."""

from pathlib import Path
from typing import Any

import orjson
import pytest

from app.operations.progress import Silent
from app.operations.transfer.import_records import BATCH
from app.operations.transfer.importer import import_file
from app.operations.transfer.report import ImportReport
from sql.statements import Connection
from tests.operations.test_import_authority import NOW, Lines, line, own

PEOPLE = "INSERT INTO users (id, display_name, role) VALUES ('eve', 'Eve', 'member')"
TALK = own(1)


@pytest.fixture
async def eve(connection: Connection) -> Connection:
    await connection.execute(PEOPLE)
    return connection


async def import_lines(connection: Connection, folder: Path, lines: Lines) -> ImportReport:
    header = {"format": "resonant-export", "version": 1, "user": "eve", "at": NOW, "schema": 1}
    path = folder / "export.jsonl"
    path.write_bytes(b"\n".join(map(orjson.dumps, [header, *lines])))
    return await import_file(connection, "eve", path, Silent(), max_bytes=2**30)


def message(number: int, **row: Any) -> dict[str, Any]:
    given = {"id": own(number), "conversation_id": TALK, "content": f"{number}", "message_type": "user"}
    return line("messages", **{**given, **row})


async def test_a_batch_needs_few_statements(eve: Connection, tmp_path: Path) -> None:
    lines = [line("conversations", id=TALK, title="t"), *(message(2 + number) for number in range(BATCH - 1))]
    statements: list[str] = []

    def log(record: Any) -> None:
        statements.append(record.query)

    eve.add_query_logger(log)
    report = await import_lines(eve, tmp_path, lines)
    eve.remove_query_logger(log)
    assert report.added == BATCH
    assert len(statements) < 60


async def test_references_inside_a_batch_lead_to_earlier_rows_only(eve: Connection, tmp_path: Path) -> None:
    report = await import_lines(eve, tmp_path, [
        line("conversations", id=TALK, title="t"),
        message(2, reply_to=own(3)),
        message(3, reply_to=own(2)),
        message(4, reply_to=own(4)),
    ])  # fmt: skip
    found = await eve.fetch("SELECT id::text, reply_to::text FROM messages ORDER BY id")
    assert [tuple(row) for row in found] == [(own(2), None), (own(3), own(2)), (own(4), None)]
    assert report.notes["import.references_removed", ()] == 2


async def test_columns_that_only_some_rows_have_get_their_defaults_in_the_others(
    eve: Connection, tmp_path: Path
) -> None:
    await import_lines(eve, tmp_path, [
        line("memories", id=own(2), content="a", kind="longterm", weight=0.25, tags=["x"]),
        {"table": "memories", "row": {"id": own(3), "content": "b", "kind": "longterm"}},
    ])  # fmt: skip
    [first, second] = await eve.fetch("SELECT weight, tags, created_at, archived FROM memories ORDER BY id")
    assert (first["weight"], first["tags"], first["created_at"].isoformat()) == (
        0.25,
        ["x"],
        NOW.replace("Z", "+00:00"),
    )
    default = await eve.fetchrow(
        "INSERT INTO memories (user_id, content, kind) VALUES ('eve', 'c', 'longterm') RETURNING *"
    )
    assert default is not None
    assert (second["weight"], second["tags"], second["archived"]) == (default["weight"], default["tags"], False)


async def test_memories_of_an_older_file_wait_for_no_review(eve: Connection, tmp_path: Path) -> None:
    await import_lines(
        eve,
        tmp_path,
        [
            line("memories", id=own(2), content="older", kind="longterm"),
            line("memories", id=own(3), content="not reviewed", kind="longterm", reviewed_at=None),
        ],
    )
    found = await eve.fetch("SELECT content FROM memories WHERE reviewed_at IS NULL")
    assert [row["content"] for row in found] == ["not reviewed"]


async def test_repeated_and_refused_rows_of_a_batch_do_not_harm_the_others(eve: Connection, tmp_path: Path) -> None:
    report = await import_lines(eve, tmp_path, [
        line("conversations", id=TALK, title="t"),
        message(2),
        message(2, content="again"),
        message(3, message_type="nobody"),
        message(4, conversation_id=own(99)),
        message(5),
    ])  # fmt: skip
    assert await eve.fetchval("SELECT array_agg(content ORDER BY id) FROM messages") == ["2", "5"]
    assert (report.added, report.existing, len(report.left_out)) == (3, 1, 2)
