"""Live connections to the complete backend: slow clients, draining, and connection limits."""

import asyncio
import json
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from urllib.parse import urlsplit

import psutil
import pytest
from websockets.exceptions import ConnectionClosed

from app.web import http_protocol
from tests.live.backend import Client, Served, connected, open_served
from tests.timeouts import TIMEOUT

CHANGED = "subscription($after: String) { messageChanged(after: $after) { cursor kind message { content } } }"
SEND = "mutation($content: String!) { sendMessage(input: {content: $content}) { reply { id } } }"
ADDED = "subscription($after: String) { notificationAdded(after: $after) { cursor notification { title } } }"


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Served]:
    async with open_served(database_url) as opened:
        yield opened


def narrow_socket(address: str) -> socket.socket:
    """A socket with a small receive buffer, so that a client that does not read stalls soon."""
    made = socket.socket()
    made.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    made.connect((urlsplit(address).hostname, urlsplit(address).port))
    made.setblocking(False)
    return made


async def open_stream(served: Served, cursor: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A subscription to CHANGED after the cursor over SSE, on a socket with a small receive buffer."""
    reader, writer = await asyncio.open_connection(sock=narrow_socket(served.address), limit=4096)
    body = json.dumps({"query": CHANGED, "variables": {"after": cursor}})
    writer.write(
        f"POST /graphql HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\nConnection: close\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    return reader, writer


async def own_messages(client: Client, count: int) -> list[str]:
    """The first character of each of the user's messages."""
    found: list[str] = []
    while len(found) < count:
        changed = (await client.next())["messageChanged"]
        if changed["message"]["content"]:
            found.append(changed["message"]["content"][:3])
    return found


async def test_stalled_websocket_is_closed_with_4503_and_does_not_delay_others(served: Served) -> None:
    expected = [f"{number:03}" for number in range(60)]
    async with (
        connected(served.socket_address) as quick,
        connected(served.socket_address, sock=narrow_socket(served.address), max_queue=1) as slow,
    ):
        cursor = await served.latest_cursor()
        for client in (quick, slow):
            await client.subscribe(CHANGED, after=cursor)
        reading = asyncio.create_task(own_messages(quick, 60))
        for number in expected:
            await served.mutate(SEND, content=number + "x" * 200_000)
        assert await reading == expected
        seen = []
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


async def test_stalled_event_stream_ends_with_too_slow_and_does_not_delay_others(served: Served) -> None:
    expected = [f"{number:03}" for number in range(60)]
    cursor = await served.latest_cursor()
    reader, writer = await open_stream(served, cursor)
    async with connected(served.socket_address) as quick:
        await quick.subscribe(CHANGED, after=cursor)
        reading = asyncio.create_task(own_messages(quick, 60))
        for number in expected:
            await served.mutate(SEND, content=number + "x" * 200_000)
        assert await reading == expected
    async with asyncio.timeout(TIMEOUT):
        received = (await reader.read()).decode()
    writer.close()
    seen = re.findall(r'"content":"(\d{3})', received)
    cursors = re.findall(r"id: (\S+)", received)
    assert 0 < len(seen) < 60
    assert re.search(r'data: {"errors":\[{"message":"The client reads too slowly; .*"key":"live.too_slow"', received)
    assert received.endswith("event: complete\ndata:\n\n\r\n0\r\n\r\n")
    async with connected(served.socket_address, max_size=None) as again:
        await again.subscribe(CHANGED, after=cursors[-1])
        assert seen + await own_messages(again, 60 - len(seen)) == expected


async def test_stalled_event_stream_that_never_reads_is_aborted(
    served: Served, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "LINGER_SECONDS", 0.2)
    reader, writer = await open_stream(served, await served.latest_cursor())
    await reader.readuntil(b"\r\n\r\n")
    for number in range(40):
        await served.mutate(SEND, content=f"{number:03}" + "x" * 200_000)
    own = psutil.Process()
    port = writer.get_extra_info("sockname")[1]
    async with asyncio.timeout(TIMEOUT):
        while any(each.raddr and each.raddr.port == port for each in own.net_connections()):  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    writer.close()


async def test_slow_client_can_replay_a_long_backlog(served: Served) -> None:
    async with connected(served.socket_address) as present:
        await present.subscribe(CHANGED, after=await served.latest_cursor())
        await served.mutate(SEND, content="beginning")
        cursor = (await present.next())["messageChanged"]["cursor"]
    for number in range(60):
        await served.mutate(SEND, content=f"{number:03}" + "x" * 200_000)
    narrow = narrow_socket(served.address)
    async with connected(served.socket_address, sock=narrow, max_queue=1, max_size=None) as slow:
        await slow.subscribe(CHANGED, after=cursor)
        await asyncio.sleep(1)
        assert await own_messages(slow, 60) == [f"{number:03}" for number in range(60)]


async def test_subscription_after_latest_cursor_misses_nothing(served: Served) -> None:
    cursor = (await served.mutate("{ latestCursor }"))["latestCursor"]
    await served.notify("meanwhile")
    async with connected(served.socket_address) as client:
        await client.subscribe(ADDED, after=cursor)
        assert (await client.next())["notificationAdded"]["notification"]["title"] == "meanwhile"


async def test_draining_server_finishes_mutations_and_closes_with_1012(served: Served) -> None:
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
        await client.subscribe(create, "mutation")  # waits for the lock of the open transaction
        await asyncio.sleep(0.2)
        draining = asyncio.create_task(served.app.state.drain())
        await asyncio.sleep(0.1)
        await transaction.commit()
        assert (await client.next("mutation"))["createIntent"]["description"] == "d"
        code, reason = await client.wait_until_closed()
        assert code == 1012
        assert "subscribe again" in reason
        await draining
        with pytest.raises(ConnectionClosed, match="The server is stopping"):
            async with connected(served.socket_address):
                pass
    await served.services.database.pool.release(lock)


async def test_each_event_is_resolved_with_new_loaders(served: Served) -> None:
    """A loader cache shared between events would show the old title of the conversation."""
    made = await served.mutate(SEND.replace("reply { id }", "message { conversation { id } }"), content="first title")
    conversation = made["sendMessage"]["message"]["conversation"]["id"]
    document = "subscription($after: String) { messageChanged(after: $after) { message { conversation { title } } } }"
    async with connected(served.socket_address) as client:
        await client.subscribe(document, after=await served.latest_cursor())
        for title in ("second", "third"):
            rename = "mutation($id: ID!, $title: String!) { renameConversation(id: $id, title: $title) { id } }"
            await served.mutate(rename, id=conversation, title=title)
            say = 'mutation($id: ID!) { sendMessage(input: {content: "x", conversationId: $id}) { reply { id } } }'
            await served.mutate(say, id=conversation)
            for _ in range(2):
                changed = (await client.next())["messageChanged"]
                assert changed["message"]["conversation"]["title"] == title


async def test_hundreds_of_reconnecting_clients_queue_for_replay(database_url: str) -> None:
    async with (
        open_served(database_url, database_pool_max_size=4, database_acquire_timeout=0.5) as served,
        AsyncExitStack() as stack,
    ):
        async with connected(served.socket_address) as present:
            await present.subscribe(ADDED, after=await served.latest_cursor())
            await served.notify("seen")
            cursor = (await present.next())["notificationAdded"]["cursor"]
        await served.notify("missed")
        clients = [await stack.enter_async_context(connected(served.socket_address)) for _ in range(300)]
        for number, client in enumerate(clients):
            # Different documents, so that no execution is shared.
            await client.subscribe(ADDED.replace("title", f"_{number}: title"), after=cursor)
        for number, client in enumerate(clients):
            added = (await client.next(seconds=TIMEOUT))["notificationAdded"]
            assert added["notification"][f"_{number}"] == "missed"


async def test_sockets_over_the_limit_are_closed_with_1013(database_url: str) -> None:
    async with open_served(database_url, live_max_connections=1) as served, connected(served.socket_address):
        with pytest.raises(ConnectionClosed) as closed:
            async with connected(served.socket_address):
                pass
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1013
