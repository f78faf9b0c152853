"""Imports a file: an export of this program, or the archive of Claude or ChatGPT."""

import zipfile
from pathlib import Path

from app.files.store import FileStore
from app.operations.progress import Report
from app.operations.transfer.chats.importer import import_chats
from app.operations.transfer.chats.model import MAX_TEXT_BYTES
from app.operations.transfer.export import FORMAT
from app.operations.transfer.import_records import import_records
from app.operations.transfer.report import ImportReport
from sql.errors import BadUserInput
from sql.statements import Connection

HEADER_BYTES = 4096


async def import_file(
    connection: Connection,
    user_id: str,
    path: Path,
    progress: Report,
    *,
    max_bytes: int,
    max_text_bytes: int = MAX_TEXT_BYTES,
    store: FileStore | None = None,
) -> ImportReport:
    """Import a file; returns what was added and what was left out.

    `max_bytes` limits an unpacked archive, and `max_text_bytes` a text that a person wrote. Files go to `store`, by
    default the database.

    After an interruption the imported rows remain and the import can be repeated. Raises BadUserInput.
    """
    try:
        if _is_ours(path):
            return await import_records(
                connection, user_id, path, progress, max_text_bytes=max_text_bytes, store=store or FileStore()
            )
    except OSError as error:
        raise BadUserInput("import.file_unreadable", file=str(path), detail=error.strerror) from None
    return await import_chats(connection, user_id, path, progress, max_bytes=max_bytes)


def _is_ours(path: Path) -> bool:
    if path.is_dir():
        return False
    with path.open("rb") as file:
        return FORMAT.encode() in file.read(HEADER_BYTES).split(b"\n")[0] and not zipfile.is_zipfile(path)
