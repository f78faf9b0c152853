"""Imports a file: an export of this program, or the archive of Claude or ChatGPT."""

import zipfile
from pathlib import Path

from app.operations.progress import Report
from app.operations.transfer.chat_exports import import_conversations, read_chat_exports
from app.operations.transfer.export import FORMAT
from app.operations.transfer.import_records import import_records
from app.operations.transfer.report import ImportReport
from sql.errors import BadUserInput
from sql.statements import Connection

HEADER_BYTES = 4096


async def import_file(connection: Connection, user_id: str, path: Path, progress: Report) -> ImportReport:
    """Import a file; returns what was added and what was left out.

    After an interruption the imported rows remain and the import can be repeated. Raises BadUserInput.
    """
    try:
        if _is_ours(path):
            return await import_records(connection, user_id, path, progress)
    except OSError as error:
        raise BadUserInput("import.file_unreadable", file=str(path), detail=error.strerror) from None
    added, existing = await import_conversations(connection, user_id, read_chat_exports(path), progress)
    return ImportReport(added=added, existing=existing)


def _is_ours(path: Path) -> bool:
    with path.open("rb") as file:
        return FORMAT.encode() in file.read(HEADER_BYTES).split(b"\n")[0] and not zipfile.is_zipfile(path)
