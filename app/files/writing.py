"""Writes the bytes of a file to the database or the object store, in bounded memory."""

import hashlib
from typing import Protocol
from uuid import UUID

from app.files.reading import Connections
from app.files.store import PIECE_BYTES, FileStore
from sql.errors import NotFound
from sql.repositories.attachments import CHUNK_BYTES, NO_FILE, insert_chunk, insert_object_pieces, set_object
from sql.repositories.objects import delete_object_in, keep_object, reserve_object
from sql.statements import Connection

LATE_WRITE_SECONDS = 600.0  # longer than a call of the object store takes that was cancelled, with its retries


class PieceWriter(Protocol):
    """Takes a file in order: `write` for each piece, `end`, then `commit` in the transaction that completes it."""

    async def write(self, content: bytes) -> None: ...

    async def end(self) -> None: ...

    async def commit(self, connection: Connection) -> None: ...

    async def discard(self) -> None:
        """Have what was written deleted."""


class DatabaseWriter:
    """Pieces as rows, each written at once. They are deleted with the row of the file."""

    def __init__(self, connections: Connections, user_id: str, file_id: UUID) -> None:
        self._connections = connections
        self._user_id = user_id
        self._file_id = file_id
        self._position = 0

    async def write(self, content: bytes) -> None:
        for start in range(0, len(content), CHUNK_BYTES):
            chunk = content[start : start + CHUNK_BYTES]
            async with self._connections.connection() as connection:
                await insert_chunk(connection, self._user_id, self._file_id, self._position, chunk)
            self._position += len(chunk)

    async def end(self) -> None:
        pass

    async def commit(self, connection: Connection) -> None:
        pass

    async def discard(self) -> None:
        pass


class ObjectWriter:
    """Pieces as objects in a folder that is reserved first, so that it is deleted when the file is not completed."""

    def __init__(self, connections: Connections, store: FileStore, user_id: str, file_id: UUID, location: str) -> None:
        self._connections = connections
        self._store = store
        self._user_id = user_id
        self._file_id = file_id
        self._location = location
        self._folder: str | None = None
        self._buffer = bytearray()
        self._pieces: list[tuple[int, int, str]] = []

    async def write(self, content: bytes) -> None:
        self._buffer += content
        while len(self._buffer) >= PIECE_BYTES:
            piece = bytes(self._buffer[:PIECE_BYTES])
            del self._buffer[:PIECE_BYTES]
            await self._put(piece)

    async def end(self) -> None:
        if self._buffer:
            await self._put(bytes(self._buffer))
            self._buffer.clear()

    async def commit(self, connection: Connection) -> None:
        """Raises NotFound when the file or its folder was deleted meanwhile."""
        if self._folder is None or not await keep_object(connection, self._folder):
            raise NotFound(NO_FILE)
        await set_object(connection, self._user_id, self._file_id, self._folder)
        await insert_object_pieces(connection, self._user_id, self._file_id, self._pieces)

    async def discard(self) -> None:
        if self._folder is not None:
            async with self._connections.connection() as connection:
                await delete_object_in(connection, self._folder, LATE_WRITE_SECONDS)

    async def _put(self, piece: bytes) -> None:
        if self._folder is None:
            async with self._connections.connection() as connection:
                self._folder = await reserve_object(connection, self._location)
        start = sum(size for _, size, _ in self._pieces)
        await self._store.put(f"{self._folder}/{start}", piece)
        self._pieces.append((start, len(piece), hashlib.sha256(piece).hexdigest()))


def writer_for(connections: Connections, store: FileStore, user_id: str, file_id: UUID) -> PieceWriter:
    """A writer to the store that new files go to."""
    if store.location is None:
        return DatabaseWriter(connections, user_id, file_id)
    return ObjectWriter(connections, store, user_id, file_id, store.location)
