"""Live updates: latency from commit to client at a thousand events per second

Eight writers commit one event per transaction at a steady rate, with PostgreSQL as the bus. Each event holds the time
before its commit. One run sends every event to all hundred subscribers, one run has a viewer per subscriber.
"""

import asyncio
from contextlib import AsyncExitStack
from time import perf_counter

import asyncpg

from app.live.bus.bus import Bus
from tests.bench.figures import Figure, p50, p99
from tests.bench.live.stage import QUERY, crowd, database, our_server

SUBSCRIBERS, WRITERS, PER_SECOND, SECONDS = 100, 8, 1000, 6
APPEND = """
SELECT append_event(id, scope_id, NULL, 'memory_created', uuidv7(), NULL, jsonb_build_object('t', $2::float8))
FROM users WHERE id = $1
"""


async def measure() -> list[Figure]:
    each, each_rate = await _latencies("each")
    one, one_rate = await _latencies("one")
    return [
        Figure("commit to client, each event for one of 100 viewers, p99", p99(each), "ms", at_most=100,
               note=f"p50 {p50(each):.1f} ms at {each_rate:,.0f} events/s"),
        Figure("the same, each event for all 100 subscribers, p99", p99(one), "ms", at_most=100,
               note=f"p50 {p50(one):.1f} ms at {one_rate:,.0f} events/s, {one_rate * SUBSCRIBERS:,.0f} deliveries/s"),
    ]  # fmt: skip


async def _latencies(scope: str) -> tuple[list[float], float]:
    """Latencies in milliseconds, and the rate of the writers."""
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(database())
        bus = await stack.enter_async_context(Bus(dsn).running())
        server = await stack.enter_async_context(our_server(dsn))
        listening = await stack.enter_async_context(crowd(server.url, SUBSCRIBERS, scope, QUERY))
        await _write(dsn, bus, scope, 1)
        await listening.switch_sampling()
        rate = await _write(dsn, bus, scope, SECONDS)
        await asyncio.sleep(0.5)
        return [taken * 1000 for taken in await listening.switch_sampling()], rate


async def _write(dsn: str, bus: Bus, scope: str, seconds: float) -> float:
    """Commit at this rate for this time. Returns the events per second."""
    count, began = int(seconds * PER_SECOND), perf_counter()

    async def writer(number: int) -> None:
        connection = await asyncpg.connect(dsn)
        for each in range(number, count, WRITERS):
            await asyncio.sleep(began + each / PER_SECOND - perf_counter())
            user = f"user{each % SUBSCRIBERS}" if scope == "each" else "owner"
            await connection.execute(APPEND, user, perf_counter())
            bus.announce(user)
        await connection.close()

    await asyncio.gather(*(writer(number) for number in range(WRITERS)))
    return count / (perf_counter() - began)
