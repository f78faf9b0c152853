"""Conversations that were imported from other programs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sql.rows import JsonObject
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class NewMessage:
    """`answered` is the question of a reply; `version_of`, `branch`, `selected` and `shown` are as in `messages`."""

    id: UUID
    content: str
    kind: str
    answered: UUID | None
    metadata: JsonObject
    at: datetime
    version_of: UUID | None
    branch: UUID | None
    selected: bool
    shown: bool


@dataclass(frozen=True, slots=True)
class ChatKey:
    """A conversation of another program."""

    user_id: str
    source: str
    source_id: str


@dataclass(frozen=True, slots=True)
class KnownConversation:
    """A conversation that was imported before; `continued`: it has messages that were written here.

    `shown` is the id there of the last message that was shown at the last import.
    """

    id: UUID
    shown: str
    continued: bool


@dataclass(frozen=True, slots=True)
class KnownMessage:
    """A message that was imported before; `edited`: its text was changed here."""

    id: UUID
    content: str
    edited: bool
    version_of: UUID | None
    branch: UUID | None


@dataclass(frozen=True, slots=True)
class Continuation:
    """The first message that was written here after an imported one."""

    id: UUID
    version_of: UUID | None


async def find_imported_conversation(connection: Connection, key: ChatKey) -> KnownConversation | None:
    record = await statements.find_imported_conversation(
        connection, user_id=key.user_id, source=key.source, source_id=key.source_id
    )
    if record is None:
        return None
    return KnownConversation(record["conversation_id"], record["shown"], record["continued"])


async def list_imported_messages(
    connection: Connection, user_id: str, conversation_id: UUID
) -> dict[str, KnownMessage]:
    """The messages of the conversation by their id in the other program."""
    records = statements.list_imported_messages(connection, user_id=user_id, conversation_id=conversation_id)
    return {
        each["source_id"]: KnownMessage(each["id"], each["content"], each["edited"], each["version_of"], each["branch"])
        async for each in records
    }


async def list_continuations(connection: Connection, user_id: str, conversation_id: UUID) -> dict[str, Continuation]:
    """By the id there of the imported message that they follow."""
    records = statements.list_continuations(connection, user_id=user_id, conversation_id=conversation_id)
    return {each["source_id"]: Continuation(each["id"], each["version_of"]) async for each in records}


async def insert_imported_conversation(
    connection: Connection,
    user_id: str,
    conversation_id: UUID,
    *,
    title: str,
    archived: bool,
    began: datetime,
    ended: datetime,
) -> None:
    """Insert the conversation, unless it exists."""
    await statements.insert_imported_conversation(
        connection,
        user_id=user_id,
        id=conversation_id,
        title=title,
        archived=archived,
        created_at=began,
        updated_at=ended,
    )


async def save_source(connection: Connection, key: ChatKey, conversation_id: UUID, *, shown: str, title: str) -> None:
    """Store where a conversation comes from, and what was shown there last; the first title stays."""
    await statements.upsert_conversation_source(
        connection,
        user_id=key.user_id,
        conversation_id=conversation_id,
        source=key.source,
        source_id=key.source_id,
        shown=shown,
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
    records = statements.insert_imported_messages(
        connection, user_id=user_id, conversation_id=conversation_id, messages=[_as_json(each) for each in messages]
    )
    return len([record async for record in records])


def _as_json(message: NewMessage) -> dict[str, Any]:
    return {name: getattr(message, name) for name in NewMessage.__slots__}


async def begin_versions_of(connection: Connection, user_id: str, conversation_id: UUID, message_id: UUID) -> None:
    """Make a message the first of several versions, unless it is one of several."""
    await statements.begin_versions_of(connection, user_id=user_id, conversation_id=conversation_id, id=message_id)


async def place_imported_messages(
    connection: Connection, user_id: str, places: Sequence[tuple[UUID, UUID | None, UUID | None]]
) -> None:
    """Set `version_of` and `branch` of messages by id."""
    messages = [{"id": each, "version_of": version_of, "branch": branch} for each, version_of, branch in places]
    await statements.place_imported_messages(connection, user_id=user_id, messages=messages)


async def select_imported_versions(connection: Connection, user_id: str, ids: Sequence[UUID]) -> None:
    """Select these messages, each among its versions."""
    await statements.select_imported_versions(connection, user_id=user_id, ids=ids)


async def update_imported_message(connection: Connection, user_id: str, message_id: UUID, content: str) -> bool:
    """Take the new text, unless the message was edited here; whether it was changed."""
    changed = await statements.update_imported_message(connection, user_id=user_id, id=message_id, content=content)
    return changed is not None
