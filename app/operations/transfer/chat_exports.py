"""Reads chat exports and imports their conversations, each in one transaction. A repeated import adds nothing."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import orjson

from app.errors import OperationFailed
from app.language.text import storable
from app.operations.progress import Report
from app.operations.transfer.export import id_at
from sql.repositories.conversations import ImportedMessage, insert_imported_conversation, insert_imported_messages
from sql.rows import JsonObject
from sql.statements import Connection

Source = Literal["claude", "chatgpt"]
ATTACHMENT = "[{name}]"
UNTITLED = "…"
MAX_TITLE = 200


@dataclass(frozen=True, slots=True)
class ChatMessage:
    """A message by the user or by the assistant."""

    id: str
    at: datetime
    by_user: bool
    text: str


@dataclass(frozen=True, slots=True)
class ChatExport:
    """A conversation, oldest message first."""

    source: Source
    id: str
    title: str
    began: datetime
    messages: list[ChatMessage]


def read_chat_exports(path: Path) -> list[Any]:
    """The raw conversations in `conversations.json`, or in the archive with that file. Raises OperationFailed."""
    try:
        content = _content(path)
        conversations = orjson.loads(content)
    except (OSError, zipfile.BadZipFile) as error:
        raise OperationFailed(f"{path} cannot be read: {error}.") from None
    except orjson.JSONDecodeError as error:
        raise OperationFailed(f"{path} is not JSON ({error}); use the archive as it was downloaded.") from None
    if not isinstance(conversations, list) or not all(isinstance(each, dict) for each in conversations):
        raise OperationFailed(f"{path} is not an export of Claude or ChatGPT: it is not a list of conversations.")
    return conversations


def _content(path: Path) -> bytes:
    if not zipfile.is_zipfile(path):
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.rpartition("/")[2] == "conversations.json"]
        if not names:
            raise OperationFailed(f"{path} contains no conversations.json.")
        return archive.read(names[0])


def parse_conversation(raw: dict[str, Any]) -> ChatExport | None:
    """A conversation; None when it has no messages. Raises OperationFailed for an unknown format."""
    try:
        if "mapping" in raw:
            conversation = _from_chatgpt(raw)
        elif "chat_messages" in raw:
            conversation = _from_claude(raw)
        else:
            raise KeyError("neither mapping nor chat_messages")
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise OperationFailed(
            f"A conversation cannot be read ({error!r}); the conversations before it were imported."
        ) from None
    return conversation if conversation.messages else None


def _with_increasing_times(messages: list[ChatMessage]) -> list[ChatMessage]:
    """Make every time later than the one before: ids contain the times, and messages are sorted by id."""
    ordered: list[ChatMessage] = []
    for message in messages:
        earliest = ordered[-1].at + timedelta(milliseconds=1) if ordered else message.at
        ordered.append(ChatMessage(message.id, max(message.at, earliest), message.by_user, message.text))
    return ordered


def _from_claude(raw: dict[str, Any]) -> ChatExport:
    began = datetime.fromisoformat(raw["created_at"])
    messages = [
        ChatMessage(each["uuid"], datetime.fromisoformat(each["created_at"]), each["sender"] == "human", text)
        for each in raw["chat_messages"]
        if (text := _text_of_claude(each))
    ]
    return ChatExport("claude", raw["uuid"], raw.get("name") or "", began, _with_increasing_times(messages))


def _text_of_claude(message: dict[str, Any]) -> str:
    blocks = [block.get("text", "") for block in message.get("content") or () if block.get("type") == "text"]
    text = "\n\n".join(block for block in blocks if block) or message.get("text") or ""
    files = [*(message.get("attachments") or ()), *(message.get("files") or ())]
    names = [ATTACHMENT.format(name=file.get("file_name") or "attachment") for file in files]
    return "\n".join([*([text.strip()] if text.strip() else []), *names])


def _from_chatgpt(raw: dict[str, Any]) -> ChatExport:
    began = datetime.fromtimestamp(raw.get("create_time") or 0, UTC)
    messages = []
    for node in _branch(raw):
        message = node.get("message")
        if message and (text := _text_of_chatgpt(message)):
            at = message.get("create_time")
            time = datetime.fromtimestamp(at, UTC) if at else began
            messages.append(ChatMessage(message["id"], time, message["author"]["role"] == "user", text))
    key = raw.get("conversation_id") or raw.get("id") or f"{raw.get('title')}-{raw.get('create_time')}"
    return ChatExport("chatgpt", key, raw.get("title") or "", began, _with_increasing_times(messages))


def _branch(raw: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The branch that was shown last, from the root to its end."""
    mapping, key = raw["mapping"], raw.get("current_node")
    if key is None:
        key = max(mapping, key=lambda name: ((mapping[name].get("message") or {}).get("create_time") or 0, name))
    branch: list[dict[str, Any]] = []
    seen: set[str] = set()
    while key is not None and key in mapping and key not in seen:
        seen.add(key)
        branch.append(mapping[key])
        key = mapping[key].get("parent")
    yield from reversed(branch)


def _text_of_chatgpt(message: dict[str, Any]) -> str:
    if message["author"]["role"] not in ("user", "assistant"):
        return ""
    if (message.get("metadata") or {}).get("is_visually_hidden_from_conversation"):
        return ""
    content = message.get("content") or {}
    if content.get("content_type") not in ("text", "multimodal_text", "code"):
        return ""  # thoughts of the model and tool calls
    parts = content.get("parts") or [content.get("text") or ""]
    texts = [
        part if isinstance(part, str) else part.get("text") or ATTACHMENT.format(name="attachment") for part in parts
    ]
    return "\n\n".join(text.strip() for text in texts if text.strip())


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
