"""Makes the rows of a user equal to a conversation of an export, as far as they were not changed here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.language.catalogue import message_of
from app.language.text import language_of, one_line, truncate
from app.operations.transfer.chats.branches import MAIN, Line, Message, lines_of, messages_of
from app.operations.transfer.chats.model import Chat
from app.operations.transfer.export import id_at
from app.operations.transfer.report import ImportReport
from sql.repositories import chat_imports as repository
from sql.repositories.chat_imports import ChatKey, KnownConversation, KnownMessage, NewMessage
from sql.sentences import sentence
from sql.statements import Connection

UNTITLED = "…"
MAX_TITLE = 200
TITLE_FROM_TEXT = 60


@dataclass(frozen=True, slots=True)
class _Target:
    """A chat, and what was imported from it before."""

    chat: Chat
    key: ChatKey
    title: str
    conversations: dict[str, KnownConversation]
    messages: dict[str, KnownMessage]

    def id_of(self, message: Message) -> UUID:
        known = self.messages.get(message.id)
        return known.id if known else id_at(message.at, self.key.user_id, self.chat.source, self.chat.id, message.id)


async def synchronize(connection: Connection, user_id: str, chat: Chat, report: ImportReport, now: datetime) -> None:
    """Import a conversation that has messages with a text, or what was added since the last import.

    The main conversation has the version that was shown last; every other version is an archived conversation. A
    conversation that was continued here keeps its messages. Runs in the caller's transaction.
    """
    messages = messages_of(chat, fallback=now)
    chat.report_notes(report)
    if chat.began is None and not any(node.at for node in chat.nodes.values()):
        report.note("import.dated_now")
    target = await _target(connection, user_id, chat, messages)
    pinned = {each.id for each in target.conversations.values() if each.continued}
    kept = {name for name, known in target.messages.items() if known.conversation_id in pinned}
    main = target.conversations.get(MAIN)
    lines = lines_of(chat, messages, kept=kept, main_is_kept=main is not None and main.continued)
    for line in lines:
        await _write(connection, target, line, report)
    report.existing += len(kept & {message.id for message in messages})
    if main is not None:
        await _rename(connection, target, main.id, target.title, report)
    await repository.delete_empty_imports(connection, target.key)
    report.note("import.other_versions", sum(line.key != MAIN for line in lines))


async def _target(connection: Connection, user_id: str, chat: Chat, messages: list[Message]) -> _Target:
    key = ChatKey(user_id, chat.source, chat.id)
    conversations = {each.branch: each for each in await repository.list_imported_conversations(connection, key)}
    known = await repository.list_imported_messages(connection, user_id, [each.id for each in conversations.values()])
    first = truncate(one_line(messages[0].text, TITLE_FROM_TEXT * 4), TITLE_FROM_TEXT)
    title = truncate(one_line(chat.title, MAX_TITLE * 4), MAX_TITLE) or first or UNTITLED
    return _Target(chat, key, title, conversations, known)


async def _write(connection: Connection, target: _Target, line: Line, report: ImportReport) -> None:
    """Insert, move and update the messages of one line, and its conversation."""
    user_id = target.key.user_id
    conversation_id = await _conversation(connection, target, line, report)
    known = [target.messages[each.id] for each in line.messages if each.id in target.messages]
    moved = [each.id for each in known if each.conversation_id != conversation_id]
    if moved:
        report.updated += await repository.move_imported_messages(connection, user_id, conversation_id, moved)
    for message in line.messages:
        before = target.messages.get(message.id)
        if before and not before.edited and before.content != message.text:
            report.updated += await repository.update_imported_message(connection, user_id, before.id, message.text)
    existing = {each.id for each in known}
    new = [each for each in _rows(target, line) if each[0] not in existing]
    added = await repository.insert_imported_messages(connection, user_id, conversation_id, new)
    report.added += added
    report.existing += len(line.messages) - added
    if added:
        await repository.touch_imported_conversation(connection, user_id, conversation_id, line.messages[-1].at)


async def _conversation(connection: Connection, target: _Target, line: Line, report: ImportReport) -> UUID:
    """The conversation of a line, which is created when it does not exist."""
    other = line.key != MAIN
    title = target.title
    if other:
        title = message_of(sentence("import.other_version_title", title=title), language_of(title))
    if known := target.conversations.get(line.key):
        if other:
            await _rename(connection, target, known.id, title, report)
        return known.id
    began, first = target.chat.began, line.messages[0].at
    began = min(began, first) if began and not other else first
    names = (target.key.user_id, target.chat.source, target.chat.id, *([line.key] if other else []))
    conversation_id = id_at(began, "conversation", *names)
    await repository.insert_imported_conversation(
        connection,
        target.key,
        conversation_id,
        branch=line.key,
        title=title,
        archived=other or target.chat.archived,
        began=began,
        ended=line.messages[-1].at,
    )
    return conversation_id


async def _rename(
    connection: Connection, target: _Target, conversation_id: UUID, title: str, report: ImportReport
) -> None:
    report.updated += await repository.rename_imported_conversation(
        connection, target.key.user_id, conversation_id, title
    )


def _rows(target: _Target, line: Line) -> list[NewMessage]:
    rows: list[NewMessage] = []
    question: UUID | None = None
    for message in line.messages:
        message_id = target.id_of(message)
        metadata = {"importedFrom": target.chat.source, "sourceId": message.id}
        kind, reply_to = ("user", None) if message.by_user else ("kana", question)
        rows.append((message_id, message.text, kind, reply_to, metadata, message.at))
        question = message_id if message.by_user else question
    return rows
