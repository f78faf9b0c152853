"""A load generator in a separate process: `python -m tests.bench.load URL SECONDS CONNECTIONS [TOKEN ...] < BODY`.

Each connection repeats the same POST as soon as it has the response, with one of the tokens if any are given. A
response that is not 200 ends the run.
"""

import asyncio
import sys
from collections.abc import Sequence
from itertools import cycle
from time import perf_counter
from typing import cast
from urllib.parse import urlsplit

import uvloop

from tests.processes import CLEAN_ENVIRONMENT, ROOT

LENGTH = b"content-length:"


async def requests_a_second(
    url: str, body: bytes, *, seconds: float, connections: int, tokens: Sequence[str] = ()
) -> float:
    """Responses per second of the URL. Raises RuntimeError for a response that is not 200."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.load", url, str(seconds), str(connections), *tokens,
        cwd=ROOT, env=CLEAN_ENVIRONMENT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, complaints = await process.communicate(body)
    if process.returncode != 0:
        raise RuntimeError(f"{url}: {complaints.decode()[-500:]}")
    return float(printed)


class Connection(asyncio.Protocol):
    """Counts its responses until it is stopped."""

    def __init__(self, request: bytes) -> None:
        self._request = request
        self._received = bytearray()
        self.answers = 0
        self.failure: str | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # uvloop's transport has the same methods
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._received += data
        if (end := self._end()) is None:
            return
        if self._received[9:12] != b"200" or b'"errors"' in self._received[:end]:
            self.failure = self._received[:500].decode(errors="replace")
            self._transport.close()
            return
        del self._received[:end]
        self.answers += 1
        self._transport.write(self._request)

    def _end(self) -> int | None:
        """The end of the response in the buffer; None while it is incomplete."""
        head = self._received.find(b"\r\n\r\n")
        if head < 0:
            return None
        headers = bytes(self._received[:head]).lower()
        if (at := headers.find(LENGTH)) >= 0:
            end = head + 4 + int(headers[at + len(LENGTH) :].split(b"\r\n", 1)[0])
            return end if len(self._received) >= end else None
        return len(self._received) if self._received.endswith(b"0\r\n\r\n") else None


def _request(url: str, header: str, body: bytes) -> bytes:
    parts = urlsplit(url)
    return (
        f"POST {parts.path} HTTP/1.1\r\nhost: {parts.netloc}\r\ncontent-type: application/json\r\n"
        f"accept: application/json\r\n{header}content-length: {len(body)}\r\n\r\n"
    ).encode() + body


async def _run(url: str, seconds: float, connections: int, body: bytes, *tokens: str) -> None:
    loop = asyncio.get_running_loop()
    parts = urlsplit(url)
    headers = [f"authorization: Bearer {token}\r\n" for token in tokens] or [""]
    requests = [_request(url, header, body) for header in headers]
    made = []
    for request, _ in zip(cycle(requests), range(connections), strict=False):
        connection = Connection(request)
        await loop.create_connection(lambda made=connection: made, str(parts.hostname), int(parts.port or 80))  # type: ignore[misc]
        made.append(connection)
    began, before = perf_counter(), sum(each.answers for each in made)
    await asyncio.sleep(seconds)
    answers, passed = sum(each.answers for each in made) - before, perf_counter() - began
    failures = [each.failure for each in made if each.failure]
    if failures:
        sys.exit(failures[0])
    print(answers / passed)


if __name__ == "__main__":
    uvloop.run(_run(sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), sys.stdin.buffer.read(), *sys.argv[4:]))
