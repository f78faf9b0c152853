"""One graphql-transport-ws connection: authentication, running operations, keep-alive, draining and closing."""

import asyncio
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson
import structlog
from starlette.types import Send
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.language.catalogue import describe, message_of
from app.live.ports import Access, Errors
from app.live.shared_subscription import check_access
from app.live.transports.operations import (
    CostReportingSink,
    PreparationFailed,
    execute_with_deadline,
    prepare,
    traceparent,
)
from app.live.transports.protocol_extensions import report_initialised
from app.live.transports.send_queue import SendQueue
from app.live.transports.slots import TooManyOfUser
from app.live.transports.websocket_messages import (
    BAD_REQUEST,
    Complete,
    ConnectionInit,
    Ping,
    Pong,
    ProtocolViolation,
    Subscribe,
    UnreadableSubscribe,
    read_message,
)
from sql.errors import ResonantError, Unauthenticated

if TYPE_CHECKING:
    from app.live.transports.websocket import GraphQLTransportWS

log = structlog.get_logger()

SERVICE_RESTART = 1012
TRY_AGAIN_LATER = 1013
UNAUTHORIZED = 4401
FORBIDDEN = 4403
INITIALISATION_TIMEOUT = 4408
SUBSCRIBER_EXISTS = 4409
TOO_MANY_INITIALISATIONS = 4429
TOO_SLOW = 4503
NO_PONG = 4504
RESUME = "subscribe again with `after` set to your last cursor"


class TooManyOperations(ResonantError):
    """The connection already runs as many operations as are allowed."""

    code = "RATE_LIMITED"
    key = "live.too_many_operations"


@dataclass(frozen=True, slots=True)
class WebSocketLimits:
    """Sizes in bytes, times in seconds."""

    max_message_bytes: int = 1024 * 1024
    max_operations: int = 100
    initialisation_seconds: float = 5.0
    ping_seconds: float = 20.0
    send_seconds: float = 30.0
    drain_seconds: float = 3.0
    request_seconds: float = 15.0


