"""Exports one user's data as JSON Lines: a header, then one line per row with its dependent rows."""

import hashlib
import os
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO
from uuid import UUID

import orjson

from app.database.migrations import current_version
from app.errors import OperationFailed
from app.operations.progress import Report
from app.operations.transfer.file_contents import FileContents
from app.operations.transfer.tables import TABLES, ExportedTable
from sql.statements import Connection

FORMAT = "resonant-export"
VERSION = 1
# Claims and derived values belong to this installation, not to the user.
OPERATIONAL = frozenset(
    {
        "claimed_by",
        "lease_until",
        "fence",
        "attempts",
        "next_attempt_at",
        "trace_parent",
        "idempotency_key",
        "version",
        "object",
        "scope_id",
        "withheld",
    }
)
UUID_VERSION_7 = 0x7 << 76
UUID_VARIANT = 0b10 << 62
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def columns_of(connection: Connection, table: str) -> dict[str, str]:
    """Type by column, without generated and identity columns; empty when the table does not exist."""
    rows = await connection.fetch(
        "SELECT attname, format_type(atttypid, NULL) AS type FROM pg_attribute "
        "WHERE attrelid = to_regclass($1) AND attnum > 0 AND NOT attisdropped "
        "AND attidentity = '' AND attgenerated = ''",
        table,
    )
    return {row["attname"]: row["type"] for row in rows}


def id_at(time: datetime, *names: str) -> UUID:
    """A UUIDv7 with this time whose other bits depend only on `names`, so a repeated import makes the same id."""
    return _uuid7((time - EPOCH) // timedelta(milliseconds=1), "\x1f".join(names))


def id_for(user_id: str, original: UUID) -> UUID:
    """The id of another user's copy of a row; it keeps the time of the original id."""
    return _uuid7(original.int >> 80, f"{user_id}\x1f{original}")


def _uuid7(milliseconds: int, seed: str) -> UUID:
    digest = int.from_bytes(hashlib.sha256(seed.encode()).digest()[:10], "big")
    random_a, random_b = digest >> 68, digest & (2**62 - 1)
    return UUID(int=(milliseconds & (2**48 - 1)) << 80 | UUID_VERSION_7 | random_a << 64 | UUID_VARIANT | random_b)


async def write_export(
    connection: Connection, user_id: str, path: Path, report: Report, project_id: UUID | None = None
) -> tuple[int, list[str]]:
    """Write the export, of one project if it is given, to a file that only its owner can read.

    Returns the number of rows, and the ids of the files whose bytes are missing in the object store or damaged there.
    Raises OperationFailed and StoreUnavailable.
    """
    lines = 0
    files = FileContents()
    with _private_file(path) as file:
        async for line in export_user(connection, user_id, report, project_id, files):
            file.write(line)
            lines += 1
    return lines - 1, files.damaged


async def export_user(
    connection: Connection,
    user_id: str,
    report: Report,
    project_id: UUID | None = None,
    files: FileContents | None = None,
) -> AsyncIterator[bytes]:
    """The lines of the export, each ending in a newline, all from one snapshot; `files` has the bytes of its files.

    That of a project has no profile memories.
    """
    files = files or FileContents()
    async with connection.transaction(isolation="repeatable_read", readonly=True):
        yield _line(
            {
                "format": FORMAT,
                "version": VERSION,
                "user": user_id,
                "at": datetime.now(UTC),
                "schema": await current_version(connection),
            }
        )
        for table in TABLES:
            if not await columns_of(connection, table.name):
                continue
            where, values = _scope(table, user_id, project_id)
            count = await connection.fetchval(f"SELECT count(*) FROM {table.name} AS t WHERE {where}", *values)  # noqa: S608
            with report.step(table.name, count) as advance:
                async for row in _rows(connection, table, where, values):
                    # The bytes of a piece may be in the object store, and are then exported as several rows.
                    pieces = await files.rows_of(row["row"]) if table.name == "attachment_chunks" else [row["row"]]
                    for each in pieces:
                        yield _line({"table": table.name, **row, "row": each})
                    advance(1)


def _scope(table: ExportedTable, user_id: str, project_id: UUID | None) -> tuple[str, list[Any]]:
    """The condition for the rows to export, and its values."""
    seen = f"{table.seen} IN (SELECT s.scope_id FROM user_scopes AS s WHERE s.user_id = $1)"  # noqa: S608
    own = f"{table.of_user} AND {seen}"
    if project_id is None:
        return own, [user_id]
    return f"{own} AND {table.of_project}", [user_id, project_id]


async def _rows(
    connection: Connection, table: ExportedTable, where: str, values: Sequence[Any]
) -> AsyncIterator[dict[str, Any]]:
    """The rows of one user; table and column names come from `TABLES`, never from input."""
    dependent = [*((child.name, child.parent) for child in table.children), *table.history]
    belonging = ", ".join(
        f"(SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c), '[]') FROM {child} AS c "  # noqa: S608
        f"WHERE c.{column} = t.id) AS {child}"
        for child, column in dependent
    )
    columns = f"{table.row} AS row{', ' + belonging if belonging else ''}"
    query = f"SELECT {columns} FROM {table.name} AS t WHERE {where} ORDER BY {table.order}"  # noqa: S608
    async for record in connection.cursor(query, *values, prefetch=table.batch):
        left_out = OPERATIONAL - {"version"} if table.name != "attachment_chunks" else frozenset()
        row = {name: value for name, value in _decoded(record["row"]).items() if name not in left_out}
        children = {child: _decoded(record[child]) for child, _ in dependent}
        yield {"row": row} | ({"belonging": children} if children else {})


def _decoded(value: Any) -> Any:
    # A connection with the JSON codec returns objects, one without it returns text.
    return orjson.loads(value) if isinstance(value, str) else value


def _line(content: dict[str, Any]) -> bytes:
    return orjson.dumps(content) + b"\n"


@contextmanager
def _private_file(path: Path) -> Iterator[BinaryIO]:
    """Write to a temporary file with mode 600 and rename it to `path` when the block succeeds.

    A device or a pipe is written directly, and is not replaced. Raises OperationFailed.
    """
    target = path.resolve()
    special = target.exists() and not target.is_file()
    part = target if special else target.with_name(f".{target.name}.part")
    try:
        descriptor = os.open(part, os.O_WRONLY | (0 if special else os.O_CREAT | os.O_TRUNC), 0o600)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            if not special:
                os.fsync(descriptor)
        if not special:
            part.rename(target)
    except OSError as error:
        raise OperationFailed(f"{path} cannot be written ({error.strerror}).") from None
    finally:
        if not special:
            part.unlink(missing_ok=True)
