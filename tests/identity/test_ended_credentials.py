"""Missing, expired and revoked credentials get no data: every row of the matrix, on every transport."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import pytest

from tests.identity.conftest import PASSWORD, SIGN_IN, Backend, ask, wait_until_closed
from tests.identity.matrix import ROWS, document, insert_rows, root_fields, variables
from tests.identity.sse_client import streaming
from tests.identity.test_jwt import ISSUER, Issuer, backend_for, running
from tests.identity.test_websockets import notify
from tests.timeouts import TIMEOUT

Headers = dict[str, str]
STREAM = {"accept": "text/event-stream"}
NOTIFIED = "subscription { notificationAdded { notification { title } } }"


@dataclass
class AnnsAccess:
    """A backend with rows of ann, and each kind of her credentials as request headers."""

    backend: Backend
    issuer: Issuer
    ids: dict[str, str]

    async def token(self) -> Headers:
        return bearer(await self.backend.token("ann"))

    async def session(self) -> Headers:
        client = self.backend.browser()
        assert "data" in await ask(client, SIGN_IN, name="ann", password=PASSWORD)
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        return {"cookie": cookie, "origin": self.backend.url}

    async def jwt(self) -> Headers:
        return bearer(self.issuer.token(exp=int(time.time()) + 600))


def bearer(secret: str) -> Headers:
    return {"authorization": f"Bearer {secret}"}


@asynccontextmanager
async def open_anns_access(database_url: str, **settings: Any) -> AsyncIterator[AnnsAccess]:
    async with running(Issuer()) as issuer, backend_for(issuer, database_url, auth_jwt_leeway=0, **settings) as backend:
        await backend.add_user("ann", "owner")
        await backend.execute("UPDATE users SET issuer = $1, subject = '7' WHERE id = 'ann'", ISSUER)
        async with backend.services.database.connection() as connection:
            yield AnnsAccess(backend, issuer, await insert_rows(connection, "ann"))


@pytest.fixture
async def ann(database_url: str) -> AsyncIterator[AnnsAccess]:
    async with open_anns_access(database_url) as opened:
        yield opened


async def expire(backend: Backend) -> None:
    await backend.execute("UPDATE credentials SET expires_at = now() WHERE user_id = 'ann'")


async def revoke(backend: Backend) -> None:
    await backend.execute("DELETE FROM credentials WHERE user_id = 'ann'")


async def disable(backend: Backend) -> None:
    await backend.execute("UPDATE users SET disabled_at = now() WHERE id = 'ann'")


Kind = Literal["token", "session", "jwt"]
End = Callable[[Backend], Awaitable[None]]
ENDED: dict[str, tuple[Kind, End]] = {
    "an expired token": ("token", expire),
    "a revoked token": ("token", revoke),
    "a disabled user's token": ("token", disable),
    "an expired session": ("session", expire),
    "a session that signed out": ("session", revoke),
    "a disabled user's session": ("session", disable),
    "a disabled user's JWT": ("jwt", disable),
}
NEVER_VALID: dict[str, Callable[[Issuer], Headers]] = {
    "nothing": lambda issuer: {},
    "a made-up token": lambda issuer: bearer("ret_made-up"),
    "a made-up session": lambda issuer: {"cookie": "resonant=res_made-up"},
    "an expired JWT": lambda issuer: bearer(issuer.token(exp=int(time.time()) - 1)),
    "a JWT of nobody here": lambda issuer: bearer(issuer.token(sub="8")),
}


async def invalid_headers(ann: AnnsAccess, case: str) -> Headers:
    """Headers with a credential that is not valid, or that was valid and has ended."""
    if case in NEVER_VALID:
        return NEVER_VALID[case](ann.issuer)
    kind, end = ENDED[case]
    headers: Headers = await getattr(ann, kind)()
    assert "data" in await ask(ann.backend.program(**headers), "{ viewer { id } }")
    await end(ann.backend)
    return headers


async def refusals(client: httpx.AsyncClient, name: str, ids: dict[str, str]) -> list[Any]:
    """The answers on each HTTP transport."""
    query, sent = document(name), variables(name, ids)
    body, parameters = {"query": query, "variables": sent}, {"query": query, "variables": json.dumps(sent)}
    requests = [client.post("/graphql", json=body, headers=STREAM)]
    requests.append(client.get("/graphql", params=parameters, headers=STREAM))
    if not ROWS[name].public:
        requests += [client.post("/graphql", json=body), client.get("/graphql", params=parameters)]
    return [response.json() for response in await asyncio.gather(*requests)]


@pytest.mark.parametrize("case", [*NEVER_VALID, *ENDED])
async def test_every_operation_is_refused_with(ann: AnnsAccess, case: str) -> None:
    headers = await invalid_headers(ann, case)
    client = ann.backend.program(**headers)
    failures = []
    for name in ROWS:
        for answer in await refusals(client, name, ann.ids):
            [error] = answer["errors"]
            if error["extensions"]["code"] != "UNAUTHENTICATED" or answer.get("data"):
                failures.append((name, answer))
    assert failures == []
    own = {name: value for name, value in headers.items() if name != "origin"}
    async with ann.backend.socket(initialise=False, additional_headers=own, origin=headers.get("origin")) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        payload = {"query": "{ viewer { id } }"}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
        assert (await wait_until_closed(socket))[0] == 4403


@pytest.mark.parametrize("case", ENDED)
async def test_event_stream_ends_with(ann: AnnsAccess, case: str) -> None:
    """The same for WebSockets is in test_websockets.py."""
    kind, end = ENDED[case]
    client = ann.backend.program(**await getattr(ann, kind)())
    async with streaming(client) as connection, asyncio.timeout(TIMEOUT):
        await connection.send(json.dumps({"id": "1", "payload": {"query": NOTIFIED, "variables": {}}}))
        await _wait_until_live(connection, ann.backend)
        await end(ann.backend)
        while (message := json.loads(await connection.recv()))["type"] != "error":
            assert message["type"] == "next"  # an earlier event
        assert message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_event_stream_ends_when_its_jwt_expires(ann: AnnsAccess) -> None:
    client = ann.backend.program(ann.issuer.token(exp=int(time.time()) + 3))
    async with streaming(client) as connection, asyncio.timeout(TIMEOUT):
        await connection.send(json.dumps({"id": "1", "payload": {"query": NOTIFIED, "variables": {}}}))
        message = json.loads(await connection.recv())
        assert message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_event_is_not_streamed_after_revocation_before_the_next_poll(database_url: str) -> None:
    # With this poll interval only the check before each event can stop it.
    async with open_anns_access(database_url, database_poll_seconds=60) as ann:
        client = ann.backend.program(**await ann.token())
        async with streaming(client) as connection, asyncio.timeout(TIMEOUT):
            await connection.send(json.dumps({"id": "1", "payload": {"query": NOTIFIED, "variables": {}}}))
            await _wait_until_live(connection, ann.backend)
            await revoke(ann.backend)
            await notify(ann.backend, "ann", "after")
            received = []
            while (message := json.loads(await connection.recv()))["type"] != "error":
                received.append(message)
        assert "after" not in str(received)


async def test_open_socket_executes_no_operation_after_its_token_ended(database_url: str) -> None:
    async with open_anns_access(database_url, database_poll_seconds=60) as ann:
        token = await ann.backend.token("ann", "another")
        names = [name for operation in ("query", "mutation", "subscription") for name in root_fields(operation)]
        for name in names:
            async with ann.backend.socket(token) as socket:
                await ann.backend.execute("UPDATE credentials SET expires_at = now()")
                payload = {"query": document(name), "variables": variables(name, ann.ids)}
                await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": payload}))
                assert await wait_until_closed(socket) == (
                    4403,
                    "This token is not valid; it may have been revoked or have expired.",
                ), name
                await ann.backend.execute("UPDATE credentials SET expires_at = NULL")


async def _wait_until_live(connection: Any, backend: Backend) -> None:
    """Wait until events are delivered."""
    while True:
        await notify(backend, "ann", "before")
        try:
            async with asyncio.timeout(0.5):
                await connection.recv()
            return
        except TimeoutError:
            continue
