"""Files that were uploaded, their pieces, and the messages that have them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.errors import BadUserInput, Conflict, NotFound
from sql.rows import AttachmentRow, MessageAttachmentRow
from sql.statements import Connection, fetch_rows, statements

NO_FILE = "file.not_found"
CHUNK_BYTES = 256 * 1024
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Contents:
    """What a complete upload has: `text` is the beginning of that of a text file or PDF, `text_cut` when it goes on."""

    media_type: str
    size: int
    sha256: str
    text: str | None = None
    text_cut: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a file. Without `content` its bytes are in the object store, with this size and SHA-256."""

    start: int
    content: bytes | None
    size: int | None
    sha256: str | None
    object: str | None


@dataclass(frozen=True, slots=True)
class AttachedText:
    """A file of a message; `text` is None unless it is a text file or a PDF with text, and is cut when `text_cut`."""

    message_id: UUID
    id: UUID
    name: str
    media_type: str
    size: int
    text: str | None
    text_cut: bool


async def insert_attachment(connection: Connection, user_id: str, name: str, *, size: int, quota: int) -> UUID:
    """Begin an upload of at most `size` bytes, in a transaction. Raises BadUserInput when `quota` bytes are used up."""
    await statements.lock_uploads(connection, user_id=user_id)
    used = await statements.count_stored_bytes(connection, user_id=user_id)
    if used + size > quota:
        raise BadUserInput("file.quota", used=used // MEGABYTE, maximum=quota // MEGABYTE)
    attachment_id: UUID = await statements.insert_attachment(connection, user_id=user_id, name=name, size=size)
    return attachment_id


async def insert_chunk(connection: Connection, user_id: str, attachment_id: UUID, start: int, content: bytes) -> None:
    """Store a piece, of at most CHUNK_BYTES. Raises NotFound when the upload was deleted."""
    await statements.insert_attachment_chunk(
        connection, user_id=user_id, attachment_id=attachment_id, start=start, content=content
    )


async def lock_in(connection: Connection, user_id: str, attachment_id: UUID, object: str | None) -> bool:
    """Lock the file in a transaction; whether its bytes are still in this folder, or in the database for None."""
    found = await statements.lock_attachment_in(connection, user_id=user_id, id=attachment_id, object=object)
    return found is not None


async def delete_chunks(connection: Connection, user_id: str, attachment_id: UUID) -> None:
    """Delete the pieces, before those of another store replace them."""
    await statements.delete_attachment_chunks(connection, user_id=user_id, attachment_id=attachment_id)


async def set_object(connection: Connection, user_id: str, attachment_id: UUID, object: str | None) -> None:
    """The bytes are in this folder of the object store, or in the database for None. Raises NotFound."""
    if await statements.set_attachment_object(connection, user_id=user_id, id=attachment_id, object=object) is None:
        raise NotFound(NO_FILE)


async def insert_object_pieces(
    connection: Connection, user_id: str, attachment_id: UUID, pieces: Sequence[tuple[int, int, str]]
) -> None:
    """The start, size and SHA-256 of each piece of a file in the object store."""
    starts, sizes, digests = zip(*pieces, strict=True)
    await statements.insert_object_pieces(
        connection, user_id=user_id, attachment_id=attachment_id, starts=starts, sizes=sizes, sha256s=digests
    )


async def mark_complete(connection: Connection, user_id: str, attachment_id: UUID, contents: Contents) -> None:
    """All pieces are stored. Raises NotFound."""
    found = await statements.mark_attachment_complete(
        connection,
        user_id=user_id,
        id=attachment_id,
        media_type=contents.media_type,
        size=contents.size,
        sha256=contents.sha256,
        text=contents.text,
        text_cut=contents.text_cut,
    )
    if found is None:
        raise NotFound(NO_FILE)


async def delete_attachment(connection: Connection, user_id: str, attachment_id: UUID) -> None:
    await statements.delete_attachment(connection, user_id=user_id, id=attachment_id)


async def find_attachments(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[AttachmentRow]:
    return await fetch_rows(connection, statements.find_attachments, AttachmentRow, user_id=user_id, ids=ids)


async def attach(connection: Connection, user_id: str, message_id: UUID, ids: Sequence[UUID]) -> None:
    """Give uploaded files to a message, in this order. Raises Conflict, also for a file that a message has already."""
    if not ids:
        return
    found = await fetch_rows(
        connection, statements.lock_unsent_attachments, AttachmentRow, user_id=user_id, ids=list(ids)
    )
    if len(found) != len(ids):
        raise Conflict("file.not_attachable")
    await statements.insert_message_attachments(connection, user_id=user_id, message_id=message_id, ids=list(ids))


async def names_of(connection: Connection, user_id: str, ids: Sequence[UUID]) -> str:
    """The names of files, as the text of a message that has no other. Raises Conflict."""
    names = {row.id: row.name for row in await find_attachments(connection, user_id, ids)}
    if len(names) != len(ids):
        raise Conflict("file.not_attachable")
    return ", ".join(names[each] for each in ids)


async def list_attachments_of_messages(
    connection: Connection, user_id: str, message_ids: Sequence[UUID]
) -> list[MessageAttachmentRow]:
    """In the order of each message."""
    return await fetch_rows(
        connection,
        statements.list_attachments_of_messages,
        MessageAttachmentRow,
        user_id=user_id,
        message_ids=message_ids,
    )


async def list_texts_of_messages(
    connection: Connection, user_id: str, message_ids: Sequence[UUID], *, characters: int
) -> list[AttachedText]:
    """The files of these messages, with at most so many characters of each text."""
    records = statements.list_texts_of_messages(
        connection, user_id=user_id, message_ids=message_ids, characters=characters
    )
    return [AttachedText(**record) async for record in records]


async def find_text(connection: Connection, user_id: str, attachment_id: UUID, *, characters: int) -> str | None:
    """The beginning of the text of a text file or a PDF; None when it has none."""
    text: str | None = await statements.find_attachment_text(
        connection, user_id=user_id, id=attachment_id, characters=characters
    )
    return text


async def find_piece(connection: Connection, user_id: str, attachment_id: UUID, position: int) -> Piece | None:
    """The piece that has the byte at `position`, or the last one before it."""
    record = await statements.find_attachment_piece(
        connection, user_id=user_id, attachment_id=attachment_id, position=position
    )
    return Piece(**record) if record else None


async def list_object_pieces(connection: Connection, user_id: str, attachment_id: UUID, object: str) -> dict[int, int]:
    """The sizes of the pieces by their starts; empty when the file is not in this folder."""
    records = statements.list_object_pieces(connection, user_id=user_id, attachment_id=attachment_id, object=object)
    return {record["start"]: record["size"] async for record in records}


async def delete_unused(connection: Connection, *, hours: int, count: int) -> int:
    """Delete at most `count` files that no message has had for so many hours; returns how many."""
    deleted: int = await statements.delete_unused_attachments(connection, hours=hours, count=count)
    return deleted
