"""Connections that subscribe and disconnect leave no task and no object, and free their memory.

RESONANT_LEAK_CYCLES is the number of connections; `make soak` makes 4,000.
"""

import asyncio
import gc
import json
import os
import random
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import psutil
import pytest

from tests.live.backend import Served, open_served
from tests.live.raw_client import HANDSHAKE, frame
from tests.timeouts import TIMEOUT

CYCLES = int(os.environ.get("RESONANT_LEAK_CYCLES", "2000"))
CONCURRENT, WARM_UP = 25, 800
SUBSCRIPTIONS = (
    "subscription { notificationAdded { cursor } }",
    "subscription { messageChanged { cursor } }",
    "subscription { eventAppended { cursor kind } }",
    'subscription { replyStreamed(messageId: "019f0000-0000-7000-8000-000000000000") { text } }',
)


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Served]:
    async with open_served(database_url) as opened:
        yield opened


async def connect_and_disconnect(address: str, chance: random.Random) -> None:
    """Connect, subscribe, and disconnect in one of several ways."""
    place = urlsplit(address)
    reader, writer = await asyncio.open_connection(place.hostname, place.port)
    writer.write(HANDSHAKE)
    await reader.readuntil(b"\r\n\r\n")
    writer.write(frame('{"type":"connection_init"}'))
    await reader.readuntil(b"connection_ack")
    message = {"id": "1", "type": "subscribe", "payload": {"query": chance.choice(SUBSCRIPTIONS)}}
    writer.write(frame(json.dumps(message)))
    await asyncio.sleep(chance.choice([0, 0, 0.005, 0.02]))
    if chance.random() < 0.5:
        writer.write(frame('{"id":"1","type":"complete"}'))
    if chance.random() < 0.5:
        writer.transport.abort()
    writer.close()


async def cycles(served: Served, count: int) -> None:
    chance = random.Random(count)
    for _ in range(count // CONCURRENT):
        await asyncio.gather(*(connect_and_disconnect(served.address, chance) for _ in range(CONCURRENT)))


async def remaining() -> tuple[int, int]:
    """The number of tasks and of Python objects, after the tasks have ended."""
    tasks = -1
    async with asyncio.timeout(TIMEOUT):
        while (now := len(asyncio.all_tasks())) != tasks:
            tasks = now
            await asyncio.sleep(0.5)
    gc.collect()
    return tasks, len(gc.get_objects())


async def test_thousands_of_connections_leak_nothing(served: Served) -> None:
    await cycles(served, WARM_UP)
    tasks, objects = await remaining()
    resident = psutil.Process().memory_info().rss
    await cycles(served, CYCLES)
    tasks_after, objects_after = await remaining()
    assert tasks_after == tasks
    # One leaked object per connection would give CYCLES objects.
    assert objects_after - objects < CYCLES / 4
    assert psutil.Process().memory_info().rss - resident < max(2000 * CYCLES, 8_000_000)
