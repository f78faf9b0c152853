"""Server-sent events behind the interface of a socket, so that both live doors take the same questions."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol

import httpx


class Line(Protocol):
    """What a graphql-transport-ws connection has, too."""

    async def send(self, message: str, /) -> None: ...

    async def recv(self) -> Any: ...


class Streams:
    """Each `subscribe` is a request of its own; what all of them tell is received in one place."""

    def __init__(self, client: httpx.AsyncClient, requests: asyncio.TaskGroup, method: str) -> None:
        self._client = client
        self._requests = requests
        self._method = method
        self._told: asyncio.Queue[str] = asyncio.Queue()
        self._open: list[asyncio.Task[None]] = []

    async def send(self, message: str, /) -> None:
        asked = json.loads(message)
        self._open.append(self._requests.create_task(self._follow(asked["id"], asked["payload"])))

    async def recv(self) -> str:
        return await self._told.get()

    def close(self) -> None:
        for each in self._open:
            each.cancel()

    def _tell(self, id: str, kind: str, payload: Any = None) -> None:
        self._told.put_nowait(json.dumps({"id": id, "type": kind, "payload": payload}))

    async def _follow(self, id: str, asked: dict[str, Any]) -> None:
        in_address = {**asked, "variables": json.dumps(asked["variables"])}
        sent: dict[str, Any] = {"params": in_address} if self._method == "GET" else {"json": asked}
        headers = {"accept": "text/event-stream"}
        async with self._client.stream(self._method, "/graphql", headers=headers, timeout=None, **sent) as response:
            if response.status_code != 200:
                self._tell(id, "error", json.loads(await response.aread())["errors"])
                return
            async for line in response.aiter_lines():
                name, _, value = line.partition(": ")
                if name != "data" or not value:
                    continue
                payload = json.loads(value)
                if "data" not in payload:
                    self._tell(id, "error", payload["errors"])
                    return
                self._tell(id, "next", payload)
        self._tell(id, "complete")


@asynccontextmanager
async def streaming(client: httpx.AsyncClient, method: str = "POST") -> AsyncIterator[Line]:
    """All streams end with the block."""
    async with asyncio.TaskGroup() as requests:
        streams = Streams(client, requests, method)
        yield streams
        streams.close()
