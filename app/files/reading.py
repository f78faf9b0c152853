"""Reads a file piece by piece from the database or the object store: the right bytes, or an error."""

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Protocol

from app.files.store import PIECE_BYTES, Damaged, FileStore
from sql.repositories.attachments import Piece, find_piece, list_object_pieces
from sql.rows import AttachmentRow
from sql.statements import Connection


class Connections(Protocol):
    """A pool, or one connection of a command."""

    def connection(self) -> AbstractAsyncContextManager[Connection]: ...

    def transaction(self) -> AbstractAsyncContextManager[Connection]: ...


class OneConnection:
    """Implements Connections for a command, which has one connection."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        yield self._connection

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        async with self._connection.transaction():
            yield self._connection


async def read_file(
    connections: Connections, store: FileStore, file: AttachmentRow, start: int = 0, end: int | None = None
) -> AsyncIterator[bytes]:
    """The bytes from `start` to `end`. No connection is held while the caller works on a piece.

    Each piece is looked up anew, so a file can move to the other store meanwhile. Raises Damaged and StoreUnavailable.
    """
    position, end = start, file.size if end is None else end
    while position < end:
        begin, content = await _read_piece(connections, store, file, position)
        yield content[position - begin : end - begin]
        position = begin + len(content)


async def check_pieces(connections: Connections, store: FileStore, file: AttachmentRow) -> None:
    """Check that the objects of a file are there and have their sizes, without reading them. Raises Damaged."""
    if file.object is None or file.size <= PIECE_BYTES:
        return
    sizes = await store.sizes(file.object)
    async with connections.connection() as connection:
        pieces = await list_object_pieces(connection, file.user_id, file.id, file.object)
    # A file that has moved meanwhile has no pieces there.
    if any(sizes.get(str(start)) != size for start, size in pieces.items()):
        raise Damaged(name=file.name)


async def _read_piece(
    connections: Connections, store: FileStore, file: AttachmentRow, position: int
) -> tuple[int, bytes]:
    """Where the piece with the byte at `position` begins, and its bytes."""
    failed: str | None = None
    while True:
        async with connections.connection() as connection:
            piece = await find_piece(connection, file.user_id, file.id, position)
        if piece is None or position >= piece.start + _size_of(piece):
            raise Damaged(name=file.name)
        if piece.content is not None:
            return piece.start, piece.content
        try:
            return piece.start, await store.get(piece)
        except Damaged:
            if failed == piece.object:
                raise Damaged(name=file.name) from None
            failed = piece.object  # once more: the file may have moved to the other store after its piece was found


def _size_of(piece: Piece) -> int:
    return (piece.size or 0) if piece.content is None else len(piece.content)
