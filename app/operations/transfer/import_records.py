"""Imports an export of this program, for the same user or for another one. A repeated import adds nothing."""

import asyncio
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import BinaryIO

import asyncpg

from app.files.store import FileStore
from app.operations.progress import Advance, Report
from app.operations.transfer.export import FORMAT, VERSION
from app.operations.transfer.file_contents import move_imported
from app.operations.transfer.report import ImportReport
from app.operations.transfer.row_checks import Line
from app.operations.transfer.row_writer import BY_NAME, RowWriter
from app.operations.transfer.tolerant_json import LeftOut, loads
from sql.errors import BadUserInput
from sql.sentences import Sentence, sentence
from sql.statements import Connection

BATCH = 500
MAX_LINE_BYTES = 64 * 2**20
BATCH_BYTES = 8 * 2**20
REFUSALS = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError, OverflowError, LeftOut)
Numbered = tuple[int, bytes]
# What was moved to another project than its conversation stays there; see keeps_project in sql/migrations.
KEEP_PROJECTS = "SET LOCAL resonant.import = 'on'"


async def import_records(
    connection: Connection, user_id: str, path: Path, progress: Report, *, max_text_bytes: int, store: FileStore
) -> ImportReport:
    """Import the lines of an export. A line that cannot be imported is named in the report. Raises BadUserInput."""
    report = ImportReport()
    with path.open("rb") as file:
        lines = _lines(file)
        _, first = next(lines, (0, b""))
        header = _parse_header(first)
        writer = RowWriter(connection, user_id, report, rename=header["user"] != user_id, max_text_bytes=max_text_bytes)
        with progress.step("importing", os.fstat(file.fileno()).st_size) as advance:
            while batch := await asyncio.to_thread(_next_batch, lines):
                await _import_batch(connection, writer, report, batch)
                _advance(advance, batch)
    async with connection.transaction():
        await writer.link()
        await writer.delete_damaged_files()
        await writer.show_branches()
    report.note("import.files_in_database", await move_imported(connection, store, user_id, writer.files))
    writer.note_lost_references()
    return report


def _advance(advance: Advance, batch: list[Numbered]) -> None:
    advance(sum(len(line) for _, line in batch))


def _next_batch(lines: Iterator[Numbered]) -> list[Numbered]:
    batch: list[Numbered] = []
    size = 0
    for numbered in islice(lines, BATCH):
        batch.append(numbered)
        size += len(numbered[1])
        if size > BATCH_BYTES:
            break
    return batch


def _lines(file: BinaryIO) -> Iterator[Numbered]:
    """The lines that are not blank, with their numbers; of a line that is too long, its beginning."""
    number = 0
    while line := file.readline(MAX_LINE_BYTES + 1):
        number += 1
        if len(line) > MAX_LINE_BYTES:
            while rest := file.readline(2**20):
                if rest.endswith(b"\n"):
                    break
        if line.strip():
            yield number, line


def _parse_header(line: bytes) -> Line:
    try:
        header: Line = loads(line)
        known = header["format"] == FORMAT and isinstance(header["user"], str) and isinstance(header["version"], int)
    except (LeftOut, KeyError, TypeError):
        known = False
    if not known:
        raise BadUserInput("import.not_an_export")
    if header["version"] > VERSION:
        raise BadUserInput("import.newer_format")
    return header


async def _import_batch(connection: Connection, writer: RowWriter, report: ImportReport, batch: list[Numbered]) -> None:
    """Import a batch in one transaction; when a row is refused, each row in a transaction of its own."""
    parsed = await asyncio.to_thread(_parse_batch, report, batch)
    await writer.prepare(line for _, line in parsed)
    before = writer.checkpoint()
    try:
        async with connection.transaction():
            await connection.execute(KEEP_PROJECTS)
            new = await writer.insert_all([line for _, line in parsed])
    except REFUSALS:
        writer.forget(before)
        new = [await _insert_alone(connection, writer, report, number, line) for number, line in parsed]
    async with connection.transaction():
        await writer.link(since=before[0])
    for (_, line), added in zip(parsed, new, strict=True):
        report.added += added is True
        report.existing += added is False
        if added:
            _note_replaced(report, line)


def _parse_batch(report: ImportReport, batch: list[Numbered]) -> list[tuple[int, Line]]:
    return [(number, line) for number, raw in batch if (line := _parse_line(report, number, raw)) is not None]


async def _insert_alone(
    connection: Connection, writer: RowWriter, report: ImportReport, number: int, line: Line
) -> bool | None:
    """Whether the row is new; None when it was left out."""
    before = writer.checkpoint()
    try:
        async with connection.transaction():
            await connection.execute(KEEP_PROJECTS)
            return await writer.insert(line)
    except REFUSALS as error:
        writer.forget(before)
        why = error.why if isinstance(error, LeftOut) else sentence("import.refused", detail=first_line(error))
        report.leave_out("import.line_left_out", why, line=number)
        return None


def first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _note_replaced(report: ImportReport, line: Line) -> None:
    """Count what a person has to do again here."""
    table, status = BY_NAME[line["table"]], line["row"].get("status")
    of_person = line["row"].get("assignee") == "person"
    if table.name == "intents" and not of_person and status in (None, "pending", "processing", "awaiting_confirmation"):
        report.note("import.intents_wait")
    elif table.name == "specifications" and status == "approved":
        report.note("import.specifications_wait")
    elif table.name == "messages" and status in ("pending", "streaming"):
        report.note("import.replies_stopped")


def _parse_line(report: ImportReport, number: int, raw: bytes) -> Line | None:
    """The line as a row of a known table; None, with a line in the report, when it is none."""
    reason: Sentence
    if len(raw) > MAX_LINE_BYTES:
        reason = sentence("import.too_large", maximum=MAX_LINE_BYTES)
    else:
        try:
            line: Line = loads(raw)
            if line["table"] in BY_NAME and isinstance(line["row"], dict):
                return line
            reason = sentence("import.unknown_table")
        except LeftOut as error:
            reason = error.why
        except (KeyError, TypeError):
            reason = sentence("import.unknown_table")
    report.leave_out("import.line_left_out", reason, line=number)
    return None
