"""The archive of a backup: the files of the object store as entries of a tar file, named by their ids."""

import asyncio
import hashlib
import tarfile
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from tempfile import SpooledTemporaryFile
from typing import IO
from uuid import UUID

from app.errors import OperationFailed
from app.files.moving import IN_MEMORY, place_file, spool_file
from app.files.reading import OneConnection
from app.files.store import PIECE_BYTES, Damaged, FileStore, StoreUnavailable
from app.operations.backup.pg_tools import in_thread
from app.operations.backup.written_file import WrittenFile
from app.operations.progress import Report
from sql.repositories.attachments import Piece
from sql.repositories.objects import StoredFile, list_files_without_bytes, list_object_files
from sql.rows import AttachmentRow
from sql.statements import Connection

KEPT_BYTES = 32 * 1024 * 1024
END = bytes(2 * tarfile.BLOCKSIZE)
Archive = Iterator[bytes] | None
"""The pieces of an archive; None when the backup has none."""


@dataclass(frozen=True, slots=True)
class Packed:
    """The number of files in an archive, and the ids of those whose bytes are missing or damaged."""

    count: int
    missing: list[str]


async def pack_files(files: Sequence[StoredFile], target: WrittenFile, report: Report) -> Packed:
    """Write the verified bytes of these files as an archive. Raises OperationFailed."""
    store, missing = FileStore(), []
    with _failures_reported(), report.step("files", len(files)) as packed:
        for each in files:
            try:
                await _pack(store, each, target)
            except Damaged:
                missing.append(str(each.row.id))
            packed(1)
        if len(missing) < len(files):
            await in_thread(target.write, END)
    await store.close()
    return Packed(len(files) - len(missing), missing)


async def _pack(store: FileStore, file: StoredFile, target: WrittenFile) -> None:
    """Write a file after its header. Raises Damaged before anything is written.

    A small file is kept in memory until all its bytes are verified; a large one is read twice.
    """
    kept = await _verified(store, file)
    entry = tarfile.TarInfo(str(file.row.id))
    entry.size = file.row.size
    await in_thread(target.write, entry.tobuf())
    try:
        async for piece in _pieces_of(store, file) if kept is None else _given(kept):
            await in_thread(target.write, piece)
    except Damaged:
        raise OperationFailed(f"The file {file.row.id} was changed in the object store during the backup.") from None
    await in_thread(target.write, bytes(-file.row.size % tarfile.BLOCKSIZE))


async def _verified(store: FileStore, file: StoredFile) -> list[bytes] | None:
    """The pieces of a small file, None for a large one, after all were read. Raises Damaged."""
    digest, size, kept = hashlib.sha256(), 0, []
    async for piece in _pieces_of(store, file):
        digest.update(piece)
        size += len(piece)
        if file.row.size <= KEPT_BYTES:
            kept.append(piece)
    if (size, digest.hexdigest()) != (file.row.size, file.row.sha256):
        raise Damaged(name=file.row.name)
    return kept if file.row.size <= KEPT_BYTES else None


async def _given(pieces: Iterable[bytes]) -> AsyncIterator[bytes]:
    for piece in pieces:
        yield piece


async def _pieces_of(store: FileStore, file: StoredFile) -> AsyncIterator[bytes]:
    for start, size, sha256 in file.pieces:
        yield await store.get(Piece(start, None, size, sha256, file.row.object))


async def compare_files(connection: Connection, archive: Archive, missing: Sequence[str], report: Report) -> None:
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


async def place_files(connection: Connection, archive: Archive, store: FileStore, report: Report) -> None:
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


def _entries(archive: Archive) -> Iterator[tuple[UUID, IO[bytes]]]:
    """Id and content of each file; the content has to be read before the next one."""
    if archive is None:
        return
    stream = _Stream(archive)
    try:
        with tarfile.open(fileobj=stream, mode="r|") as opened:  # type: ignore[call-overload]
            for entry in opened:
                if (content := opened.extractfile(entry)) is not None:
                    yield UUID(entry.name), content
    except (tarfile.TarError, ValueError):
        stream.read_all()  # tells when the archive was damaged
        raise OperationFailed("The archive of the files cannot be read.") from None
    stream.read_all()  # its checksum is verified at its end


class _Stream:
    """A file that can be read once, from its pieces."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._waiting = bytearray()

    def read(self, size: int) -> bytes:
        while len(self._waiting) < size and (piece := next(self._pieces, None)) is not None:
            self._waiting += piece
        content = bytes(self._waiting[:size])
        del self._waiting[:size]
        return content

    def read_all(self) -> None:
        for _ in self._pieces:
            pass


@contextmanager
def _failures_reported() -> Iterator[None]:
    try:
        yield
    except StoreUnavailable as failure:
        raise OperationFailed(f"The object store of the files cannot be used: {failure.__cause__}") from None
