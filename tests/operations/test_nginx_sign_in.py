"""AUTH_MODE=token behind nginx as in compose: users, programs, and client addresses."""

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from app.identity.secrets import digest, hint_of, new_secret
from sql.pool import Database
from sql.repositories.credentials import insert_token
from tests.identity.conftest import PASSWORD, SIGN_IN, VIEWER, ask, code_of, hashed
from tests.identity.sse_client import streaming
from tests.operations.compose_file import NGINX
from tests.operations.test_nginx import nginx
from tests.processes import free_port, program, wait_until_ready
from tests.timeouts import TIMEOUT

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not installed (Debian: apt install nginx)")
CLIENT = "127.0.0.2"  # also local, but not a trusted proxy
IDLE = "subscription { notificationAdded { cursor } }"


@pytest.fixture
async def front(database_url: str) -> AsyncIterator[str]:
    """The address of nginx; the backend trusts only this proxy."""
    port = free_port()
    trusting = {"AUTH_MODE": "token", "SERVER_TRUSTED_PROXIES": "127.0.0.1", "DATABASE_POLL_SECONDS": "0.5"}
    async with program("serve", DATABASE_URL=database_url, PORT=port, **trusting):
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}") as client:
            await wait_until_ready(client, "/health")
        async with nginx([int(port)]) as url:
            yield url


@pytest.fixture
async def token(database: Database) -> str:
    """A token of ann, an owner with PASSWORD."""
    await database.pool.execute(
        "INSERT INTO users (id, name, display_name, role, password_hash) VALUES ('ann', 'ann', 'Ann', 'owner', $1)",
        hashed(),
    )
    secret = new_secret("token")
    async with database.connection() as connection:
        await insert_token(connection, "ann", digest(secret), name="ci", hint=hint_of(secret), expires_at=None)
    return secret


async def test_sign_in_through_nginx_records_the_address_of_the_client(
    front: str, token: str, database: Database
) -> None:
    claimed = {"origin": front, "x-forwarded-for": "203.0.113.7", "x-real-ip": "203.0.113.7"}
    away = httpx.AsyncHTTPTransport(local_address=CLIENT)
    async with httpx.AsyncClient(base_url=front, headers=claimed, transport=away) as browser:
        assert (await browser.get("/sign-in")).status_code == 200
        assert await code_of(browser, VIEWER) == "UNAUTHENTICATED"
        assert "data" in await ask(browser, SIGN_IN, name="ann", password=PASSWORD)
        assert (await ask(browser, VIEWER))["data"]["viewer"]["access"] == "SESSION"
        assert (await browser.get("/metrics")).status_code == 404
        cookie = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        elsewhere = {"origin": "https://elsewhere.example"}
        refused = await browser.post("/graphql", json={"query": VIEWER}, headers=elsewhere)
        assert refused.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED"
    address = "SELECT address FROM security_events WHERE kind = 'signed_in'"
    assert await database.pool.fetchval(address) == CLIENT  # not the address in the header of the client
    async with connected(front, cookie, origin=front) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
    with pytest.raises(InvalidStatus, match="403"):
        async with connected(front, cookie, origin="https://elsewhere.example"):
            pass


def connected(front: str, cookie: str, origin: str) -> Any:
    address = front.replace("http", "ws", 1) + "/graphql"
    headers = {"cookie": cookie}
    return connect(address, subprotocols=["graphql-transport-ws"], origin=origin, additional_headers=headers)  # type: ignore[arg-type,list-item]


async def test_connections_through_nginx_end_when_the_user_is_disabled(
    front: str, token: str, database: Database
) -> None:
    address = front.replace("http", "ws", 1) + "/graphql"
    bearer = {"authorization": f"Bearer {token}"}
    async with (
        asyncio.timeout(TIMEOUT),
        httpx.AsyncClient(base_url=front, headers=bearer) as client,
        streaming(client) as stream,
        connect(address, subprotocols=["graphql-transport-ws"]) as socket,  # type: ignore[list-item]
    ):
        await socket.send(json.dumps({"type": "connection_init", "payload": {"token": token}}))
        assert json.loads(await socket.recv()) == {"type": "connection_ack"}
        await stream.send(json.dumps({"id": "1", "payload": {"query": IDLE, "variables": {}}}))
        await asyncio.sleep(1)
        await database.pool.execute("UPDATE users SET disabled_at = now() WHERE id = 'ann'")
        assert "UNAUTHENTICATED" in await stream.recv()
        with pytest.raises(ConnectionClosed, match="4403"):
            await socket.recv()
