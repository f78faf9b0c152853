"""The graphql-transport-ws protocol: every violation closes with the code of the protocol, never with 1006."""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from typing import Any

import pytest
import strawberry
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import WebSocketRoute
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from app.live.bus.bus import Bus
from app.live.hub import EventHub
from app.live.subscriptions import Subscriptions
from app.live.transports.websocket import GraphQLTransportWS
from app.live.transports.websocket_connection import WebSocketLimits
from sql.errors import BadUserInput, Unauthenticated
from sql.rows import UserRow
from tests.asgi_server import serve
from tests.graphql.executors import make_executor
from tests.timeouts import TIMEOUT


@strawberry.type
class Query:
    @strawberry.field
    def hello(self, info: strawberry.Info[dict[str, int], None], name: str = "you") -> str:
        return f"hello {name}"

    @strawberry.field
    def not_serializable(self) -> strawberry.scalars.JSON:
        value: list[Any] = []
        for _ in range(300):
            value = [value]
        return strawberry.scalars.JSON(value)

    @strawberry.field
    async def never(self) -> str:
        await asyncio.sleep(3600)
        return ""


@strawberry.type
class Mutation:
    @strawberry.field
    def touch(self) -> bool:
        return True


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def count(self, to: int = 3) -> AsyncGenerator[int, None]:
        for number in range(to):
            yield number
            await asyncio.sleep(0)

    @strawberry.subscription
    async def silence(self) -> AsyncGenerator[int, None]:
        open_streams.append(1)
        try:
            await asyncio.sleep(3600)
            yield 0
        finally:
            open_streams.pop()

    @strawberry.subscription
    async def queued(self) -> AsyncGenerator[int, None]:
        while True:
            yield await queue.get()

    @strawberry.subscription
    async def refused(self) -> AsyncGenerator[int, None]:
        raise BadUserInput("Not this one.")
        yield 0

    @strawberry.subscription
    async def broken(self) -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError("a secret of the database")


open_streams: list[int] = []
queue: asyncio.Queue[int] = asyncio.Queue()
schema = strawberry.Schema(Query, Mutation, Subscription)
INIT = {"type": "connection_init"}


class RevocableAccess:
    """An access that a test can revoke: by callback, or found by the next check."""

    viewer = UserRow("ann", "Ann", "owner")

    def __init__(self) -> None:
        self.valid = True
        self._callbacks: list[Callable[[str], None]] = []

    async def check(self, since: float | None = None) -> None:
        if not self.valid:
            raise Unauthenticated("session.ended")

    def is_checked_since(self, since: float) -> bool:
        return True

    @contextmanager
    def on_revoked(self, callback: Callable[[str], None]) -> Iterator[None]:
        self._callbacks.append(callback)
        yield
        self._callbacks.remove(callback)

    def revoke(self) -> None:
        for callback in self._callbacks:
            callback("Your session has ended; sign in again.")


accesses: list[RevocableAccess] = []


async def authenticate(connection: HTTPConnection, parameters: dict[str, Any]) -> RevocableAccess:
    if parameters.get("token") == "wrong":
        raise Unauthenticated
    accesses.append(RevocableAccess())
    return accesses[-1]


def context_for(access: object, events: object = None) -> dict[str, int]:
    return {}


@asynccontextmanager
async def serving(**limits: Any) -> AsyncIterator[str]:
    executor = make_executor(schema=schema)
    no_database: Any = None  # this schema has no events to read
    endpoint = GraphQLTransportWS(
        executor,
        authenticate,
        context_for,
        Subscriptions(executor, EventHub(no_database, Bus("memory://"), poll_seconds=60), context_for),
        allowed_origins=("https://allowed.example",),
        limits=WebSocketLimits(**limits),
    )
    async with serve(Starlette(routes=[WebSocketRoute("/graphql", endpoint)])) as address:
        yield address.replace("http", "ws") + "/graphql"


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with serving() as address:
        yield address


@asynccontextmanager
async def connected(url: str, *, initialise: bool = True, **options: Any) -> AsyncIterator[ClientConnection]:
    protocols = options.pop("subprotocols", ["graphql-transport-ws"])
    async with asyncio.timeout(TIMEOUT), connect(url, subprotocols=protocols, **options) as socket:
        if initialise:
            await socket.send(json.dumps(INIT))
            assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        yield socket


async def close_code(socket: ClientConnection) -> int:
    """The code of the close frame; earlier messages are ignored."""
    with pytest.raises(ConnectionClosed) as closed:
        async with asyncio.timeout(TIMEOUT):
            while True:
                await socket.recv()
    assert closed.value.rcvd is not None, "closed without a close frame (1006)"
    return closed.value.rcvd.code


