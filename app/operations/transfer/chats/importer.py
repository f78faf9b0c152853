"""Imports the conversations of a data export, one at a time, each in one transaction."""

import asyncio
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import asyncpg

from app.operations.progress import Report
from app.operations.transfer.archive import UNREADABLE, ChatFile, open_export
from app.operations.transfer.chats.chatgpt import from_chatgpt
from app.operations.transfer.chats.claude import from_claude
from app.operations.transfer.chats.model import Chat, as_text
from app.operations.transfer.chats.synchronize import synchronize
from app.operations.transfer.json_elements import Element, elements
from app.operations.transfer.report import NAME_CHARACTERS, ImportReport
from app.operations.transfer.tolerant_json import LeftOut, loads
from sql.errors import BadUserInput
from sql.sentences import Sentence, nested, sentence
from sql.statements import Connection

TITLE = re.compile(rb'"(?:title|name)"\s*:\s*"((?:[^"\\]|\\.){1,400})"')
NAMED_FILES = 5
MAX_CONVERSATIONS = 100_000
# A conversation is stored in one transaction, and its time grows faster than the number of messages.
MAX_MESSAGES = 20_000
NO_MESSAGES = sentence("import.no_messages")


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a file: a conversation, or the reason why it is none."""

    name: str
    file: str
    size: int
    chat: Chat | None = None
    refused: Sentence | None = None


async def import_chats(
    connection: Connection, user_id: str, path: Path, progress: Report, *, max_bytes: int
) -> ImportReport:
    """Import the conversations of Claude or ChatGPT. One that cannot be read is named in the report.

    Raises BadUserInput when the file cannot be read, is larger than `max_bytes` unpacked, or has no conversation.
    """
    report = ImportReport()
    read = 0
    with open_export(path, max_bytes=max_bytes) as export:
        total = sum(file.size for file in export.files)
        with progress.step("importing", total) as advance:
            entries = _entries(export.files)
            # Reading and parsing runs in a thread, so that a large conversation does not block the event loop.
            while (entry := await asyncio.to_thread(next, entries, None)) is not None:
                read += await _import(connection, user_id, entry, report)
                advance(entry.size)
        _note_other_files(report, export.others)
    if not read and report.left_out:
        raise BadUserInput("import.nothing_readable", file=str(path), reason=report.left_out[0].params["reason"])
    if not total:
        raise BadUserInput("import.nothing_readable", file=str(path), reason=nested(sentence("import.empty_file")))
    return report


async def _import(connection: Connection, user_id: str, entry: Entry, report: ImportReport) -> bool:
    """Whether the entry was a conversation that could be stored."""
    refused = entry.refused
    if entry.chat is not None and not any(node.text for node in entry.chat.nodes.values()):
        entry.chat.report_notes(report)
        report.leave_out("import.chat_left_out", NO_MESSAGES, name=entry.name, file=entry.file)
    elif entry.chat is not None:
        attempt = ImportReport()
        try:
            async with connection.transaction():
                await synchronize(connection, user_id, entry.chat, attempt, datetime.now(UTC))
        except (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError) as error:
            refused = sentence("import.refused", detail=str(error).partition("\n")[0])
        else:
            report.add(attempt)
    if refused is not None:
        report.leave_out("import.chat_left_out", refused, name=entry.name, file=entry.file)
    return refused is None


def _note_other_files(report: ImportReport, others: list[str]) -> None:
    if others:
        named = ", ".join(name.rpartition("/")[2] for name in others[:NAMED_FILES])
        report.note("import.other_files", len(others), names=named)


def _entries(files: list[ChatFile]) -> Iterator[Entry]:
    left = MAX_CONVERSATIONS
    for file in files:
        number = 0
        try:
            with file.open() as stream:
                for number, element in enumerate(elements(stream), start=1):
                    if not left:
                        why = sentence("import.too_many_conversations", maximum=MAX_CONVERSATIONS)
                        yield Entry(f"#{number}", file.name, 0, refused=why)
                        return
                    left -= 1
                    yield from _entry(file.name, number, element)
        except UNREADABLE as error:
            # The rest of a damaged file is missing; the other files of the archive are not.
            why = sentence("import.damaged", detail=str(error))
            yield Entry(f"#{number + 1}", file.name, 0, refused=why)


def _entry(file: str, number: int, element: Element) -> Iterator[Entry]:
    size = len(element.content)
    if element.refused is not None:
        yield Entry(_name_in(element.content, number), file, size, refused=element.refused)
        return
    try:
        raw = loads(element.content)
    except LeftOut as error:
        yield Entry(_name_in(element.content, number), file, size, refused=error.why)
        return
    conversations = raw.get("conversations") if isinstance(raw, dict) else None
    for each in conversations if isinstance(conversations, list) else [raw]:
        yield _parsed(each, file, number, size)


def _parsed(raw: Any, file: str, number: int, size: int) -> Entry:
    name = f"#{number}"
    try:
        if isinstance(raw, dict):
            name = (as_text(raw.get("title")) or as_text(raw.get("name")) or name)[:NAME_CHARACTERS]
        chat = parse_chat(raw)
        if len(chat.nodes) > MAX_MESSAGES:
            raise LeftOut(sentence("import.too_many_messages", maximum=MAX_MESSAGES))
        return Entry(name, file, size, chat=chat)
    except LeftOut as error:
        return Entry(name, file, size, refused=error.why)


def parse_chat(raw: Any) -> Chat:
    """A conversation of ChatGPT or Claude. Raises LeftOut when it is none."""
    if isinstance(raw, dict) and "mapping" in raw:
        return from_chatgpt(raw)
    if isinstance(raw, dict) and ("chat_messages" in raw or "messages" in raw):
        return from_claude(raw)
    raise LeftOut(sentence("import.unknown_chat"))


def _name_in(content: bytes, number: int) -> str:
    """The title at the beginning of an entry that is not read; otherwise its position."""
    found = TITLE.search(content[:4096])
    if found is None:
        return f"#{number}"
    try:
        title = loads(b'"' + found[1] + b'"')
    except LeftOut:
        return f"#{number}"
    return str(title)[:NAME_CHARACTERS]
