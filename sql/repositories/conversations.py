"""Conversations of one user."""

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import UUID

from sql.errors import Forbidden, NotFound
from sql.paging import LAST_ID
from sql.repositories.nodes import refusal
from sql.rows import ConversationRow
from sql.statements import Connection, fetch_rows, in_projects, statements

NO_CONVERSATION = "conversation.not_found"
NOT_AUTHOR = "conversation.not_author"
END_OF_TIME = datetime(9999, 12, 31, tzinfo=UTC)


async def insert_conversation(
    connection: Connection, user_id: str, title: str, project_id: UUID | None = None
) -> ConversationRow:
    """Without a project, in the user's default project."""
    record = await statements.insert_conversation(connection, user_id=user_id, title=title, project_id=project_id)
    return ConversationRow(**record)


async def list_conversations(
    connection: Connection,
    user_id: str,
    *,
    count: int,
    after: tuple[datetime, UUID] = (END_OF_TIME, LAST_ID),
    include_archived: bool = False,
    project_id: UUID | None = None,
) -> list[ConversationRow]:
    """Most recently active first, after (updated_at, id)."""
    return await fetch_rows(
        connection,
        in_projects("list_conversations", project_id),
        ConversationRow,
        user_id=user_id,
        project_id=project_id,
        include_archived=include_archived,
        after_at=after[0],
        after_id=after[1],
        count=count,
    )


async def find_conversations(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[ConversationRow]:
    return await fetch_rows(connection, statements.find_conversations, ConversationRow, user_id=user_id, ids=ids)


async def get_conversation(connection: Connection, user_id: str, conversation_id: UUID) -> ConversationRow:
    """Raises NotFound."""
    for row in await find_conversations(connection, user_id, [conversation_id]):
        return row
    raise NotFound(NO_CONVERSATION)


async def touch_conversation(connection: Connection, user_id: str, conversation_id: UUID) -> None:
    """Make it the most recently active conversation. Raises NotFound, Forbidden."""
    if await statements.touch_conversation(connection, user_id=user_id, id=conversation_id) is None:
        raise await refusal(connection, user_id, conversation_id, NO_CONVERSATION)


async def rename_conversation(
    connection: Connection, user_id: str, conversation_id: UUID, title: str
) -> ConversationRow:
    record = await statements.rename_conversation(connection, user_id=user_id, id=conversation_id, title=title)
    if record is None:
        raise await refusal(connection, user_id, conversation_id, NO_CONVERSATION)
    return ConversationRow(**record)


async def set_conversation_model(
    connection: Connection, user_id: str, conversation_id: UUID, model: str | None
) -> ConversationRow:
    """Which model answers from now on; None for the default. Raises NotFound, Forbidden."""
    record = await statements.set_conversation_model(connection, user_id=user_id, id=conversation_id, model=model)
    if record is None:
        raise await refusal(connection, user_id, conversation_id, NO_CONVERSATION)
    return ConversationRow(**record)


async def set_visibility(
    connection: Connection, user_id: str, conversation_id: UUID, visibility: str
) -> ConversationRow:
    """Show it to all members of its project, or to its author alone, who decides that. Raises NotFound, Forbidden."""
    row = await get_conversation(connection, user_id, conversation_id)
    if row.user_id != user_id:
        raise Forbidden(NOT_AUTHOR)
    record = await statements.set_conversation_visibility(
        connection, user_id=user_id, id=conversation_id, visibility=visibility
    )
    if record is None:
        raise await refusal(connection, user_id, conversation_id, NO_CONVERSATION)
    return ConversationRow(**record)


async def is_shared(connection: Connection, conversation_id: UUID | None) -> bool:
    """Whether all members of the project see the conversation."""
    if conversation_id is None:
        return False
    return bool(await statements.is_shared_conversation(connection, id=conversation_id))


async def archive_conversation(
    connection: Connection, user_id: str, conversation_id: UUID, archived: bool
) -> ConversationRow:
    record = await statements.archive_conversation(connection, user_id=user_id, id=conversation_id, archived=archived)
    if record is None:
        raise await refusal(connection, user_id, conversation_id, NO_CONVERSATION)
    return ConversationRow(**record)
