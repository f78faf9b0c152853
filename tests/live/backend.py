"""The complete backend on a free port, in the event loop of the test."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.asgi import open_backend
from app.services import Services, open_services
from app.settings import Settings
from tests.asgi_server import NO_RATE_LIMITS, serve
from tests.timeouts import TIMEOUT


@dataclass
class Served:
    """A backend at `address`; `mutate` runs mutations as the owner."""

    address: str
    app: Starlette
    services: Services
    http: httpx.AsyncClient

    @property
    def socket_address(self) -> str:
        return self.address.replace("http", "ws", 1) + "/graphql"

    async def mutate(self, query: str, **variables: Any) -> dict[str, Any]:
        response = (await self.http.post("/graphql", json={"query": query, "variables": variables})).json()
        assert "errors" not in response, response
        data: dict[str, Any] = response["data"]
        return data

    async def latest_cursor(self) -> str:
        """Subscribe `after` it, so that no event is missed however long the subscription takes to start."""
        cursor: str = (await self.mutate("{ latestCursor }"))["latestCursor"]
        return cursor

    async def notify(self, title: str, *, announce: bool = True) -> None:
        """Commit a notification of the owner, as a bridge does."""
        await self.services.database.pool.execute(
            "INSERT INTO notifications (user_id, title, message, notification_type) VALUES ('owner', $1, 'm', 'info')",
            title,
        )
        if announce:
            self.services.bus.announce("owner")


@asynccontextmanager
async def open_served(database_url: str, *, port: int = 0, **settings: Any) -> AsyncIterator[Served]:
    configured = Settings(**{"database_poll_seconds": 0.3, **NO_RATE_LIMITS, **settings})
    async with (
        open_services(configured, database_url, name="test") as services,
        open_backend(services) as app,
        serve(app, port, **settings) as address,
        httpx.AsyncClient(base_url=address, timeout=TIMEOUT) as http,
    ):
        yield Served(address, app, services, http)


class Client:
    """An initialised graphql-transport-ws connection."""

    def __init__(self, socket: ClientConnection) -> None:
        self.socket = socket

    async def subscribe(self, query: str, id: str = "1", **variables: Any) -> None:
        payload = {"query": query, "variables": variables}
        await self.socket.send(json.dumps({"id": id, "type": "subscribe", "payload": payload}))

    async def complete(self, id: str = "1") -> None:
        await self.socket.send(json.dumps({"id": id, "type": "complete"}))

    async def next(self, id: str = "1", seconds: float = 15) -> dict[str, Any]:
        """The data of the next response with this id."""
        async with asyncio.timeout(seconds):
            while True:
                message = json.loads(await self.socket.recv())
                if message["type"] == "ping":
                    await self.socket.send('{"type":"pong"}')
                elif message.get("id") == id:
                    assert message["type"] == "next", message
                    assert "errors" not in message["payload"], message
                    data: dict[str, Any] = message["payload"]["data"]
                    return data

    async def wait_until_closed(self) -> tuple[int, str]:
        """The code and reason of the close frame; earlier messages are ignored."""
        with pytest.raises(ConnectionClosed) as closed:
            async with asyncio.timeout(TIMEOUT):
                while True:
                    await self.socket.recv()
        assert closed.value.rcvd is not None, "closed without a close frame (1006)"
        return closed.value.rcvd.code, closed.value.rcvd.reason


@asynccontextmanager
async def connected(address: str, **options: Any) -> AsyncIterator[Client]:
    async with connect(address, subprotocols=["graphql-transport-ws"], **options) as socket:  # type: ignore[list-item]
        await socket.send('{"type":"connection_init"}')
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        yield Client(socket)
