"""The bytes of files in an export and after an import, wherever they are stored."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from app.files.moving import move_file
from app.files.reading import OneConnection
from app.files.store import Damaged, FileStore, StoreUnavailable
from sql.repositories.attachments import CHUNK_BYTES, Piece, find_attachments
from sql.statements import Connection


class FileContents:
    """Adds the bytes that are in the object store to exported rows of `attachment_chunks`."""

    def __init__(self) -> None:
        self._store = FileStore()
        self.damaged: list[str] = []
        """The ids of files whose bytes are missing in the object store or damaged there."""

    async def rows_of(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """The row as rows with bytes; none for a file that is damaged. Raises StoreUnavailable."""
        file_id, user_id, start = row["attachment_id"], row["user_id"], row["start"]
        if row["content"] is not None:
            return [{"attachment_id": file_id, "user_id": user_id, "start": start, "content": row["content"]}]
        if file_id in self.damaged:
            return []
        try:
            content = await self._store.get(Piece(start, None, row["size"], row["sha256"], row["object"]))
        except Damaged:
            self.damaged.append(file_id)
            return []
        return [
            {
                "attachment_id": file_id,
                "user_id": user_id,
                "start": start + place,
                "content": "\\x" + content[place : place + CHUNK_BYTES].hex(),
            }
            for place in range(0, len(content), CHUNK_BYTES)
        ]


async def move_imported(connection: Connection, store: FileStore, user_id: str, ids: Iterable[UUID]) -> int:
    """Move imported files, which are in the database, to the object store; returns how many could not be moved."""
    if store.location is None:
        return 0
    left = 0
    for file in await find_attachments(connection, user_id, list(ids)):
        if file.object is not None:
            continue
        try:
            # After a failure, the others would have to wait for it as well.
            left += 0 if left == 0 and await move_file(OneConnection(connection), store, file) else 1
        except StoreUnavailable:
            left += 1
    return left
