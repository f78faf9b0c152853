"""WebSockets: authentication by token or cookie, and closing when the credential ends."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from websockets.asyncio.client import ClientConnection
from websockets.exceptions import InvalidStatus

from tests.identity.conftest import PASSWORD, Backend, ask, wait_until_closed
from tests.timeouts import TIMEOUT

NOTIFIED = "subscription { notificationAdded { notification { title } } }"


async def subscribe(socket: ClientConnection, query: str = NOTIFIED, id: str = "1") -> None:
    await socket.send(json.dumps({"id": id, "type": "subscribe", "payload": {"query": query}}))


async def notify(backend: Backend, user: str, title: str) -> None:
    await backend.execute(
        "INSERT INTO notifications (user_id, title, message, notification_type) VALUES ($1, $2, 'm', 'info')",
        user,
        title,
    )
    backend.services.bus.announce(user)


async def title(socket: ClientConnection) -> str:
    async with asyncio.timeout(TIMEOUT):
        message = json.loads(await socket.recv())
    shown: str = message["payload"]["data"]["notificationAdded"]["notification"]["title"]
    return shown


async def subscribe_until_live(backend: Backend, socket: ClientConnection, user: str) -> None:
    """Subscribe, and wait until events are delivered."""
    await subscribe(socket)
    while True:
        await notify(backend, user, "probe")
        try:
            async with asyncio.timeout(0.5):
                await socket.recv()
            return
        except TimeoutError:
            continue


async def test_program_connects_with_a_token_in_header_or_payload(backend: Backend) -> None:
    await backend.add_user("ann")
    token = await backend.token("ann")
    payloads: list[dict[str, Any]] = [
        {"authorization": f"Bearer {token}"}, {"Authorization": f"bearer {token}"}, {"token": token}
    ]  # fmt: skip
    for payload in payloads:
        async with backend.socket(initialise=False) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert json.loads(await socket.recv()) == {"type": "connection_ack"}
    async with backend.socket(additional_headers={"authorization": f"Bearer {token}"}) as socket:
        await subscribe(socket, "{ viewer { id access } }")
        answer = json.loads(await socket.recv())["payload"]
        assert answer == {"data": {"viewer": {"id": "ann", "access": "TOKEN"}}}


async def test_missing_or_invalid_credential_closes_with_4403(backend: Backend) -> None:
    await backend.add_user("ann")
    payloads: list[dict[str, Any] | None] = [
        None, {}, {"token": "ret_wrong"}, {"token": 7}, {"authorization": "Basic x"}, {"authorization": ["x"]}
    ]  # fmt: skip
    for payload in payloads:
        async with backend.socket(initialise=False) as socket:
            await socket.send(json.dumps({"type": "connection_init", "payload": payload}))
            assert (await wait_until_closed(socket))[0] == 4403, payload


async def test_cookie_is_accepted_from_own_pages_only(backend: Backend) -> None:
    await backend.add_user("ann")
    browser = await backend.sign_in("ann")
    cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    async with backend.socket(additional_headers=cookie, origin=backend.url) as socket:
        await subscribe(socket, "{ viewer { access } }")
        assert json.loads(await socket.recv())["payload"] == {"data": {"viewer": {"access": "SESSION"}}}
    with pytest.raises(InvalidStatus, match="403"):
        async with backend.socket(additional_headers=cookie, origin="https://evil.example", initialise=False):
            pass
    async with backend.socket(additional_headers=cookie, initialise=False) as socket:  # every browser sends its origin
        await socket.send('{"type": "connection_init"}')
        assert (await wait_until_closed(socket))[0] == 4403


async def _revoke(backend: Backend) -> None:
    await backend.execute("DELETE FROM credentials WHERE kind = 'token'")


async def _expire(backend: Backend) -> None:
    await backend.execute("UPDATE credentials SET expires_at = now() WHERE kind = 'token'")


async def _disable(backend: Backend) -> None:
    await backend.execute("UPDATE users SET disabled_at = now() WHERE id = 'ann'")


async def _delete(backend: Backend) -> None:
    await backend.execute("DELETE FROM users WHERE id = 'ann'")


@pytest.mark.parametrize("end", [_revoke, _expire, _disable, _delete])
async def test_idle_socket_closes_when_its_credential_ends(
    backend: Backend, end: Callable[[Backend], Awaitable[None]]
) -> None:
    await backend.add_user("ann")
    await backend.add_user("bob")
    async with (
        backend.socket(await backend.token("ann")) as socket,
        backend.socket(await backend.token("bob", "another")) as other,
    ):
        await subscribe(socket)
        await end(backend)
        async with asyncio.timeout(TIMEOUT):
            assert await wait_until_closed(socket) == (
                4403,
                "This token is not valid; it may have been revoked or have expired.",
            )
        if end in (_disable, _delete):
            await subscribe_until_live(backend, other, "bob")


async def test_signing_out_closes_the_sockets_of_the_session(backend: Backend) -> None:
    await backend.add_user("ann")
    browser = await backend.sign_in("ann")
    cookie = {"cookie": "; ".join(f"{name}={value}" for name, value in browser.cookies.items())}
    async with backend.socket(additional_headers=cookie, origin=backend.url) as socket:
        await ask(browser, "mutation { signOut }")
        async with asyncio.timeout(TIMEOUT):
            assert await wait_until_closed(socket) == (4403, "Your session has ended; sign in again.")


async def test_event_is_not_delivered_after_revocation_before_the_next_poll(database_url: str) -> None:
    from tests.identity.conftest import run_backend

    # With this poll interval only the check before each event can stop it.
    async with run_backend(database_url, database_poll_seconds=60) as backend:
        await backend.add_user("ann")
        async with backend.socket(await backend.token("ann")) as socket:
            await subscribe_until_live(backend, socket, "ann")
            await notify(backend, "ann", "before")
            while await title(socket) != "before":
                pass
            async with backend.services.database.transaction() as connection:
                await connection.execute("DELETE FROM credentials")
                await connection.execute(
                    "INSERT INTO notifications (user_id, title, message, notification_type) "
                    "VALUES ('ann', 'after', 'm', 'info')"
                )
            backend.services.bus.announce("ann")
            seen = []
            with pytest.raises(Exception, match="4403"):
                while True:
                    seen.append(await socket.recv())
            assert seen == []


async def test_role_change_applies_to_open_sockets(backend: Backend) -> None:
    await backend.add_user("ann")
    create = 'mutation { createIntent(input: {description: "x", intentType: REMEMBER}) { id } }'
    async with backend.socket(await backend.token("ann")) as socket:
        await subscribe(socket, create)
        assert "errors" not in json.loads(await socket.recv())["payload"]
        await socket.recv()
        await backend.execute("UPDATE users SET role = 'viewer'")
        await subscribe(socket, create)
        answer = json.loads(await socket.recv())["payload"]
        assert answer["errors"][0]["extensions"]["code"] == "FORBIDDEN"


async def test_sign_in_over_a_websocket_is_refused(backend: Backend) -> None:
    await backend.add_user("ann")
    async with backend.socket(await backend.token("ann")) as socket:
        await subscribe(socket, f'mutation {{ signIn(input: {{name: "ann", password: "{PASSWORD}"}}) {{ userId }} }}')
        [error] = json.loads(await socket.recv())["payload"]["errors"]
        assert error["extensions"]["key"] == "sign_in.http_required"
