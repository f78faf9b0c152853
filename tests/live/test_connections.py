"""Live connections to the whole backend: slow clients, a server that stops, and nothing left behind."""

import asyncio
import socket
from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live.backend import Client, Served, connected, open_served

CHANGED = "subscription($after: String) { messageChanged(after: $after) { cursor kind message { content } } }"
SEND = "mutation($content: String!) { sendMessage(input: {content: $content}) { reply { id } } }"
ADDED = "subscription($after: String) { notificationAdded(after: $after) { cursor notification { title } } }"


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Served]:
    async with open_served(database_url) as opened:
        yield opened


def narrow_socket(address: str) -> socket.socket:
    """A connection that holds little on its way, so that a client that does not read is noticed soon."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect((urlsplit(address).hostname, urlsplit(address).port))
    made.setblocking(False)
    return made


async def own_messages(client: Client, count: int) -> list[str]:
    """The first character of each of the user's messages."""
    found: list[str] = []
    while len(found) < count:
        changed = (await client.next())["messageChanged"]
        if changed["message"]["content"]:
            found.append(changed["message"]["content"][:3])
    return found


async def test_a_client_that_stalls_is_told_to_resume_and_costs_the_others_nothing(served: Served) -> None:
    expected = [f"{number:03}" for number in range(60)]
    async with (
        connected(served.socket_address) as quick,
        connected(served.socket_address, sock=narrow_socket(served.address), max_queue=1) as slow,
    ):
        for client in (quick, slow):
            await client.subscribe(CHANGED)
        await asyncio.sleep(0.5)
        reading = asyncio.create_task(own_messages(quick, 60))
        for number in expected:
            await served.mutate(SEND, content=number + "x" * 200_000)
        assert await reading == expected
        seen, cursor = [], None
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                changed = (await slow.next())["messageChanged"]
                cursor = changed["cursor"]
                if changed["message"]["content"]:
                    seen.append(changed["message"]["content"][:3])
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 4503
        assert "subscribe again with `after` set to your last cursor" in closed.value.rcvd.reason
    assert 0 < len(seen) < 60
    async with connected(served.socket_address, max_size=None) as again:
        await again.subscribe(CHANGED, after=cursor)
        assert seen + await own_messages(again, 60 - len(seen)) == expected


async def test_a_slow_client_that_catches_up_from_far_behind_is_given_time(served: Served) -> None:
    async with connected(served.socket_address) as present:
        await present.subscribe(CHANGED)
        await asyncio.sleep(0.3)
        await served.mutate(SEND, content="beginning")
        cursor = (await present.next())["messageChanged"]["cursor"]
    for number in range(60):
        await served.mutate(SEND, content=f"{number:03}" + "x" * 200_000)
    narrow = narrow_socket(served.address)
    async with connected(served.socket_address, sock=narrow, max_queue=1, max_size=None) as slow:
        await slow.subscribe(CHANGED, after=cursor)
        await asyncio.sleep(1)
        assert await own_messages(slow, 60) == [f"{number:03}" for number in range(60)]


async def test_a_server_that_stops_answers_what_was_asked_and_closes_with_1012(served: Served) -> None:
    lock = await served.services.database.pool.acquire()
    transaction = lock.transaction()
    await transaction.start()
    await lock.execute(
        "INSERT INTO intents (user_id, description, actor, idempotency_key) VALUES ('owner','d','a','k')"
    )
    create = 'mutation { createIntent(input: {description: "d", idempotencyKey: "k"}) { description } }'
    async with connected(served.socket_address) as client:
        await client.subscribe(ADDED, "subscription")
        await asyncio.sleep(0.2)
        await client.subscribe(create, "mutation")  # waits for the row that is being written
        await asyncio.sleep(0.2)
        draining = asyncio.create_task(served.app.state.drain())
        await asyncio.sleep(0.1)
        await transaction.commit()
        assert (await client.next("mutation"))["createIntent"]["description"] == "d"
        code, reason = await client.until_closed()
        assert code == 1012
        assert "subscribe again" in reason
        await draining
        with pytest.raises(ConnectionClosed, match="The server is stopping"):
            async with connected(served.socket_address):
                pass
    await served.services.database.pool.release(lock)


async def test_a_loader_has_read_nothing_yet_when_the_next_event_comes(served: Served) -> None:
    """A cache that outlived an event would show the conversation's old title for ever."""
    made = await served.mutate(SEND.replace("reply { id }", "message { conversation { id } }"), content="first title")
    conversation = made["sendMessage"]["message"]["conversation"]["id"]
    document = "subscription { messageChanged { message { conversation { title } } } }"
    async with connected(served.socket_address) as client:
        await client.subscribe(document)
        await asyncio.sleep(0.3)
        for title in ("second", "third"):
            rename = "mutation($id: ID!, $title: String!) { renameConversation(id: $id, title: $title) { id } }"
            await served.mutate(rename, id=conversation, title=title)
            say = 'mutation($id: ID!) { sendMessage(input: {content: "x", conversationId: $id}) { reply { id } } }'
            await served.mutate(say, id=conversation)
            for _ in range(2):
                changed = (await client.next())["messageChanged"]
                assert changed["message"]["conversation"]["title"] == title
