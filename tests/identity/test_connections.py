"""WebSockets of people and programs: let in by the same check, and ended with what let them in."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from tests.identity.conftest import PASSWORD, House, ask, closing
from tests.timeouts import TIMEOUT

NOTIFIED = "subscription { notificationAdded { notification { title } } }"


async def subscribe(socket: ClientConnection, query: str = NOTIFIED, id: str = "1") -> None:
    await socket.send(json.dumps({"id": id, "type": "subscribe", "payload": {"query": query}}))


async def notify(house: House, user: str, title: str) -> None:
    await house.execute(
        "INSERT INTO notifications (user_id, title, message, notification_type) VALUES ($1, $2, 'm', 'info')",
        user,
        title,
    )
    house.services.bus.announce(user)


async def title(socket: ClientConnection) -> str:
    async with asyncio.timeout(TIMEOUT):
        message = json.loads(await socket.recv())
    shown: str = message["payload"]["data"]["notificationAdded"]["notification"]["title"]
    return shown


async def following(house: House, socket: ClientConnection, user: str) -> None:
    """Subscribe, and be sure that the subscription has begun."""
    await subscribe(socket)
    while True:
        await notify(house, user, "begun")
        try:
            async with asyncio.timeout(0.5):
                await socket.recv()
            return
        except TimeoutError:
            continue


async def test_a_program_connects_with_its_token_however_it_is_sent(house: House) -> None:
    await house.person("ann")
    token = await house.token("ann")
    payloads: list[dict[str, Any]] = [
        {"authorization": f"Bearer {token}"}, {"Authorization": f"bearer {token}"}, {"token": token}
    ]  # fmt: skip
    for payload in payloads:
        async with house.socket(initialise=False) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(await socket.recv()) == {"type": "connection_ack"}
    async with house.socket(additional_headers={"authorization": f"Bearer {token}"}) as socket:
        await subscribe(socket, "{ viewer { id access } }")
        answer = json.loads(await socket.recv())["payload"]
        assert answer == {"data": {"viewer": {"id": "ann", "access": "TOKEN"}}}


async def test_whoever_shows_nothing_or_what_is_not_good_is_refused_with_4403(house: House) -> None:
    await house.person("ann")
    payloads: list[dict[str, Any] | None] = [
        None, {}, {"token": "ret_wrong"}, {"token": 7}, {"authorization": "Basic x"}, {"authorization": ["x"]}
    ]  # fmt: skip
    for payload in payloads:
        async with house.socket(initialise=False) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert (await closing(socket))[0] == 4403, payload


async def test_a_browser_connects_with_its_cookie_from_a_page_of_ours_only(house: House) -> None:
    await house.person("ann")
    browser = await house.signed_in("ann")
    cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    async with house.socket(additional_headers=cookie, origin=house.url) as socket:
        await subscribe(socket, "{ viewer { access } }")
        assert json.loads(await socket.recv())["payload"] == {"data": {"viewer": {"access": "SESSION"}}}
    with pytest.raises(InvalidStatus, match="403"):
        async with house.socket(additional_headers=cookie, origin="https://evil.example", initialise=False):
            pass
    async with house.socket(additional_headers=cookie, initialise=False) as socket:  # no browser hides its origin
        await socket.send('{"type": "connection_init"}')
        assert (await closing(socket))[0] == 4403


async def _revoke(house: House) -> None:
    await house.execute("DELETE FROM credentials WHERE kind = 'token'")


async def _expire(house: House) -> None:
    await house.execute("UPDATE credentials SET expires_at = now() WHERE kind = 'token'")


async def _disable(house: House) -> None:
    await house.execute("UPDATE users SET disabled_at = now() WHERE id = 'ann'")


async def _delete(house: House) -> None:
    await house.execute("DELETE FROM users WHERE id = 'ann'")


@pytest.mark.parametrize("end", [_revoke, _expire, _disable, _delete])
async def test_an_idle_socket_ends_within_seconds_of_what_let_it_in(
    house: House, end: Callable[[House], Awaitable[None]]
) -> None:
    await house.person("ann")
    await house.person("bob")
    async with (
        house.socket(await house.token("ann")) as socket,
        house.socket(await house.token("bob", "another")) as other,
    ):
        await subscribe(socket)
        await end(house)
        async with asyncio.timeout(TIMEOUT):
            assert await closing(socket) == (4403, "This token is not valid; it may have been revoked or have expired.")
        if end in (_disable, _delete):
            await following(house, other, "bob")


async def test_a_session_that_signs_out_takes_its_sockets_with_it(house: House) -> None:
    await house.person("ann")
    browser = await house.signed_in("ann")
    cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    async with house.socket(additional_headers=cookie, origin=house.url) as socket:
        await ask(browser, "mutation { signOut }")
        async with asyncio.timeout(TIMEOUT):
            assert await closing(socket) == (4403, "Your session has ended; sign in again.")


async def test_an_event_after_the_end_is_not_delivered_even_if_nobody_has_noticed_yet(database_url: str) -> None:
    from tests.identity.conftest import open_house

    # The watch never comes round here: only the check of each event can stop it.
    async with open_house(database_url, database_poll_seconds=60) as house:
        await house.person("ann")
        async with house.socket(await house.token("ann")) as socket:
            await following(house, socket, "ann")
            await notify(house, "ann", "before")
            while await title(socket) != "before":
                pass
            async with house.services.database.transaction() as connection:
                await connection.execute("DELETE FROM credentials")
                await connection.execute(
                    "INSERT INTO notifications (user_id, title, message, notification_type) "
                    "VALUES ('ann', 'after', 'm', 'info')"
                )
            house.services.bus.announce("ann")
            seen = []
            with pytest.raises(Exception, match="4403"):
                while True:
                    seen.append(await socket.recv())
            assert seen == []


async def test_a_new_role_holds_for_sockets_that_are_open(house: House) -> None:
    await house.person("ann")
    create = 'mutation { createIntent(input: {description: "x", intentType: REMEMBER}) { id } }'
    async with house.socket(await house.token("ann")) as socket:
        await subscribe(socket, create)
        assert "errors" not in json.loads(await socket.recv())["payload"]
        await socket.recv()
        await house.execute("UPDATE users SET role = 'viewer'")
        await subscribe(socket, create)
        answer = json.loads(await socket.recv())["payload"]
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_signing_in_over_a_socket_is_refused_plainly(house: House) -> None:
    await house.person("ann")
    async with house.socket(await house.token("ann")) as socket:
        await subscribe(socket, f'mutation {{ signIn(input: {{name: "ann", password: "{PASSWORD}"}}) {{ userId }} }}')
        [error] = json.loads(await socket.recv())["payload"]["errors"]
        assert error["extensions"]["key"] == "sign_in.http_required"
