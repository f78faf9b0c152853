"""Whoever shows nothing, or what is no longer good, gets nothing: every row of the matrix, at every door."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Literal

import httpx
import pytest

from tests.identity.conftest import PASSWORD, SIGN_IN, House, ask, closing
from tests.identity.matrix import ROWS, document, give_things, root_fields, variables
from tests.identity.streams import streaming
from tests.identity.test_connections import notify
from tests.identity.test_provider import ISSUER, Issuer, house_of, running
from tests.timeouts import TIMEOUT

Headers = dict[str, str]
STREAM = {"accept": "text/event-stream"}
NOTIFIED = "subscription { notificationAdded { notification { title } } }"


@dataclass
class Doorstep:
    """A house that ann, who has things in it, comes to in every way there is."""

    house: House
    issuer: Issuer
    ids: dict[str, str]

    async def token(self) -> Headers:
        return bearer(await self.house.token("ann"))

    async def session(self) -> Headers:
        client = self.house.browser()
        assert "data" in await ask(client, SIGN_IN, name="ann", password=PASSWORD)
        cookie = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        return {"cookie": cookie, "origin": self.house.url}

    async def jwt(self) -> Headers:
        return bearer(self.issuer.token(exp=int(time.time()) + 600))


def bearer(secret: str) -> Headers:
    return {"authorization": f"Bearer {secret}"}


@asynccontextmanager
async def doorstep_of(database_url: str, **settings: Any) -> AsyncIterator[Doorstep]:
    async with running(Issuer()) as issuer, house_of(issuer, database_url, auth_jwt_leeway=0, **settings) as house:
        await house.person("ann", "owner")
        await house.execute("UPDATE users SET issuer = $1, subject = '7' WHERE id = 'ann'", ISSUER)
        async with house.services.database.connection() as connection:
            yield Doorstep(house, issuer, await give_things(connection, "ann"))


@pytest.fixture
async def doorstep(database_url: str) -> AsyncIterator[Doorstep]:
    async with doorstep_of(database_url) as opened:
        yield opened


async def expire(house: House) -> None:
    await house.execute("UPDATE credentials SET expires_at = now() WHERE user_id = 'ann'")


async def revoke(house: House) -> None:
    await house.execute("DELETE FROM credentials WHERE user_id = 'ann'")


async def disable(house: House) -> None:
    await house.execute("UPDATE users SET disabled_at = now() WHERE id = 'ann'")


Way = Literal["token", "session", "jwt"]
End = Callable[[House], Awaitable[None]]
ENDS: dict[str, tuple[Way, End]] = {
    "an expired token": ("token", expire),
    "a revoked token": ("token", revoke),
    "a disabled user's token": ("token", disable),
    "an expired session": ("session", expire),
    "a session that signed out": ("session", revoke),
    "a disabled user's session": ("session", disable),
    "a disabled user's JWT": ("jwt", disable),
}
NEVER_GOOD: dict[str, Callable[[Issuer], Headers]] = {
    "nothing": lambda issuer: {},
    "a made-up token": lambda issuer: bearer("ret_made-up"),
    "a made-up session": lambda issuer: {"cookie": "resonant=res_made-up"},
    "an expired JWT": lambda issuer: bearer(issuer.token(exp=int(time.time()) - 1)),
    "a JWT of nobody here": lambda issuer: bearer(issuer.token(sub="8")),
}


async def shown(doorstep: Doorstep, what: str) -> Headers:
    """What a request shows that comes too late; all that let somebody in before is good no more."""
    if what in NEVER_GOOD:
        return NEVER_GOOD[what](doorstep.issuer)
    way, ending = ENDS[what]
    headers: Headers = await getattr(doorstep, way)()
    assert "data" in await ask(doorstep.house.program(**headers), "{ viewer { id } }")
    await ending(doorstep.house)
    return headers


async def refusals(client: httpx.AsyncClient, name: str, ids: dict[str, str]) -> list[Any]:
    """The answers at each door over HTTP."""
    query, sent = document(name), variables(name, ids)
    body, parameters = {"query": query, "variables": sent}, {"query": query, "variables": json.dumps(sent)}
    asked = [client.post("/graphql", json=body, headers=STREAM)]
    asked.append(client.get("/graphql", params=parameters, headers=STREAM))
    if not ROWS[name].open_to_anyone:
        asked += [client.post("/graphql", json=body), client.get("/graphql", params=parameters)]
    return [response.json() for response in await asyncio.gather(*asked)]


@pytest.mark.parametrize("what", [*NEVER_GOOD, *ENDS])
async def test_nothing_is_asked_for_with(doorstep: Doorstep, what: str) -> None:
    headers = await shown(doorstep, what)
    client = doorstep.house.program(**headers)
    failures = []
    for name in ROWS:
        for answer in await refusals(client, name, doorstep.ids):
            [error] = answer["errors"]
            if error["extensions"]["code"] != "UNAUTHENTICATED" or answer.get("data"):
                failures.append((name, answer))
    assert failures == []
    own = {name: value for name, value in headers.items() if name != "origin"}
    async with doorstep.house.socket(initialise=False, additional_headers=own, origin=headers.get("origin")) as socket:
        await socket.send(json.dumps({"type": "connection_init"}))
        asked = {"query": "{ viewer { id } }"}
        await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
        assert (await closing(socket))[0] == 4403


@pytest.mark.parametrize("what", ENDS)
async def test_a_stream_ends_with(doorstep: Doorstep, what: str) -> None:
    """As a socket does, which test_connections.py shows."""
    way, ending = ENDS[what]
    client = doorstep.house.program(**await getattr(doorstep, way)())
    async with streaming(client) as line, asyncio.timeout(TIMEOUT):
        await line.send(json.dumps({"id": "1", "payload": {"query": NOTIFIED, "variables": {}}}))
        await _told(line, doorstep.house)
        await ending(doorstep.house)
        while (message := json.loads(await line.recv()))["type"] != "error":
            assert message["type"] == "next"  # of before
        assert message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_a_stream_ends_when_its_jwt_does(doorstep: Doorstep) -> None:
    client = doorstep.house.program(doorstep.issuer.token(exp=int(time.time()) + 3))
    async with streaming(client) as line, asyncio.timeout(TIMEOUT):
        await line.send(json.dumps({"id": "1", "payload": {"query": NOTIFIED, "variables": {}}}))
        message = json.loads(await line.recv())
        assert message["payload"][0]["extensions"]["code"] == "UNAUTHENTICATED"


async def test_an_event_after_the_end_reaches_no_stream_even_if_nobody_has_noticed_yet(database_url: str) -> None:
    # The watch never comes round here: only the check of each event can stop it.
    async with doorstep_of(database_url, database_poll_seconds=60) as doorstep:
        client = doorstep.house.program(**await doorstep.token())
        async with streaming(client) as line, asyncio.timeout(TIMEOUT):
            await line.send(json.dumps({"id": "1", "payload": {"query": NOTIFIED, "variables": {}}}))
            await _told(line, doorstep.house)
            await revoke(doorstep.house)
            await notify(doorstep.house, "ann", "after")
            heard = []
            while (message := json.loads(await line.recv()))["type"] != "error":
                heard.append(message)
        assert "after" not in str(heard)


async def test_an_open_socket_answers_no_operation_after_its_token_ended(database_url: str) -> None:
    async with doorstep_of(database_url, database_poll_seconds=60) as doorstep:
        token = await doorstep.house.token("ann", "another")
        names = [name for operation in ("query", "mutation", "subscription") for name in root_fields(operation)]
        for name in names:
            async with doorstep.house.socket(token) as socket:
                await doorstep.house.execute("UPDATE credentials SET expires_at = now()")
                asked = {"query": document(name), "variables": variables(name, doorstep.ids)}
                await socket.send(json.dumps({"id": "1", "type": "subscribe", "payload": asked}))
                assert await closing(socket) == (
                    4403,
                    "This token is not valid; it may have been revoked or have expired.",
                ), name
                await doorstep.house.execute("UPDATE credentials SET expires_at = NULL")


async def _told(line: Any, house: House) -> None:
    """Be sure that the stream has begun."""
    while True:
        await notify(house, "ann", "before")
        try:
            async with asyncio.timeout(0.5):
                await line.recv()
            return
        except TimeoutError:
            continue
