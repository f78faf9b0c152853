"""GraphQL over WebSocket: the graphql-transport-ws protocol, to the letter.

https://github.com/graphql/graphql-over-http/blob/main/rfcs/GraphQLOverWebSocket.md
"""

import asyncio
from collections.abc import Collection
from contextlib import ExitStack, aclosing
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
import structlog
from starlette.types import Message, Receive, Scope, Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.live.messages import (
    BAD_REQUEST,
    Complete,
    ConnectionInit,
    Ping,
    Pong,
    ProtocolViolation,
    Subscribe,
    read_message,
)
from app.live.ports import Access, Authenticate, ContextFor, OperationRunner, Response
from sql.errors import Unauthenticated

log = structlog.get_logger()

SUBPROTOCOL = "graphql-transport-ws"
UNAUTHORIZED = 4401
FORBIDDEN = 4403
SUBPROTOCOL_NOT_ACCEPTABLE = 4406
INITIALISATION_TIMEOUT = 4408
SUBSCRIBER_EXISTS = 4409
TOO_MANY_INITIALISATIONS = 4429
INTERNAL_ERROR = 4500
TOO_SLOW = 4503
NO_PONG = 4504
RESUME = "Too slow: subscribe again with `after` set to your last cursor"


@dataclass(frozen=True, slots=True)
class SocketLimits:
    """Sizes in bytes, times in seconds."""

    max_message_bytes: int = 1024 * 1024
    max_operations: int = 100
    max_connections: int = 10_000
    initialisation_seconds: float = 5.0
    ping_seconds: float = 20.0
    send_seconds: float = 30.0


class ClientGone(Exception):
    """The other side does not listen any more."""


class GraphQLTransportWS:
    """The WebSocket endpoint: an ASGI application that serves one socket a call."""

    def __init__(
        self,
        runner: OperationRunner,
        authenticate: Authenticate,
        context_for: ContextFor,
        *,
        allowed_origins: Collection[str] = (),
        limits: SocketLimits | None = None,
    ) -> None:
        self.runner = runner
        self.authenticate = authenticate
        self.context_for = context_for
        self.limits = limits or SocketLimits()
        self._allowed_origins = frozenset(allowed_origins)
        self._connections = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)
        if not self._origin_allowed(websocket):
            await websocket.close(FORBIDDEN, "This origin may not connect; see PUBLIC_ORIGINS")
            return
        known = SUBPROTOCOL in websocket.scope["subprotocols"]
        await websocket.accept(subprotocol=SUBPROTOCOL if known else None)
        if not known:
            await websocket.close(SUBPROTOCOL_NOT_ACCEPTABLE, f"Only the subprotocol {SUBPROTOCOL} is spoken here")
            return
        if self._connections >= self.limits.max_connections:
            await websocket.close(1013, "Too many connections; try again later")
            return
        self._connections += 1
        try:
            await Socket(self, websocket).serve()
        finally:
            self._connections -= 1

    def _origin_allowed(self, websocket: WebSocket) -> bool:
        """Browsers say where a page comes from, and do not stop it from connecting; programs say nothing."""
        origin = websocket.headers.get("origin")
        if origin is None or origin in self._allowed_origins:
            return True
        return urlsplit(origin).netloc == websocket.headers.get("host")


