"""The messages of a conversation as a tree: what follows what, which are versions of each other, which were shown."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from app.operations.transfer.chats.model import Chat, Node

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


def siblings_of(messages: list[Message]) -> list[list[Message]]:
    """The messages that follow the same one, or none, together: several are versions of each other."""
    tops = [message for message in messages if message.above is None]
    return [tops, *(message.below for message in messages if message.below)]


def newest_below(messages: list[Message]) -> dict[str, datetime]:
    """The time of the newest message that is, or follows, each message."""
    newest: dict[str, datetime] = {}
    for message in reversed(messages):
        newest[message.id] = max([message.at, *(newest[each.id] for each in message.below)])
    return newest


def newest_of(messages: list[Message], newest: dict[str, datetime]) -> Message | None:
    """The one that leads to the newest message; the last of several that do."""
    return max(reversed(messages), key=lambda message: newest[message.id], default=None)


def shown_in(chat: Chat, messages: list[Message]) -> list[Message]:
    """From the first message to the current one, and on to the newest that follows it."""
    newest = newest_below(messages)
    by_id = {message.id: message for message in messages}
    current = _current(chat, by_id)
    path: list[Message] = []
    above = current
    while above is not None:
        path.append(above)
        above = above.above
    path.reverse()
    following = current.below if current else [message for message in messages if message.above is None]
    while (message := newest_of(following, newest)) is not None:
        path.append(message)
        following = message.below
    return path


def _current(chat: Chat, by_id: dict[str, Message]) -> Message | None:
    """The current message; the message above it when it has no text, and None when it is missing."""
    node = chat.nodes.get(chat.current or "")
    if node is None:
        return None
    return by_id.get(node.id) or _above(chat, node, by_id)
