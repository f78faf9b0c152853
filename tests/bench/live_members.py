"""Live updates of a project: deliveries per second to 2,000 members, and what sharing one execution gains

Each connection is another member, with the same document. Not shared: the documents differ in a comment.
"""

from contextlib import AsyncExitStack

import asyncpg

from app.live.bus.bus import Bus
from tests.bench.figures import Figure
from tests.bench.live.stage import (
    Publisher,
    crowd,
    database,
    deliveries_per_second,
    node_server,
    our_server,
    query_from_now,
    writer,
)

MEMBERS, EVENTS = 2000, 40
JOIN = """
INSERT INTO project_members (project_id, user_id, role)
SELECT p.id, u.id, 'member' FROM projects AS p, users AS u WHERE p.user_id = 'owner' AND u.id LIKE 'user%'
"""


async def measure() -> list[Figure]:
    node, shared = await _node(), await _ours("each")
    alone = await _ours("each-alone")
    return [
        Figure(
            "2,000 members of one project, to graphql-ws",
            shared / node,
            "x",
            at_least=1.5,
            note=f"{shared:,.0f}/s to {node:,.0f}/s",
        ),
        Figure("shared, to one execution for each member", shared / alone, "x", note=f"{alone:,.0f}/s not shared"),
    ]


async def _node() -> float:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(node_server())
        listening = await stack.enter_async_context(crowd(server.url, MEMBERS, "one"))
        source = await stack.enter_async_context(Publisher(server.url, "one"))
        return await deliveries_per_second(source, [listening], EVENTS, MEMBERS)


async def _ours(scope: str) -> float:
    async with AsyncExitStack() as stack:
        dsn = await stack.enter_async_context(database())
        connection = await asyncpg.connect(dsn)
        await connection.execute(JOIN)
        await connection.close()
        bus = await stack.enter_async_context(Bus(dsn).running())
        server = await stack.enter_async_context(our_server(dsn))
        query = await query_from_now(dsn)
        listening = await stack.enter_async_context(crowd(server.url, MEMBERS, scope, query))
        source = await stack.enter_async_context(writer(dsn, bus, of_project=True))
        return await deliveries_per_second(source, [listening], EVENTS, MEMBERS)
