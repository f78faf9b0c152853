"""Live replies: pieces of text over the bus; the table is read whenever a piece is missing."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from app.live.bus.bus import Bus, BusMessage
from app.live.reply_readers import ReplyAccess, ReplyAudiences
from resolvers.ports import ReplyPiece
from sql.pool import Database
from sql.repositories.reply_claims import ReplyProgress, get_reply_progress

PIECE_CHARACTERS = 1000  # at most six bytes each in JSON, so that a piece fits into one bus message
MAX_QUEUED_PIECES = 200
CATCH_UP_SECONDS = 0.1


class ReplyPublisher:
    """Sends the text of replies to all processes as it is generated."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def publish(self, message_id: UUID, fence: int, offset: int, text: str, status: str) -> None:
        """Send the text at `offset` (in code points) of the attempt with this fence; never waits."""
        for start in range(0, max(len(text), 1), PIECE_CHARACTERS):
            part = text[start : start + PIECE_CHARACTERS]
            self._bus.publish_piece([str(message_id), fence, offset + start, part, status])


@dataclass(frozen=True, slots=True)
class BusPiece:
    """A piece of a reply as received over the bus."""

    fence: int
    offset: int
    text: str
    status: str


class ReceivedText:
    """What one subscriber has received of a reply: the first `length` characters of the attempt with this fence."""

    def __init__(self, message_id: UUID, saved: ReplyProgress, length: int) -> None:
        self._message_id = message_id
        self._fence = saved.fence
        self._length = length

    def read_saved(self, saved: ReplyProgress) -> ReplyPiece | None:
        """The part of the saved text that the subscriber lacks; the whole text of a new attempt; None when nothing."""
        restarted = saved.fence != self._fence or (saved.final and len(saved.content) < self._length)
        start = 0 if restarted else self._length
        text = saved.content[start:]
        self._fence, self._length = saved.fence, start + len(text)
        return ReplyPiece(self._message_id, start, text, saved.status) if text or restarted or saved.final else None

    def is_continued_by(self, piece: BusPiece) -> bool:
        """Whether the piece belongs to the same attempt and follows the received text without a gap."""
        return self._is_same_attempt(piece) and piece.offset <= self._length

    def is_followed_with_gap_by(self, piece: BusPiece) -> bool:
        """Whether the piece belongs to the same attempt, and text before it is missing."""
        return self._is_same_attempt(piece) and piece.offset > self._length

    def append(self, piece: BusPiece) -> ReplyPiece | None:
        """The part of a continuing piece that the subscriber lacks; None when nothing."""
        start, text = self._length, piece.text[self._length - piece.offset :]
        self._length += len(text)
        return ReplyPiece(self._message_id, start, text, piece.status) if text else None

    def _is_same_attempt(self, piece: BusPiece) -> bool:
        return piece.status == "streaming" and piece.fence == self._fence


class PieceQueue:
    """Bounded queue of pieces of one reply for one subscriber. None means: read the table."""

    def __init__(self) -> None:
        self._pieces: deque[BusPiece | None] = deque()
        self._not_empty = asyncio.Event()

    def put(self, piece: BusPiece | None) -> None:
        if len(self._pieces) >= MAX_QUEUED_PIECES:
            self._pieces.clear()
            piece = None
        self._pieces.append(piece)
        self._not_empty.set()

    async def get(self, timeout: float) -> BusPiece | None:
        """The next piece; None after `timeout` seconds without one, because the bus may have lost it."""
        if not self._pieces:
            self._not_empty.clear()
            try:
                async with asyncio.timeout(timeout):
                    await self._not_empty.wait()
            except TimeoutError:
                return None
        return self._pieces.popleft()


class ReplyStreams:
    """Streams replies to subscribers. Implements resolvers.ports.ReplyFeed."""

    def __init__(self, database: Database, bus: Bus, *, poll_seconds: float) -> None:
        self._database = database
        self._bus = bus
        self._poll_seconds = poll_seconds
        self._audiences = ReplyAudiences(database)
        self._queues: defaultdict[str, set[PieceQueue]] = defaultdict(set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ReplyStreams"]:
        """Receive pieces from the bus while the block runs."""
        async with self._bus.listening(self._receive):
            yield self

    def _receive(self, message: BusMessage) -> None:
        for message_id, fence, offset, text, status in message.pieces:
            for queue in self._queues.get(message_id, ()):
                queue.put(BusPiece(fence, offset, text, status))
        if message.users is None:
            for queues in self._queues.values():
                for queue in queues:
                    queue.put(None)

    @asynccontextmanager
    async def _registered(self, message_id: UUID) -> AsyncIterator[PieceQueue]:
        queue, key = PieceQueue(), str(message_id)
        self._queues[key].add(queue)
        try:
            yield queue
        finally:
            self._queues[key].discard(queue)
            if not self._queues[key]:
                del self._queues[key]

    async def follow(self, viewer_id: str, message_id: UUID, from_offset: int) -> AsyncGenerator[ReplyPiece, None]:
        """The saved text from `from_offset`, then each new piece, until the reply is final. Raises NotFound."""
        access = ReplyAccess(self._audiences, viewer_id, message_id)
        async with self._registered(message_id) as queue:
            saved = await self._read(viewer_id, message_id)
            # A client that has more text than is saved has text of an abandoned attempt, or text not yet saved.
            start = from_offset if from_offset <= len(saved.content) else 0
            yield ReplyPiece(message_id, start, saved.content[start:], saved.status)
            received = ReceivedText(message_id, saved, len(saved.content))
            while not saved.final:
                piece = await queue.get(self._poll_seconds)
                if piece is None or not received.is_continued_by(piece):
                    # A gap, the end, a new attempt or a long silence: read the table.
                    saved = await self._read(viewer_id, message_id)
                    if missing := received.read_saved(saved):
                        yield missing
                    if piece is not None and received.is_followed_with_gap_by(piece):
                        await asyncio.sleep(CATCH_UP_SECONDS)  # the text before this piece is not saved yet
                        queue.put(None)
                if piece is None or saved.final or not received.is_continued_by(piece):
                    continue
                if new := received.append(piece):
                    await access.check()
                    yield new

    async def _read(self, viewer_id: str, message_id: UUID) -> ReplyProgress:
        async with self._database.connection() as connection:
            return await get_reply_progress(connection, viewer_id, message_id)
