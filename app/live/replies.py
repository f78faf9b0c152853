"""Replies as they are written: pieces over the bus, and the table whenever a piece is missing."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from app.live.bus.bus import Bus, News
from resolvers.ports import ReplyPiece
from sql.pool import Database
from sql.repositories.reply_progress import ReplyProgress, get_reply_progress

PIECE_CHARACTERS = 1000  # at most six bytes each in JSON, so that a piece fits into a message of the bus
BOUND = 200
CATCH_UP_SECONDS = 0.1


class ReplyPublisher:
    """Tells all processes of the next characters of a reply."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus

    def publish(self, message_id: UUID, fence: int, offset: int, text: str, status: str) -> None:
        """`text` stands at `offset`, in code points, of the reply begun under `fence`; never waits."""
        for start in range(0, max(len(text), 1), PIECE_CHARACTERS):
            part = text[start : start + PIECE_CHARACTERS]
            self._bus.publish_piece([str(message_id), fence, offset + start, part, status])


@dataclass(frozen=True, slots=True)
class BusPiece:
    """A piece as it came over the bus."""

    fence: int
    offset: int
    text: str
    status: str

    def continues(self, fence: int, held: int) -> bool:
        """Whether it belongs to the beginning that is being read and leaves no gap behind what is held."""
        return self.status == "streaming" and self.fence == fence and self.offset <= held

    def leaves_a_gap(self, fence: int, held: int) -> bool:
        return self.status == "streaming" and self.fence == fence and self.offset > held


class Inbox:
    """The pieces of one reply that one follower has not taken yet; None means: read the table."""

    def __init__(self) -> None:
        self._pieces: deque[BusPiece | None] = deque()
        self._filled = asyncio.Event()

    def put(self, piece: BusPiece | None) -> None:
        if len(self._pieces) >= BOUND:
            self._pieces.clear()
            piece = None
        self._pieces.append(piece)
        self._filled.set()

    async def take(self, patience: float) -> BusPiece | None:
        """The next piece; None after `patience` seconds without one, because the bus may have lost it."""
        if not self._pieces:
            self._filled.clear()
            try:
                async with asyncio.timeout(patience):
                    await self._filled.wait()
            except TimeoutError:
                return None
        return self._pieces.popleft()


class ReplyStreams:
    """Follows replies. Implements resolvers.ports.ReplyFeed."""

    def __init__(self, database: Database, bus: Bus, *, poll_seconds: float) -> None:
        self._database = database
        self._bus = bus
        self._poll_seconds = poll_seconds
        self._inboxes: defaultdict[str, set[Inbox]] = defaultdict(set)

    @asynccontextmanager
    async def running(self) -> AsyncIterator["ReplyStreams"]:
        async with self._bus.listening(self._hear):
            yield self

    def _hear(self, news: News) -> None:
        for message_id, fence, offset, text, status in news.pieces:
            for inbox in self._inboxes.get(message_id, ()):
                inbox.put(BusPiece(fence, offset, text, status))
        if news.users is None:
            for inboxes in self._inboxes.values():
                for inbox in inboxes:
                    inbox.put(None)

    @asynccontextmanager
    async def _inbox(self, message_id: UUID) -> AsyncIterator[Inbox]:
        inbox, key = Inbox(), str(message_id)
        self._inboxes[key].add(inbox)
        try:
            yield inbox
        finally:
            self._inboxes[key].discard(inbox)
            if not self._inboxes[key]:
                del self._inboxes[key]

    async def follow(self, viewer_id: str, message_id: UUID, from_offset: int) -> AsyncGenerator[ReplyPiece, None]:
        """What stands from `from_offset`, then each new piece; ends with the reply. Raises NotFound."""
        async with self._inbox(message_id) as inbox:
            kept = await self._read(viewer_id, message_id)
            # Whoever holds more than is kept holds a beginning that was given up, or that is not saved yet.
            held = from_offset if from_offset <= len(kept.content) else 0
            fence = kept.fence
            yield ReplyPiece(message_id, held, kept.content[held:], kept.status)
            held = len(kept.content)
            while not kept.final:
                piece = await inbox.take(self._poll_seconds)
                if piece is None or not piece.continues(fence, held):
                    # A gap, an end, a new beginning or a long silence: the table knows.
                    kept = await self._read(viewer_id, message_id)
                    begun_anew = kept.fence != fence or (kept.final and len(kept.content) < held)
                    start = 0 if begun_anew else held
                    if kept.content[start:] or begun_anew or kept.final:
                        yield ReplyPiece(message_id, start, kept.content[start:], kept.status)
                    fence, held = kept.fence, max(start, len(kept.content))
                    if piece is not None and piece.leaves_a_gap(fence, held):
                        await asyncio.sleep(CATCH_UP_SECONDS)  # what came before this piece is not saved yet
                        inbox.put(None)
                if piece is not None and not kept.final and piece.continues(fence, held):
                    text = piece.text[held - piece.offset :]
                    if text:
                        yield ReplyPiece(message_id, held, text, piece.status)
                    held += len(text)

    async def _read(self, viewer_id: str, message_id: UUID) -> ReplyProgress:
        async with self._database.connection() as connection:
            return await get_reply_progress(connection, viewer_id, message_id)
