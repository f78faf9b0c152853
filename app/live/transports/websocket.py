"""The WebSocket endpoint: the graphql-transport-ws protocol.

https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md
"""

import asyncio
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from app.live.ports import Authenticate, ContextFor, OperationRunner
from app.live.subscriptions import Subscriptions
from app.live.transports.slots import LiveSlots
from app.live.transports.websocket_connection import (
    FORBIDDEN,
    SERVICE_RESTART,
    TRY_AGAIN_LATER,
    Connection,
    WebSocketLimits,
)
from sql.errors import Unavailable

SUBPROTOCOL = "graphql-transport-ws"
SUBPROTOCOL_NOT_ACCEPTABLE = 4406


class GraphQLTransportWS:
    """ASGI application that serves one WebSocket connection per call."""

    def __init__(
        self,
        runner: OperationRunner,
        authenticate: Authenticate,
        context_for: ContextFor,
        subscriptions: Subscriptions,
        *,
        allowed_origins: Collection[str] = (),
        limits: WebSocketLimits | None = None,
        slots: LiveSlots | None = None,
    ) -> None:
        self.runner = runner
        self.authenticate = authenticate
        self.context_for = context_for
        self.subscriptions = subscriptions
        self.limits = limits or WebSocketLimits()
        self.slots = slots or LiveSlots()
        self._allowed_origins = frozenset(allowed_origins)
        self._connections: set[Connection] = set()
        self._draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        if not self._origin_allowed(websocket):
            await websocket.close(FORBIDDEN, "This origin may not connect; see SERVER_PUBLIC_ORIGINS")
            return
        supported = SUBPROTOCOL in websocket.scope["subprotocols"]
        await websocket.accept(subprotocol=SUBPROTOCOL if supported else None)
        if not supported:
            await websocket.close(SUBPROTOCOL_NOT_ACCEPTABLE, f"The only supported subprotocol is {SUBPROTOCOL}")
            return
        if self._draining:
            await websocket.close(SERVICE_RESTART, "The server is stopping; connect again")
            return
        try:
            with self.slots.connection():
                await self._serve(Connection(self, websocket, send))
        except Unavailable:
            await websocket.close(TRY_AGAIN_LATER, "Too many connections; try again later")

    async def _serve(self, connection: Connection) -> None:
        self._connections.add(connection)
        try:
            await connection.serve()
        finally:
            self._connections.discard(connection)

    async def drain(self) -> None:
        """Refuse new connections, let each open one finish its running queries, then close it."""
        self._draining = True
        async with asyncio.TaskGroup() as tasks:
            for connection in list(self._connections):
                tasks.create_task(connection.drain())

    def _origin_allowed(self, websocket: WebSocket) -> bool:
        """Browsers do not apply CORS to WebSockets but send `Origin`; programs send none."""
        origin = websocket.headers.get("origin")
        if origin is None or origin in self._allowed_origins:
            return True
        try:
            return urlsplit(origin).netloc == websocket.headers.get("host")
        except ValueError:
            return False
