"""Clients that send slowly, read nothing or open many connections: each is refused or closed, and others are served."""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from app.settings import Settings
from app.web.connections import ConnectionLimits, WriteProgress
from tests.asgi_server import serve
from tests.live.raw_client import HANDSHAKE
from tests.timeouts import TIMEOUT

GET = b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n"
POST = b"POST /echo HTTP/1.1\r\nhost: 127.0.0.1\r\n"
SHORT: dict[str, Any] = {
    "server_head_timeout": 0.3,
    "server_idle_timeout": 0.3,
    "server_body_timeout": 0.3,
    "server_write_timeout": 0.5,
    "server_min_bytes_per_second": 1_000_000,
}
MEGABYTES_32 = 32 * 1024 * 1024


async def health(request: Request) -> Response:
    return PlainTextResponse("ok")


async def echo(request: Request) -> Response:
    try:
        return PlainTextResponse(str(len(await request.body())))
    except ClientDisconnect:
        return PlainTextResponse("too late")


async def large(request: Request) -> Response:
    return Response(bytes(MEGABYTES_32))


async def endless(request: Request) -> Response:
    async def chunks() -> AsyncIterator[bytes]:
        while True:
            yield bytes(65536)
            await asyncio.sleep(0)  # sending does not wait after the client has gone

    return StreamingResponse(chunks(), media_type="text/event-stream")


async def talkative(websocket: WebSocket) -> None:
    await websocket.accept("graphql-transport-ws")
    try:
        while True:
            await websocket.send_text("x" * 65536)
    except WebSocketDisconnect:
        pass


