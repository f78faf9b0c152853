"""Peers in Python: plain strawberry, and a bare Starlette broadcast. `python -m tests.bench.live.peers KIND PORT`.

`GET /publish?count=N` publishes N events to every subscriber.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from enum import Enum
from itertools import count
from typing import Any

import strawberry
import uvicorn
import uvloop
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect
from strawberry.asgi import GraphQL
from strawberry.scalars import JSON

# The bytes of one of our deliveries, with the mark that the crowd counts.
RAW = '{"raw":1,"id":"1","type":"next","payload":{"data":{"eventAppended":{"cursor":"' + "x" * 56 + '","kind":"MEMORY_CREATED","subjectId":"019f0000-0000-7000-8000-000000000000","causedBy":null,"payload":{"n":1},"createdAt":"2026-11-24T21:00:00.000000+00:00"}}}}'  # fmt: skip  # noqa: E501


@strawberry.enum
class EventKind(Enum):
    MEMORY_CREATED = "memory_created"


@strawberry.type
class Event:
    cursor: str
    kind: EventKind
    subject_id: strawberry.ID
    caused_by: strawberry.ID | None
    payload: JSON
    created_at: datetime


queues: set[asyncio.Queue[Event]] = set()
sockets: set[WebSocket] = set()
numbers = count(1)


@strawberry.type
class Query:
    hello: str = "hello"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def event_appended(self) -> AsyncIterator[Event]:
        queue: asyncio.Queue[Event] = asyncio.Queue()
        queues.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            queues.discard(queue)


def make_event() -> Event:
    return Event(
        cursor=f"{next(numbers):056}",
        kind=EventKind.MEMORY_CREATED,
        subject_id=strawberry.ID("019f0000-0000-7000-8000-000000000000"),
        caused_by=None,
        payload=JSON({"n": 1}),
        created_at=datetime.now(UTC),
    )


async def publish(request: Request) -> Response:
    for _ in range(int(request.query_params["count"])):
        if queues:
            event = make_event()
            for queue in queues:
                queue.put_nowait(event)
        for socket in list(sockets):
            await socket.send_text(RAW)
    return PlainTextResponse("published")


async def listen(socket: WebSocket) -> None:
    await socket.accept()
    sockets.add(socket)
    try:
        while True:
            await socket.receive_text()
    except WebSocketDisconnect:
        sockets.discard(socket)


def app_of(kind: str) -> Any:
    routes: list[BaseRoute] = [Route("/publish", publish)]
    if kind == "starlette":
        routes.append(WebSocketRoute("/graphql", listen))
    else:
        schema = strawberry.Schema(query=Query, subscription=Subscription)
        endpoint: Any = GraphQL(schema)
        routes += [Route("/graphql", endpoint), WebSocketRoute("/graphql", endpoint)]
    return Starlette(routes=routes)


async def main(kind: str, port: int) -> None:
    config = uvicorn.Config(
        app_of(kind),
        port=port,
        log_level="error",
        access_log=False,
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        backlog=4096,
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no other way to say so
        await asyncio.sleep(0.01)
    print("ready", flush=True)
    await serving


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2])))
