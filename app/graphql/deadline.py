"""Request deadline and client-disconnect cancellation."""

import asyncio
from types import TracebackType

from starlette.types import Receive

from sql.errors import TimedOut

# Seconds before a watcher task is created: a shorter request needs none.
WATCH_AFTER = 0.05


class ClientDisconnected(Exception):
    """The client closed its connection before the response."""


class RequestDeadline:
    """Cancels the block after `seconds`, or when the client disconnects and `cancel_on_disconnect` is set.

    Raises TimedOut or ClientDisconnected instead of CancelledError. A running statement is cancelled in the database.
    """

    def __init__(self, receive: Receive, seconds: float, *, cancel_on_disconnect: bool) -> None:
        self._receive = receive
        self._seconds = seconds
        self._cancel_on_disconnect = cancel_on_disconnect
        self._watcher: asyncio.Task[None] | None = None
        self._reason: Exception | None = None

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("RequestDeadline needs a running task")
        self._task = task
        self._timer = asyncio.get_running_loop().call_later(min(WATCH_AFTER, self._seconds), self._start_watcher)

    def _start_watcher(self) -> None:
        self._watcher = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        try:
            async with asyncio.timeout(max(0.0, self._seconds - WATCH_AFTER)):
                await (self._wait_for_disconnect() if self._cancel_on_disconnect else asyncio.Event().wait())
            self._reason = ClientDisconnected()
        except TimeoutError:
            self._reason = TimedOut("request.timeout", seconds=self._seconds)
        self._task.cancel()

    async def _wait_for_disconnect(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._timer.cancel()
        if self._watcher is not None:
            self._watcher.cancel()
        if self._reason is not None and self._task.uncancel() == 0 and kind is asyncio.CancelledError:
            raise self._reason from None
