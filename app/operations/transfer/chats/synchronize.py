"""Makes the rows of a user equal to a conversation of an export, as far as they were not changed here."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from app.language.text import one_line, truncate
from app.operations.transfer.chats.branches import Message, messages_of, shown_in, siblings_of
from app.operations.transfer.chats.model import Chat
from app.operations.transfer.chats.versions import Versions, versions_in
from app.operations.transfer.export import id_at
from app.operations.transfer.report import ImportReport
from sql.repositories import chat_imports as repository
from sql.repositories.branches import lock_conversation, show_selected
from sql.repositories.chat_imports import ChatKey, KnownConversation, KnownMessage, NewMessage
from sql.statements import Connection

UNTITLED = "…"
MAX_TITLE = 200
TITLE_FROM_TEXT = 60


@dataclass(frozen=True, slots=True)
class _Target:
    """A chat with its messages, and what was imported from it before."""

    chat: Chat
    key: ChatKey
    title: str
    conversation_id: UUID
    before: KnownConversation | None
    known: dict[str, KnownMessage]
    messages: list[Message]
    shown: list[Message]
    ids: dict[str, UUID]

    @property
    def follows_export(self) -> bool:
        """Whether the versions that are shown there are shown here: unless another choice was or may be made here."""
        before = self.before
        return before is None or (not before.continued and before.shown != self.shown[-1].id)


async def synchronize(connection: Connection, user_id: str, chat: Chat, report: ImportReport, now: datetime) -> None:
    """Import a conversation that has messages with a text, or what was added since the last import.

    Other versions of edited questions and repeated answers are versions here. A conversation that was continued here
    keeps showing that. Runs in the caller's transaction.
    """
    messages = messages_of(chat, fallback=now)
    chat.report_notes(report)
    if chat.began is None and not any(node.at for node in chat.nodes.values()):
        report.note("import.dated_now")
    target = await _target(connection, user_id, chat, messages)
    continued = target.before is not None and target.before.continued
    continuations = (
        await repository.list_continuations(connection, user_id, target.conversation_id) if continued else {}
    )
    versions = versions_in(messages, target.shown, target.ids, target.known, continuations)
    await _store(connection, target, versions, report)
    report.note("import.other_versions", sum(len(each) - 1 for each in siblings_of(messages) if each))


async def _target(connection: Connection, user_id: str, chat: Chat, messages: list[Message]) -> _Target:
    key = ChatKey(user_id, chat.source, chat.id)
    before = await repository.find_imported_conversation(connection, key)
    known = await repository.list_imported_messages(connection, user_id, before.id) if before else {}
    first = truncate(one_line(messages[0].text, TITLE_FROM_TEXT * 4), TITLE_FROM_TEXT)
    title = truncate(one_line(chat.title, MAX_TITLE * 4), MAX_TITLE) or first or UNTITLED
    began = min(chat.began or messages[0].at, messages[0].at)
    conversation_id = before.id if before else id_at(began, "conversation", user_id, chat.source, chat.id)
    ids = {
        each.id: known[each.id].id if each.id in known else id_at(each.at, user_id, chat.source, chat.id, each.id)
        for each in messages
    }
    return _Target(chat, key, title, conversation_id, before, known, messages, shown_in(chat, messages), ids)


async def _store(connection: Connection, target: _Target, versions: Versions, report: ImportReport) -> None:
    """Insert, place and update the messages, and their conversation."""
    user_id, conversation_id = target.key.user_id, target.conversation_id
    if target.before is None:
        await _insert_conversation(connection, target)
    else:
        await lock_conversation(connection, conversation_id)
        report.updated += await repository.rename_imported_conversation(
            connection, user_id, conversation_id, target.title
        )
    for first in versions.first:
        await repository.begin_versions_of(connection, user_id, conversation_id, first)
    added = await repository.insert_imported_messages(connection, user_id, conversation_id, _rows(target, versions))
    report.added += added
    report.existing += len(target.messages) - added
    if target.before is not None:
        await _update(connection, target, versions, report)
        if added or target.follows_export:
            await show_selected(connection, conversation_id)
    if added:
        last = max(each.at for each in target.messages)
        await repository.touch_imported_conversation(connection, user_id, conversation_id, last)
    shown = target.shown[-1].id
    await repository.save_source(connection, target.key, conversation_id, shown=shown, title=target.title)


async def _insert_conversation(connection: Connection, target: _Target) -> None:
    began, messages = target.chat.began, target.messages
    await repository.insert_imported_conversation(
        connection,
        target.key.user_id,
        target.conversation_id,
        title=target.title,
        archived=target.chat.archived,
        began=min(began, messages[0].at) if began else messages[0].at,
        ended=max(each.at for each in messages),
    )


async def _update(connection: Connection, target: _Target, versions: Versions, report: ImportReport) -> None:
    """Bring what was imported before to the state of the export, and select the versions that are shown there."""
    user_id = target.key.user_id
    known = [each for each in target.messages if each.id in target.known]
    places = [(target.ids[each.id], versions.version_of.get(each.id), versions.branch[each.id]) for each in known]
    await repository.place_imported_messages(connection, user_id, places)
    for message in known:
        before = target.known[message.id]
        if not before.edited and before.content != message.text:
            report.updated += await repository.update_imported_message(connection, user_id, before.id, message.text)
    if target.follows_export:
        chosen = [target.ids[each] for each in versions.chosen]
        await repository.select_imported_versions(connection, user_id, chosen)


def _rows(target: _Target, versions: Versions) -> list[NewMessage]:
    """The messages that were not imported before."""
    selected = set(versions.chosen if target.follows_export else versions.new)
    shown = {each.id for each in target.shown} if target.follows_export else set[str]()
    questions = _questions(target)
    return [
        NewMessage(
            id=target.ids[each.id],
            content=each.text,
            kind="user" if each.by_user else "kana",
            answered=questions.get(each.id),
            metadata={"importedFrom": target.chat.source, "sourceId": each.id},
            at=each.at,
            version_of=versions.version_of.get(each.id),
            branch=versions.branch[each.id],
            selected=each.id in selected or each.id not in versions.version_of,
            shown=each.id in shown,
        )
        for each in target.messages
        if each.id not in target.known
    ]


def _questions(target: _Target) -> dict[str, UUID | None]:
    """The message of the user that each reply follows, by the id there of the reply."""
    found: dict[str, UUID | None] = {}
    for message in target.messages:  # parents first
        above = message.above
        if message.by_user or above is None:
            continue
        found[message.id] = target.ids[above.id] if above.by_user else found.get(above.id)
    return found
