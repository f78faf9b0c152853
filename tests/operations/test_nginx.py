"""A real nginx with the configuration of the image, in front of the backend."""

import asyncio
import os
import re
import socket
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from time import perf_counter

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route
from websockets.asyncio.client import connect

from app.database.tuning import MIB
from app.web.application import SECURITY_HEADERS
from tests.asgi_server import serve
from tests.bench.socket_client import socket_client
from tests.operations.compose_file import NGINX, load_compose, nginx_configuration, without_shell
from tests.processes import ROOT, free_port, program, wait_until_ready
from tests.timeouts import TIMEOUT

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt install nginx)")

SUBSCRIBERS = int(os.environ.get("NGINX_SUBSCRIBERS", "1000"))
WITH_SBIN = {**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin"}
STREAMED = 64 * MIB
SEND = 'mutation { createIntent(input: {description: "through nginx", intentType: REMEMBER}) { id } }'
FOLLOW = "subscription($after: String) { intentChanged(after: $after) { cursor } }"


def with_tls(folder: Path) -> list[str]:
    """The command of the profile `tls` in compose.yaml, with paths in the folder; creates a certificate."""
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "tls_key"), "-out", str(folder / "tls_certificate")]
    make = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run([*make, *subject, *files], check=True, capture_output=True)
    stated = load_compose()["services"]["frontend-tls"]["command"]
    assert "/etc/nginx/site.conf" in stated[-1]
    changes = {"/tmp/nginx": f"{folder}-tls", "/etc/nginx": str(folder), " user nginx;": ""}  # noqa: S108 - as in the file
    return [re.sub("|".join(changes), lambda match: changes[match[0]], part) for part in stated]


@asynccontextmanager
async def nginx(backends: list[int], tls: int = 0, **settings: str) -> AsyncIterator[str]:
    """Start nginx in front of these ports with these variables; returns its address."""
    folder, port = Path(mkdtemp(prefix="resonant-nginx-")), int(free_port())
    command = nginx_configuration(folder, port=port, backends=backends, tls=tls)
    if tls:
        command = with_tls(folder)
    process = await asyncio.create_subprocess_exec(*command, env={**WITH_SBIN, **settings})
    try:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await wait_until_ready(client, "/nginx-health")
        yield f"http://127.0.0.1:{port}"
    except TimeoutError:
        raise AssertionError((folder / "error.log").read_text()) from None
    finally:
        process.terminate()
        await process.wait()
        rmtree(folder)
        rmtree(f"{folder}-tls", ignore_errors=True)


@pytest.fixture
async def front(database_url: str) -> AsyncIterator[str]:
    """The address of nginx in front of a backend."""
    port = free_port()
    # nginx and its subscribers have one address and one user.
    many = {"SERVER_MAX_CONNECTIONS_PER_ADDRESS": "20000", "LIVE_MAX_CONNECTIONS_PER_USER": "10000"}
    async with program("serve", DATABASE_URL=database_url, PORT=port, **many):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await wait_until_ready(client, "/health")
        async with nginx([int(port)]) as url:
            yield url


async def test_pages_are_compressed_cached_and_have_the_security_headers(front: str) -> None:
    async with httpx.AsyncClient(base_url=front) as client:
        page = await client.get("/")
        deep = await client.get("/c/0190a5d2-0000-7000-8000-000000000000")
        asset = next(
            path for path in (ROOT / "web/dist/assets").iterdir() if path.suffix == ".js" and path.stat().st_size > 5000
        )
        script = await client.get(f"/assets/{asset.name}")
        missing = [await client.get(path) for path in ("/assets/none.js", "/favicon.none", "/deep/none.css")]
        graphiql = await client.get("/graphiql")
        hidden = await client.get("/metrics")
    assert page.status_code == deep.status_code == graphiql.status_code == 200
    assert page.text == deep.text
    assert page.headers["cache-control"] == "no-cache"
    for name, value in SECURITY_HEADERS:
        for response in (page, deep, script, graphiql):
            assert response.headers.get_list(name.decode()) == [value.decode()], f"{response.url}: {name.decode()}"
    assert script.headers["content-encoding"] == "gzip"
    assert script.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert [response.status_code for response in missing] == [404, 404, 404]
    assert hidden.status_code == 404
    assert "nginx/" not in page.headers["server"]


