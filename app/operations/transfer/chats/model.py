"""A conversation of another program: a tree of messages, because messages can be edited and answers repeated."""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from app.operations.transfer.report import ImportReport

Source = Literal["claude", "chatgpt"]
MAX_ID = 100
MAX_TEXT_BYTES = 256 * 1024  # as much as the API accepts
EARLIEST, LATEST = 1.0, datetime(2100, 1, 1, tzinfo=UTC).timestamp()
MILLISECONDS = 1e11  # numbers above it are milliseconds: as seconds they would be after the year 5000


@dataclass(slots=True)
class Node:
    """A message, or a node without a text that only connects others. `parent` may name a node that is missing."""

    id: str
    parent: str | None
    at: datetime | None = None
    by_user: bool = False
    text: str = ""


@dataclass(slots=True)
class Chat:
    """A conversation. `current` is the last message of the version that was shown; `notes` count what is left out."""

    source: Source
    id: str
    title: str
    began: datetime | None
    archived: bool = False
    current: str | None = None
    nodes: dict[str, Node] = field(default_factory=dict)
    notes: Counter[tuple[str, str]] = field(default_factory=Counter)

    def note(self, key: str, kind: str = "") -> None:
        """Count a part that is left out; `kind` names it where the sentence has a place for it."""
        self.notes[key, kind] += 1

    def report_notes(self, report: ImportReport) -> None:
        for (key, kind), count in self.notes.items():
            report.note(key, count, **({"kind": kind} if kind else {}))

    def add(self, node: Node) -> None:
        """Add a node; a very long text becomes several messages, each the child of the one before."""
        first, *others = pieces(node.text)
        node.text = first
        self.nodes[node.id] = node
        last = node.id
        for number, text in enumerate(others, start=2):
            part = Node(f"{node.id}#{number}", last, node.at, node.by_user, text)
            self.nodes[part.id] = part
            last = part.id
        if last != node.id:
            self._continued[node.id] = last

    _continued: dict[str, str] = field(default_factory=dict)

    def parent_of(self, node: Node) -> str | None:
        """The id of the parent; for the child of a text in several messages, of the last of them."""
        if node.parent is None or node.id.startswith(f"{node.parent}#"):
            return node.parent
        return self._continued.get(node.parent, node.parent)


def pieces(text: str) -> list[str]:
    """The text in pieces of at most MAX_TEXT_BYTES bytes of UTF-8, cut at line breaks where there are some."""
    found = []
    rest = text.encode()
    while len(rest) > MAX_TEXT_BYTES:
        head = rest[:MAX_TEXT_BYTES].decode(errors="ignore").encode()  # no character is cut
        cut = head.rfind(b"\n", MAX_TEXT_BYTES // 2) + 1 or len(head)
        found.append(rest[:cut].decode())
        rest = rest[cut:]
    return [*found, rest.decode()]


def moment(value: Any) -> datetime | None:
    """The time of seconds or milliseconds since 1970 or of an ISO text, in UTC without an offset; None for others."""
    if isinstance(value, bool):
        return None
    try:
        seconds = _seconds_of(value) if isinstance(value, str) else float(value)
        seconds = seconds / 1000 if seconds > MILLISECONDS and not isinstance(value, str) else seconds
        return datetime.fromtimestamp(seconds, UTC) if EARLIEST <= seconds <= LATEST else None
    except (TypeError, ValueError, OverflowError):
        return None


def _seconds_of(text: str) -> float:
    try:
        time = datetime.fromisoformat(text.strip())
    except ValueError:
        return float(text)
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).timestamp()


def short_id(value: Any) -> str:
    """The id as text; a very long one is replaced by its SHA-256. Empty when it is missing."""
    text = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    return text if len(text) <= MAX_ID else hashlib.sha256(text.encode(errors="replace")).hexdigest()


def as_dict(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def as_text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def dicts(value: Any) -> Iterator[Mapping[str, Any]]:
    """The objects of a list."""
    yield from (each for each in value if isinstance(each, dict)) if isinstance(value, list) else ()
