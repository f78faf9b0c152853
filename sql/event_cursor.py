"""The position of a reader in the events, and the opaque cursor that clients get for it."""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sql.errors import BadUserInput

LAYOUT = struct.Struct(">c16sQq")
MARK = b"e"


class EventPosition(NamedTuple):
    """A position in commit order: this event and all before it were read."""

    xid: int
    id: int


@dataclass(frozen=True, slots=True)
class EventCursor:
    """A position in one stream. A restored database has another stream."""

    stream: UUID
    position: EventPosition

    def encode(self) -> str:
        return urlsafe_b64encode(LAYOUT.pack(MARK, self.stream.bytes, *self.position)).rstrip(b"=").decode()

    @classmethod
    def decode(cls, cursor: str) -> "EventCursor":
        """Raises BadUserInput for a text that `encode` did not return."""
        try:
            mark, stream, xid, event_id = LAYOUT.unpack(
                urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            )
        except (ValueError, struct.error):
            mark = b""
        if mark != MARK:
            raise BadUserInput("cursor.unknown")
        return cls(UUID(bytes=stream), EventPosition(xid, event_id))
