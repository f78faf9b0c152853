"""Versions of messages, and the branches that follow them.

An edited message, or a reply that is written again, gets a further version. Of each message one version is selected;
the selected versions and what follows them are shown. All other messages stay and can be read.
"""

from collections.abc import Sequence
from uuid import UUID

from sql.errors import Conflict, NotFound
from sql.repositories.messages import NO_MESSAGE
from sql.repositories.nodes import refusal
from sql.rows import JsonObject, MessageRow
from sql.statements import Connection, fetch_rows, statements

SOURCE_OF_IMPORT = ("sourceId", "importedFrom")


async def lock_branches(connection: Connection, user_id: str, message_id: UUID) -> MessageRow:
    """The message. It, its conversation and all messages that another branch may hide or show are locked.

    Raises NotFound.
    """
    conversation_id = await statements.lock_conversation_of_message(connection, user_id=user_id, id=message_id)
    if conversation_id is None:
        raise await refusal(connection, user_id, message_id, NO_MESSAGE)
    await statements.lock_branches(connection, conversation_id=conversation_id, from_id=message_id)
    record = await statements.lock_message(connection, user_id=user_id, id=message_id)
    if record is None:
        raise NotFound(NO_MESSAGE)
    return MessageRow(**record)


async def insert_version(connection: Connection, message: MessageRow, content: str | None = None) -> MessageRow:
    """Insert a further version of a message that `lock_branches` returned, and show it.

    Without `content`, a pending reply. Replies that are being written in the branch that is left are stopped. Raises
    Conflict while the reply itself is being written.
    """
    if content is None and message.status in ("pending", "streaming"):
        raise Conflict("reply.in_progress")
    place = {"conversation_id": message.conversation_id, "id": message.id}
    await statements.stop_shown_replies_after(connection, **place)
    if message.version_of is None:
        await statements.begin_versions(connection, **place, branch=message.branch)
    record = await statements.insert_version(
        connection,
        id=message.id,
        content=content or "",
        status="pending" if content is None else "complete",
        metadata={} if content is None else _without_source(message.metadata),
    )
    version = MessageRow(**record)
    await statements.copy_attachments(connection, from_id=message.id, to_id=version.id)
    await select_version(connection, version)
    return version


def _without_source(metadata: JsonObject) -> JsonObject:
    """Without the id in the program that it was imported from: a repeated import must not take it for that message."""
    return {name: value for name, value in metadata.items() if name not in SOURCE_OF_IMPORT}


async def select_version(connection: Connection, message: MessageRow) -> None:
    """Show a message, and of what follows each version the branch that was shown last.

    Records that were made because of the messages that are hidden stay as they are.
    """
    await statements.select_path(connection, id=message.id)
    await statements.show_selected(connection, conversation_id=message.conversation_id)


async def prepare_deletion(connection: Connection, user_id: str, message: MessageRow) -> None:
    """Decide what goes with a message that `lock_branches` returned and that is deleted next.

    What follows a message with other versions is its branch: it is deleted with it, and the newest other version is
    shown. What follows the only version stays.
    """
    versions = await list_versions(connection, user_id, [message.version_of]) if message.version_of else []
    if len(versions) > 1:
        await statements.select_other_version(connection, id=message.id)
        await statements.show_selected(connection, conversation_id=message.conversation_id)
    else:
        await statements.keep_following(connection, id=message.id, branch=message.branch)


async def show_restored(connection: Connection, user_id: str, message_id: UUID) -> None:
    """Show a message that was restored from the trash. What was kept after it follows it again. Raises NotFound."""
    message = await lock_branches(connection, user_id, message_id)
    await statements.follow_restored(connection, id=message_id)
    await select_version(connection, message)


async def lock_conversation(connection: Connection, conversation_id: UUID) -> None:
    """Serialize changes of branches with each other and with new messages, until the transaction ends."""
    await statements.lock_conversation(connection, id=conversation_id)


async def show_selected(connection: Connection, conversation_id: UUID) -> None:
    """Show the branch of the selected versions, whatever was shown before. Locks the conversation."""
    await lock_conversation(connection, conversation_id)
    await statements.show_selected(connection, conversation_id=conversation_id)


async def list_versions(connection: Connection, user_id: str, firsts: Sequence[UUID]) -> list[MessageRow]:
    """All versions of the messages with these first versions, oldest first."""
    return await fetch_rows(connection, statements.list_versions, MessageRow, user_id=user_id, firsts=firsts)


async def list_actions_of_other_versions(
    connection: Connection, user_id: str, ids: Sequence[UUID]
) -> list[tuple[UUID, UUID]]:
    """For each message the ids of the actions that can be undone in the branches of other versions, oldest first."""
    records = statements.list_actions_of_other_versions(connection, user_id=user_id, ids=ids)
    return [(record["message"], record["id"]) async for record in records]
