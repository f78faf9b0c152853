"""Moves files between the database and the object store, each in a transaction of its own."""

import hashlib
from collections.abc import AsyncIterator, Iterator
from tempfile import SpooledTemporaryFile
from typing import IO

from app.files.reading import Connections, OneConnection, read_file
from app.files.store import PIECE_BYTES, Damaged, FileStore
from app.files.writing import DatabaseWriter, ObjectWriter
from sql.repositories.attachments import delete_chunks, lock_in, set_object
from sql.rows import AttachmentRow
from sql.statements import Connection

IN_MEMORY = 4 * 1024 * 1024


async def move_file(connections: Connections, store: FileStore, file: AttachmentRow) -> bool:
    """Move a file to the store that new files go to; False when it was moved or deleted meanwhile.

    Raises Damaged, when its bytes are not those that were uploaded; then nothing is changed.
    """
    with SpooledTemporaryFile(IN_MEMORY) as spool:
        await spool_file(read_file(connections, store, file), file, spool)
        return await place_file(connections, store, file, spool)


async def spool_file(pieces: AsyncIterator[bytes], file: AttachmentRow, spool: IO[bytes]) -> None:
    """Write the pieces to a temporary file. Raises Damaged unless they are the file."""
    digest, size = hashlib.sha256(), 0
    async for piece in pieces:
        digest.update(piece)
        size += len(piece)
        spool.write(piece)
    if (size, digest.hexdigest()) != (file.size, file.sha256):
        raise Damaged(name=file.name)


async def place_file(connections: Connections, store: FileStore, file: AttachmentRow, spool: IO[bytes]) -> bool:
    """Store the bytes of a file instead of those that it has; False when it has others meanwhile, or is deleted."""
    if store.location is None:
        async with connections.transaction() as connection:
            if not await _released(connection, file):
                return False
            into = DatabaseWriter(OneConnection(connection), file.user_id, file.id)
            for piece in _pieces_of(spool):
                await into.write(piece)
            await set_object(connection, file.user_id, file.id, None)
        return True
    writer = ObjectWriter(connections, store, file.user_id, file.id, store.location)
    try:
        for piece in _pieces_of(spool):
            await writer.write(piece)
        await writer.end()
        async with connections.transaction() as connection:
            if placed := await _released(connection, file):
                await writer.commit(connection)
    except BaseException:
        await writer.discard()
        raise
    if not placed:
        await writer.discard()
    return placed


async def _released(connection: Connection, file: AttachmentRow) -> bool:
    """Delete the pieces that the file has, if they are still where they were."""
    if not await lock_in(connection, file.user_id, file.id, file.object):
        return False
    await delete_chunks(connection, file.user_id, file.id)
    return True


def _pieces_of(spool: IO[bytes]) -> Iterator[bytes]:
    spool.seek(0)
    while piece := spool.read(PIECE_BYTES):
        yield piece
