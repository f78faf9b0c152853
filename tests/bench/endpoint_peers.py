"""Peers of the endpoint, each in one process: `python -m tests.bench.endpoint_peers NAME DATABASE_URL`.

`bare` is a Starlette handler that reads the same rows with asyncpg and encodes them with orjson. `strawberry` serves
the schema with strawberry's own ASGI application, as in its documentation.
"""

import asyncio
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import orjson
import strawberry
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from strawberry.asgi import GraphQL

MESSAGES = """
SELECT id, content, message_type, status, created_at FROM messages WHERE user_id = $1 ORDER BY id LIMIT 50
"""
CONVERSATION = "INSERT INTO conversations (user_id, title) VALUES ($1, $2) RETURNING id"
MESSAGE = """
INSERT INTO messages (user_id, conversation_id, content, message_type, status, reply_to, metadata)
VALUES ($1, $2, $3, $4, $5, $6, '{}') RETURNING id, status
"""


def bare(pool: Any) -> Starlette:
    async def messages(request: Request) -> Response:
        await request.body()
        async with pool.acquire() as connection:
            rows = await connection.fetch(MESSAGES, "owner")
        return Response(orjson.dumps([dict(row) for row in rows], default=str), media_type="application/json")

    async def send(request: Request) -> Response:
        await request.body()
        async with pool.acquire() as connection, connection.transaction():
            conversation = await connection.fetchval(CONVERSATION, "owner", "what is a lease?")
            message = await connection.fetchrow(
                MESSAGE, "owner", conversation, "what is a lease?", "user", "complete", None
            )
            reply = await connection.fetchrow(MESSAGE, "owner", conversation, "", "kana", "pending", message["id"])
            await connection.execute("SELECT pg_notify('bench', 'owner')")
        answer = {"message": dict(message), "reply": dict(reply)}
        return Response(orjson.dumps(answer, default=str), media_type="application/json")

    return Starlette(routes=[Route("/messages", messages, methods=["POST"]), Route("/send", send, methods=["POST"])])


@strawberry.type
class Message:
    id: strawberry.ID
    content: str
    message_type: str
    status: str
    created_at: str


@strawberry.type
class Edge:
    node: Message


@strawberry.type
class Connection:
    edges: list[Edge]


def plain_strawberry(pool: Any) -> Any:
    async def messages(first: int = 20) -> Connection:
        rows = await pool.fetch(MESSAGES, "owner")
        edges = [
            Edge(
                node=Message(
                    id=strawberry.ID(str(row["id"])),
                    content=row["content"],
                    message_type=row["message_type"],
                    status=row["status"],
                    created_at=row["created_at"].isoformat(),
                )
            )
            for row in rows[:first]
        ]
        return Connection(edges=edges)

    query = type("Query", (), {"messages": strawberry.field(resolver=messages), "__annotations__": {}})
    return Starlette(routes=[Route("/graphql", GraphQL(strawberry.Schema(query=strawberry.type(query))))])


@asynccontextmanager
async def _pool(dsn: str) -> AsyncIterator[Any]:
    async with asyncpg.create_pool(dsn, min_size=1, max_size=10) as pool:
        yield pool


async def _serve(name: str, dsn: str) -> None:
    async with _pool(dsn) as pool:
        app = {"bare": bare, "strawberry": plain_strawberry}[name](pool)
        listener = socket.create_server(("127.0.0.1", 0), backlog=2048)
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        config = uvicorn.Config(app, http="httptools", lifespan="off", log_level="warning", access_log=False)
        await uvicorn.Server(config).serve(sockets=[listener])


if __name__ == "__main__":
    import uvloop

    asyncio.set_event_loop_policy(uvloop.EventLoopPolicy())
    asyncio.run(_serve(sys.argv[1], sys.argv[2]))
