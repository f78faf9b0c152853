"""Live updates: deliveries per second, and the delay of the last subscriber

Every subscriber is a WebSocket connection with one subscription. Our events are committed to PostgreSQL by another
process, then read, executed and sent. The peers publish from memory. All use graphql-transport-ws and the same crowd.
"""

from contextlib import AsyncExitStack
from time import perf_counter

from app.live.bus.bus import Bus
from tests.bench.figures import Figure, p50
from tests.bench.live.stage import (
    QUERY,
    Crowd,
    Publisher,
    Server,
    Writer,
    crowd,
    database,
    deliveries_per_second,
    node_server,
    our_server,
    python_peer,
    query_from_now,
    writer,
)
from tests.live.redis_server import redis_server

SUBSCRIBERS, EVENTS = 2000, 40
LISTENERS, SINGLE_EVENTS = 1000, 15


async def measure() -> list[Figure]:
    node = await _peer("node", "one")
    strawberry = await _peer("strawberry", "one", events=EVENTS // 4)
    ours = await _ours("one")
    node_each, ours_each = await _peer("node", "each"), await _ours("each")
    starlette_last, strawberry_last, ours_last = [await _last(kind) for kind in ("starlette", "strawberry", "ours")]
    alone, together = await _processes(1, "one"), await _processes(2, "one")
    alone_each, together_each = await _processes(1, "each"), await _processes(2, "each")
    return [
        _ratio("2,000 subscribers of one viewer, to graphql-ws", ours, node, at_least=1.5),
        Figure("the same, plain strawberry to graphql-ws", strawberry / node, "x", note=f"{strawberry:,.0f}/s"),
        _ratio("2,000 viewers, each event for one, to graphql-ws", ours_each, node_each, at_least=1.0),
        Figure(
            "last of 1,000 has it, to a bare Starlette broadcast",
            ours_last / starlette_last,
            "x",
            at_most=1.5,
            note=f"{ours_last:.0f} ms to {starlette_last:.0f}; strawberry {strawberry_last / starlette_last:.1f} x",
        ),
        _ratio("two processes and Redis, to one; each event for all 2,000", together, alone, at_least=1.3),
        Figure(
            "the same, each event for one of 2,000 viewers",
            together_each / alone_each,
            "x",
            note=f"{together_each:,.0f}/s to {alone_each:,.0f}/s",
        ),
    ]


def _ratio(what: str, ours: float, theirs: float, *, at_least: float) -> Figure:
    return Figure(what, ours / theirs, "x", at_least=at_least, note=f"{ours:,.0f}/s to {theirs:,.0f}/s")


async def _server(stack: AsyncExitStack, kind: str) -> Server:
    return await stack.enter_async_context(node_server() if kind == "node" else python_peer(kind))


async def _peer(kind: str, scope: str, events: int = EVENTS) -> float:
    async with AsyncExitStack() as stack:
        server = await _server(stack, kind)
        listening = await stack.enter_async_context(crowd(server.url, SUBSCRIBERS, scope))
        source = await stack.enter_async_context(Publisher(server.url, scope))
        return await _rate(source, [listening], scope, events)


async def _rate(source: Publisher | Writer, listening: list[Crowd], scope: str, events: int = EVENTS) -> float:
    if scope == "each":
        return await deliveries_per_second(source, listening, events * 100, 1)
    return await deliveries_per_second(source, listening, events, SUBSCRIBERS)


async def _ours(scope: str) -> float:
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(database())
        bus = await stack.enter_async_context(Bus(dsn).running())
        server = await stack.enter_async_context(our_server(dsn))
        query = await query_from_now(dsn)
        listening = await stack.enter_async_context(crowd(server.url, SUBSCRIBERS, scope, query))
        source = await stack.enter_async_context(writer(dsn, bus, SUBSCRIBERS if scope == "each" else 1))
        return await _rate(source, [listening], scope)


async def _last(kind: str) -> float:
    """Median milliseconds from publishing one event until the last subscriber has it."""
    async with AsyncExitStack() as stack:
        source: Publisher | Writer
        query = QUERY
        if kind == "ours":
            dsn = await stack.enter_async_context(database())
            bus = await stack.enter_async_context(Bus(dsn).running())
            server = await stack.enter_async_context(our_server(dsn))
            source = await stack.enter_async_context(writer(dsn, bus))
            query = await query_from_now(dsn)
        else:
            server = await _server(stack, kind)
            source = await stack.enter_async_context(Publisher(server.url))
        scope = "raw" if kind == "starlette" else "one"
        listening = await stack.enter_async_context(crowd(server.url, LISTENERS, scope, query))
        return p50([await _milliseconds_to_last(source, listening) for _ in range(SINGLE_EVENTS)][3:])


async def _milliseconds_to_last(source: Publisher | Writer, listening: Crowd) -> float:
    await listening.expect(LISTENERS)
    began = perf_counter()
    await source.publish(1)
    return (await listening.finished() - began) * 1000


async def _processes(count: int, scope: str) -> float:
    """Deliveries per second with `count` API processes and Redis between them and the writer."""
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(database())
        redis = await stack.enter_async_context(redis_server())
        bus = await stack.enter_async_context(Bus(redis.url).running())
        query, listening = await query_from_now(dsn), []
        share = SUBSCRIBERS // count
        for number in range(count):
            server = await stack.enter_async_context(our_server(dsn, LIVE_BROADCAST_URL=redis.url))
            viewers = f"each+{number * share}" if scope == "each" else scope
            listening.append(await stack.enter_async_context(crowd(server.url, share, viewers, query)))
        source = await stack.enter_async_context(writer(dsn, bus, SUBSCRIBERS if scope == "each" else 1))
        return await _rate(source, listening, scope)
