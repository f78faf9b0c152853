"""A backend with AUTH_MODE=token on a real database, and clients that sign in or use tokens."""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Literal

import httpx
import pytest
from argon2 import PasswordHasher
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from app.asgi import open_backend
from app.identity.secrets import FULL, TokenScope, issue_token
from app.services import Services, open_services
from app.settings import Settings
from tests.asgi_server import NO_RATE_LIMITS, serve
from tests.timeouts import TIMEOUT

PASSWORD = "correct horse battery staple"
SIGN_IN = (
    "mutation($name: String!, $password: String!) "
    "{ signIn(input: {name: $name, password: $password}) { userId displayName role expiresAt } }"
)
VIEWER = "{ viewer { id role access } }"


@cache
def hashed() -> str:
    """The hash of PASSWORD, computed once for all tests."""
    return PasswordHasher().hash(PASSWORD)


@dataclass
class Backend:
    """A running backend, and ways to add users and to connect."""

    url: str
    services: Services
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    async def add_user(self, name: str, role: Literal["owner", "member", "viewer"] = "member") -> str:
        """Add a user with PASSWORD; the id is the name."""
        await self.execute(
            "INSERT INTO users (id, name, display_name, role, password_hash) VALUES ($1, $1, $1, $2, $3)",
            name,
            role,
            hashed(),
        )
        return name

    async def token(self, user: str, name: str = "program", scope: TokenScope = FULL) -> str:
        async with self.services.database.connection() as connection:
            _, secret = await issue_token(connection, user, name, None, scope)
        return secret

    async def execute(self, statement: str, *arguments: Any) -> None:
        async with self.services.database.connection() as connection:
            await connection.execute(statement, *arguments)

    async def value(self, statement: str, *arguments: Any) -> Any:
        async with self.services.database.connection() as connection:
            return await connection.fetchval(statement, *arguments)

    async def extend_delays(self) -> None:
        """Make active delays longer than a slow machine needs for the next attempt."""
        await self.execute(
            "UPDATE sign_in_attempts SET blocked_until = now() + interval '99 s' WHERE blocked_until > last_at"
        )

    def browser(self, **headers: str) -> httpx.AsyncClient:
        """A client that keeps cookies and sends the origin of our own pages, as a browser does."""
        client = httpx.AsyncClient(base_url=self.url, headers={"origin": self.url, **headers}, timeout=TIMEOUT)
        self.clients.append(client)
        return client

    def program(self, token: str | None = None, **headers: str) -> httpx.AsyncClient:
        bearer = {} if token is None else {"authorization": f"Bearer {token}"}
        client = httpx.AsyncClient(base_url=self.url, headers={**bearer, **headers}, timeout=TIMEOUT)
        self.clients.append(client)
        return client

    async def sign_in(self, name: str) -> httpx.AsyncClient:
        """A browser in which the user has signed in."""
        browser = self.browser()
        response = await ask(browser, SIGN_IN, name=name, password=PASSWORD)
        assert "errors" not in response, response
        return browser

    @asynccontextmanager
    async def socket(
        self, token: str | None = None, *, initialise: bool = True, **options: Any
    ) -> AsyncIterator[ClientConnection]:
        """A graphql-transport-ws connection that sends the token in connection_init."""
        address = self.url.replace("http", "ws", 1) + "/graphql"
        async with connect(address, subprotocols=["graphql-transport-ws"], **options) as socket:  # type: ignore[list-item]
            if initialise:
                payload = {} if token is None else {"authorization": f"Bearer {token}"}
                await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
                assert json.loads(await socket.recv()) == {"type": "connection_ack"}
            yield socket


async def ask(client: httpx.AsyncClient, query: str, **variables: Any) -> Any:
    """The response to an operation."""
    return (await client.post("/graphql", json={"query": query, "variables": variables})).json()


async def code_of(client: httpx.AsyncClient, query: str, **variables: Any) -> str:
    """The code of the only error in the response."""
    response = await ask(client, query, **variables)
    assert len(response.get("errors", ())) == 1, response
    code: str = response["errors"][0]["extensions"]["code"]
    return code


async def wait_until_closed(socket: ClientConnection) -> tuple[int, str]:
    """The code and reason of the close frame; earlier messages are ignored."""
    with pytest.raises(ConnectionClosed) as closed:
        while True:
            await socket.recv()
    assert closed.value.rcvd is not None, "closed without a close frame (1006)"
    return closed.value.rcvd.code, closed.value.rcvd.reason


@asynccontextmanager
async def run_backend(database_url: str, **settings: Any) -> AsyncIterator[Backend]:
    # The matrix asks for all fields at once, which costs more than the default allows.
    given = {"auth_mode": "token", "database_poll_seconds": 0.2, "graphql_max_cost": 50_000, **NO_RATE_LIMITS}
    configured = Settings(_env_file=None, **{**given, **settings})
    async with AsyncExitStack() as stack:
        services = await stack.enter_async_context(open_services(configured, database_url, name="test"))
        app = await stack.enter_async_context(open_backend(services))
        backend = Backend(await stack.enter_async_context(serve(app)), services)
        try:
            yield backend
        finally:
            for client in backend.clients:
                await client.aclose()


@pytest.fixture
async def backend(database_url: str) -> AsyncIterator[Backend]:
    async with run_backend(database_url) as opened:
        yield opened
