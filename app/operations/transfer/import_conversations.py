"""Imports conversations of a chat export, each in one transaction. A repeated import adds nothing."""

from uuid import UUID

from app.language.text import storable
from app.operations.progress import Report
from app.operations.transfer.chat_exports import ChatExport, parse_conversation
from app.operations.transfer.format import id_at
from sql.repositories.conversations import ImportedMessage, insert_imported_conversation, insert_imported_messages
from sql.rows import JsonObject
from sql.statements import Connection

UNTITLED = "…"
MAX_TITLE = 200


async def import_conversations(
    connection: Connection, user_id: str, conversations: list[JsonObject], report: Report
) -> tuple[int, int]:
    """Import the conversations; returns the numbers of new and of existing messages. Raises OperationFailed."""
    added = existing = 0
    with report.step("importing", len(conversations)) as advance:
        for raw in conversations:
            if (conversation := parse_conversation(raw)) is not None:
                async with connection.transaction():
                    new = await _insert(connection, user_id, conversation)
                added += new
                existing += len(conversation.messages) - new
            advance(1)
    return added, existing


async def _insert(connection: Connection, user_id: str, export: ChatExport) -> int:
    began = min(export.began, export.messages[0].at)
    conversation_id = id_at(began, user_id, export.source, export.id)
    title = storable(export.title).strip() or export.messages[0].text[:60] or UNTITLED
    await insert_imported_conversation(
        connection, user_id, conversation_id, title[:MAX_TITLE], began, export.messages[-1].at
    )
    rows: list[ImportedMessage] = []
    question: UUID | None = None
    for message in export.messages:
        message_id = id_at(message.at, user_id, export.source, export.id, message.id)
        message_type = "user" if message.by_user else "kana"
        reply_to = None if message.by_user else question
        metadata = {"importedFrom": export.source, "sourceId": message.id}
        rows.append((message_id, storable(message.text), message_type, reply_to, metadata, message.at))
        if message.by_user:
            question = message_id
    return await insert_imported_messages(connection, user_id, conversation_id, rows)
