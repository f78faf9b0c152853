"""A loader reads each key once, and all that are asked for in one tick together."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest

from resolvers.loading import Loader


class Doubling:
    """Reads twice the key of each, and remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: list[list[int]] = []
        self.ended = 0
        self.going_on = asyncio.Event()
        self.going_on.set()
        self.loader = Loader(self.read)

    async def read(self, keys: list[int]) -> Sequence[int]:
        self.asked.append(keys)
        try:
            await self.going_on.wait()
        finally:
            self.ended += 1
        return [key * 2 for key in keys]


async def test_all_keys_of_one_tick_are_read_together_and_once() -> None:
    doubling = Doubling()
    one, all_ = doubling.loader.load(1), doubling.loader.load_all([3, 2, 3])
    assert (await one, await all_, await doubling.loader.load(2)) == (2, [6, 4, 6], 4)
    assert doubling.asked == [[1, 3, 2]]


async def test_only_keys_that_are_not_known_are_read() -> None:
    doubling = Doubling()
    assert await doubling.loader.load_all([1, 2]) == [2, 4]
    assert await doubling.loader.load_all([2, 3, 1]) == [4, 6, 2]
    assert await doubling.loader.load_all([]) == []
    assert doubling.asked[:2] == [[1, 2], [3]]


async def test_who_asks_while_a_key_is_read_waits_for_that_reading() -> None:
    doubling = Doubling()
    doubling.going_on.clear()
    first = doubling.loader.load(1)
    await asyncio.sleep(0.01)
    second = doubling.loader.load_all([1])
    first.cancel()
    doubling.going_on.set()
    assert await second == [2]
    assert doubling.asked == [[1]]


async def test_a_reading_that_nobody_waits_for_is_ended_and_begun_anew() -> None:
    doubling = Doubling()
    doubling.going_on.clear()
    one, both = doubling.loader.load(1), doubling.loader.load_all([1, 2])
    await asyncio.sleep(0.01)
    one.cancel()
    await asyncio.sleep(0.01)
    assert doubling.ended == 0
    both.cancel()
    await asyncio.sleep(0.01)
    assert doubling.ended == 1
    doubling.going_on.set()
    assert await doubling.loader.load_all([2, 1]) == [4, 2]
    assert doubling.asked == [[1, 2], [2, 1]]


async def test_a_failure_reaches_all_that_wait_and_those_that_come_later() -> None:
    async def fail(keys: list[int]) -> list[int]:
        raise LookupError("no")

    loader = Loader(fail)
    promised: list[asyncio.Future[Any]] = [loader.load(1), loader.load_all([1, 2]), loader.load(2)]
    for waiting in promised:
        with pytest.raises(LookupError):
            await waiting
    with pytest.raises(LookupError):
        await loader.load_all([2, 1])


async def test_too_few_values_are_a_failure() -> None:
    async def forget(keys: list[int]) -> list[int]:
        return keys[1:]

    with suppress(ValueError):
        await asyncio.wait_for(Loader(forget).load_all([1, 2]), 1)
        pytest.fail("a value is missing")
