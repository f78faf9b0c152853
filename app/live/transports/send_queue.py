"""Bounded send queue of one connection: messages are sent directly while the client keeps up, and queued otherwise."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator
from typing import Any

from starlette.types import Message, Send

MAX_MESSAGES = 1000
MAX_BYTES = 4 * 1024 * 1024
Queue = deque[tuple[Message, int]]
# Shared by all connections whose client keeps up: an empty deque takes half a kilobyte.
EMPTY: Queue = deque(maxlen=0)


class SendQueue:
    """`put` never waits, so a slow client does not slow down the others.

    `on_stalled` is called once, when the queue exceeds its bounds, when one message takes longer than `timeout`
    seconds to send, or when the connection turns out to be closed. Nothing is sent afterwards.
    """

    __slots__ = ("_closed", "_draining", "_empty", "_on_stalled", "_queue", "_send", "_size", "_timeout")

    def __init__(self, send: Send, *, timeout: float, on_stalled: Callable[[], None]) -> None:
        self._send = send
        self._timeout = timeout
        self._on_stalled = on_stalled
        self._queue: Queue = EMPTY
        self._size = 0
        self._draining: asyncio.Task[None] | None = None
        self._empty: asyncio.Event | None = None
        self._closed = False

    def put(self, message: Message, size: int) -> None:
        """Send the message now if the connection accepts it, otherwise queue it; `size` is in bytes."""
        if self._closed:
            return
        if self._draining is not None:
            self._queue.append((message, size))
            self._size += size
            if len(self._queue) > MAX_MESSAGES or self._size > MAX_BYTES:
                self._stall()
            return
        sending = self._send(message)
        try:
            # Run the coroutine up to its first suspension. It usually completes here, which saves a task switch.
            waiting_for = sending.send(None)  # type: ignore[attr-defined]
        except StopIteration:
            return
        except (OSError, RuntimeError):  # raised by uvicorn and Starlette when the connection is closed
            self._stall()
            return
        self._queue = deque()
        self._draining = asyncio.create_task(self._drain(_Remainder(sending, waiting_for)), name="send queue")  # type: ignore[arg-type]

    async def wait_until_sent(self) -> None:
        """Wait until everything was sent, or the queue is closed."""
        while self._draining is not None and not self._closed:
            self._empty = self._empty or asyncio.Event()
            await self._empty.wait()

    def close(self) -> None:
        """Send nothing more; queued messages are dropped."""
        self._closed = True
        self._queue = EMPTY
        if self._draining is not None:
            self._draining.cancel()
        self._notify_empty()

    def _stall(self) -> None:
        if not self._closed:
            self.close()
            self._on_stalled()

    def _notify_empty(self) -> None:
        if self._empty is not None:
            self._empty.set()
            self._empty = None

    async def _drain(self, remainder: "_Remainder") -> None:
        """Finish the message that was started, then send the queued ones."""
        try:
            async with asyncio.timeout(self._timeout):
                await remainder
            while self._queue:
                message, size = self._queue.popleft()
                self._size -= size
                async with asyncio.timeout(self._timeout):
                    await self._send(message)
        except (OSError, RuntimeError):  # TimeoutError is an OSError
            self._stall()
        finally:
            self._draining = None
            self._queue = EMPTY
            self._notify_empty()


class _Remainder:
    """Awaits the rest of a coroutine that has run up to its first suspension."""

    def __init__(self, coroutine: Coroutine[Any, Any, None], waiting_for: Any) -> None:
        self._coroutine = coroutine
        self._waiting_for = waiting_for

    def __await__(self) -> Generator[Any, None, None]:
        try:
            yield self._waiting_for
        except BaseException as error:
            # Cancellation, for example, must be raised inside the coroutine where it is suspended.
            self._coroutine.throw(error)
            raise
        yield from self._coroutine.__await__()
