"""Folders of the object store: reserved before they are written, and deleted when no file has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.repositories.operations import BACKUP_LOCK
from sql.rows import AttachmentRow
from sql.statements import Connection, fetch_rows, statements

RESERVED_SECONDS = 24 * 3600.0
FIRST_PAUSE_SECONDS = 300.0
MAX_ERROR = 500


@dataclass(frozen=True, slots=True)
class FailedDeletions:
    """`seconds` since the oldest of them was first due; `error` of the latest attempt."""

    count: int
    seconds: float
    error: str


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file in the object store, with the start, size and SHA-256 of its pieces."""

    row: AttachmentRow
    pieces: Sequence[tuple[int, int, str]]


async def reserve_object(connection: Connection, location: str) -> str:
    """The address of a new folder below the location; it is deleted after a day unless a file gets it."""
    address: str = await statements.reserve_object(connection, location=location, seconds=RESERVED_SECONDS)
    return address


async def keep_object(connection: Connection, object: str) -> bool:
    """Give the folder to a file, in the transaction that stores this; False when it is deleted already."""
    return await statements.keep_object(connection, object=object) is not None


async def delete_object_in(connection: Connection, object: str, seconds: float) -> None:
    """Have a reserved folder deleted after this time."""
    await statements.delete_object_in(connection, object=object, seconds=seconds)


async def claim_object_deletions(connection: Connection, count: int) -> list[str]:
    """Folders to delete now; each is claimed again later unless `keep_object` removes it. None during a backup."""
    records = statements.claim_object_deletions(
        connection,
        count=count,
        seconds=FIRST_PAUSE_SECONDS,
        lock_high=BACKUP_LOCK >> 32,
        lock_low=BACKUP_LOCK & 0xFFFFFFFF,
    )
    return [record["object"] async for record in records]


async def mark_object_deletion_failed(connection: Connection, object: str, error: str) -> None:
    await statements.mark_object_deletion_failed(connection, object=object, error=error[:MAX_ERROR])


async def get_failed_deletions(connection: Connection) -> FailedDeletions:
    return FailedDeletions(**await statements.get_failed_object_deletions(connection))


async def count_files_by_store(connection: Connection) -> Mapping[bool, tuple[int, int]]:
    """The number of files and their bytes, in the object store (True) and in the database (False)."""
    records = statements.count_files_by_store(connection)
    return {record["in_objects"]: (record["files"], record["bytes"]) async for record in records}


async def find_any_object(connection: Connection) -> str | None:
    """The folder of a file in the object store; None when there is none."""
    object: str | None = await statements.find_any_object(connection)
    return object


async def list_files_elsewhere(
    connection: Connection, *, in_objects: bool, after: UUID, count: int
) -> list[AttachmentRow]:
    """Files that are not in the object store, or for False those that are not in the database."""
    return await fetch_rows(
        connection, statements.list_files_elsewhere, AttachmentRow, in_objects=in_objects, after=after, count=count
    )


async def list_object_files(connection: Connection) -> list[StoredFile]:
    """All files in the object store."""
    pieces: dict[UUID, list[tuple[int, int, str]]] = {}
    async for record in statements.list_pieces_of_object_files(connection):
        pieces.setdefault(record["attachment_id"], []).append((record["start"], record["size"], record["sha256"]))
    rows = await fetch_rows(connection, statements.list_object_files, AttachmentRow)
    return [StoredFile(row, pieces.get(row.id, [])) for row in rows]


async def list_files_without_bytes(connection: Connection) -> list[AttachmentRow]:
    """Complete files that have no pieces, as after `detach_objects`."""
    return await fetch_rows(connection, statements.list_files_without_bytes, AttachmentRow)


async def detach_objects(connection: Connection) -> None:
    """Forget all objects, which belong to another database, and with them what they would have been."""
    await statements.detach_objects(connection)
    await statements.delete_object_pieces(connection)