async def test_api_works_through_nginx_with_request_ids_compression_and_limits(front: str) -> None:
    async with httpx.AsyncClient(base_url=front) as client:
        answer = await client.post(
            "/graphql", json={"query": "{ viewer { id } }"}, headers={"accept": "application/json"}
        )
        large = await client.post("/graphql", json={"query": "{ __schema { types { name fields { name } } } }"})
        too_long = await client.post("/graphql", json={"query": "x" * 1_500_000})
    assert answer.json()["data"]["viewer"]["id"] == "owner"
    assert len(answer.headers["x-request-id"]) == 32
    assert answer.headers.get_list("content-security-policy") == [SECURITY_HEADERS[0][1].decode()]
    assert large.headers["content-encoding"] == "gzip"
    assert too_long.status_code == 413
    assert too_long.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_thousand_subscribers_receive_a_change(front: str) -> None:
    async with AsyncExitStack() as stack, httpx.AsyncClient(base_url=front) as http:
        first = await stack.enter_async_context(socket_client(front))
        following = await first.begin(FOLLOW)
        await asyncio.sleep(1)
        await http.post("/graphql", json={"query": SEND})
        _, data = await first.next(following)
        await http.post("/graphql", json={"query": SEND})
        subscribers = []
        for begin in range(0, SUBSCRIBERS, 50):
            opened = [stack.enter_async_context(socket_client(front)) for _ in range(min(50, SUBSCRIBERS - begin))]
            batch = [await each for each in opened]
            # The second change shows that the subscription is active.
            begun = [(each, await each.begin(FOLLOW, after=data["intentChanged"]["cursor"])) for each in batch]
            await asyncio.gather(*(each.next(operation) for each, operation in begun))
            subscribers += begun
        began = perf_counter()
        assert (await http.post("/graphql", json={"query": SEND})).status_code == 200
        heard = await asyncio.gather(*(each.next(operation) for each, operation in subscribers))
    assert len(heard) == SUBSCRIBERS
    print(f"{SUBSCRIBERS} subscribers heard within {max(at for at, _ in heard) - began:.2f} s")  # noqa: T201


async def test_streams_are_not_buffered() -> None:
    async def stream(request: Request) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for number in range(3):
                yield f"data: {number}\n\n".encode()
                await asyncio.sleep(0.5)

        return StreamingResponse(parts(), media_type="text/event-stream")

    app = Starlette(routes=[Route("/graphql", stream, methods=["POST"])])
    async with (
        serve(app) as upstream,
        nginx([int(upstream.rpartition(":")[2])]) as front,
        httpx.AsyncClient(base_url=front, timeout=TIMEOUT) as client,
        client.stream("POST", "/graphql") as response,
    ):
        arrived = [perf_counter() async for line in response.aiter_lines() if line]
    assert len(arrived) == 3
    assert arrived[2] - arrived[0] > 0.7


