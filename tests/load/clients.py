"""The clients of a load test: some ask, some subscribe; both come again when they are told to."""

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
COME_AGAIN = {"UNAVAILABLE", "TIMEOUT", "RATE_LIMITED"}
COME_AGAIN_STATUS = {429, 502, 503, 504}
PAUSE = 0.2
FOLLOW = """subscription LoadFollow($after: String) {
  messageChanged(after: $after) { cursor kind message { content messageType } } }"""


class Asker:
    """Sends one request after another until it is stopped; what must be repeated is repeated under the same key."""

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
            if outcome == "again":
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
        """`ok`, `again`, or why it failed; and the data."""
        body = orjson.dumps({"query": request.query, "variables": request.variables})
        try:
            response = await self._client.post("/graphql", content=body)
        except httpx2.TransportError as error:
            return type(error).__name__, None
        if response.status_code in COME_AGAIN_STATUS:
            return "again", None
        try:
            answer = orjson.loads(response.content)
        except orjson.JSONDecodeError:
            return f"HTTP {response.status_code}", None
        if not answer.get("errors"):
            return "ok", answer["data"]
        code = answer["errors"][0].get("extensions", {}).get("code", "ERROR")
        return ("again" if code in COME_AGAIN else code), None


class Subscriber:
    """Follows all messages, over as many connections as it takes, from its last cursor."""

    def __init__(self, address: str, token: str | None, report: LoadReport) -> None:
        self._address = address.replace("http", "ws", 1) + "/graphql"
        self._token = token
        self._report = report
        self._cursor: str | None = None
        self.following = asyncio.Event()
        self.heard: Counter[str] = Counter()

    async def run(self) -> None:
        """Until it is cancelled."""
        while True:
            try:
                async with connect(self._address, subprotocols=[SUBPROTOCOL], max_size=None) as socket:
                    await self._follow(socket)
            except (ConnectionClosed, InvalidHandshake, OSError, TimeoutError):
                self._report.resumed += 1
            await asyncio.sleep(PAUSE)

    async def _follow(self, socket: ClientConnection) -> None:
        await socket.send(orjson.dumps({"type": "connection_init", "payload": self._credentials()}).decode())
        async for frame in socket:
            message = orjson.loads(frame)
            if message["type"] == "connection_ack":
                payload = {"query": FOLLOW, "variables": {"after": self._cursor}}
                await socket.send(orjson.dumps({"id": "1", "type": "subscribe", "payload": payload}).decode())
                # Subscribing has no answer of its own; a ping that is answered has come after it.
                await socket.send('{"type":"ping"}')
            elif message["type"] == "pong":
                self.following.set()
            elif message["type"] == "ping":
                await socket.send('{"type":"pong"}')
            elif message["type"] == "next":
                self._hear(message["payload"])
            else:
                raise ConnectionResetError(f"the subscription ended: {message}")

    def _credentials(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._token}"} if self._token else {}

    def _hear(self, payload: dict[str, Any]) -> None:
        changed = payload["data"]["messageChanged"]
        self._cursor = changed["cursor"]
        message = changed["message"]
        if changed["kind"] != "MESSAGE_CREATED" or message is None or message["messageType"] != "USER":
            return
        text = message["content"]
        self.heard[text] += 1
        if (sent := self._report.written.get(text)) is not None:
            self._report.lags.append(perf_counter() - sent)
