"""The clients of a load test: request clients and subscribers; both retry when asked to."""

import asyncio
from collections import Counter
from time import perf_counter
from typing import Any

import httpx2
import orjson
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake
from websockets.typing import Subprotocol

from tests.load.mix import Mix, Request
from tests.load.report import LoadReport

SUBPROTOCOL = Subprotocol("graphql-transport-ws")
RETRY = {"UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"}
RETRY_STATUS = {429, 502, 503, 504}
PAUSE = 0.2
FOLLOW = """subscription LoadFollow($after: String) {
  messageChanged(after: $after) { cursor kind message { content messageType } } }"""


class RequestClient:
    """Sends one request after another until the deadline; a retry uses the same idempotency key."""

    def __init__(self, client: httpx2.AsyncClient, mix: Mix, report: LoadReport) -> None:
        self._client = client
        self._mix = mix
        self._report = report

    async def run(self, deadline: float) -> None:
        while perf_counter() < deadline:
            request = self._mix.draw()
            if request.writes is not None:
                self._report.written[request.writes] = perf_counter()
            await self._ask(request)

    async def _ask(self, request: Request) -> None:
        began = perf_counter()
        while True:
            outcome, data = await self._send(request)
            if outcome == "retry":
                self._report.retried[request.name] += 1
                await asyncio.sleep(PAUSE)
                continue
            if outcome == "ok":
                self._report.latencies[request.name].append(perf_counter() - began)
                if request.writes is not None and data is not None:
                    self._mix.learn(data)
            else:
                self._report.failed[outcome] += 1
                if request.writes is not None:
                    del self._report.written[request.writes]
            return

    async def _send(self, request: Request) -> tuple[str, dict[str, Any] | None]:
        """The outcome (`ok`, `retry`, or the failure) and the data."""
        body = orjson.dumps({"query": request.query, "variables": request.variables})
        try:
            response = await self._client.post("/graphql", content=body)
        except httpx2.TransportError as error:
            return type(error).__name__, None
        if response.status_code in RETRY_STATUS:
            return "retry", None
        try:
            answer = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            return f"HTTP {response.status_code}", None
        if not answer.get("errors"):
            return "ok", answer["data"]
        code = answer["errors"][0].get("extensions", {}).get("code", "ERROR")
        return ("retry" if code in RETRY else code), None


class Subscriber:
    """Subscribes to all messages and reconnects with its last cursor."""

    def __init__(self, address: str, token: str | None, report: LoadReport) -> None:
        self._address = address.replace("http", "ws", 1) + "/graphql"
        self._token = token
        self._report = report
        self._cursor: str | None = None
        self.subscribed = asyncio.Event()
        self.received: Counter[str] = Counter()

    async def run(self) -> None:
        """Subscribe until cancelled."""
        while True:
            try:
                async with connect(self._address, subprotocols=[SUBPROTOCOL], max_size=None) as socket:
                    await self._subscribe(socket)
            except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                self._report.resumed += 1
            await asyncio.sleep(PAUSE)

    async def _subscribe(self, socket: ClientConnection) -> None:
        await socket.send(orjson.dumps({"type": "connection_init", "payload": self._credentials()}).decode())
        async for frame in socket:
            message = orjson.loads(frame)
            if message["type"] == "connection_ack":
                payload = {"query": FOLLOW, "variables": {"after": self._cursor}}
                await socket.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": payload}).decode())
                # `subscribe` has no acknowledgement; the pong shows that the server has processed it.
                await socket.send('{"type":"ping"}')
            elif message["type"] == "pong":
                self.subscribed.set()
            elif message["type"] == "ping":
                await socket.send('{"type":"pong"}')
            elif message["type"] == "next":
                self._receive(message["payload"])
            else:
                raise ConnectionResetError(f"the subscription ended: {message}")

    def _credentials(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def _receive(self, payload: dict[str, Any]) -> None:
        changed = payload["data"]["messageChanged"]
        self._cursor = changed["cursor"]
        message = changed["message"]
        if changed["kind"] != "MESSAGE_CREATED" or message is None or message["messageType"] != "USER":
            return
        text = message["content"]
        self.received[text] += 1
        if (sent := self._report.written.get(text)) is not None:
            self._report.lags.append(perf_counter() - sent)
