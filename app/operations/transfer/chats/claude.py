"""Reads conversations of Claude's data export."""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from app.operations.transfer.chats.model import Chat, Node, as_dict, as_text, dicts, moment, short_id
from app.operations.transfer.chats.text import document, file_mark, first_text, joined
from app.operations.transfer.tolerant_json import LeftOut
from sql.sentences import sentence

TOOLS, THOUGHTS = "import.tool_messages", "import.thoughts"
UNREADABLE, FILES, UNKNOWN = "import.unreadable", "import.files", "import.unknown_parts"
BY_USER = {"human": True, "user": True, "assistant": False}
LEFT_OUT = {"thinking": THOUGHTS, "redacted_thinking": THOUGHTS, "tool_result": TOOLS, "tool_call": TOOLS}
EMPTY = frozenset({"token_budget", "flag"})
ARTIFACT = re.compile(r'<antArtifact\b((?:[^>"]{1,200}+|"[^"]{0,500}+"){0,40}+)>(.*?)(?:</antArtifact>|\Z)', re.DOTALL)
ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')
THINKING = re.compile(r"<antThinking>.*?(?:</antThinking>|\Z)", re.DOTALL)
# In place of blocks that the program which made the export could not show.
PLACEHOLDER = re.compile(
    r"```\s*\n(?:This block is not supported on your current device yet\.|"
    r"Viewing artifacts created via the Analysis Tool web feature preview isn.t yet supported on mobile\.)\s*\n```\s*"
)

BEGINNING = "00000000-0000-4000-8000-000000000000"  # the parent of a first message


def from_claude(raw: Mapping[str, Any]) -> Chat:
    """A conversation of Claude. Raises LeftOut when it has no list of messages."""
    messages = raw.get("chat_messages", raw.get("messages"))
    if not isinstance(messages, list):
        raise LeftOut(sentence("import.malformed_chat"))
    began = moment(raw.get("created_at")) or moment(raw.get("updated_at"))
    title = first_text(raw, "name", "title")
    chat = Chat(
        "claude",
        short_id(raw.get("uuid") or raw.get("id") or f"{title}-{raw.get('created_at')}"),
        title,
        began,
        archived=raw.get("is_archived") is True,
        current=short_id(first_text(raw, "current_leaf_message_uuid")) or None,
    )
    known = {short_id(each.get("uuid") or each.get("id")) for each in messages if isinstance(each, dict)}
    previous: str | None = None
    for number, message in enumerate(messages):
        if not isinstance(message, dict):
            chat.note(UNREADABLE)
            continue
        key = short_id(message.get("uuid") or message.get("id") or f"{chat.id}-{number}")
        node = Node(
            key,
            _parent(message, key, known, previous),
            moment(message.get("created_at")) or moment(message.get("timestamp")),
        )
        sender = as_text(message.get("sender")) or as_text(message.get("role"))
        if sender in BY_USER:
            node.by_user = BY_USER[sender]
            node.text = _text(chat, message)
        else:
            chat.note(UNREADABLE)
        if key in chat.nodes:
            node.id = f"{key}~{number}"
        chat.add(node)
        previous = node.id
    return chat


def _parent(message: Mapping[str, Any], key: str, known: Collection[str], previous: str | None) -> str | None:
    """The message that this one follows. Exports before 2026 do not name it; their messages are in order.

    So does a message that names itself or one that is missing, unless it names the beginning.
    """
    if "parent_message_uuid" not in message:
        return previous
    parent = short_id(message["parent_message_uuid"])
    if parent in ("", BEGINNING):
        return None
    return parent if parent in known and parent != key else previous


def _text(chat: Chat, message: Mapping[str, Any]) -> str:
    content = message.get("content")
    inner = as_dict(content)  # messages of design chats have an object
    blocks = content if isinstance(content, list) else inner.get("contentBlocks")
    texts = [*_blocks(chat, blocks)] if isinstance(blocks, list) else []
    if not any(texts):
        given = as_text(content) or first_text(inner, "content", "text") or as_text(message.get("text"))
        texts = [_prose(given)]
    return joined([*texts, *_files(chat, message), *_files(chat, inner)])


def _blocks(chat: Chat, blocks: list[Any]) -> Iterator[str]:
    for block in blocks:
        if isinstance(block, str):
            yield _prose(block)
        elif not isinstance(block, dict):
            chat.note(UNREADABLE)
        elif (kind := as_text(block.get("type"))) in LEFT_OUT:
            chat.note(LEFT_OUT[kind])
        elif kind == "tool_use":
            yield _tool(chat, block)
        elif text := first_text(block, "text", "transcript"):
            yield joined([first_text(block, "title"), _prose(text)])
        elif kind in ("image", "document", "file"):
            chat.note(FILES)
            yield file_mark(block.get("file_name") or block.get("title"))
        elif kind not in (*EMPTY, "text"):
            chat.note(UNKNOWN, kind or "?")


def _tool(chat: Chat, block: Mapping[str, Any]) -> str:
    """A document that the assistant created; empty for calls of other tools."""
    name, given = as_text(block.get("name")), as_dict(block.get("input"))
    if name == "artifacts" and (text := first_text(given, "content", "new_str")):
        kind = as_text(given.get("type"))
        return document(first_text(given, "title", "id"), text, kind=kind or "code", language=_language(given, kind))
    if text := first_text(given, "file_text", "widget_code"):
        path = first_text(given, "path", "title")
        markdown = path.lower().endswith((".md", ".markdown"))
        return document(
            path.rpartition("/")[2], text, kind="" if markdown else "code", language=path.rpartition(".")[2]
        )
    chat.note(TOOLS)
    return ""


def _language(given: Mapping[str, Any], kind: str) -> str:
    """The language of a document's code: named, or that of its type, such as `text/html` or `…ant.react`."""
    return as_text(given.get("language")) or re.split(r"[/.]", kind.partition("+")[0])[-1]


def _prose(text: str) -> str:
    """A text with its artifacts as documents, and without the thoughts and the placeholders of unsupported blocks."""

    def shown(found: re.Match[str]) -> str:
        named = dict(ATTRIBUTE.findall(found[1]))
        kind = named.get("type", "")
        title = named.get("title") or named.get("identifier", "")
        return f"\n\n{document(title, found[2], kind=kind or 'code', language=_language(named, kind))}\n\n"

    if "<ant" in text:
        text = ARTIFACT.sub(shown, THINKING.sub("", text))
    return PLACEHOLDER.sub("", text).strip() if "```" in text else text.strip()


def _files(chat: Chat, message: Mapping[str, Any]) -> Iterator[str]:
    """The texts of attachments, and the names of files, which are not imported."""
    seen: set[str] = set()
    for field in ("attachments", "files", "files_v2"):
        for file in dicts(message.get(field)):
            name = first_text(file, "file_name", "name", "fileName")
            content = first_text(file, "extracted_content", "content")
            identity = first_text(file, "file_uuid", "uuid") or name
            if not content and identity and identity in seen:
                continue
            seen.add(identity)
            if not content:
                chat.note(FILES)
            yield joined([file_mark(name) if name or not content else "", content])
