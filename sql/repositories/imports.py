"""Rows for what was said elsewhere, under ids that are the same on every try."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sql.rows import JsonObject
from sql.statements import Connection, statements

ImportedMessage = tuple[UUID, str, str, UUID | None, JsonObject, datetime]
"""Id, content, message type, the message that it answers, metadata, when it was said."""


async def insert_imported_conversation(
    connection: Connection, user_id: str, conversation_id: UUID, title: str, began: datetime, ended: datetime
) -> None:
    """Nothing happens when it is there already."""
    await statements.insert_imported_conversation(
        connection, user_id=user_id, id=conversation_id, title=title, created_at=began, updated_at=ended
    )


async def insert_imported_messages(
    connection: Connection, user_id: str, conversation_id: UUID, messages: Sequence[ImportedMessage]
) -> int:
    """How many were new."""
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