async def subscribe(socket: ClientConnection, query: str, id: str = "1", **payload: Any) -> None:
    await socket.send(json.dumps({"id": id, "type": "subscribe", "payload": {"query": query, **payload}}))


async def messages_until_end(socket: ClientConnection, id: str = "1") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    while not found or found[-1]["type"] not in ("complete", "error"):
        message = json.loads(await socket.recv())
        if message.get("id") == id:
            found.append(message)
    return found


MALFORMED = [
    "",
    "not json",
    "[]",
    '"x"',
    "1",
    "null",
    "{}",
    '{"type": null}',
    '{"type": 7}',
    '{"type": "nonsense"}',
    '{"type": "connection_ack"}',
    '{"type": "ping", "payload": "x"}',
    '{"type": "pong", "payload": [1]}',
    '{"type": "connection_init", "payload": "x"}',
    '{"type": "connection_init", "payload": []}',
    '{"type": "subscribe"}',
    '{"type": "subscribe", "id": "1"}',
    '{"type": "subscribe", "id": "", "payload": {"query": "{ hello }"}}',
    '{"type": "subscribe", "id": 1, "payload": {"query": "{ hello }"}}',
    '{"type": "subscribe", "id": ["1"], "payload": {"query": "{ hello }"}}',
    '{"type": "subscribe", "id": "1", "payload": "{ hello }"}',
    '{"type": "subscribe", "id": "1", "payload": {}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": 7}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "variables": []}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "variables": "x"}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "operationName": 1}}',
    '{"type": "subscribe", "id": "1", "payload": {"query": "{ hello }", "extensions": 1}}',
    '{"type": "complete"}',
    '{"type": "complete", "id": 1}',
    '{"type": "subscribe", "id": "\\ud800", "payload": {"query": "{ hello }"}}',
]


@pytest.mark.parametrize("message", MALFORMED)
@pytest.mark.parametrize("initialise", [True, False])
async def test_malformed_message_closes_with_4400(url: str, message: str, initialise: bool) -> None:
    async with connected(url, initialise=initialise) as socket:
        await socket.send(message)
        assert await close_code(socket) == 4400


async def test_binary_frame_closes_with_4400(url: str) -> None:
    async with connected(url) as socket:
        await socket.send(json.dumps(INIT).encode())
        assert await close_code(socket) == 4400


async def test_too_large_message_closes_with_4400() -> None:
    async with serving(max_message_bytes=1000) as url, connected(url) as socket:
        await subscribe(socket, "{ hello }" + " " * 1000)
        assert await close_code(socket) == 4400


async def test_subscribing_before_the_acknowledgement_closes_with_4401(url: str) -> None:
    async with connected(url, initialise=False) as socket:
        await subscribe(socket, "{ hello }")
        assert await close_code(socket) == 4401


async def test_wrong_credentials_close_with_4403(url: str) -> None:
    async with connected(url, initialise=False) as socket:
        await socket.send(json.dumps({**INIT, "payload": {"token": "wrong"}}))
        assert await close_code(socket) == 4403


async def test_revoked_access_closes_with_4403(url: str) -> None:
    async with connected(url) as socket:
        await subscribe(socket, "subscription { silence }")
        await wait_for_streams(1)
        accesses[-1].revoke()
        assert await close_code(socket) == 4403
    await wait_for_streams(0)


@pytest.mark.parametrize("query", ["mutation { touch }", "{ hello }", "subscription { count }"])
async def test_no_operation_runs_with_revoked_access(url: str, query: str) -> None:
    async with connected(url) as socket:
        accesses[-1].valid = False
        await subscribe(socket, query)
        with pytest.raises(ConnectionClosed) as closed:
            await socket.recv()
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (4403, "Your session has ended; sign in again.")


async def test_no_event_is_delivered_with_revoked_access(url: str) -> None:
    async with connected(url) as socket:
        await subscribe(socket, "subscription { queued }")
        queue.put_nowait(1)
        assert json.loads(await socket.recv())["payload"] == {"data": {"queued": 1}}
        accesses[-1].valid = False
        queue.put_nowait(2)
        with pytest.raises(ConnectionClosed, match="4403"):
            await socket.recv()


async def test_missing_connection_init_closes_with_4408() -> None:
    async with serving(initialisation_seconds=0.2) as url, connected(url, initialise=False) as socket:
        await socket.send('{"type": "ping"}')
        assert await close_code(socket) == 4408


async def test_id_in_use_closes_with_4409(url: str) -> None:
    async with connected(url) as socket:
        await subscribe(socket, "subscription { silence }")
        await subscribe(socket, "subscription { silence }")
        assert await close_code(socket) == 4409


