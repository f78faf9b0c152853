"""Live updates: memory per idle subscription"""

from contextlib import AsyncExitStack

from tests.bench.figures import Figure
from tests.bench.live.stage import Server, crowd, database, node_server, our_server, python_peer

IDLE = 5000


async def measure() -> list[Figure]:
    ours, node, strawberry = [await _kilobytes(kind) for kind in ("ours", "node", "strawberry")]
    return [
        Figure(
            "resident memory for each of 5,000 idle subscriptions",
            ours,
            "KiB",
            at_most=32,
            note=f"graphql-ws {node:.1f} KiB, strawberry {strawberry:.1f} KiB",
        )
    ]


async def _kilobytes(kind: str) -> float:
    async with AsyncExitStack() as stack:
        server: Server
        if kind == "ours":
            dsn = await stack.enter_async_context(database())
            server = await stack.enter_async_context(our_server(dsn))
        elif kind == "node":
            server = await stack.enter_async_context(node_server())
        else:
            server = await stack.enter_async_context(python_peer(kind))
        async with crowd(server.url, 100):  # the first connections load shared code
            pass
        before = server.resident
        await stack.enter_async_context(crowd(server.url, IDLE))
        return (server.resident - before) / IDLE / 1024