async def test_nginx_buffers_nothing_for_a_slow_client() -> None:
    """The backend detects the slow client and can close it for a resume; nginx would fill its disk instead."""
    all_sent = asyncio.Event()

    async def stream(request: Request) -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            for _ in range(STREAMED // MIB):
                yield bytes(MIB)
            all_sent.set()

        return StreamingResponse(parts(), media_type="text/event-stream")

    app = Starlette(routes=[Route("/graphql", stream, methods=["POST"])])
    async with (
        serve(app) as upstream,
        nginx([int(upstream.rpartition(":")[2])]) as front,
        httpx.AsyncClient(base_url=front, timeout=TIMEOUT) as client,
        client.stream("POST", "/graphql") as response,
    ):
        assert response.status_code == 200
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await all_sent.wait()
        assert sum([len(part) async for part in response.aiter_raw()]) == STREAMED
        assert all_sent.is_set()


async def change_again_and_again(client: httpx.AsyncClient) -> None:
    while True:
        await client.post("/graphql", json={"query": SEND})
        await asyncio.sleep(0.3)


async def test_server_sent_events_pass_through_nginx(front: str) -> None:
    async with (
        httpx.AsyncClient(base_url=front, timeout=TIMEOUT) as client,
        client.stream("POST", "/graphql", json={"query": FOLLOW}, headers={"accept": "text/event-stream"}) as response,
    ):
        assert response.status_code == 200
        assert response.headers["content-type"].startswith("text/event-stream")
        # The response begins before the subscription is active; changes in between are not sent.
        changing = asyncio.create_task(change_again_and_again(client))
        async with asyncio.timeout(TIMEOUT):
            async for line in response.aiter_lines():
                if "cursor" in line:
                    break
        changing.cancel()
        await asyncio.wait([changing])


async def test_unavailable_backend_is_skipped(database_url: str) -> None:
    port, nobody = free_port(), free_port()
    async with program("serve", DATABASE_URL=database_url, PORT=port):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await wait_until_ready(client, "/health")
        async with nginx([int(nobody), int(port)]) as front, httpx.AsyncClient(base_url=front) as client:
            answers = [await client.post("/graphql", json={"query": SEND}) for _ in range(6)]
    assert [answer.status_code for answer in answers] == [200] * 6


@pytest.mark.parametrize("path", ["/graphql", "/files/x", "/health", "/ready"])
async def test_backend_that_is_away_is_reported_as_json(path: str) -> None:
    async with nginx([int(free_port())]) as front, httpx.AsyncClient(base_url=front) as client:
        answer = await client.post(path, json={})
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "5"
    assert answer.json()["errors"][0]["extensions"]["code"] == "UNAVAILABLE"


async def test_hung_backend_is_given_up_after_its_silence_and_then_left_out() -> None:
    """Its system still accepts connections, so only the missing answer shows that it is hung."""
    with socket.create_server(("127.0.0.1", 0)) as hung:
        async with (
            answering() as alive,
            nginx([hung.getsockname()[1], alive], BACKEND_TIMEOUT="1") as front,
            httpx.AsyncClient(base_url=front, timeout=TIMEOUT) as client,
        ):
            first = await asyncio.gather(*(client.post("/graphql", json={}) for _ in range(8)))
            later = await asyncio.gather(*(client.post("/graphql", json={}) for _ in range(8)))
    assert {answer.status_code for answer in first} == {200, 503}
    assert {answer.status_code for answer in later} == {200}


@asynccontextmanager
async def answering() -> AsyncIterator[int]:
    """The port of a backend that answers with the headers of the request."""

    async def answer(request: Request) -> JSONResponse:
        return JSONResponse(dict(request.headers))

    async with serve(Starlette(routes=[Route("/graphql", answer, methods=["POST"])])) as url:
        yield int(url.rpartition(":")[2])


@pytest.mark.parametrize(("trusted", "scheme"), [("127.0.0.0/8,10.0.0.0/8", "https"), ("", "http")])
async def test_https_of_a_proxy_in_front_is_believed_if_it_is_trusted(trusted: str, scheme: str) -> None:
    async with (
        answering() as port,
        nginx([port], SERVER_TRUSTED_PROXIES=trusted) as front,
        httpx.AsyncClient(base_url=front) as client,
    ):
        headers = {"x-forwarded-proto": "https", "x-forwarded-for": "203.0.113.9"}
        seen = (await client.post("/graphql", json={}, headers=headers)).json()
        page = await client.get("/", headers=headers)
    assert seen["x-forwarded-proto"] == scheme
    assert seen["x-forwarded-for"] == "203.0.113.9, 127.0.0.1"
    assert ("strict-transport-security" in page.headers) == (scheme == "https")


async def test_tls_redirects_http_and_supports_websockets(database_url: str) -> None:
    port, tls = free_port(), int(free_port())
    async with program("serve", DATABASE_URL=database_url, PORT=port):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await wait_until_ready(client, "/health")
        async with nginx([int(port)], tls) as front:
            health = without_shell(load_compose()["services"]["frontend-tls"]["healthcheck"]["test"])
            checking = await asyncio.create_subprocess_exec(*(p.replace("http://127.0.0.1", front) for p in health))
            healthy = await checking.wait()
            trusting = ssl.create_default_context()
            trusting.check_hostname = False
            trusting.verify_mode = ssl.CERT_NONE
            async with httpx.AsyncClient(verify=trusting) as client:
                sent = await client.post(f"{front}/graphql?x=1", json={})
                secure = await client.get(f"https://127.0.0.1:{tls}/")
            async with connect(
                f"wss://127.0.0.1:{tls}/graphql",
                ssl=trusting,
                subprotocols=["graphql-transport-ws"],  # type: ignore[list-item]
            ) as socket:
                await socket.send('{"type":"connection_init"}')
                assert await socket.recv() == '{"type":"connection_ack"}'
    assert healthy == 0
    assert sent.status_code == 308
    assert sent.headers["location"] == "https://127.0.0.1/graphql?x=1"
    assert secure.status_code == 200
    assert secure.headers["strict-transport-security"] == "max-age=31536000"


def test_tls_has_forward_secrecy_and_authenticated_encryption_only() -> None:
    [ciphers] = re.findall(r"ssl_ciphers ([^;]+);", (ROOT / "web/nginx/tls.conf").read_text("utf-8"))
    listed = subprocess.run(["openssl", "ciphers", "-v", ciphers], capture_output=True, text=True, check=True).stdout
    old = [line for line in listed.splitlines() if "TLSv1.2" in line]
    assert len(old) == 6
    assert all("Kx=ECDH" in line and "Mac=AEAD" in line for line in old)