async def test_second_connection_init_closes_with_4429(url: str) -> None:
    async with connected(url) as socket:
        await socket.send(json.dumps(INIT))
        assert await close_code(socket) == 4429


@pytest.mark.parametrize("protocols", [["graphql-ws"], None])
async def test_other_subprotocol_closes_with_4406(url: str, protocols: list[Subprotocol] | None) -> None:
    async with connected(url, initialise=False, subprotocols=protocols) as socket:
        assert await close_code(socket) == 4406


@pytest.mark.parametrize("payload", [None, {}, {"anything": [1]}])
async def test_connection_init_accepts_any_object_or_null(url: str, payload: object) -> None:
    async with connected(url, initialise=False) as socket:
        await socket.send(json.dumps({**INIT, "payload": payload}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://[", "//["])
async def test_page_of_another_origin_cannot_connect(url: str, origin: str, caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(Exception, match="403"):
        async with connected(url, initialise=False, origin=origin):
            pass
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_allowed_origins_and_the_same_origin_connect(url: str) -> None:
    async with connected(url, origin="https://allowed.example"):
        pass
    async with connected(url, origin=url.replace("ws://", "http://").removesuffix("/graphql")):
        pass


async def test_pong_has_the_payload_of_the_ping(url: str) -> None:
    async with connected(url) as socket:
        await socket.send('{"type": "ping", "payload": {"n": 1}}')
        assert json.loads(await socket.recv()) == {"type": "pong", "payload": {"n": 1}}


async def test_idle_client_that_answers_no_ping_is_closed_with_4504() -> None:
    async with serving(ping_seconds=0.2) as url, connected(url) as socket:
        assert json.loads(await socket.recv()) == {"type": "ping"}
        await socket.send('{"type": "pong"}')
        assert json.loads(await socket.recv()) == {"type": "ping"}
        assert await close_code(socket) == 4504


async def test_queries_and_mutations_are_executed(url: str) -> None:
    async with connected(url) as socket:
        await subscribe(socket, "query($n: String!) { hello(name: $n) }", variables={"n": "🌊"})
        assert await messages_until_end(socket) == [
            {"id": "1", "type": "next", "payload": {"data": {"hello": "hello 🌊"}}},
            {"id": "1", "type": "complete"},
        ]
        await subscribe(socket, "mutation { touch }", variables=None, operationName=None)
        assert (await messages_until_end(socket))[0]["payload"] == {"data": {"touch": True}}


async def test_id_is_free_after_a_subscription_completes(url: str) -> None:
    async with connected(url) as socket:
        for _ in range(2):
            await subscribe(socket, "subscription { count(to: 2) }")
            assert await messages_until_end(socket) == [
                {"id": "1", "type": "next", "payload": {"data": {"count": 0}}},
                {"id": "1", "type": "next", "payload": {"data": {"count": 1}}},
                {"id": "1", "type": "complete"},
            ]


@pytest.mark.parametrize(
    "query",
    ["{", "{ nope }", "subscription { refused }", "query A { hello } query B { hello }", "query($n: Int!) { hello }"],
)
async def test_refused_operation_is_an_error_of_its_id_only(url: str, query: str) -> None:
    async with connected(url) as socket:
        await subscribe(socket, "subscription { silence }", id="sibling")
        await subscribe(socket, query)
        [error] = await messages_until_end(socket)
        assert error["type"] == "error"
        assert error["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        await subscribe(socket, "{ hello }", id="2")
        assert (await messages_until_end(socket, "2"))[0]["payload"] == {"data": {"hello": "hello you"}}


UNREADABLE = {
    '"half an emoji \\ud83d"': "request.unpaired_surrogate",
    '"\\udc00"': "request.unpaired_surrogate",
    "1e400": "request.number_too_large",
    "-" + "9" * 5000: "request.number_too_large",
    "[" * 2000 + "]" * 2000: "request.nested_too_deeply",
    '"a\nb"': "request.invalid_json",
    '"a\0b"': "request.invalid_json",
    '"\\x41"': "request.invalid_json",
    "NaN": "request.invalid_json",
}
MESSAGES = (
    '{"id":"1","type":"subscribe","payload":{"query":"{ hello }","variables":{"v":%s}}}',
    ' { "type" : "subscribe", "id" : "1", "payload" : {"query": "{ hello }", "variables": {"v": %s}}}',
)
ANY_ORDER = '{"payload":{"query":"{ hello }","variables":{"v":%s}},"id":"1","type":"subscribe"}'


async def test_unreadable_payload_is_an_error_of_its_id_only(url: str) -> None:
    cases = [(message, value, key) for value, key in UNREADABLE.items() for message in MESSAGES]
    cases += [(ANY_ORDER, value, key) for value, key in list(UNREADABLE.items())[:3]]
    async with connected(url) as socket:
        await subscribe(socket, "subscription { silence }", id="sibling")
        for message, value, key in cases:
            await socket.send(message % value)
            [error] = await messages_until_end(socket)
            assert error["type"] == "error"
            assert error["payload"][0]["extensions"]["key"] == key
            assert error["payload"][0]["extensions"]["code"] == "BAD_USER_INPUT"
        await subscribe(socket, "{ hello }", id="2")
        assert (await messages_until_end(socket, "2"))[0]["payload"] == {"data": {"hello": "hello you"}}


async def test_unreadable_payload_before_the_acknowledgement_closes_with_4401(url: str) -> None:
    async with connected(url, initialise=False) as socket:
        await socket.send(MESSAGES[0] % '"\\ud83d"')
        assert await close_code(socket) == 4401


async def test_unexpected_failure_is_a_masked_error_of_its_id_only(url: str) -> None:
    async with connected(url) as socket:
        await subscribe(socket, "{ notSerializable }")
        [error] = await messages_until_end(socket)
        assert error["payload"][0]["extensions"]["code"] == "INTERNAL"
        await subscribe(socket, "{ hello }", id="2")
        assert (await messages_until_end(socket, "2"))[0]["payload"] == {"data": {"hello": "hello you"}}


async def test_failing_source_ends_its_subscription_with_a_masked_error(url: str) -> None:
    async with connected(url) as socket:
        await subscribe(socket, "subscription { ...F } fragment F on Subscription { broken }")
        first, error = await messages_until_end(socket)
        assert first["payload"] == {"data": {"broken": 1}}
        assert error["type"] == "error"
        assert error["payload"][0]["extensions"]["code"] == "INTERNAL"
        assert "secret" not in json.dumps(error)


async def test_completing_and_disconnecting_free_the_stream(url: str) -> None:
    async with connected(url) as socket:
        for id in ("1", "2"):
            await subscribe(socket, f"subscription {{ _{id}: silence }}", id=id)
        await subscribe(socket, "subscription { _2: silence }", id="the same")
        await wait_for_streams(2)
        for id in ("1", "2"):
            await socket.send(json.dumps({"type": "complete", "id": id}))
        await wait_for_streams(1)
    await wait_for_streams(0)


async def wait_for_streams(count: int) -> None:
    async with asyncio.timeout(TIMEOUT):
        while len(open_streams) != count:  # noqa: ASYNC110 - the server ends the streams asynchronously
            await asyncio.sleep(0.01)


async def test_operations_over_the_limit_are_refused() -> None:
    async with serving(max_operations=2) as url, connected(url) as socket:
        for id in ("1", "2"):
            await subscribe(socket, "subscription { silence }", id=id)
        await subscribe(socket, "{ hello }", id="3")
        [error] = await messages_until_end(socket, "3")
        extensions = error["payload"][0]["extensions"]
        assert (extensions["code"], extensions["key"]) == ("RATE_LIMITED", "live.too_many_operations")


async def test_stopping_server_closes_with_1012() -> None:
    async with AsyncExitStack() as server:
        url = await server.enter_async_context(serving())
        async with connected(url) as socket:
            await subscribe(socket, "subscription { silence }")
            await wait_for_streams(1)
            closing = asyncio.create_task(close_code(socket))
            await server.aclose()
            assert await closing == 1012


async def test_operation_over_the_deadline_is_an_error_of_its_id_only() -> None:
    async with serving(request_seconds=0.05) as url, connected(url) as socket:
        await subscribe(socket, "{ never }", id="slow")
        [error] = await messages_until_end(socket, "slow")
        assert error["payload"][0]["extensions"]["code"] == "TIMEOUT"
        await subscribe(socket, "{ hello }", id="quick")
        assert (await messages_until_end(socket, "quick"))[0]["payload"]["data"] == {"hello": "hello you"}


async def test_cost_is_reported_on_request(url: str) -> None:
    async with connected(url) as socket:
        payload = {"query": "{ hello }", "extensions": {"cost": True}}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        response = (await messages_until_end(socket, "1"))[0]["payload"]
        assert response["extensions"]["cost"] == {"requested": 1, "allowed": 10_000}


async def test_cost_of_a_subscription_is_in_its_first_response_only(url: str) -> None:
    async with connected(url) as socket:
        payload = {"query": "subscription { count(to: 2) }", "extensions": {"cost": True}}
        await socket.send(json.dumps({"type": "subscribe", "id": "1", "payload": payload}))
        first, second, _ = await messages_until_end(socket, "1")
        assert first["payload"] == {
            "data": {"count": 0},
            "extensions": {"cost": {"requested": 1, "allowed": 10_000}},
        }
        assert second["payload"] == {"data": {"count": 1}}
