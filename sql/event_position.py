"""Where in the record of events a reader stands, and the opaque cursor that says so to clients."""

import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from sql.errors import BadUserInput

LAYOUT = struct.Struct(">c16sQq")
MARK = b"e"


class Position(NamedTuple):
    """A place in commit order: everything up to and including this event has been seen."""

    xid: int
    id: int


@dataclass(frozen=True, slots=True)
class EventCursor:
    """A position in one stream; a restored database starts another stream."""

    stream: UUID
    position: Position

    def encode(self) -> str:
        return urlsafe_b64encode(LAYOUT.pack(MARK, self.stream.bytes, *self.position)).rstrip(b"=").decode()

    @classmethod
    def decode(cls, cursor: str) -> "EventCursor":
        """Raises BadUserInput for anything that `encode` did not make."""
        try:
            mark, stream, xid, event_id = LAYOUT.unpack(
                urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4))
            )
        except (ValueError, struct.error):
            mark = b""
        if mark != MARK:
            raise BadUserInput("cursor.unknown")
        return cls(UUID(bytes=stream), Position(xid, event_id))
