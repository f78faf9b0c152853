"""A small graphql-transport-ws client for benchmarks: one connection, any number of operations."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from time import perf_counter
from typing import Any

import orjson
from websockets.asyncio.client import ClientConnection, connect


class SocketClient:
    """Records `perf_counter` for each message when it is read from the socket."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._ids = count(1)
        self._arrived: defaultdict[str, asyncio.Queue[tuple[float, dict[str, Any]]]] = defaultdict(asyncio.Queue)

    async def listen(self) -> None:
        async for frame in self._socket:
            now = perf_counter()
            message = orjson.loads(frame)
            if message["type"] == "ping":
                await self._socket.send('{"type":"pong"}')
            elif message["type"] == "error":
                raise RuntimeError(message["payload"])
            elif message["type"] == "next":
                self._arrived[message["id"]].put_nowait((now, message["payload"]))

    async def begin(self, query: str, **variables: Any) -> str:
        """Send an operation. Returns the id of its results."""
        operation_id = str(next(self._ids))
        payload = {"query": query, "variables": variables}
        message = {"id": operation_id, "type": "subscribe", "payload": payload}
        await self._socket.send(orjson.dumps(message).decode())
        return operation_id

    async def next(self, operation_id: str, seconds: float = 30) -> tuple[float, dict[str, Any]]:
        """The time and data of the next result."""
        async with asyncio.timeout(seconds):
            arrived, payload = await self._arrived[operation_id].get()
        if "errors" in payload:
            raise RuntimeError(payload["errors"])
        return arrived, payload["data"]

    async def end(self, operation_id: str) -> None:
        await self._socket.send(orjson.dumps({"id": operation_id, "type": "complete"}).decode())


@asynccontextmanager
async def socket_client(url: str) -> AsyncIterator[SocketClient]:
    """An initialised client; `url` is the http URL of the server."""
    address = url.replace("http", "ws", 1) + "/graphql"
    async with connect(address, subprotocols=["graphql-transport-ws"], max_size=None) as socket:  # type: ignore[list-item]
        await socket.send('{"type":"connection_init"}')
        acknowledged = orjson.loads(await socket.recv())
        assert acknowledged["type"] == "connection_ack", acknowledged
        client = SocketClient(socket)
        listening = asyncio.create_task(client.listen())
        try:
            yield client
        finally:
            listening.cancel()
            await asyncio.wait([listening])