class Socket:
    """One connection, from its first message to its last."""

    def __init__(self, endpoint: GraphQLTransportWS, websocket: WebSocket) -> None:
        self._endpoint = endpoint
        self._limits = endpoint.limits
        self._websocket = websocket
        self._access: Access | None = None
        self._watching = ExitStack()
        self._waiting: asyncio.Timeout | None = None
        self._ended: str | None = None
        self._initialised = False
        self._operations: dict[str, asyncio.Task[None]] = {}

    async def serve(self) -> None:
        """Serve until either side closes; nothing of this connection outlives the call."""
        try:
            await self._receive_for_ever()
        except ProtocolViolation as violation:
            await self._close(violation.code, violation.reason)
        except (WebSocketDisconnect, ClientGone):
            pass
        finally:
            self._watching.close()
            running = list(self._operations.values())
            for task in running:
                task.cancel()
            if running:
                await asyncio.wait(running)

    async def _receive_for_ever(self) -> None:
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._limits.initialisation_seconds
        pinged = False
        while True:
            try:
                message = await self._receive(self._limits.ping_seconds if self._access else deadline - clock())
            except TimeoutError:
                if self._access is None:
                    raise ProtocolViolation(INITIALISATION_TIMEOUT, "Connection initialisation timeout") from None
                if pinged:
                    raise ProtocolViolation(NO_PONG, "No pong came; connect again") from None
                await self._send(b'{"type":"ping"}')
                pinged = True
                continue
            pinged = False
            if message["type"] == "websocket.disconnect":
                return
            await self._handle(message.get("text"))

    async def _receive(self, patience: float) -> Message:
        """The next message, unless the access has ended. Raises TimeoutError, ProtocolViolation."""
        self._raise_when_ended()
        try:
            async with asyncio.timeout(patience) as self._waiting:
                return await self._websocket.receive()
        except TimeoutError:
            self._raise_when_ended()
            raise
        finally:
            self._waiting = None

    async def _handle(self, text: str | None) -> None:
        if text is None:
            raise ProtocolViolation(BAD_REQUEST, "Send text frames, not binary ones")
        match read_message(text, self._limits.max_message_bytes):
            case ConnectionInit(payload):
                await self._initialise(payload)
            case Ping(payload):
                await self._send(orjson.dumps({"type": "pong"} | ({"payload": payload} if payload else {})))
            case Pong():
                pass
            case Subscribe() as subscribe:
                self._begin(subscribe)
            case Complete(operation_id):
                if task := self._operations.pop(operation_id, None):
                    task.cancel()

    async def _initialise(self, payload: dict[str, Any]) -> None:
        if self._initialised:
            raise ProtocolViolation(TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
        self._initialised = True
        try:
            self._access = await self._endpoint.authenticate(self._websocket, payload)
        except Unauthenticated as refusal:
            raise ProtocolViolation(FORBIDDEN, refusal.message) from None
        self._watching.enter_context(self._access.watched(self._end))
        await self._send(b'{"type":"connection_ack"}')

    def _end(self, reason: str) -> None:
        """Have the receiving loop close the connection, whatever it waits for: the access is no longer good."""
        self._ended = reason
        if self._waiting is not None:
            self._waiting.reschedule(asyncio.get_running_loop().time())

    def _raise_when_ended(self) -> None:
        if self._ended is not None:
            raise ProtocolViolation(FORBIDDEN, self._ended)

    def _begin(self, subscribe: Subscribe) -> None:
        if self._access is None:
            raise ProtocolViolation(UNAUTHORIZED, "Unauthorized: send connection_init first")
        if subscribe.id in self._operations:
            raise ProtocolViolation(SUBSCRIBER_EXISTS, f"Subscriber for {subscribe.id} already exists")
        full = len(self._operations) >= self._limits.max_operations
        work = self._refuse_another(subscribe.id) if full else self._run(subscribe, self._access)
        self._operations[subscribe.id] = task = asyncio.create_task(work)
        task.add_done_callback(lambda done: self._forget(subscribe.id, done))

    def _forget(self, operation_id: str, task: asyncio.Task[None]) -> None:
        if self._operations.get(operation_id) is task:
            del self._operations[operation_id]

    async def _refuse_another(self, operation_id: str) -> None:
        problem = f"At most {self._limits.max_operations} operations may run on one connection; complete some first."
        await self._send_error(operation_id, [{"message": problem, "extensions": {"code": "RATE_LIMITED"}}])

    async def _run(self, subscribe: Subscribe, access: Access) -> None:
        try:
            await access.check()
            await self._answer(subscribe, access)
        except Unauthenticated as refusal:
            self._end(refusal.message)
        except ClientGone:
            # The receiving loop hears of it too and ends the connection.
            log.debug("the client left before its answer", operation=subscribe.id)
        except Exception:
            log.exception("an operation over WebSocket failed unexpectedly", operation=subscribe.id)
            await self._close(INTERNAL_ERROR, "Internal server error")

    async def _answer(self, subscribe: Subscribe, access: Access) -> None:
        runner = self._endpoint.runner
        try:
            operation = runner.prepare(subscribe.query, subscribe.operation_name)
        except runner.refused as refused:
            await self._send_error(subscribe.id, refused.response()["errors"])  # type: ignore[attr-defined]
            return
        if operation.kind != "subscription":
            context = self._endpoint.context_for(access)
            if await self._send_response(subscribe.id, await runner.execute(operation, subscribe.variables, context)):
                await self._complete(subscribe.id)
            return
        responses = runner.subscribe(operation, subscribe.variables, lambda: self._endpoint.context_for(access))
        async with aclosing(responses):
            async for response in responses:
                await access.check()
                if not await self._send_response(subscribe.id, response):
                    return
        await self._complete(subscribe.id)

    async def _send_response(self, operation_id: str, response: Response) -> bool:
        """Whether the operation goes on: a response without data is its last word."""
        if "data" in response:
            frame = b'{"id":%b,"type":"next","payload":%b}' % (orjson.dumps(operation_id), orjson.dumps(response))
            await self._send(frame)
            return True
        if any(error["extensions"].get("code") == "TOO_SLOW" for error in response["errors"]):
            await self._close(TOO_SLOW, RESUME)
        else:
            await self._send_error(operation_id, response["errors"])
        return False

    async def _send_error(self, operation_id: str, errors: list[dict[str, Any]]) -> None:
        await self._send(orjson.dumps({"id": operation_id, "type": "error", "payload": errors}))

    async def _complete(self, operation_id: str) -> None:
        await self._send(orjson.dumps({"id": operation_id, "type": "complete"}))

    async def _send(self, frame: bytes) -> None:
        """Send a text frame; a client that takes none for a while is let go, and can resume elsewhere."""
        try:
            async with asyncio.timeout(self._limits.send_seconds):
                await self._websocket.send_text(frame.decode())
        except TimeoutError:
            await self._close(TOO_SLOW, RESUME)
        except (WebSocketDisconnect, RuntimeError) as error:
            # Starlette says RuntimeError when this side has closed already.
            raise ClientGone from error

    async def _close(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(1):
                await self._websocket.close(code, reason)
        except (TimeoutError, RuntimeError, WebSocketDisconnect):
            log.debug("the connection was gone before it could be closed", code=code)
