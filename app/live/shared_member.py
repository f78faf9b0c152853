"""One client of a stream that is shared: it gets what the others get, without what it has seen already."""

import asyncio

from app.live.ports import Errors, Sink
from app.live.position import ReadPosition
from sql.errors import Unauthenticated
from sql.event_position import Position

BOUND = 1000


async def is_allowed(sink: Sink, since: float | None = None) -> bool:
    """Whether the access still stands; otherwise the sink is told."""
    try:
        await sink.access.check(since)
    except Unauthenticated as refusal:
        sink.refuse(refusal.message)
        return False
    return True


class Member:
    """Keeps back what comes while the client is still catching up."""

    __slots__ = ("_bookmark", "_kept_back", "_overflowed", "_sink", "access", "ended")

    def __init__(self, sink: Sink) -> None:
        self.access = sink.access
        self._sink = sink
        self._bookmark: ReadPosition | None = None
        self._kept_back: list[tuple[Position, str, str]] = []
        self._overflowed = False
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    async def check(self, since: float | None = None) -> bool:
        """Whether the client may still have the next response; otherwise it is over for it."""
        return await is_allowed(self._sink, since)

    def offer(self, position: Position, cursor: str, payload: str) -> None:
        """The next response of the stream; never waits."""
        if self._bookmark is not None:
            if self._bookmark.pass_over(position):
                self._sink.put(cursor, payload)
        elif len(self._kept_back) < BOUND:
            self._kept_back.append((position, cursor, payload))
        else:
            self._overflowed = True

    def go_live(self, bookmark: ReadPosition) -> bool:
        """From the bookmark on take what is offered; False when too much was kept back: then catch up once more."""
        kept_back, self._kept_back = self._kept_back, []
        if self._overflowed:
            self._overflowed = False
            return False
        self._bookmark = bookmark
        for position, cursor, payload in kept_back:
            self.offer(position, cursor, payload)
        return True

    def end(self, errors: Errors | None) -> None:
        """The stream has ended."""
        self._sink.end(errors)
        if not self.ended.done():  # the client may have left
            self.ended.set_result(None)
