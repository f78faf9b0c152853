"""Stores an upload piece by piece: no connection is held and little memory is used while a client sends."""

import hashlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from uuid import UUID

import structlog

from app.files.kinds import TEXT, Kind, kind_of
from app.files.text import MAX_TEXT_BYTES, read_text
from sql.errors import BadUserInput, ResonantError
from sql.pool import Database
from sql.repositories.attachments import (
    CHUNK_BYTES,
    MEGABYTE,
    Contents,
    delete_attachment,
    insert_attachment,
    insert_chunk,
    mark_complete,
)

log = structlog.get_logger()


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
    """Stores the files of one process."""

    def __init__(self, database: Database, limits: FileLimits) -> None:
        self._database = database
        self._limits = limits

    async def store(self, user_id: str, name: str, pieces: AsyncIterator[bytes], *, declared: int) -> Uploaded:
        """Store a file of at most `declared` bytes. What is stored of a file that fails is deleted.

        Raises BadUserInput: too large, empty, of a kind that cannot be attached, or above the user's quota.
        """
        async with self._database.transaction() as connection:
            size = min(declared, self._limits.max_bytes)
            attachment_id = await insert_attachment(connection, user_id, name, size=size, quota=self._limits.per_user)
        try:
            contents = await self._store_pieces(user_id, attachment_id, name, pieces)
            async with self._database.connection() as connection:
                await mark_complete(connection, user_id, attachment_id, contents)
        except BaseException:
            await self._discard(user_id, attachment_id)
            raise
        return Uploaded(attachment_id, name, contents.size)

    async def _store_pieces(
        self, user_id: str, attachment_id: UUID, name: str, pieces: AsyncIterator[bytes]
    ) -> Contents:
        digest, size, place, kind, start = hashlib.sha256(), 0, 0, None, bytearray()
        async for chunk in _chunks(pieces):
            size += len(chunk)
            if size > self._limits.max_bytes:
                raise BadUserInput("file.too_large", maximum=self._limits.max_bytes // MEGABYTE)
            kind = kind or _checked_kind(chunk, name)
            if kind.media_type == TEXT and len(start) <= MAX_TEXT_BYTES:
                start += chunk
            digest.update(chunk)
            async with self._database.connection() as connection:
                await insert_chunk(connection, user_id, attachment_id, place, chunk)
            place += 1
        if kind is None:
            raise BadUserInput("file.empty", name=name)
        text, cut = read_text(bytes(start), cut=size > len(start)) if kind.media_type == TEXT else (None, False)
        return Contents(kind.media_type, size, digest.hexdigest(), text, cut)

    async def _discard(self, user_id: str, attachment_id: UUID) -> None:
        """Delete an unfinished upload now; when that fails, it is deleted with the unused ones."""
        try:
            async with self._database.connection() as connection:
                await delete_attachment(connection, user_id, attachment_id)
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
