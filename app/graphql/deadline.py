"""How long a request is worked on: until its time is up, or the client has left."""

import asyncio
from types import TracebackType

from starlette.types import Receive

from sql.errors import TimedOut

# Nothing is started for a request that is answered sooner.
SOON = 0.05


class ClientLeft(Exception):
    """Nobody waits for the answer any more."""


class RequestDeadline:
    """Cancels the block when `seconds` have passed, or earlier when the client leaves and `leaving` is to count.

    Raises TimedOut or ClientLeft in its place. A statement under way is cancelled in the database too.
    """

    def __init__(self, receive: Receive, seconds: float, *, leaving: bool) -> None:
        self._receive = receive
        self._seconds = seconds
        self._leaving = leaving
        self._watcher: asyncio.Task[None] | None = None
        self._reason: Exception | None = None

    def __enter__(self) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("there is no task to cancel")
        self._task = task
        self._timer = asyncio.get_running_loop().call_later(min(SOON, self._seconds), self._begin_to_watch)

    def _begin_to_watch(self) -> None:
        self._watcher = asyncio.create_task(self._watch())

    async def _watch(self) -> None:
        try:
            async with asyncio.timeout(max(0.0, self._seconds - SOON)):
                await (self._until_it_leaves() if self._leaving else asyncio.Event().wait())
            self._reason = ClientLeft()
        except TimeoutError:
            self._reason = TimedOut(f"The request took longer than {self._seconds:g} s and was given up.")
        self._task.cancel()

    async def _until_it_leaves(self) -> None:
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
