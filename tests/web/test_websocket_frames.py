"""Limits on WebSocket frames: control frames, fragments, bytes before connection_init, and connections per user."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live.backend import Served, connected, open_served
from tests.live.raw_client import HANDSHAKE, frame
from tests.timeouts import TIMEOUT

INIT = frame('{"type":"connection_init"}')
PING = b"\x89\x80\0\0\0\0"
PONG = b"\x8a\x80\0\0\0\0"
BEGIN = b"\x01\x81\0\0\0\0{"
EMPTY = b"\x00\x80\0\0\0\0"
ACKNOWLEDGED = b'{"type":"connection_ack"}'


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Served]:
    async with open_served(database_url, live_max_connections_per_user=2) as opened:
        yield opened


async def open_raw(served: Served, handshake: bytes = HANDSHAKE) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    target = urlsplit(served.address)
    reader, writer = await asyncio.open_connection(target.hostname, target.port)
    writer.write(handshake)
    return reader, writer


async def received(served: Served, frames: bytes, *, initialised: bool) -> bytes:
    """What the server sends after the handshake, until it closes; `reset` when it closes before everything is read."""
    async with asyncio.timeout(TIMEOUT):
        reader, writer = await open_raw(served)
        await reader.readuntil(b"\r\n\r\n")
        if initialised:
            writer.write(INIT)
            await reader.readuntil(ACKNOWLEDGED)
        writer.write(frames)
        try:
            return await reader.read()
        except ConnectionResetError:
            return b"reset"
        finally:
            writer.close()


FLOODS = {
    "empty continuation frames": BEGIN + EMPTY * 200_000,
    "pings": PING * 200_000,
    "pongs": PONG * 200_000,
    "pings between fragments": BEGIN + (EMPTY + PING) * 100_000,
}


async def test_flood_of_small_frames_is_closed(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    for name, flood in FLOODS.items():
        for initialised in (False, True):
            response = await received(served, flood, initialised=initialised)
            closed = b"control frames" in response or b"fragments" in response or response == b"reset"
            assert closed, (name, initialised, response[:100])
            assert response.count(b"\x8a\x00") <= 100, name  # pongs
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_few_frames_are_accepted(served: Served) -> None:
    message = '{"id":"1","type":"subscribe","payload":{"query":"{ latestCursor }"}}'
    pieces = [message[at : at + 1].encode() for at in range(len(message))]
    fragments = b"".join(
        bytes([(0x80 if at == len(pieces) - 1 else 0) | (0 if at else 1), 0x81]) + bytes(4) + piece
        for at, piece in enumerate(pieces)
    )
    async with asyncio.timeout(TIMEOUT):
        reader, writer = await open_raw(served)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(PING * 5 + INIT)
        await reader.readuntil(ACKNOWLEDGED)
        writer.write(PING * 50 + fragments)
        await reader.readuntil(b'"complete"}')
        writer.close()


INVALID = {
    "not UTF-8": b"\x81\x82\0\0\0\0\xff\xfe",
    "half a character in two fragments": b"\x01\x82\0\0\0\0\xe6\x97" + b"\x80\x80\0\0\0\0",
    "unpaired surrogate": b"\x81\x83\0\0\0\0\xed\xa0\x80",
    "unmasked": b"\x81\x02{}",
    "reserved bits": b"\xf1\x80\0\0\0\0",
    "unknown opcode": b"\x83\x80\0\0\0\0",
    "continuation of nothing": EMPTY,
    "long control frame": b"\x89\xfe\x01\x00\0\0\0\0" + bytes(256),
    "fragmented ping": b"\x09\x80\0\0\0\0",
    "too large": b"\x81\xff" + (2**62).to_bytes(8, "big") + bytes(4),
    "negative size": b"\x81\xff" + b"\xff" * 8 + bytes(4),
    "close with half a code": b"\x88\x81\0\0\0\0\x03",
    "close with a reserved code": b"\x88\x82\0\0\0\0\x03\xed",
    "close with a reason that is not UTF-8": b"\x88\x83\0\0\0\0\x03\xe8\xff",
}


async def test_invalid_frame_closes_without_an_error(served: Served, caplog: pytest.LogCaptureFixture) -> None:
    for name, invalid in INVALID.items():
        for initialised in (False, True):
            response = await received(served, invalid, initialised=initialised)
            assert b"\x88" in response or response == b"reset", (name, response)
    for invalid in INVALID.values():
        async with asyncio.timeout(TIMEOUT):
            reader, writer = await open_raw(served)
            await asyncio.sleep(0)
            writer.write(invalid)  # may arrive before the handshake is answered
            await reader.read(65536)
            writer.transport.abort()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_bytes_before_connection_init_are_limited(served: Served) -> None:
    large = frame('{"type":"ping","payload":{"x":"%s"}}' % ("a" * 20_000))
    response = await received(served, large * 10, initialised=False)
    assert b"before connection_init" in response or response == b"reset"


async def test_messages_of_one_chunk_are_handled_in_order(served: Served) -> None:
    """Input is parsed in slices; small and large messages that arrive together stay in order."""
    numbers = range(600)
    async with asyncio.timeout(TIMEOUT), connected(served.socket_address, max_queue=None) as client:
        for number in numbers:
            payload = {"n": number, "pad": "x" * (20_000 if number % 50 == 0 else 0)}
            await client.socket.send(json.dumps({"type": "ping", "payload": payload}))
        answered = [json.loads(await client.socket.recv())["payload"]["n"] for _ in numbers]
        assert answered == list(numbers)


async def test_other_clients_have_a_turn_between_slices(served: Served) -> None:
    """A flood of valid messages does not delay others until all of it is handled."""
    flood = frame('{"type":"complete","id":"x"}') * 7_000
    async with asyncio.timeout(TIMEOUT):
        reader, writer = await open_raw(served)
        await reader.readuntil(b"\r\n\r\n")
        writer.write(INIT)
        await reader.readuntil(ACKNOWLEDGED)
        writer.write(flood + frame('{"type":"ping"}'))
        turns = 0
        answering = asyncio.create_task(reader.readuntil(b'{"type":"pong"}'))
        while not answering.done():
            turns += 1
            await asyncio.sleep(0)
        assert turns > 20
        writer.close()


async def test_connections_of_one_user_are_limited_over_all_transports(served: Served) -> None:
    stream = {"query": "subscription { notificationAdded { cursor } }"}
    async with connected(served.socket_address), connected(served.socket_address):
        with pytest.raises(ConnectionClosed) as closed:
            async with connected(served.socket_address):
                pass
        assert closed.value.rcvd is not None
        assert (closed.value.rcvd.code, closed.value.rcvd.reason) == (
            1013, "You have 2 live connections; close some of them first."
        )  # fmt: skip
        refused = await served.http.post("/graphql", json=stream, headers={"accept": "text/event-stream"})
        assert refused.status_code == 429
        assert refused.json()["errors"][0]["extensions"]["key"] == "live.too_many_connections_of_user"
    async with (
        connected(served.socket_address),
        served.http.stream("POST", "/graphql", json=stream, headers={"accept": "text/event-stream"}) as accepted,
    ):
        assert accepted.status_code == 200


@pytest.mark.parametrize(
    ("header", "status"),
    [
        (b"cookie: " + b"a" * 10_000, b"431"),
        (b"sec-websocket-key: again", b"400"),
        (b"connection: upgrade," + b"a," * 3000, b"431"),
        (b"sec-websocket-protocol: " + b"a," * 3000, b"431"),
        (b"sec-websocket-extensions: \xff\xfe", b"101"),
    ],
)
async def test_unusual_handshake_is_answered_without_an_error(
    served: Served, header: bytes, status: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    async with asyncio.timeout(TIMEOUT):
        reader, writer = await open_raw(served, HANDSHAKE[:-2] + header + b"\r\n\r\n")
        assert (await reader.readline()).split(b" ")[1] == status
        writer.close()
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []
