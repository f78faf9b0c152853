"""The attacks of the benchmark `guard`: inputs within the size limits that once stopped a process for other users."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass

import httpx

from tests.live.raw_client import HANDSHAKE, frame

KILOBYTES = 1024
SEND = "mutation($text: String!) { sendMessage(input: {content: $text}) { message { id } } }"
CREATE = "mutation($text: String!) { createIntent(input: {description: $text}) { id } }"
PREVIEW = "query($text: String!) { previewContext(content: $text) { tokenCount } }"
SEARCH = "query($text: String!) { search(query: $text, first: 100) { score } }"
SAVE = "mutation($text: String!) { saveMemory(input: {content: $text}) { id } }"
CLAIM = 'mutation { claimOwnership(input: {code: "none", name: "nn", password: "a long enough password"}) { userId } }'
NEVER_READ_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class Target:
    """The attacked server."""

    client: httpx.AsyncClient
    port: int

    async def ask(self, query: str, text: str | None = None) -> None:
        """Send an operation. Its result does not matter: a refusal is as good as a response."""
        body = json.dumps({"query": query, "variables": {} if text is None else {"text": text}})
        with suppress(httpx.HTTPError):
            await self.client.post("/graphql", content=body, headers={"content-type": "application/json"})

    async def send(self, *pieces: bytes, reads: bool = True, handshake: bytes = b"") -> None:
        """Send bytes on a connection of their own until the server closes it, or all are sent."""
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
            try:
                if handshake:
                    writer.write(handshake)
                    await reader.readuntil(b"\r\n\r\n")
                for piece in pieces:
                    writer.write(piece)
                    await asyncio.wait_for(writer.drain(), 10)
                if reads:
                    await asyncio.wait_for(reader.read(), NEVER_READ_SECONDS)
                else:
                    await asyncio.sleep(NEVER_READ_SECONDS)
            except TimeoutError:
                pass
            finally:
                writer.transport.abort()


@dataclass(frozen=True, slots=True)
class Attack:
    """`settles` is the time in seconds in which the work that the attack caused is done."""

    name: str
    run: Callable[[Target], Awaitable[None]]
    settles: float = 0.5
    auth_mode: str = "local"


def _text(name: str, query: str, unit: str, size: int, settles: float) -> Attack:
    text = (unit * (size // len(unit.encode()) + 1)).encode()[:size].decode(errors="ignore")
    return Attack(f"{name}, {size // KILOBYTES} KB", lambda target: target.ask(query, text), settles)


def _frames(name: str, frames: bytes, *, initialised: bool = False) -> Attack:
    begin = frame('{"type":"connection_init"}') if initialised else b""
    return Attack(name, lambda target: target.send(begin + frames, handshake=HANDSHAKE))


def _document(name: str, query: str) -> Attack:
    return Attack(f"{name}, {len(query):,} characters", lambda target: target.ask(query))


async def _many(target: Target, count: int, head: bytes, *, reads: bool = True) -> None:
    await asyncio.gather(*(target.send(head, reads=reads) for _ in range(count)))


async def _large_memories(target: Target) -> None:
    """Not measured: what the attacks on search and large responses read."""
    for number in range(100):
        await target.ask(SAVE, f"{number} " + "ze " * 85_000)


async def _never_read(target: Target) -> None:
    body = json.dumps({"query": LARGE}).encode()
    head = b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n"
    await _many(target, 3, head % len(body) + body, reads=False)


LARGE = "{" + " ".join(f"m{at}: memories(first: 100) {{ edges {{ node {{ content }} }} }}" for at in range(20)) + "}"
OVERLAP = "{conversations(first:1){edges{node{" + "...{messages(first:1){pageInfo{hasNextPage}}}" * 120 + "}}}}"
NUMBERS = "mutation { markNotificationsRead(ids: [" + "1-" * 31_000 + "1]) }"
REVISIONS = (
    "{"
    + " ".join(
        f"s{at}: specifications(first: 10) {{ edges {{ node {{ revisions {{ content }} }} }} }}" for at in range(20)
    )
    + "}"
)
GET = b"GET /health HTTP/1.1\r\nhost: 127.0.0.1\r\n"
CHUNKED = (
    b"POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"
)
GET_API = b"GET /graphql?query={__typename} HTTP/1.1\r\nhost: 127.0.0.1\r\n"
MANY = 64 * 16

PREPARATION = _large_memories
ATTACKS = (
    _text("A1 sendMessage には…は", SEND, "には" * 149 + "は\n", 27 * KILOBYTES, 4),
    _text("A1 sendMessage には…は", SEND, "には" * 149 + "は\n", 255 * KILOBYTES, 8),
    _text("A1 sendMessage ﷺ", SEND, "ﷺ\n", 20 * KILOBYTES, 3),
    _text("A1 sendMessage words", SEND, "one more word of many. ", 255 * KILOBYTES, 4),
    _text("A1 createIntent ﷺ", CREATE, "ﷺ\n", 255 * KILOBYTES, 4),
    _text("A1 previewContext words", PREVIEW, "one more word of many. ", 255 * KILOBYTES, 1),
    Attack("A1 search over 100 entries of 256 KB", lambda target: target.ask(SEARCH, "ze")),
    Attack("A1 previewContext over 100 entries of 256 KB", lambda target: target.ask(PREVIEW, "ze")),
    Attack("A2 64 MB of address", lambda target: target.send(b"GET /", *[b"a" * 65536] * MANY)),
    Attack("A2 64 MB of one header", lambda target: target.send(GET + b"x: ", *[b"a" * 65536] * MANY)),
    Attack("A2 64 MB of headers", lambda target: target.send(GET, *[b"a: b\r\n" * 10_000] * MANY)),
    Attack(
        "A2 32,000 media types in Accept",
        lambda target: target.send(GET_API + b"accept: " + b"a," * 32_000 + b"\r\n\r\n"),
    ),
    Attack("A2 1 MB of one-byte chunks", lambda target: target.send(CHUNKED, b"1\r\na\r\n" * 1_000_000)),
    Attack("A2 20,000 requests at once", lambda target: target.send((GET + b"\r\n") * 20_000)),
    Attack("A2 1,100 connections with half a header", lambda target: _many(target, 1_100, GET)),
    Attack("A2 3 clients that never read", _never_read, 2),
    _document("A3 20 pages of large texts", LARGE),
    _document("A3 revisions of 200 specifications", REVISIONS),
    _document("A4 numbers in one token", NUMBERS),
    _document("A4 overlapping fields", OVERLAP),
    _frames("A4 200,000 empty continuation frames", b"\x01\x81\0\0\0\0{" + b"\x00\x80\0\0\0\0" * 200_000),
    _frames("A4 200,000 pings", b"\x89\x80\0\0\0\0" * 200_000),
    _frames("A4 200,000 pongs after connection_init", b"\x8a\x80\0\0\0\0" * 200_000, initialised=True),
    _frames(
        "A4 40,000 messages after connection_init", frame('{"type":"complete","id":"x"}') * 40_000, initialised=True
    ),
    Attack("A4 1 MB of comment, not signed in", lambda target: target.ask("#" + "a" * 1_000_000), auth_mode="token"),
    Attack(
        "A5 120 times claimOwnership",
        lambda target: asyncio.gather(*(target.ask(CLAIM) for _ in range(120))),  # type: ignore[arg-type, return-value]
        2,
        auth_mode="token",
    ),
)
