"""The head of HTTP requests, as bytes on a socket."""

import asyncio
from urllib.parse import urlsplit

from tests.fuzz.run import Run

METHODS = [b"GET", b"POST", b"HEAD", b"OPTIONS", b"PUT", b"TRACE", b"CONNECT", b"get", b"G\0T", b"", b"A" * 300]
PATHS = [
    b"/", b"/graphql", b"/graphql?query={viewer{id}}", b"/graphql?query=%ff%00", b"/graphql?variables=[",
    b"/health", b"/assets/" + b"../" * 40, b"/%2e%2e/%00", b"/" + b"a" * 300, b"/" + b"%e3%81%82" * 2000, b"*",
    b"//", b"http://[", b"/?" + b"&" * 5000, b"/conversations/\xff", b"/sign-in?next=//x",
    b"/graphql?extensions={%22persistedQuery%22:{}}", b"/metrics", b"/graphiql",
]  # fmt: skip
NAMES = [
    b"host", b"origin", b"content-type", b"content-length", b"transfer-encoding", b"accept", b"authorization",
    b"cookie", b"traceparent", b"x-request-id", b"upgrade", b"connection", b"sec-websocket-key",
    b"sec-websocket-version", b"expect", b"sec-fetch-site", b"x-forwarded-for", b"forwarded", b"accept-language",
    b"accept-encoding", b"range", b"if-none-match", b"", b"\xff",
]  # fmt: skip
VALUES = [
    b"", b"localhost", b"http://[", b"null", b"-1", b"5", b"1" * 5000, b"chunked", b"gzip, chunked", b"*/*;q=nan",
    b"a;q=1e999", b"text/event-stream", b"application/json", b"application/json; charset=utf8",
    b"Bearer " + b"x" * 4000, b"Bearer \xff\xfe", b"resonant=" + b"a" * 3000, b"resonant=\xff; =; ;",
    b"00-" + b"0" * 32 + b"-" + b"0" * 16 + b"-00", b"websocket", b"upgrade", b"dGhlIHNhbXBsZSBub25jZQ==", b"13",
    b"100-continue", b"bytes=0-0,-1," + b"1-2," * 200, b"::1, 127.0.0.1", b"\0", b"a\rb", b"\xe3\x81\x82",
    b"ja,en;q=" + b"0" * 200, b"Bearer eyJhbGciOiJub25lIn0.e30.", b"W/\"" + b"x" * 500 + b"\"", b'"',
]  # fmt: skip
BODIES = [
    b"",
    b"{}",
    b'{"query":"{viewer{id}}"}',
    b"5\r\nhello\r\n0\r\n\r\n",
    b"ffffffffffffffff\r\n",
    b"-1\r\n\r\n",
    b"\0" * 100,
]


def _request(run: Run) -> bytes:
    random = run.random
    lines = [
        b" ".join(
            [random.choice(METHODS), random.choice(PATHS), random.choice([b"HTTP/1.1", b"HTTP/1.0", b"HTTP/9.9", b""])]
        )
    ]
    count = random.choice([1, 3, 6, 6, 400])
    lines += [
        random.choice(NAMES) + random.choice([b": ", b":", b" : ", b""]) + random.choice(VALUES) for _ in range(count)
    ]
    end = random.choice([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"])
    return end.join(lines) + end + random.choice([end, end, end, b""]) + random.choice(BODIES)


async def _exchange(address: tuple[str, int], request: bytes) -> bytes:
    """What the server answers until it closes the connection or is silent."""
    reader, writer = await asyncio.open_connection(*address)
    try:
        writer.write(request)
        writer.write_eof()
        async with asyncio.timeout(0.3):
            return await reader.read(100_000)
    except (TimeoutError, OSError):
        return b""
    finally:
        writer.close()


async def fuzz(run: Run) -> None:
    parts = urlsplit(run.url)
    address = (parts.hostname or "", parts.port or 0)
    while run.goes_on:
        request = _request(run)
        answer = await run.timed(request, _exchange(address, request))
        if answer and (answer[9:12] in (b"500", b"502") or b'"INTERNAL"' in answer):
            run.found(answer[:200].decode("latin-1"), request)
