"""A client for server-sent events with the interface of a WebSocket, so that tests can run on both transports."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import httpx


class LiveConnection(Protocol):
    """The interface that WebSockets and EventStreams share."""

    async def send(self, message: str, /) -> None: ...

    async def recv(self) -> Any: ...


class EventStreams:
    """Each `subscribe` is one request; the messages of all requests are received in one queue."""

    def __init__(self, client: httpx.AsyncClient, requests: asyncio.TaskGroup, method: str) -> None:
        self._client = client
        self._requests = requests
        self._method = method
        self._received: asyncio.Queue[str] = asyncio.Queue()
        self._open: list[asyncio.Task[None]] = []

    async def send(self, message: str, /) -> None:
        subscribe = json.loads(message)
        self._open.append(self._requests.create_task(self._follow(subscribe["id"], subscribe["payload"])))

    async def recv(self) -> str:
        return await self._received.get()

    def close(self) -> None:
        for each in self._open:
            each.cancel()

    def _put(self, id: str, kind: str, payload: Any = None) -> None:
        self._received.put_nowait(json.dumps({"id": id, "type": kind, "payload": payload}))

    async def _follow(self, id: str, body: dict[str, Any]) -> None:
        in_query = {**body, "variables": json.dumps(body["variables"])}
        sent: dict[str, Any] = {"params": in_query} if self._method == "GET" else {"json": body}
        headers = {"accept": "text/event-stream"}
        async with self._client.stream(self._method, "/graphql", headers=headers, timeout=None, **sent) as response:
            if response.status_code != 200:
                self._put(id, "error", json.loads(await response.aread())["errors"])
                return
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                if name != "data" or not value:
                    continue
                payload = json.loads(value)
                if "data" not in payload:
                    self._put(id, "error", payload["errors"])
                    return
                self._put(id, "next", payload)
        self._put(id, "complete")


@asynccontextmanager
async def streaming(client: httpx.AsyncClient, method: str = "POST") -> AsyncIterator[LiveConnection]:
    """An EventStreams whose requests end with the block."""
    async with asyncio.TaskGroup() as requests:
        streams = EventStreams(client, requests, method)
        yield streams
        streams.close()
