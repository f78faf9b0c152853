"""A thread for work that may be abandoned: the process ends without waiting for it, as it would for an executor's."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from queue import SimpleQueue
from threading import Thread
from typing import Any, TypeVar

Result = TypeVar("Result")
Work = tuple[asyncio.AbstractEventLoop, "asyncio.Future[Any]", Callable[[], Any]]


class DaemonThread:
    """Runs one call after the other. The thread starts with the first one and ends after `close`."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._queue: SimpleQueue[Work | None] = SimpleQueue()
        self._thread: Thread | None = None

    async def run(self, call: Callable[[], Result]) -> Result:
        """The result of the call. A caller that is cancelled does not wait for a call that has begun."""
        if self._thread is None:
            self._thread = Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Result] = loop.create_future()
        self._queue.put((loop, future, call))
        return await future

    def close(self) -> None:
        """Take no further calls; those that wait are still done, unless the process ends before."""
        self._queue.put(None)

    def _work(self) -> None:
        while (work := self._queue.get()) is not None:
            loop, future, call = work
            if future.cancelled():
                continue
            try:
                result, failure = call(), None
            except BaseException as error:  # the caller gets it
                result, failure = None, error
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(_settle, future, result, failure)


def _settle(future: "asyncio.Future[Any]", result: Any, failure: BaseException | None) -> None:
    if future.cancelled():
        return
    if failure is None:
        future.set_result(result)
    else:
        future.set_exception(failure)
