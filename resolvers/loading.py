"""Batching loaders: one read for all keys that are requested in the same tick of the event loop."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Loader(Generic[Key, Value]):
    """Caches values, so it is used for one operation only. `read_many` returns values in the order of the keys."""

    def __init__(self, read_many: Callable[[list[Key]], Awaitable[Sequence[Value]]]) -> None:
        self._read_many = read_many
        self._batches: dict[Key, Batch[Key, Value]] = {}
        self._next: Batch[Key, Value] | None = None

    def load(self, key: Key) -> "asyncio.Future[Value]":
        """The value of the key."""
        batch = self._batches.get(key)
        if batch is None or batch.cancelled_by_all:
            batch = self._batches[key] = self._current_batch()
            batch.keys[key] = None
        return batch.future_for(lambda values: values[key])

    def load_all(self, keys: Sequence[Key]) -> "asyncio.Future[list[Value]]":
        """The values of the keys, in their order."""
        if not self._batches.keys().isdisjoint(keys):
            return asyncio.gather(*map(self.load, keys))
        batch = self._current_batch()
        new = dict.fromkeys(keys)
        batch.keys |= new
        self._batches |= dict.fromkeys(new, batch)
        return batch.future_for(lambda values: [values[key] for key in keys])

    def _current_batch(self) -> "Batch[Key, Value]":
        """The batch of the current tick."""
        if self._next is None:
            self._next = Batch(self._read_many)
            # Runs after all callbacks that are ready now, so after all requests of this tick.
            asyncio.get_running_loop().call_soon(self._begin)
        return self._next

    def _begin(self) -> None:
        batch, self._next = self._next, None
        if batch is not None:
            batch.begin()


class Batch(Generic[Key, Value]):
    """The keys of one tick, and the futures that wait for their values."""

    def __init__(self, read_many: Callable[[list[Key]], Awaitable[Sequence[Value]]]) -> None:
        self._read_many = read_many
        self.keys: dict[Key, None] = {}
        self.cancelled_by_all = False
        self._waiting: list[tuple[asyncio.Future[Any], Callable[[dict[Key, Value]], Any]]] = []
        self._values: dict[Key, Value] | None = None
        self._error: Exception | None = None

    def future_for(self, pick: Callable[[dict[Key, Value]], Any]) -> "asyncio.Future[Any]":
        """A future of what `pick` selects from the values. A caller that cancels its future affects no other."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._values is None and self._error is None:
            self._waiting.append((future, pick))
        else:
            self._resolve(future, pick)
        return future

    def begin(self) -> None:
        self._task = asyncio.create_task(self._run())
        self._watch()

    def _watch(self) -> None:
        """Cancel the read, with its statement, when all waiting futures are cancelled."""
        for future, _ in self._waiting:
            if not future.done():
                future.add_done_callback(lambda done: self._watch() if done.cancelled() else None)
                return
        self.cancelled_by_all = True
        self._task.cancel()

    async def _run(self) -> None:
        try:
            self._values = dict(zip(self.keys, await self._read_many(list(self.keys)), strict=True))
        except Exception as error:
            self._error = error
        for future, pick in self._waiting:
            if not future.done():
                self._resolve(future, pick)
        self._waiting.clear()

    def _resolve(self, future: "asyncio.Future[Any]", pick: Callable[[dict[Key, Value]], Any]) -> None:
        if self._values is not None:
            future.set_result(pick(self._values))
        elif self._error is not None:
            future.set_exception(self._error)
            future.exception()  # marks it as retrieved: a cancelled caller must not cause a warning
