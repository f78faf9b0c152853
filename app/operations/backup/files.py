"""The archive of a backup: the files of the object store as entries of a tar file, named by their ids."""

import asyncio
import tarfile
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from app.errors import OperationFailed
from app.files.moving import IN_MEMORY, place_file, spool_file
from app.files.reading import OneConnection
from app.files.store import PIECE_BYTES, Damaged, FileStore, StoreUnavailable
from app.operations.progress import Report
from sql.repositories.attachments import Piece
from sql.repositories.objects import StoredFile, list_files_without_bytes, list_object_files
from sql.rows import AttachmentRow
from sql.statements import Connection


@dataclass(frozen=True, slots=True)
class Packed:
    """The number of files in an archive, and the ids of those whose bytes are missing or damaged."""

    count: int
    missing: list[str]


async def pack_files(files: Sequence[StoredFile], target: Path, report: Report) -> Packed:
    """Write the verified bytes of these files to an archive. Raises OperationFailed."""
    store, missing = FileStore(), []
    with _failures_reported(), tarfile.open(target, "w") as archive, report.step("files", len(files)) as packed:
        for each in files:
            with SpooledTemporaryFile(IN_MEMORY, dir=str(target.parent)) as spool:
                try:
                    await spool_file(_pieces_of(store, each), each.row, spool)
                except Damaged:
                    missing.append(str(each.row.id))
                    continue
                entry = tarfile.TarInfo(str(each.row.id))
                entry.size = each.row.size
                spool.seek(0)
                await asyncio.to_thread(archive.addfile, entry, spool)
            packed(1)
    await store.close()
    return Packed(len(files) - len(missing), missing)


async def _pieces_of(store: FileStore, file: StoredFile) -> AsyncIterator[bytes]:
    for start, size, sha256 in file.pieces:
        yield await store.get(Piece(start, None, size, sha256, file.row.object))


async def compare_files(connection: Connection, archive: Path | None, missing: Sequence[str], report: Report) -> None:
    """Check that the archive has the bytes of all files that the database has in the object store.

    Raises OperationFailed.
    """
    rows = {each.row.id: each.row for each in await list_object_files(connection)}
    with report.step("files", len(rows)) as compared:
        for file_id, content in _entries(archive):
            if (row := rows.pop(file_id, None)) is not None:
                with SpooledTemporaryFile(IN_MEMORY) as spool:
                    await _spool(content, row, spool)
            compared(1)
    if absent := sorted({str(each) for each in rows} - {*missing}):
        raise OperationFailed(f"The backup has no bytes of {len(absent)} files ({', '.join(absent[:5])}, ...).")


async def place_files(connection: Connection, archive: Path | None, store: FileStore, report: Report) -> None:
    """Store the files of an archive where new files go.

    The objects are new ones: those of the database that was backed up stay untouched. Raises OperationFailed.
    """
    rows = {row.id: row for row in await list_files_without_bytes(connection)}
    with _failures_reported(), report.step("files", len(rows)) as placed:
        for file_id, content in _entries(archive):
            if (row := rows.pop(file_id, None)) is None:
                continue
            with SpooledTemporaryFile(IN_MEMORY) as spool:
                await _spool(content, row, spool)
                await place_file(OneConnection(connection), store, row, spool)
            placed(1)


async def _spool(content: IO[bytes], row: AttachmentRow, spool: IO[bytes]) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        while piece := await asyncio.to_thread(content.read, PIECE_BYTES):
            yield piece

    try:
        await spool_file(pieces(), row, spool)
    except Damaged:
        raise OperationFailed(f"The backup has other bytes of the file {row.id} than its database says.") from None


def _entries(archive: Path | None) -> Iterator[tuple[UUID, IO[bytes]]]:
    if archive is None:
        return
    with tarfile.open(archive, "r:") as opened:
        for entry in opened:
            if (content := opened.extractfile(entry)) is not None:
                yield UUID(entry.name), content


@contextmanager
def _failures_reported() -> Iterator[None]:
    try:
        yield
    except StoreUnavailable as failure:
        raise OperationFailed(f"The object store of the files cannot be used: {failure.__cause__}") from None
