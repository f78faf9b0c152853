"""What one client has not taken yet: sent at once while it keeps up, queued while it does not, up to a bound."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from starlette.types import Message, Send

BOUND = 1000
MAX_BYTES = 4 * 1024 * 1024
Queue = deque[tuple[Message, int]]
# Of all whose client keeps up: an empty deque takes half a kilobyte.
EMPTY: Queue = deque(maxlen=0)


class SendQueue:
    """Messages on their way to one connection. `put` never waits, so that one slow client costs the others nothing.

    `stalled` is called, once, when more than the bound waits, when one message waits for longer than `patience`
    seconds, or when the connection turns out to be closed. Nothing is sent afterwards.
    """

    __slots__ = ("_closed", "_draining", "_empty", "_patience", "_queue", "_send", "_size", "_stalled")

    def __init__(self, send: Send, *, patience: float, stalled: Callable[[], None]) -> None:
        self._send = send
        self._patience = patience
        self._stalled = stalled
        self._queue: Queue = EMPTY
        self._size = 0
        self._draining: asyncio.Task[None] | None = None
        self._empty: asyncio.Event | None = None
        self._closed = False

    def put(self, message: Message, size: int) -> None:
        """Send it now if the connection takes it, else queue it."""
        if self._closed:
            return
        if self._draining is not None:
            self._queue.append((message, size))
            self._size += size
            if len(self._queue) > BOUND or self._size > MAX_BYTES:
                self._give_up()
            return
        sending = self._send(message)
        try:
            # One step of the coroutine by hand: most of the time it is the whole way, and costs no switch of tasks.
            waiting_for = sending.send(None)  # type: ignore[attr-defined]
        except StopIteration:
            return
        except (OSError, RuntimeError):  # what uvicorn and Starlette say of a connection that is closed
            self._give_up()
            return
        self._queue = deque()
        self._draining = asyncio.create_task(self._drain(_Rest(sending, waiting_for)), name="outbox")  # type: ignore[arg-type]

    async def room(self) -> None:
        """Wait until everything was sent, or nothing will be."""
        while self._draining is not None and not self._closed:
            self._empty = self._empty or asyncio.Event()
            await self._empty.wait()

    def close(self) -> None:
        """Send nothing more; what is queued is dropped."""
        self._closed = True
        self._queue = EMPTY
        if self._draining is not None:
            self._draining.cancel()
        self._wake()

    def _give_up(self) -> None:
        if not self._closed:
            self.close()
            self._stalled()

    def _wake(self) -> None:
        if self._empty is not None:
            self._empty.set()
            self._empty = None

    async def _drain(self, rest: "_Rest") -> None:
        """Finish what was begun, then send what was queued meanwhile."""
        try:
            async with asyncio.timeout(self._patience):
                await rest
            while self._queue:
                message, size = self._queue.popleft()
                self._size -= size
                async with asyncio.timeout(self._patience):
                    await self._send(message)
        except (OSError, RuntimeError):  # TimeoutError is an OSError
            self._give_up()
        finally:
            self._draining = None
            self._queue = EMPTY
            self._wake()


class _Rest:
    """What is left of a coroutine that was taken one step."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waiting_for: Any) -> None:
        self._coroutine = coroutine
        self._waiting_for = waiting_for

    def __await__(self) -> Generator[Any, None, None]:
        try:
            yield self._waiting_for
        except BaseException as error:
            # Cancelled, for one: the coroutine has to hear of it where it waits.
            self._coroutine.throw(error)
            raise
        yield from self._coroutine.__await__()
