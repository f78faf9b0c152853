"""Conversations from elsewhere become conversations here; a conversation is one transaction, and comes in once."""

from uuid import UUID

from app.language.truncation import one_line
from app.operations.progress import Report
from app.operations.transfer.chat_exports import ChatExport, to_talk
from app.operations.transfer.ids import id_at
from app.workers.text import storable
from sql.repositories.imports import ImportedMessage, insert_imported_conversation, insert_imported_messages
from sql.rows import JsonObject
from sql.statements import Connection

UNTITLED = "…"
LONGEST_TITLE = 200


async def import_conversations(
    connection: Connection, user_id: str, talks: list[JsonObject], report: Report
) -> tuple[int, int]:
    """How many messages came in, and how many were there already. Killed or failed, it is simply run again."""
    added = there = 0
    with report.step("importing", len(talks)) as advance:
        for raw in talks:
            if (talk := to_talk(raw)) is not None:
                async with connection.transaction():
                    new = await _insert(connection, user_id, talk)
                added += new
                there += len(talk.messages) - new
            advance(1)
    return added, there


async def _insert(connection: Connection, user_id: str, talk: ChatExport) -> int:
    began = min(talk.began, talk.messages[0].at)
    conversation = id_at(began, user_id, talk.source, talk.id)
    title = storable(talk.title).strip() or one_line(talk.messages[0].text, 60) or UNTITLED
    await insert_imported_conversation(
        connection, user_id, conversation, one_line(title, LONGEST_TITLE), began, talk.messages[-1].at
    )
    rows: list[ImportedMessage] = []
    asked: UUID | None = None
    for said in talk.messages:
        message = id_at(said.at, user_id, talk.source, talk.id, said.id)
        kind = "user" if said.by_user else "kana"
        metadata = {"importedFrom": talk.source, "sourceId": said.id}
        rows.append((message, storable(said.text), kind, None if said.by_user else asked, metadata, said.at))
        if said.by_user:
            asked = message
    return await insert_imported_messages(connection, user_id, conversation, rows)
