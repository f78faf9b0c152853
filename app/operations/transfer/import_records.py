"""Imports an export of this program, for the same user or for another one. A repeated import adds nothing."""

import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from app.errors import OperationFailed
from app.operations.progress import Report
from app.operations.transfer.chat_exports import import_conversations, read_chat_exports
from app.operations.transfer.export import FORMAT, OPERATIONAL, TABLES, VERSION, columns_of, id_for
from sql.statements import Connection

BATCH = 200
HEADER_BYTES = 4096
BY_NAME = {table.name: table for table in TABLES}
Line = dict[str, Any]


async def import_file(connection: Connection, user_id: str, path: Path, report: Report) -> tuple[int, int]:
    """Import an export of this program, Claude or ChatGPT; returns the numbers of new and of existing rows.

    After an interruption or a failure the imported rows remain and the import can be repeated. Raises OperationFailed.
    """
    try:
        with path.open("rb") as file:
            ours = FORMAT.encode() in file.read(HEADER_BYTES).split(b"\n")[0]
            if ours and not zipfile.is_zipfile(path):
                file.seek(0)
                total = sum(1 for _ in _lines(file)) - 1
                file.seek(0)
                return await import_records(connection, user_id, _lines(file), total, report)
    except OSError as error:
        raise OperationFailed(f"{path} cannot be read ({error.strerror}).") from None
    return await import_conversations(connection, user_id, read_chat_exports(path), report)


async def import_records(
    connection: Connection, user_id: str, lines: Iterable[bytes], total: int, report: Report
) -> tuple[int, int]:
    """Import the lines of an export; returns the numbers of new and of existing rows. Raises OperationFailed."""
    numbered = enumerate(lines, start=1)
    _, first = next(numbered, (0, b""))
    header = _parse_header(first)
    writer = _RowWriter(connection, user_id, rename=header["user"] != user_id)
    added = existing = 0
    with report.step("importing", total) as advance:
        while batch := list(islice(numbered, BATCH)):
            async with connection.transaction():
                for number, line in batch:
                    if await writer.insert(_parse_line(number, line)):
                        added += 1
                    else:
                        existing += 1
            advance(len(batch))
    return added, existing


def _lines(file: Iterable[bytes]) -> Iterator[bytes]:
    return (line for line in file if line.strip())


def _parse_header(line: bytes) -> Line:
    try:
        header: Line = orjson.loads(line)
        if header["format"] != FORMAT:
            raise KeyError(FORMAT)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise OperationFailed("This is not an export of Resonant Engine: its first line is not a header.") from None
    if header["version"] > VERSION:
        raise OperationFailed("This export was created by a newer program; import it with that program.")
    return header


def _parse_line(number: int, line: bytes) -> Line:
    try:
        parsed: Line = orjson.loads(line)
        if parsed["table"] not in BY_NAME or not isinstance(parsed["row"], dict):
            raise KeyError("table")
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise OperationFailed(f"Line {number} cannot be read; the lines before it were imported.") from None
    return parsed


class _RowWriter:
    """Inserts rows for one user; with `rename`, they get new ids that depend on the user."""

    def __init__(self, connection: Connection, user_id: str, *, rename: bool) -> None:
        self._connection = connection
        self._user_id = user_id
        self._rename = rename
        self._columns: dict[str, dict[str, str]] = {}

    async def insert(self, line: Line) -> bool:
        """Insert a row and its children unless the row exists; whether it was new."""
        table = BY_NAME[line["table"]]
        row = dict(line["row"])
        row["status"] = dict(table.replaced_statuses).get(row.get("status", ""), row.get("status"))
        if table.name == "messages":
            # So that no intents are extracted from old messages.
            row["intents_extracted_at"] = row.get("intents_extracted_at") or row.get("created_at")
        if not await self._insert_row(table.name, row):
            return False
        for child, _ in table.children:
            for each in line.get("belonging", {}).get(child, ()):
                await self._insert_row(child, each)
        return True

    async def _insert_row(self, table: str, row: Line) -> bool:
        columns = await self._columns_of(table)
        values = {name: self._value(columns[name], value) for name, value in row.items() if name in columns}
        if "user_id" in columns:
            values["user_id"] = self._user_id
        names = ", ".join(f'"{name}"' for name in values)
        statement = (
            f"INSERT INTO {table} ({names}) SELECT {names} FROM jsonb_populate_record(NULL::{table}, $1::text::jsonb) "  # noqa: S608
            "ON CONFLICT DO NOTHING"
        )
        try:
            done = await self._connection.execute(statement, orjson.dumps(values).decode())
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            raise OperationFailed(
                f"A row of {table} cannot be imported ({error}); the batches before it were imported."
            ) from None
        return done.endswith(" 1")

    async def _columns_of(self, table: str) -> dict[str, str]:
        if table not in self._columns:
            skipped = OPERATIONAL - ({"version"} if table.startswith("specification") else set())
            found = await columns_of(self._connection, table)
            self._columns[table] = {name: kind for name, kind in found.items() if name not in skipped}
        return self._columns[table]

    def _value(self, kind: str, value: Any) -> Any:
        if kind != "uuid" or value is None or not self._rename:
            return value
        return str(id_for(self._user_id, UUID(value)))
