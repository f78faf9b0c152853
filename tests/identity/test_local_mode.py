"""AUTH_MODE=local: requests for other host names and of other pages are refused on every transport."""

import json
import logging

import pytest
from websockets.exceptions import InvalidStatus

from tests.identity.conftest import VIEWER, Backend, ask, code_of, run_backend

LOCAL = ("127.0.0.1", "127.0.0.1:8000", "localhost", "LOCALHOST:3000", "[::1]:8000")
# A page can resolve its own name to 127.0.0.1 (DNS rebinding); the browser then sends that name.
REBOUND = ("rebound.example", "rebound.example:8000", "127.0.0.1.rebound.example", "localhost.rebound.example",
           "192.168.0.7", "", "[::2]", "[", "127.0.0.1@rebound.example")  # fmt: skip
OTHER_ORIGINS = ("https://elsewhere.example", "null", "http://127.0.0.1.elsewhere.example", "http://[")
PATHS = ("/", "/graphql", "/graphiql", "/metrics", "/health", "/assets/none.js")


async def assert_refused_everywhere(backend: Backend, headers: dict[str, str]) -> None:
    client = backend.program(**headers)
    for path in PATHS:
        assert (await client.get(path, params={"query": VIEWER})).status_code == 403, path
    for accept in ("application/json", "text/event-stream"):
        response = await client.post("/graphql", json={"query": VIEWER}, headers={"accept": accept})
        assert response.status_code == 403
        assert response.text.startswith("AUTH_MODE=local answers only to ")
        assert "owner" not in response.text.lower()


async def test_request_for_another_host_is_refused(database_url: str) -> None:
    async with run_backend(database_url, auth_mode="local") as backend:
        for host in REBOUND:
            await assert_refused_everywhere(backend, {"host": host})


async def test_request_of_another_page_is_refused(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    async with run_backend(database_url, auth_mode="local") as backend:
        for origin in OTHER_ORIGINS:
            await assert_refused_everywhere(backend, {"origin": origin})
            with pytest.raises(InvalidStatus, match="403"):
                async with backend.socket(origin=origin):
                    pass
    assert [record for record in caplog.records if record.levelno >= logging.ERROR] == []


async def test_socket_for_another_host_is_refused(database_url: str) -> None:
    async with run_backend(database_url, auth_mode="local") as backend:
        port = int(backend.url.rpartition(":")[2])
        rebound = Backend("http://rebound.example", backend.services)
        with pytest.raises(InvalidStatus, match="403"):
            async with rebound.socket(host="127.0.0.1", port=port):
                pass


async def test_local_host_names_are_the_owner_on_every_transport(database_url: str) -> None:
    async with run_backend(database_url, auth_mode="local") as backend:
        for host in LOCAL:
            answer = await ask(backend.program(host=host, origin=f"http://{host}"), VIEWER)
            assert answer["data"]["viewer"] == {"id": "owner", "role": "OWNER", "access": "LOCAL"}
        async with backend.socket() as socket:
            await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": {"query": VIEWER}}))
            assert json.loads(await socket.recv())["payload"]["data"]["viewer"]["id"] == "owner"
        # There is no sign-in, and no token that would remain valid in another mode.
        assert await code_of(backend.program(), 'mutation { createToken(input: {name: "x"}) { secret } }') == (
            "BAD_USER_INPUT"
        )
