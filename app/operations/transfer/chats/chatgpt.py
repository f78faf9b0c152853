"""Reads conversations of ChatGPT's data export."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.operations.transfer.chats.model import Chat, Node, as_dict, as_text, dicts, moment, short_id
from app.operations.transfer.chats.text import (
    document,
    fenced,
    file_mark,
    first_text,
    joined,
    text_of,
    without_marks,
)
from app.operations.transfer.tolerant_json import LeftOut, loads
from sql.sentences import sentence

TOOLS, THOUGHTS, CONTEXT = "import.tool_messages", "import.thoughts", "import.instructions"
HIDDEN, UNREADABLE, FILES, UNKNOWN = "import.hidden", "import.unreadable", "import.files", "import.unknown_parts"
LEFT_OUT = {
    "thoughts": THOUGHTS,
    "reasoning_recap": THOUGHTS,
    "user_editable_context": CONTEXT,
    "model_editable_context": CONTEXT,
    "execution_output": TOOLS,
    "tether_browsing_code": TOOLS,
    "tether_browsing_display": TOOLS,
    "sonic_webpage": TOOLS,
    "system_error": TOOLS,
    "computer_output": TOOLS,
}
TEXT = frozenset({"text", "multimodal_text"})
CREATE_DOCUMENT, UPDATE_DOCUMENT = "canmore.create_textdoc", "canmore.update_textdoc"
WHOLE = frozenset({".*", "(?s).*", "^.*$"})
SHOWN_RECIPIENTS = (None, "", "all")


def from_chatgpt(raw: Mapping[str, Any]) -> Chat:
    """A conversation of ChatGPT. Raises LeftOut when it has no tree of messages."""
    mapping = raw.get("mapping")
    if not isinstance(mapping, dict):
        raise LeftOut(sentence("import.malformed_chat"))
    began = moment(raw.get("create_time")) or moment(raw.get("update_time"))
    chat = Chat(
        "chatgpt",
        short_id(
            raw.get("conversation_id")
            or raw.get("id")
            or "-".join([f"{raw.get('title')}-{raw.get('create_time')}", *list(mapping)[:3]])
        ),
        as_text(raw.get("title")),
        began,
        archived=raw.get("is_archived") is True,
        current=short_id(raw.get("current_node")) or None,
    )
    parents = _parents(mapping)
    titles: dict[str, str] = {}
    for key, value in mapping.items():
        node = Node(short_id(key), short_id(parents.get(key)) or None)
        message = as_dict(value).get("message")
        if isinstance(message, dict):
            node.at = moment(message.get("create_time")) or moment(message.get("update_time"))
            node.by_user = _role(message) == "user"
            node.text = _text(chat, message, titles)
        elif not isinstance(value, dict) or message is not None:
            chat.note(UNREADABLE)
        chat.add(node)
    return chat


def _parents(mapping: Mapping[str, Any]) -> dict[str, str]:
    """The parent of each node. A list of children counts where the child does not name a parent that exists.

    A node whose parent is missing or itself follows the node before it in the file.
    """
    parents: dict[str, str] = {}
    for key, value in mapping.items():
        children = as_dict(value).get("children")
        for child in children if isinstance(children, list) else ():
            if isinstance(child, str):
                parents[child] = key
    named = {key: as_text(as_dict(value).get("parent")) for key, value in mapping.items()}
    known = parents | {key: parent for key, parent in named.items() if parent in mapping and parent != key}
    before = dict(zip(list(mapping)[1:], mapping, strict=False))
    lost = {key: before[key] for key, parent in named.items() if parent and key not in known and key in before}
    return known | lost


def _role(message: Mapping[str, Any]) -> str:
    author = message.get("author")
    return as_text(author) or as_text(as_dict(author).get("role"))


def _text(chat: Chat, message: Mapping[str, Any], titles: dict[str, str]) -> str:
    """The text of a message as a reader saw it; empty for a message that was not part of the conversation."""
    role, content, metadata = _role(message), _content(chat, message), as_dict(message.get("metadata"))
    kind = as_text(content.get("content_type")) or "text"
    if reason := _reason(role, kind, message, metadata):
        if kind in LEFT_OUT or _raw_text(content):
            chat.note(reason)
        elif any(dicts(content.get("parts"))):
            chat.note(FILES)
        return ""
    if role == "assistant" and message.get("recipient") not in SHOWN_RECIPIENTS:
        return _document(chat, message, titles)
    if kind == "code":
        return _code(content)
    if kind == "tether_quote":
        quoted = first_text(content, "text")
        return joined([first_text(content, "title"), "\n".join(f"> {line}" for line in quoted.splitlines())])
    if kind not in TEXT and not (found := _raw_text(content)):
        chat.note(UNKNOWN, kind)
        return ""
    text = joined(_parts(chat, content, metadata)) if kind in TEXT else found
    return without_marks(text, metadata.get("content_references")) if role == "assistant" else text


def _content(chat: Chat, message: Mapping[str, Any]) -> Mapping[str, Any]:
    """The content with a list of parts; other forms of a text are changed into one."""
    content = message.get("content")
    if isinstance(content, str):
        return {"content_type": "text", "parts": [content]}
    if not isinstance(content, dict):
        if content is not None:
            chat.note(UNREADABLE)
        return {}
    parts = content.get("parts")
    if isinstance(parts, str):
        return {**content, "parts": [parts]}
    if parts == [] and as_text(content.get("text")):
        return {**content, "parts": [content["text"]]}
    return content


def _reason(role: str, kind: str, message: Mapping[str, Any], metadata: Mapping[str, Any]) -> str | None:
    """Why a message is left out."""
    if kind in LEFT_OUT:
        return LEFT_OUT[kind]
    if role == "tool":
        return TOOLS
    if role == "system":
        return CONTEXT
    if role not in ("user", "assistant"):
        return UNREADABLE
    if metadata.get("is_visually_hidden_from_conversation") or metadata.get("is_user_system_message"):
        return HIDDEN
    return THOUGHTS if message.get("channel") == "analysis" else None


def _raw_text(content: Mapping[str, Any]) -> str:
    parts = content.get("parts")
    texts = [text_of(part) for part in parts] if isinstance(parts, list) else []
    return joined([*texts, first_text(content, "text", "result", "content")])


def _code(content: Mapping[str, Any]) -> str:
    code = _raw_text(content)
    language = as_text(content.get("language"))
    return fenced(code, "" if language == "unknown" else language) if code else ""


def _parts(chat: Chat, content: Mapping[str, Any], metadata: Mapping[str, Any]) -> Iterator[str]:
    """Texts and transcripts, and the names of images and files, which are not imported."""
    given = content.get("parts")
    parts = given if isinstance(given, list) else [as_text(content.get("text"))]
    names = {as_text(each.get("id")): as_text(each.get("name")) for each in dicts(metadata.get("attachments"))}
    spoken = any(as_dict(part).get("content_type") == "audio_transcription" for part in parts)
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, dict):
            kind = as_text(part.get("content_type"))
            if text := first_text(part, "text") or first_text(as_dict(part.get("text")), "value"):
                yield text
            elif not (spoken and "audio" in kind):
                yield file_mark(names.pop(_pointer(part), ""))
                chat.note(FILES)
        else:
            chat.note(UNREADABLE)
    for name in names.values():
        yield file_mark(name)
        chat.note(FILES)


def _pointer(part: Mapping[str, Any]) -> str:
    """The id of the file that an image or a recording points to."""
    address = as_text(part.get("asset_pointer")).rpartition("/")[2]
    return address.partition("#")[0]


def _document(chat: Chat, message: Mapping[str, Any], titles: dict[str, str]) -> str:
    """A document that the assistant wrote with its tool for documents; empty for calls of other tools."""
    recipient = as_text(message.get("recipient"))
    try:
        given = as_dict(loads(_raw_text(as_dict(message.get("content"))).encode()))
    except LeftOut:
        given = {}
    text, kind = first_text(given, "content"), first_text(given, "type")
    if recipient == UPDATE_DOCUMENT:
        updates = list(dicts(given.get("updates")))
        whole = len(updates) == 1 and as_text(updates[0].get("pattern")) in WHOLE
        text = first_text(updates[0], "replacement") if whole else ""
        kind = titles.get("kind", "")
    elif recipient == CREATE_DOCUMENT and text:
        titles |= {"name": first_text(given, "name"), "kind": kind}
    if recipient not in (CREATE_DOCUMENT, UPDATE_DOCUMENT) or not text:
        chat.note(TOOLS)
        return ""
    return document(titles.get("name", ""), text, kind=kind, language=kind.partition("/")[2])
