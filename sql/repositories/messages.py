"""Messages of one user."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sql.errors import Conflict, NotFound
from sql.paging import PageRange
from sql.repositories.conversations import NO_CONVERSATION
from sql.repositories.nodes import refusal
from sql.repositories.projects import check_not_archived
from sql.rows import JsonObject, MessageRow
from sql.statements import Connection, fetch_rows, statements

NO_MESSAGE = "message.not_found"
ALL_TYPES = ("user", "kana", "yuno", "system")


async def insert_message(
    connection: Connection,
    user_id: str,
    conversation_id: UUID,
    content: str,
    *,
    message_type: str = "user",
    status: str = "complete",
    reply_to: UUID | None = None,
    metadata: JsonObject | None = None,
    idempotency_key: str | None = None,
    branch: UUID | None = None,
) -> MessageRow:
    record = await statements.insert_message(
        connection,
        user_id=user_id,
        conversation_id=conversation_id,
        content=content,
        message_type=message_type,
        status=status,
        reply_to=reply_to,
        metadata=metadata or {},
        idempotency_key=idempotency_key,
        branch=branch,
    )
    return MessageRow(**record)


async def insert_exchange(
    connection: Connection,
    user_id: str,
    conversation_id: UUID | None,
    content: str,
    *,
    title: str,
    project_id: UUID | None = None,
    metadata: JsonObject | None = None,
    idempotency_key: str | None = None,
) -> tuple[MessageRow, MessageRow]:
    """Insert a message and its empty reply, which the message bridge claims. Without an id, in a new conversation.

    `project_id` is the project of the new conversation, None for the default project. Raises NotFound, and Conflict
    when the project of the conversation is archived.
    """
    records = statements.insert_exchange(
        connection,
        user_id=user_id,
        project_id=project_id,
        conversation_id=conversation_id,
        title=title,
        content=content,
        metadata=metadata or {},
        idempotency_key=idempotency_key,
    )
    rows = [MessageRow(**record) async for record in records]
    if not rows:
        if conversation_id is not None:
            await check_not_archived(connection, user_id, conversation_id)
            raise await refusal(connection, user_id, conversation_id, NO_CONVERSATION)
        raise NotFound(NO_CONVERSATION)
    message, reply = rows
    return message, reply


async def find_sent(connection: Connection, user_id: str, key: str) -> tuple[MessageRow, MessageRow] | None:
    """The message with this idempotency key and its reply. The key is locked until the transaction ends.

    Raises Conflict when the reply was deleted since.
    """
    await statements.lock_message_key(connection, user_id=user_id, idempotency_key=key)
    record = await statements.find_message_by_key(connection, user_id=user_id, idempotency_key=key)
    if record is None:
        return None
    message = MessageRow(**record)
    reply = await statements.find_last_reply(connection, user_id=user_id, reply_to=message.id)
    if reply is None:
        raise Conflict("reply.deleted")
    return message, MessageRow(**reply)


async def insert_pending_reply(connection: Connection, message: MessageRow) -> MessageRow:
    """Insert the empty reply that the message bridge claims."""
    return await insert_message(
        connection,
        message.user_id,
        message.conversation_id,
        "",
        message_type="kana",
        status="pending",
        reply_to=message.id,
        branch=message.branch if message.version_of is None else message.id,
    )


async def list_messages(
    connection: Connection, user_id: str, page: PageRange, message_types: Sequence[str] = ALL_TYPES
) -> list[MessageRow]:
    """In reading order: oldest first, or newest first when the page is backward."""
    listing = statements.list_last_messages if page.backward else statements.list_messages
    return await fetch_rows(
        connection,
        listing,
        MessageRow,
        user_id=user_id,
        message_types=message_types,
        after=page.after,
        before=page.before,
        count=page.count,
    )


async def list_messages_of_conversations(
    connection: Connection,
    user_id: str,
    conversation_ids: Sequence[UUID],
    page: PageRange,
    message_types: Sequence[str] = ALL_TYPES,
    *,
    all_versions: bool = False,
) -> list[MessageRow]:
    """The page of each conversation, in reading order as in `list_messages`: what is shown, or all versions."""
    listing: Any = (
        statements.list_last_messages_of_conversations if page.backward else statements.list_messages_of_conversations
    )
    return await fetch_rows(
        connection,
        listing,
        MessageRow,
        user_id=user_id,
        conversation_ids=conversation_ids,
        message_types=message_types,
        all_versions=all_versions,
        after=page.after,
        before=page.before,
        count=page.count,
    )


async def find_messages(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[MessageRow]:
    return await fetch_rows(connection, statements.find_messages, MessageRow, user_id=user_id, ids=ids)


async def lock_message(connection: Connection, user_id: str, message_id: UUID) -> MessageRow:
    """The message, locked until the transaction ends. Raises NotFound, Forbidden."""
    record = await statements.lock_message(connection, user_id=user_id, id=message_id)
    if record is None:
        raise await refusal(connection, user_id, message_id, NO_MESSAGE)
    return MessageRow(**record)


async def mark_reply_stopped(connection: Connection, user_id: str, message_id: UUID) -> MessageRow:
    """Stop a pending or streaming reply. Raises Conflict when it has ended."""
    record = await statements.mark_reply_stopped(connection, user_id=user_id, id=message_id)
    if record is None:
        raise Conflict("reply.ended")
    return MessageRow(**record)


async def mark_reply_pending(connection: Connection, user_id: str, message_id: UUID) -> MessageRow:
    """Write a reply that failed without a text again. Raises Conflict while it is being written."""
    record = await statements.mark_reply_pending(connection, user_id=user_id, id=message_id)
    if record is None:
        raise Conflict("reply.in_progress")
    return MessageRow(**record)


async def mark_reply_continued(connection: Connection, user_id: str, message_id: UUID) -> MessageRow:
    """Continue a reply that was cut off; its text is kept. Raises Conflict for any other reply."""
    record = await statements.mark_reply_continued(connection, user_id=user_id, id=message_id)
    if record is None:
        raise Conflict("reply.not_incomplete")
    return MessageRow(**record)


async def list_turns_before(
    connection: Connection, user_id: str, conversation_id: UUID, before: UUID, count: int, *, path: UUID | None
) -> list[MessageRow]:
    """The last messages of the conversation before the reply or the intent with the id `before`, oldest first.

    They are on the way to the message `path`, whether that is shown or not; without one, they are what is shown.
    """
    records = statements.list_turns_before(
        connection, user_id=user_id, conversation_id=conversation_id, path=path, before=before, count=count
    )
    return [MessageRow(**record) async for record in records][::-1]
