"""An export comes in again: into an empty installation, beside what is there, or for another user."""

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any
from uuid import UUID

import asyncpg
import orjson

from app.operations.progress import Report
from app.operations.transfer.export import FORMAT, VERSION
from app.operations.transfer.failure import CannotImport
from app.operations.transfer.ids import id_for
from app.operations.transfer.tables import OPERATIONAL, TABLES, columns_of
from sql.statements import Connection

BATCH = 200
BY_NAME = {table.name: table for table in TABLES}
Line = dict[str, Any]


def read_header(line: bytes) -> Line:
    """Raises CannotImport for anything but an export that this program understands."""
    try:
        header: Line = orjson.loads(line)
        if header["format"] != FORMAT:
            raise KeyError(FORMAT)
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise CannotImport("This is no export of Resonant Engine: its first line does not say so.") from None
    if header["version"] > VERSION:
        raise CannotImport("This export was made by a newer program; import it with that one.")
    return header


async def import_records(
    connection: Connection, user_id: str, lines: Iterable[bytes], total: int, report: Report
) -> tuple[int, int]:
    """How many rows came in, and how many were there already. Killed or failed, it is simply run again."""
    numbered = enumerate(lines, start=1)
    _, first = next(numbered, (0, b""))
    header = read_header(first)
    into = _Into(connection, user_id, rename=header["user"] != user_id)
    added = there = 0
    with report.step("importing", total) as advance:
        while batch := list(islice(numbered, BATCH)):
            async with connection.transaction():
                for number, line in batch:
                    if await into.insert(_read(number, line)):
                        added += 1
                    else:
                        there += 1
            advance(len(batch))
    return added, there


def _read(number: int, line: bytes) -> Line:
    try:
        read: Line = orjson.loads(line)
        if read["table"] not in BY_NAME or not isinstance(read["row"], dict):
            raise KeyError("table")
    except (orjson.JSONDecodeError, KeyError, TypeError):
        raise CannotImport(f"Line {number} cannot be read; what stands before it is imported.") from None
    return read


class _Into:
    """Writes rows for one user."""

    def __init__(self, connection: Connection, user_id: str, *, rename: bool) -> None:
        self._connection = connection
        self._user_id = user_id
        self._rename = rename
        self._columns: dict[str, dict[str, str]] = {}

    async def insert(self, line: Line) -> bool:
        """Whether the row was new; then the rows that belong to it come with it."""
        table = BY_NAME[line["table"]]
        row = dict(line["row"])
        row["status"] = dict(table.rewritten).get(row.get("status", ""), row.get("status"))
        if table.name == "messages":
            row["read_at"] = row.get("read_at") or row.get("created_at")  # nothing is raised from it again
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
            raise CannotImport(f"A row of {table} cannot be imported ({error}); what stands before it is.") from None
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


def lines_of(file: Iterable[bytes]) -> Iterator[bytes]:
    """Without empty ones."""
    return (line for line in file if line.strip())