class Connection:
    """Reads the messages of one client and runs an operation for each `subscribe`."""

    def __init__(self, endpoint: "GraphQLTransportWS", websocket: WebSocket, send: Send) -> None:
        self._endpoint = endpoint
        self._limits = endpoint.limits
        self._websocket = websocket
        self._access: Access | None = None
        self._while_authenticated = ExitStack()
        self._initialised = False
        self._draining = False
        self._operations: dict[str, RunningOperation] = {}
        self._closing: asyncio.Task[None] | None = None
        self._send_queue = SendQueue(
            send,
            timeout=self._limits.send_seconds,
            on_stalled=lambda: self.close_soon(TOO_SLOW, f"Too slow: {RESUME}"),
        )

    async def serve(self) -> None:
        """Serve until either side closes; all tasks of the connection end before this returns."""
        try:
            await self._receive_until_closed()
        except ProtocolViolation as violation:
            self.close_soon(violation.code, violation.reason)
        except (WebSocketDisconnect, RuntimeError) as error:
            # Starlette raises RuntimeError when this side has closed the connection already.
            log.debug("the connection ended", reason=str(error))
        finally:
            self._while_authenticated.close()
            self._send_queue.close()
            await self._end_operations()

    async def drain(self) -> None:
        """Start no more operations, finish running queries and mutations, then close with 1012 (service restart)."""
        self._draining = True
        queries = [each.task for each in self._operations.values() if not each.is_subscription]
        if queries:
            await asyncio.wait(queries, timeout=self._limits.drain_seconds)
        try:
            async with asyncio.timeout(self._limits.drain_seconds):
                await self._send_queue.wait_until_sent()
        except TimeoutError:
            log.debug("a slow client did not receive its last messages")
        self.close_soon(SERVICE_RESTART, f"The server restarts: {RESUME}")

    def send(self, text: str) -> None:
        self._send_queue.put({"type": "websocket.send", "text": text}, len(text))

    async def wait_until_sent(self) -> None:
        await self._send_queue.wait_until_sent()

    def release_id(self, operation: "RunningOperation") -> None:
        """Let the client use the id of the operation again."""
        if self._operations.get(operation.id) is operation:
            del self._operations[operation.id]

    def close_unauthorized(self, reason: str) -> None:
        """Close, because the access is no longer valid."""
        self.close_soon(FORBIDDEN, reason)

    def close_soon(self, code: int, reason: str) -> None:
        """Close the connection, which ends the receiving loop. Only the first call has an effect."""
        if self._closing is None:
            self._send_queue.close()
            short = ProtocolViolation(code, reason).reason
            self._closing = asyncio.create_task(self._close(code, short), name="closing a WebSocket")

    async def _close(self, code: int, reason: str) -> None:
        try:
            async with asyncio.timeout(1):
                await self._websocket.close(code, reason)
        except (TimeoutError, RuntimeError, OSError, WebSocketDisconnect):
            log.debug("the connection ended before it could be closed", code=code)

    async def _end_operations(self) -> None:
        tasks = [each.task for each in self._operations.values()]
        for task in tasks:
            task.cancel()
        if self._closing is not None:
            tasks.append(self._closing)
        if tasks:
            await asyncio.wait(tasks)

    async def _receive_until_closed(self) -> None:
        clock = asyncio.get_running_loop().time
        deadline = clock() + self._limits.initialisation_seconds
        pinged = False
        while True:
            timeout = self._limits.ping_seconds if self._access else deadline - clock()
            try:
                async with asyncio.timeout(timeout):
                    message = await self._websocket.receive()
            except TimeoutError:
                if self._access is None:
                    raise ProtocolViolation(INITIALISATION_TIMEOUT, "Connection initialisation timeout") from None
                if pinged:
                    raise ProtocolViolation(NO_PONG, "No pong received; connect again") from None
                self.send('{"type":"ping"}')
                pinged = True
                continue
            pinged = False
            if message["type"] == "websocket.disconnect":
                return
            await self._handle(message.get("text"))

    async def _handle(self, text: str | None) -> None:
        if text is None:
            raise ProtocolViolation(BAD_REQUEST, "Send text frames, not binary ones")
        match read_message(text, self._limits.max_message_bytes):
            case ConnectionInit(payload):
                await self._initialise(payload)
            case Ping(payload):
                self.send(orjson.dumps({"type": "pong"} | ({"payload": payload} if payload else {})).decode())
            case Pong():
                pass
            case Subscribe() as subscribe:
                self._start(subscribe)
            case UnreadableSubscribe(operation_id, refusal):
                self._new_operation(operation_id).end([describe(refusal)])
            case Complete(operation_id):
                if operation := self._operations.pop(operation_id, None):
                    operation.task.cancel()

    async def _initialise(self, payload: dict[str, Any]) -> None:
        if self._initialised:
            raise ProtocolViolation(TOO_MANY_INITIALISATIONS, "Too many initialisation requests")
        self._initialised = True
        try:
            access = await self._endpoint.authenticate(self._websocket, payload)
            self._while_authenticated.enter_context(self._endpoint.slots.connection_of(access.viewer.id))
        except Unauthenticated as refusal:
            raise ProtocolViolation(FORBIDDEN, message_of(refusal)) from None
        except TooManyOfUser as refusal:
            raise ProtocolViolation(TRY_AGAIN_LATER, message_of(refusal)) from None
        self._access = access
        self._while_authenticated.enter_context(access.on_revoked(self.close_unauthorized))
        report_initialised(self._websocket.scope)
        self.send('{"type":"connection_ack"}')

    def _new_operation(self, operation_id: str) -> "RunningOperation":
        if self._access is None:
            raise ProtocolViolation(UNAUTHORIZED, "Unauthorized: send connection_init first")
        if operation_id in self._operations:
            raise ProtocolViolation(SUBSCRIBER_EXISTS, f"Subscriber for {operation_id} already exists")
        return RunningOperation(self, self._access, operation_id)

    def _start(self, subscribe: Subscribe) -> None:
        operation = self._new_operation(subscribe.id)
        if self._draining:
            return  # the connection is about to be closed; the client reconnects to another server
        if len(self._operations) >= self._limits.max_operations:
            operation.end([describe(TooManyOperations(maximum=self._limits.max_operations))])
            return
        self._operations[subscribe.id] = operation
        operation.task = asyncio.create_task(self._run(operation, subscribe), name="operation")

    async def _run(self, operation: "RunningOperation", subscribe: Subscribe) -> None:
        traceparent.set(subscribe.traceparent)  # for this task only
        try:
            if await check_access(operation):
                await self._execute(operation, subscribe)
        except Exception as failure:
            # It ends this operation only; the other ones of the connection continue.
            operation.end(self._endpoint.runner.failure(failure)["errors"])
        finally:
            self.release_id(operation)

    async def _execute(self, running: "RunningOperation", subscribe: Subscribe) -> None:
        runner = self._endpoint.runner
        try:
            operation = await prepare(runner, self._endpoint.context_for(running.access), subscribe)
        except PreparationFailed as failed:
            running.end(failed.errors)
            return
        if operation.kind == "subscription":
            running.is_subscription = True
            sink = CostReportingSink.wrap_if_wanted(running, runner, operation, subscribe)
            await self._endpoint.subscriptions.run(operation, subscribe.variables, sink)
            return
        response = await execute_with_deadline(
            runner,
            operation,
            subscribe.variables,
            self._endpoint.context_for(running.access),
            seconds=self._limits.request_seconds,
            wants_cost=subscribe.wants_cost,
        )
        if "data" in response:
            running.put(None, orjson.dumps(response).decode())
            running.end(None)
        else:
            running.end(response["errors"])


class RunningOperation:
    """An operation that the client started with an id. Implements app.live.ports.Sink."""

    __slots__ = ("_connection", "_next_prefix", "access", "id", "is_subscription", "task")

    def __init__(self, connection: Connection, access: Access, operation_id: str) -> None:
        self.id = operation_id
        self.access = access
        self.is_subscription = False
        self.task: asyncio.Task[None]
        self._connection = connection
        self._next_prefix = f'{{"id":{orjson.dumps(operation_id).decode()},"type":"next","payload":'

    def put(self, cursor: str | None, payload: str) -> None:
        self._connection.send(f"{self._next_prefix}{payload}}}")

    async def wait_until_sent(self) -> None:
        await self._connection.wait_until_sent()

    def close_unauthorized(self, reason: str) -> None:
        self._connection.close_unauthorized(reason)

    def end(self, errors: Errors | None) -> None:
        # Before the last message, because the client may use the id again as soon as it receives it.
        self._connection.release_id(self)
        if errors is None:
            message: dict[str, Any] = {"id": self.id, "type": "complete"}
        else:
            message = {"id": self.id, "type": "error", "payload": errors}
        self._connection.send(orjson.dumps(message).decode())
