"""GraphQL over WebSocket: the graphql-transport-ws protocol, to the letter.

https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md
"""

import asyncio
from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocket

from app.live.ports import Authenticate, ContextFor, OperationRunner
from app.live.sharing import Subscriptions
from app.live.transports.websocket_connection import FORBIDDEN, SERVICE_RESTART, Socket, SocketLimits

SUBPROTOCOL = "graphql-transport-ws"
SUBPROTOCOL_NOT_ACCEPTABLE = 4406
TRY_AGAIN_LATER = 1013


class GraphQLTransportWS:
    """The WebSocket endpoint: an ASGI application that serves one socket a call."""

    def __init__(
        self,
        runner: OperationRunner,
        authenticate: Authenticate,
        context_for: ContextFor,
        subscriptions: Subscriptions,
        *,
        allowed_origins: Collection[str] = (),
        limits: SocketLimits | None = None,
    ) -> None:
        self.runner = runner
        self.authenticate = authenticate
        self.context_for = context_for
        self.subscriptions = subscriptions
        self.limits = limits or SocketLimits()
        self._allowed_origins = frozenset(allowed_origins)
        self._sockets: set[Socket] = set()
        self._draining = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        if not self._origin_allowed(websocket):
            await websocket.close(FORBIDDEN, "This origin may not connect; see SERVER_PUBLIC_ORIGINS")
            return
        known = SUBPROTOCOL in websocket.scope["subprotocols"]
        await websocket.accept(subprotocol=SUBPROTOCOL if known else None)
        if not known:
            await websocket.close(SUBPROTOCOL_NOT_ACCEPTABLE, f"Only the subprotocol {SUBPROTOCOL} is spoken here")
            return
        if self._draining:
            await websocket.close(SERVICE_RESTART, "The server is stopping; connect again")
            return
        if len(self._sockets) >= self.limits.max_connections:
            await websocket.close(TRY_AGAIN_LATER, "Too many connections; try again later")
            return
        socket = Socket(self, websocket, send)
        self._sockets.add(socket)
        try:
            await socket.serve()
        finally:
            self._sockets.discard(socket)

    async def drain(self) -> None:
        """Take in nobody else, let every connection finish what it answers, and close it."""
        self._draining = True
        async with asyncio.TaskGroup() as tasks:
            for socket in list(self._sockets):
                tasks.create_task(socket.drain())

    def _origin_allowed(self, websocket: WebSocket) -> bool:
        """Browsers say where a page comes from, and do not stop it from connecting; programs say nothing."""
        origin = websocket.headers.get("origin")
        if origin is None or origin in self._allowed_origins:
            return True
        return urlsplit(origin).netloc == websocket.headers.get("host")
