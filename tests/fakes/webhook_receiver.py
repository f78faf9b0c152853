"""A local HTTP server that receives webhooks, with the faults of real ones."""

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook


@dataclass(frozen=True)
class Received:
    """A request; the names of its headers are in lower case."""

    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def data(self) -> Any:
        return json.loads(self.body)

    def verify(self, secret: str) -> Any:
        """The data, checked by the library of the specification. Raises WebhookVerificationError."""
        return Webhook(secret).verify(self.body, self.headers)


@dataclass(frozen=True)
class Answer:
    """What the server answers. Status 0 closes the connection without an answer, -1 never answers.

    With `endless` the body is sent again and again until the client closes the connection.
    """

    status: int = 204
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    endless: bool = False


OK, CLOSES, HANGS = Answer(), Answer(0), Answer(-1)


@dataclass
class Receiver:
    """`decide` gets each request and returns its answer; `accepted` has those that were answered with success."""

    decide: Callable[[Received], Answer | Awaitable[Answer]] = lambda request: OK
    port: int = 0
    tls: ssl.SSLContext | None = None
    received: list[Received] = field(default_factory=list)
    accepted: list[Received] = field(default_factory=list)
    _server: asyncio.Server | None = None
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook"

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._handle, "127.0.0.1", self.port, ssl=self.tls)
        self.port = self._server.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Close the port and all connections; `start` opens the same port again."""
        if self._server is not None:
            self._server.close()
            for writer in self._writers:
                writer.transport.abort()
            await self._server.wait_closed()
            self._server = None

    async def _handle(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._writers.add(writer)
        try:
            await self._answer(await self._read(reader), writer, reader)
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    async def _read(self, reader: asyncio.StreamReader) -> Received:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in head[1:] if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        return Received(head[0].split()[1], headers, body)

    async def _answer(self, request: Received, writer: asyncio.StreamWriter, reader: asyncio.StreamReader) -> None:
        self.received.append(request)
        decided = self.decide(request)
        answer = decided if isinstance(decided, Answer) else await decided
        if answer.status == CLOSES.status:
            return
        if answer.status == HANGS.status:
            await reader.read()  # until the client closes the connection
            return
        if 200 <= answer.status < 300:
            self.accepted.append(request)
        headers = {"content-length": str(len(answer.body)), "connection": "close"} | answer.headers
        if "transfer-encoding" in headers:
            del headers["content-length"]
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        writer.write(f"HTTP/1.1 {answer.status} Answer\r\n{lines}\r\n".encode() + answer.body)
        await writer.drain()
        while answer.endless:
            writer.write(answer.body)
            await writer.drain()
            await asyncio.sleep(0.01)


@asynccontextmanager
async def receiver(
    decide: Callable[[Received], Answer | Awaitable[Answer]] = lambda request: OK, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Receiver]:
    """A receiver that runs during the block."""
    running = Receiver(decide, tls=tls)
    await running.start()
    try:
        yield running
    finally:
        await running.stop()
