"""Many subscribers with little CPU: `python -m tests.bench.live.crowd URL COUNT SCOPE QUERY`.

Each connection speaks graphql-transport-ws over a raw socket and only counts messages, so that the server under test
gets the CPU. SCOPE is `one` (one viewer for all), `each` (a viewer per connection), `each-alone` (with a document of
its own), or `raw` for a server without a protocol. Commands are lines on stdin. `expect N` waits for N messages in
total and prints the time of the last one and the number per connection. `sample` prints the latencies of messages that
hold the time of their commit as `"t"`.
"""

import asyncio
import json
import os
import re
import sys
from time import perf_counter
from urllib.parse import urlsplit

import uvloop

from tests.live.raw_client import frame

NEXT = b'"type":"next"'
RAW = b'"raw":'
AFTERWARDS = json.dumps({"id": "2", "type": "subscribe", "payload": {"query": "{ __typename }"}})
ANSWERED = b'"__typename":"Query"'
SENT = re.compile(rb'"t":\s*([0-9.]+)')


class Crowd:
    """State of all connections."""

    def __init__(self, url: str, scope: str, query: str) -> None:
        self.scope, self.query = scope, query
        address = urlsplit(url)
        self.host, self.port, self.path = str(address.hostname), address.port or 80, address.path
        self.mark = RAW if scope == "raw" else NEXT
        self.ready = 0
        self.arrived = 0
        self.expected = 0
        self.sampling = False
        self.latencies: list[float] = []
        self.done = asyncio.Event()
        self.all_ready = asyncio.Event()

    def count(self, many: int) -> None:
        self.arrived += many
        if self.expected and self.arrived >= self.expected:
            self.finished = perf_counter()
            self.done.set()


class Subscriber(asyncio.Protocol):
    """One connection."""

    def __init__(self, crowd: Crowd, number: int, count: int) -> None:
        self.crowd, self.number, self.total = crowd, number, count
        self.tail = b""
        self.started = False
        self.sampled = number % 20 == 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport: asyncio.Transport = transport  # type: ignore[assignment]
        self.transport.write(
            f"GET {self.crowd.path} HTTP/1.1\r\nHost: {self.crowd.host}:{self.crowd.port}\r\nUpgrade: websocket\r\n"
            "Connection: Upgrade\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n"
            "Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n".encode()
        )

    def _start(self, data: bytes) -> None:
        self.tail += data
        if self.crowd.scope == "raw":
            if b"\r\n\r\n" in self.tail:
                self._is_ready()
        elif b"connection_ack" in self.tail:
            alone = f" # {self.number}" if self.crowd.scope.endswith("-alone") else ""
            payload = {"query": self.crowd.query + alone}
            self.transport.write(frame(json.dumps({"id": "1", "type": "subscribe", "payload": payload})))
            # A subscription is not acknowledged, but the response to a query sent after it shows that it is active.
            self.transport.write(frame(AFTERWARDS))
            self.tail = b""
        elif ANSWERED in self.tail.replace(b" ", b""):
            self._is_ready()
        elif self.tail.endswith(b"\r\n\r\n"):
            each, _, first = self.crowd.scope.removesuffix("-alone").partition("+")
            user = f"user{self.number + int(first or 0)}" if each == "each" else "owner"
            self.transport.write(frame(json.dumps({"type": "connection_init", "payload": {"user": user}})))
            self.tail = b""

    def _is_ready(self) -> None:
        self.started, self.tail = True, b""
        self.crowd.ready += 1
        if self.crowd.ready == self.total:
            self.crowd.all_ready.set()

    def data_received(self, data: bytes) -> None:
        if not self.started:
            self._start(data)
            return
        crowd = self.crowd
        if crowd.sampling and self.sampled:
            now = perf_counter()
            crowd.latencies += [now - float(sent) for sent in SENT.findall(data)]
        if self.tail:
            data = self.tail + data
        many = data.count(crowd.mark)
        # A mark may be split between two reads.
        keep = len(crowd.mark) - 1
        self.tail = data[-keep:] if not data.endswith(b"}") else b""
        if many:
            crowd.count(many)


async def main(url: str, count: int, scope: str, query: str) -> None:
    crowd = Crowd(url, scope, query)
    loop = asyncio.get_running_loop()
    for start in range(0, count, 100):
        await asyncio.gather(
            *(
                loop.create_connection(lambda number=number: Subscriber(crowd, number, count), crowd.host, crowd.port)  # type: ignore[misc]
                for number in range(start, min(start + 100, count))
            )
        )
    await crowd.all_ready.wait()
    print("ready", flush=True)
    reader = asyncio.StreamReader()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), os.fdopen(0))
    while line := (await reader.readline()).decode().split():
        if line[0] == "expect":
            crowd.expected = crowd.arrived + int(line[1])
            crowd.done.clear()
            print("expecting", flush=True)
            await crowd.done.wait()
            crowd.expected = 0
            print(crowd.finished, flush=True)
        elif line[0] == "sample":
            print(json.dumps(crowd.latencies), flush=True)
            crowd.latencies = []
            crowd.sampling = not crowd.sampling


if __name__ == "__main__":
    uvloop.run(main(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4]))
