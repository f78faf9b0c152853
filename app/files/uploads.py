"""Stores an upload piece by piece: no connection is held and little memory is used while a client sends."""

import hashlib
from asyncio import timeout
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import structlog

from app.files.kinds import PDF, TEXT, Kind, kind_of
from app.files.pdf import MAX_PDF_BYTES, read_pdf
from app.files.store import FileStore
from app.files.text import MAX_TEXT_BYTES, read_text
from app.files.writing import PieceWriter, writer_for
from app.text_process import TextProcessError, TextWork
from sql.errors import BadUserInput, ResonantError
from sql.pool import Database
from sql.repositories.attachments import (
    CHUNK_BYTES,
    MEGABYTE,
    Contents,
    delete_attachment,
    insert_attachment,
    mark_complete,
)

log = structlog.get_logger()

LONGEST_WAIT_SECONDS = 30.0  # for the text of a PDF, which others may be waiting for too
READ_BYTES = {TEXT: MAX_TEXT_BYTES, PDF: MAX_PDF_BYTES}
"""How much of a file of this kind is needed to read its text."""


@dataclass(frozen=True, slots=True)
class FileLimits:
    """Sizes in bytes; docs/settings.md has their meanings."""

    max_bytes: int
    per_user: int
    per_message: int = 10


@dataclass(frozen=True, slots=True)
class Uploaded:
    """A stored file."""

    id: UUID
    name: str
    size: int


class Uploads:
    """Stores the files of one process. `pdf_work` reads PDF files."""

    def __init__(self, database: Database, store: FileStore, limits: FileLimits, pdf_work: TextWork) -> None:
        self._database = database
        self._store = store
        self._limits = limits
        self._pdf_work = pdf_work

    async def store(self, user_id: str, name: str, pieces: AsyncIterator[bytes], *, declared: int) -> Uploaded:
        """Store a file of at most `declared` bytes. What is stored of a file that fails is deleted.

        Raises BadUserInput: too large, empty, of a kind that cannot be attached, or above the user's quota; and
        StoreUnavailable.
        """
        async with self._database.transaction() as connection:
            size = min(declared, self._limits.max_bytes)
            attachment_id = await insert_attachment(connection, user_id, name, size=size, quota=self._limits.per_user)
        writer = writer_for(self._database, self._store, user_id, attachment_id)
        try:
            contents = await self._store_pieces(writer, name, pieces)
            async with self._database.transaction() as connection:
                await writer.commit(connection)
                await mark_complete(connection, user_id, attachment_id, contents)
        except BaseException:
            await self._discard(user_id, attachment_id, writer)
            raise
        return Uploaded(attachment_id, name, contents.size)

    async def _store_pieces(self, writer: PieceWriter, name: str, pieces: AsyncIterator[bytes]) -> Contents:
        digest, size, kind, start = hashlib.sha256(), 0, None, bytearray()
        async for chunk in _chunks(pieces):
            size += len(chunk)
            if size > self._limits.max_bytes:
                raise BadUserInput("file.too_large", maximum=self._limits.max_bytes // MEGABYTE)
            kind = kind or _checked_kind(chunk, name)
            if len(start) <= READ_BYTES.get(kind.media_type, 0):
                start += chunk
            digest.update(chunk)
            await writer.write(chunk)
        if kind is None:
            raise BadUserInput("file.empty", name=name)
        await writer.end()
        text, cut = await self._text_of(kind, bytes(start), size)
        return Contents(kind.media_type, size, digest.hexdigest(), text, cut)

    async def _text_of(self, kind: Kind, start: bytes, size: int) -> tuple[str | None, bool]:
        """The text of a text file or a PDF, and whether it is cut; None when there is none."""
        if kind.media_type == TEXT:
            return read_text(start, cut=size > len(start))
        if kind.media_type != PDF or size > MAX_PDF_BYTES:
            return None, False
        try:
            async with timeout(LONGEST_WAIT_SECONDS):
                found = await self._pdf_work.run(len(start), read_pdf, start)
        except (TextProcessError, TimeoutError) as failure:
            log.warning("the text of a PDF was not read in time", size=size, reason=str(failure))
            return None, False
        if found.problem is not None:
            log.info("a PDF could not be read to its end", size=size, reason=found.problem)
        return found.text or None, found.cut and found.text != ""

    async def _discard(self, user_id: str, attachment_id: UUID, writer: PieceWriter) -> None:
        """Delete an unfinished upload now; when that fails, it is deleted with the unused ones."""
        try:
            async with self._database.connection() as connection:
                await delete_attachment(connection, user_id, attachment_id)
            await writer.discard()
        except ResonantError as failure:
            log.warning("an unfinished upload was not deleted", reason=str(failure))


def _checked_kind(start: bytes, name: str) -> Kind:
    kind = kind_of(start)
    if kind is None:
        raise BadUserInput("file.kind_unsupported", name=name)
    if kind.is_too_large_to_show:
        raise BadUserInput("file.image_too_large", name=name, width=kind.width, height=kind.height)
    return kind


async def _chunks(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The same bytes in chunks of CHUNK_BYTES; the last one may be shorter."""
    buffer = bytearray()
    async for piece in pieces:
        buffer += piece
        while len(buffer) >= CHUNK_BYTES:
            yield bytes(buffer[:CHUNK_BYTES])
            del buffer[:CHUNK_BYTES]
    if buffer:
        yield bytes(buffer)
