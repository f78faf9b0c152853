"""Assigns the messages of a conversation to lines: the version that was shown, and each other version."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.operations.transfer.chats.model import Chat, Node

MAIN = ""
STEP = timedelta(milliseconds=1)
OLDEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Message:
    """A message with a text; `above` is the message that it follows. Its time is later than that of `above`."""

    id: str
    at: datetime
    by_user: bool
    text: str
    above: "Message | None"
    below: list["Message"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Line:
    """Messages that follow each other. The key is the first message's id, or empty for the version that was shown."""

    key: str
    messages: list[Message]


def messages_of(chat: Chat, fallback: datetime) -> list[Message]:
    """The messages with a text, parents first. Without any time in the conversation they get `fallback`."""
    began = chat.began or min((node.at for node in chat.nodes.values() if node.at), default=fallback)
    found: dict[str, Message] = {}
    for node in _parents_first(chat):
        if not node.text:
            continue
        above = _above(chat, node, found)
        earliest = above.at + STEP if above else None
        at = node.at or earliest or began
        message = Message(node.id, max(at, earliest) if earliest else at, node.by_user, node.text, above)
        found[node.id] = message
        if above:
            above.below.append(message)
    return list(found.values())


def _parents_first(chat: Chat) -> list[Node]:
    """The nodes in an order in which each follows its parent; a cycle is cut where it is entered."""
    ordered: dict[str, Node] = {}
    for node in chat.nodes.values():
        path: dict[str, Node] = {}
        current: Node | None = node
        while current is not None and current.id not in ordered and current.id not in path:
            path[current.id] = current
            current = chat.nodes.get(chat.parent_of(current) or "")
        ordered |= dict(reversed(path.items()))
    return list(ordered.values())


def _above(chat: Chat, node: Node, found: dict[str, Message]) -> Message | None:
    """The nearest message above a node, over nodes without a text."""
    seen = {node.id}
    parent = chat.parent_of(node)
    while parent and parent not in seen and parent in chat.nodes:
        if parent in found:
            return found[parent]
        seen.add(parent)
        parent = chat.parent_of(chat.nodes[parent])
    return None


def lines_of(
    chat: Chat, messages: list[Message], *, kept: Collection[str] = (), main_is_kept: bool = False
) -> list[Line]:
    """The version that was shown and all other versions; each message is in one line.

    Messages in `kept` stay where they are; with `main_is_kept`, the main line gets no messages.
    """
    newest = _newest_below(messages)
    shown = [] if main_is_kept else _shown(chat, messages, newest)
    assigned = {message.id for message in shown} | set(kept)
    lines = [Line(MAIN, [message for message in shown if message.id not in kept])]
    for message in messages:
        if message.id in assigned:
            continue
        line = [message]
        while (following := _newest(line[-1].below, newest)) is not None and following.id not in assigned:
            line.append(following)
        assigned |= {each.id for each in line}
        lines.append(Line(message.id, line))
    return [line for line in lines if line.messages]


def _newest_below(messages: list[Message]) -> dict[str, datetime]:
    """The time of the newest message that is, or follows, each message."""
    newest: dict[str, datetime] = {}
    for message in reversed(messages):
        newest[message.id] = max([message.at, *(newest[each.id] for each in message.below)])
    return newest


def _newest(messages: list[Message], newest: dict[str, datetime]) -> Message | None:
    """The one that leads to the newest message; the last of several that do."""
    return max(reversed(messages), key=lambda message: newest[message.id], default=None)


def _shown(chat: Chat, messages: list[Message], newest: dict[str, datetime]) -> list[Message]:
    """From the first message to the current one, and on to the newest that follows it."""
    by_id = {message.id: message for message in messages}
    current = _current(chat, by_id)
    path: list[Message] = []
    above = current
    while above is not None:
        path.append(above)
        above = above.above
    path.reverse()
    following = current.below if current else [message for message in messages if message.above is None]
    while (message := _newest(following, newest)) is not None:
        path.append(message)
        following = message.below
    return path


def _current(chat: Chat, by_id: dict[str, Message]) -> Message | None:
    """The current message; the message above it when it has no text, and None when it is missing."""
    node = chat.nodes.get(chat.current or "")
    if node is None:
        return None
    return by_id.get(node.id) or _above(chat, node, by_id)
