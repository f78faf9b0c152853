"""One statement for all keys that are asked for in the same tick, each asked for once."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Sequence
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
Value = TypeVar("Value")


class Loader(Generic[Key, Value]):
    """Keeps what it has read, so it lives as long as one operation. `read_many` answers in the order of the keys."""

    def __init__(self, read_many: Callable[[list[Key]], Awaitable[Sequence[Value]]]) -> None:
        self._read_many = read_many
        self._batches: dict[Key, Batch[Key, Value]] = {}
        self._next: Batch[Key, Value] | None = None

    def load(self, key: Key) -> "asyncio.Future[Value]":
        """What belongs to the key, to be awaited."""
        batch = self._batches.get(key)
        if batch is None or batch.given_up:
            batch = self._batches[key] = self._coming()
            batch.keys[key] = None
        return batch.promise(lambda values: values[key])

    def load_all(self, keys: Sequence[Key]) -> "asyncio.Future[list[Value]]":
        """What belongs to each of the keys, in their order, to be awaited at once."""
        if not self._batches.keys().isdisjoint(keys):
            return asyncio.gather(*map(self.load, keys))
        batch = self._coming()
        new = dict.fromkeys(keys)
        batch.keys |= new
        self._batches |= dict.fromkeys(new, batch)
        return batch.promise(lambda values: [values[key] for key in keys])

    def _coming(self) -> "Batch[Key, Value]":
        """The batch that is read next."""
        if self._next is None:
            self._next = Batch(self._read_many)
            # Behind everything that is ready to run now, and so behind all that ask in this tick.
            asyncio.get_running_loop().call_soon(self._begin)
        return self._next

    def _begin(self) -> None:
        batch, self._next = self._next, None
        if batch is not None:
            batch.begin()


class Batch(Generic[Key, Value]):
    """The keys of one tick, and the futures of those that wait for what belongs to them."""

    def __init__(self, read_many: Callable[[list[Key]], Awaitable[Sequence[Value]]]) -> None:
        self._read_many = read_many
        self.keys: dict[Key, None] = {}
        self.given_up = False
        self._waiting: list[tuple[asyncio.Future[Any], Callable[[dict[Key, Value]], Any]]] = []
        self._values: dict[Key, Value] | None = None
        self._error: Exception | None = None

    def promise(self, pick: Callable[[dict[Key, Value]], Any]) -> "asyncio.Future[Any]":
        """A future of what is picked of the values. Everybody has their own: who gives up cancels nobody else's."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self._values is None and self._error is None:
            self._waiting.append((future, pick))
        else:
            self._keep(future, pick)
        return future

    def begin(self) -> None:
        self._task = asyncio.create_task(self._run())
        self._watch()

    def _watch(self) -> None:
        """Cancel the reading, statement and all, once nobody waits any more."""
        for future, _ in self._waiting:
            if not future.done():
                future.add_done_callback(lambda done: self._watch() if done.cancelled() else None)
                return
        self.given_up = True
        self._task.cancel()

    async def _run(self) -> None:
        try:
            self._values = dict(zip(self.keys, await self._read_many(list(self.keys)), strict=True))
        except Exception as error:
            self._error = error
        for future, pick in self._waiting:
            if not future.done():
                self._keep(future, pick)
        self._waiting.clear()

    def _keep(self, future: "asyncio.Future[Any]", pick: Callable[[dict[Key, Value]], Any]) -> None:
        if self._values is not None:
            future.set_result(pick(self._values))
        elif self._error is not None:
            future.set_exception(self._error)
            future.exception()  # nobody may be left to hear of it, and that is no second failure