class Server:
    """A server at `address` with small pages of its own."""

    def __init__(self, address: str) -> None:
        self._target = urlsplit(address).hostname, urlsplit(address).port

    async def connect(self, sent: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A connection with a small receive buffer, on which these bytes were sent."""
        opened = socket.socket()
        opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        opened.connect(self._target)
        reader, writer = await asyncio.open_connection(sock=opened, limit=4096)
        writer.write(sent)
        return reader, writer

    async def received(self, sent: bytes) -> bytes:
        """Everything that the server sends until it closes the connection."""
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await self.connect(sent)
            try:
                return await reader.read()
            except ConnectionResetError:
                return b"reset"
            finally:
                writer.close()

    async def is_healthy(self) -> bool:
        return (await self.received(GET + b"connection: close\r\n\r\n")).endswith(b"ok")


@asynccontextmanager
async def serving(**settings: Any) -> AsyncIterator[Server]:
    routes = [
        Route("/health", health),
        Route("/echo", echo, methods=["POST"]),
        Route("/large", large),
        Route("/endless", endless),
        WebSocketRoute("/graphql", talkative),
    ]
    async with serve(Starlette(routes=routes), **settings) as address:
        yield Server(address)


def key_of(response: bytes) -> tuple[bytes, str]:
    """The status and the key of a refusal."""
    head, _, body = response.partition(b"\r\n\r\n")
    assert b"connection: close" in head
    return head.split(b" ")[1], json.loads(body)["errors"][0]["extensions"]["key"]


TOO_LARGE = {
    "URL": (b"GET /" + b"a" * 70_000, b"414", "request.url_too_long"),
    "complete URL": (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", b"414", "request.url_too_long"),
    "header": (GET + b"x: " + b"a" * 70_000, b"431", "request.head_too_large"),
    "header name": (GET + b"x" * 70_000, b"431", "request.head_too_large"),
    "complete header": (GET + b"x: " + b"a" * 70_000 + b"\r\n\r\n", b"431", "request.head_too_large"),
    "endless": (GET + b"x: " + b"a" * 3_000_000, b"431", "request.head_too_large"),
    "many headers": (GET + b"a: b\r\n" * 200, b"431", "request.too_many_headers"),
    "second request": (GET + b"\r\n" + GET + b"x: " + b"a" * 70_000, b"200", ""),
    "not HTTP": (b"\x16\x03\x01\x02\x00\x01", b"400", "request.not_http"),
    "an address that is not valid": (b"GET http://[ HTTP/1.1\r\nhost: x\r\n\r\n", b"400", "request.not_http"),
    "trailers": (
        POST + b"transfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n" + b"t: " + b"a" * 200_000,
        b"400",
        "request.too_much_framing",
    ),
    "chunk extensions": (
        POST + b"transfer-encoding: chunked\r\n\r\n" + b"1;" + b"a" * 200_000,
        b"400",
        "request.too_much_framing",
    ),
}


async def test_too_large_head_is_refused_while_it_arrives() -> None:
    async with serving() as server:
        for name, (sent, status, key) in TOO_LARGE.items():
            response = await server.received(sent)
            if key:
                assert key_of(response) == (status, key), name
            else:
                assert response.split(b" ")[1] == status, name
        assert await server.is_healthy()


async def test_request_that_is_not_complete_in_time_is_closed() -> None:
    incomplete = {
        "nothing": (b"", b"", ""),
        "line breaks": (b"\r\n" * 3, b"408", "request.head_timeout"),
        "half a line": (b"GET /hea", b"408", "request.head_timeout"),
        "half a header": (GET + b"x: 1", b"408", "request.head_timeout"),
        "half a body": (POST + b"content-length: 1000\r\n\r\n{", b"408", "request.body_timeout"),
        "half a chunk": (POST + b"transfer-encoding: chunked\r\n\r\n5\r\nab", b"408", "request.body_timeout"),
    }
    async with serving(**SHORT) as server:
        responses = await asyncio.gather(*(server.received(sent) for sent, _, _ in incomplete.values()))
        for name, (_, status, key), response in zip(incomplete, incomplete.values(), responses, strict=True):
            assert (response == b"") if not key else key_of(response) == (status, key), name
        kept_alive = await server.received(GET + b"\r\n")
        assert kept_alive.endswith(b"ok")
        half_after_whole = await server.received(GET + b"\r\n" + GET)
        assert b"200 OK" in half_after_whole
        assert key_of(half_after_whole.partition(b"ok")[2]) == (b"408", "request.head_timeout")
        rest_after_response = await server.received(GET + b"content-length: 9\r\n\r\n{")
        assert rest_after_response.endswith(b"ok")


async def test_body_that_trickles_is_closed_although_it_progresses() -> None:
    async with serving(**SHORT) as server, asyncio.timeout(TIMEOUT):
        for coding, piece in ((b"content-length: 1000000", b"a"), (b"transfer-encoding: chunked", b"1\r\na\r\n")):
            reader, writer = await server.connect(POST + coding + b"\r\n\r\n")
            while not writer.is_closing() and not reader.at_eof():
                writer.write(piece)
                await asyncio.sleep(0.02)
                if reader._buffer:  # type: ignore[attr-defined]
                    break
            assert key_of(await reader.read()) == (b"408", "request.body_timeout")
            writer.close()


async def test_body_may_take_longer_when_it_arrives_at_the_minimum_rate() -> None:
    """Longer than the time-out, because the bytes that arrived extend it."""
    async with serving(server_body_timeout=1.0, server_min_bytes_per_second=1000) as server, asyncio.timeout(TIMEOUT):
        reader, writer = await server.connect(POST + b"connection: close\r\ncontent-length: 100001\r\n\r\n")
        writer.write(b"a" * 100_000)
        await asyncio.sleep(1.5)
        writer.write(b"a")
        assert (await reader.read()).endswith(b"100001")
        writer.close()


@pytest.mark.parametrize("request_head", ["GET /large", "GET /endless", "GET /health", "websocket"])
async def test_client_that_never_reads_is_closed(request_head: str) -> None:
    """/health is asked so often that its small responses fill the buffers."""
    sent = HANDSHAKE if request_head == "websocket" else f"{request_head} HTTP/1.1\r\nhost: a\r\n\r\n".encode()
    if request_head == "GET /health":
        sent *= 25_000
    async with serving(**SHORT) as server, asyncio.timeout(TIMEOUT):
        _, writer = await server.connect(sent)
        transport: Any = writer.transport
        transport.pause_reading()
        while True:
            try:
                writer.write(b"\r\n" if request_head != "websocket" else b"\x8a\x80\0\0\0\0")
                await asyncio.wait_for(writer.drain(), 0.1)
            except TimeoutError:
                pass
            except ConnectionError:
                break
            await asyncio.sleep(0.05)
        assert await server.is_healthy()


async def test_unread_responses_are_bounded_in_all() -> None:
    """Each is 32 MiB; a short one of a client that reads nothing either is not touched."""
    async with serving(server_max_unsent_bytes=2 * MEGABYTES_32 + 8 * 1024 * 1024) as server, AsyncExitStack() as stack:
        modest, writer = await server.connect(GET + b"connection: close\r\n\r\n")
        stack.callback(writer.close)
        opened = []
        for _ in range(5):
            _, writer = await server.connect(b"GET /large HTTP/1.1\r\nhost: a\r\n\r\n")
            writer.transport.pause_reading()  # type: ignore[attr-defined]
            stack.callback(writer.close)
            opened.append(writer)
        left = list(opened)
        async with asyncio.timeout(TIMEOUT):
            while len(left) > 2:
                for writer in list(left):
                    try:
                        writer.write(b"\r\n")
                        await writer.drain()
                    except ConnectionError:
                        left.remove(writer)
                await asyncio.sleep(0.05)
            assert (await modest.read()).endswith(b"ok")
        assert await server.is_healthy()


class Downlink:
    """A transport and its socket, with the numbers that a test sets."""

    unsent = 1_000_000
    acknowledged = 0

    def get_write_buffer_size(self) -> int:
        return self.unsent

    def get_extra_info(self, name: str) -> "Downlink":
        return self

    def getsockopt(self, level: int, option: int, size: int) -> bytes:
        return bytes(120) + self.acknowledged.to_bytes(8, sys.byteorder)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux counts acknowledged bytes")
@pytest.mark.parametrize(("rate", "stalled"), [(0, True), (99, True), (100, False), (10_000, False)])
def test_client_is_stalled_when_it_reads_below_the_minimum_rate(rate: int, stalled: bool) -> None:
    limits = ConnectionLimits.of(Settings(server_write_timeout=60, server_min_bytes_per_second=100))
    downlink: Any = Downlink()
    progress = WriteProgress(limits)
    found = []
    for second in range(0, 200, 10):
        downlink.acknowledged = rate * second
        found.append(progress.is_stalled(downlink, float(second)))
    assert any(found) is stalled
    assert not any(found[:6])
    downlink.unsent = 0
    assert not progress.is_stalled(downlink, 1000.0)


async def test_idle_connections_make_room_for_new_ones() -> None:
    async with serving(server_max_connections_per_address=20) as server, AsyncExitStack() as stack:
        opened = []
        for number in range(60):
            reader, writer = await server.connect([b"", b"GET /hea", GET + b"\r\n"][number % 3])
            stack.callback(writer.close)
            opened.append(reader)
        assert await server.is_healthy()
        async with asyncio.timeout(TIMEOUT):
            for reader in opened[:40]:
                await reader.read()  # closed by the server


@pytest.mark.parametrize("limit", ["server_max_connections", "server_max_connections_per_address"])
async def test_connection_over_the_limit_is_refused_while_all_others_work(limit: str) -> None:
    async with serving(**{limit: 5}) as server, AsyncExitStack() as stack:
        for _ in range(5):
            reader, writer = await server.connect(b"GET /endless HTTP/1.1\r\nhost: a\r\n\r\n")
            stack.callback(writer.close)
            await reader.readexactly(15)
        assert key_of(await server.received(b"")) == (b"503", "server.too_many_connections")
        writer.transport.abort()
        async with asyncio.timeout(TIMEOUT):
            while not await server.is_healthy():  # noqa: ASYNC110 - until the server has noticed it
                await asyncio.sleep(0.02)


async def test_addresses_of_proxies_have_no_limit_of_their_own() -> None:
    async with (
        serving(server_max_connections_per_address=5, server_trusted_proxies=("127.0.0.0/8",)) as server,
        AsyncExitStack() as stack,
    ):
        for _ in range(10):
            reader, writer = await server.connect(b"GET /endless HTTP/1.1\r\nhost: a\r\n\r\n")
            stack.callback(writer.close)
            await reader.readexactly(15)
        assert await server.is_healthy()
