"""Conversations that were imported from other programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sql.rows import JsonObject
from sql.statements import Connection, statements

NewMessage = tuple[UUID, str, str, UUID | None, JsonObject, datetime]
"""Id, content, message type, id of the message that it answers, metadata, time."""


@dataclass(frozen=True, slots=True)
class ChatKey:
    """A conversation of another program."""

    user_id: str
    source: str
    source_id: str


@dataclass(frozen=True, slots=True)
class KnownConversation:
    """A conversation that was imported before; `continued`: it has messages that were written here."""

    id: UUID
    branch: str
    continued: bool


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A message that was imported before; `edited`: its text was changed here."""

    id: UUID
    conversation_id: UUID
    content: str
    edited: bool


async def list_imported_conversations(connection: Connection, key: ChatKey) -> list[KnownConversation]:
    records = statements.list_imported_conversations(
        connection, user_id=key.user_id, source=key.source, source_id=key.source_id
    )
    return [KnownConversation(each["conversation_id"], each["branch"], each["continued"]) async for each in records]


async def list_imported_messages(
    connection: Connection, user_id: str, conversation_ids: Sequence[UUID]
) -> dict[str, KnownMessage]:
    """The messages of the conversations by their id in the other program."""
    records = statements.list_imported_messages(connection, user_id=user_id, conversation_ids=conversation_ids)
    return {
        each["source_id"]: KnownMessage(each["id"], each["conversation_id"], each["content"], each["edited"])
        async for each in records
    }


async def insert_imported_conversation(
    connection: Connection,
    key: ChatKey,
    conversation_id: UUID,
    *,
    branch: str,
    title: str,
    archived: bool,
    began: datetime,
    ended: datetime,
) -> None:
    """Insert the conversation with its origin, unless it exists."""
    await statements.insert_imported_conversation(
        connection,
        user_id=key.user_id,
        id=conversation_id,
        title=title,
        archived=archived,
        created_at=began,
        updated_at=ended,
    )
    await statements.insert_conversation_source(
        connection,
        user_id=key.user_id,
        conversation_id=conversation_id,
        source=key.source,
        source_id=key.source_id,
        branch=branch,
        title=title,
    )


async def rename_imported_conversation(connection: Connection, user_id: str, conversation_id: UUID, title: str) -> bool:
    """Take the new title, unless the conversation was renamed here; whether it was renamed."""
    renamed = await statements.rename_imported_conversation(
        connection, user_id=user_id, conversation_id=conversation_id, title=title
    )
    return renamed is not None


async def touch_imported_conversation(
    connection: Connection, user_id: str, conversation_id: UUID, updated_at: datetime
) -> None:
    """Set the time of the last activity if it is later than the current one."""
    await statements.touch_imported_conversation(connection, user_id=user_id, id=conversation_id, updated_at=updated_at)


async def insert_imported_messages(
    connection: Connection, user_id: str, conversation_id: UUID, messages: Sequence[NewMessage]
) -> int:
    """Insert those that do not exist; returns how many."""
    if not messages:
        return 0
    ids, contents, kinds, answered, metadata, moments = (list(column) for column in zip(*messages, strict=True))
    records = statements.insert_imported_messages(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        ids=ids,
        contents=contents,
        kinds=kinds,
        answered=answered,
        metadata=metadata,
        moments=moments,
    )
    return len([record async for record in records])


async def move_imported_messages(
    connection: Connection, user_id: str, conversation_id: UUID, ids: Sequence[UUID]
) -> int:
    """Move the messages into another conversation of the user; returns how many were moved."""
    records = statements.move_imported_messages(connection, user_id=user_id, conversation_id=conversation_id, ids=ids)
    return len([record async for record in records])


async def update_imported_message(connection: Connection, user_id: str, message_id: UUID, content: str) -> bool:
    """Take the new text, unless the message was edited here; whether it was changed."""
    changed = await statements.update_imported_message(connection, user_id=user_id, id=message_id, content=content)
    return changed is not None


async def delete_empty_imports(connection: Connection, key: ChatKey) -> None:
    """Delete the conversations for other versions whose messages were all moved."""
    await statements.delete_empty_imports(connection, user_id=key.user_id, source=key.source, source_id=key.source_id)
