"""One statement for all keys that are asked for in the same tick, each asked for once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Loader(Generic[Key, Value]):
    """Keeps what it has read, so it lives as long as one operation. `read_many` answers in the order of the keys."""

    def __init__(self, read_many: Callable[[list[Key]], Awaitable[Sequence[Value]]]) -> None:
        self._read_many = read_many
        # The first future of each key. Everybody gets one of their own: who gives up must not cancel the others'.
        self._read: dict[Key, asyncio.Future[Value]] = {}
        self._batch: Batch[Key, Value] | None = None

    def load(self, key: Key) -> "asyncio.Future[Value]":
        """What belongs to the key, to be awaited."""
        loop = asyncio.get_running_loop()
        known = self._read.get(key)
        if known is not None and known.done() and not known.cancelled():
            return known
        if self._batch is None:
            self._batch = Batch(self._read_many)
            # Behind everything that is ready to run now, and so behind all that ask in this tick.
            loop.call_soon(self._begin)
        future: asyncio.Future[Value] = loop.create_future()
        if known is None or known.cancelled():
            self._read[key] = future
        elif key not in self._batch.waiting:
            known.add_done_callback(lambda done: _copy(done, future))
            return future
        self._batch.waiting.setdefault(key, []).append(future)
        return future

    def _begin(self) -> None:
        batch, self._batch = self._batch, None
        if batch is not None and batch.waiting:
            batch.begin()


class Batch(Generic[Key, Value]):
    """The keys of one tick, and the futures of those that wait for them."""

    def __init__(self, read_many: Callable[[list[Key]], Awaitable[Sequence[Value]]]) -> None:
        self._read_many = read_many
        self.waiting: dict[Key, list[asyncio.Future[Value]]] = {}

    def begin(self) -> None:
        self._task = asyncio.create_task(self._run())
        self._watch()

    def _watch(self) -> None:
        """Cancel the reading, statement and all, once nobody waits any more."""
        for futures in self.waiting.values():
            for future in futures:
                if not future.done():
                    future.add_done_callback(lambda done: self._watch() if done.cancelled() else None)
                    return
        self._task.cancel()

    async def _run(self) -> None:
        try:
            values = await self._read_many(list(self.waiting))
        except Exception as error:
            for futures in self.waiting.values():
                for future in futures:
                    if not future.done():
                        future.set_exception(error)
                        future.exception()  # nobody may be left to hear of it, and that is no second failure
            return
        for futures, value in zip(self.waiting.values(), values, strict=True):
            for future in futures:
                if not future.done():
                    future.set_result(value)


def _copy(done: "asyncio.Future[Value]", waiting: "asyncio.Future[Value]") -> None:
    if waiting.done():
        return
    if done.cancelled():
        waiting.cancel()
    elif error := done.exception():
        waiting.set_exception(error)
    else:
        waiting.set_result(done.result())
