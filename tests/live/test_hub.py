"""Event subscriptions: commit order, no gap or duplicate between replay and live events, and failures."""

import asyncio
import random
from contextlib import aclosing

import asyncpg
import pytest

from resolvers.ports import EventWithCursor
from sql.errors import BadUserInput, CursorExpired
from sql.event_cursor import EventCursor, EventPosition
from tests.live.conftest import Live, insert_notification, open_live
from tests.timeouts import TIMEOUT


async def take(live: Live, count: int, *, after: str | None = None, user: str = "ann") -> list[EventWithCursor]:
    """The first `count` events."""
    found: list[EventWithCursor] = []
    async with asyncio.timeout(TIMEOUT), aclosing(live.hub.follow(user, after=after)) as events:
        async for item in events:
            found.append(item)
            if len(found) == count:
                return found
    return found


async def cursor_of_now(live: Live) -> str:
    """A cursor after everything that is committed."""
    following = asyncio.create_task(take(live, 1))
    await live.until_followed()
    await live.notify("marker")
    return (await following)[0].cursor


async def titles_of(live: Live, items: list[EventWithCursor]) -> list[str]:
    rows = await live.database.pool.fetch("SELECT id, title FROM notifications")
    titles = {row["id"]: row["title"] for row in rows}
    return [titles[item.event.subject_id] for item in items]


async def test_subscription_without_cursor_delivers_only_later_events(live: Live) -> None:
    await live.notify("before", announce=False)
    following = asyncio.create_task(take(live, 1))
    await live.until_followed()
    await live.notify("afterwards")
    assert await titles_of(live, await following) == ["afterwards"]


async def test_reconnecting_client_receives_missed_then_live_events(live: Live) -> None:
    cursor = await cursor_of_now(live)
    for number in range(450):  # more than two pages
        await live.notify(f"missed {number}")
    following = asyncio.create_task(take(live, 452, after=cursor))
    await live.until_followed()
    await live.notify("live 1")
    await live.notify("live 2")
    titles = await titles_of(live, await following)
    assert titles == [f"missed {number}" for number in range(450)] + ["live 1", "live 2"]


async def test_replayed_event_is_not_delivered_again_live(database_url: str, users: None) -> None:
    async with open_live(database_url, poll_seconds=60) as live:
        cursor = await cursor_of_now(live)
        async with aclosing(live.hub.follow("ann")) as other:
            waiting = asyncio.ensure_future(anext(other))
            await live.until_followed()
            await live.notify("not read yet", announce=False)
            following = asyncio.create_task(take(live, 2, after=cursor))
            assert (await waiting).event.kind == "notification_created"
            await live.notify("next")
            assert await titles_of(live, await following) == ["not read yet", "next"]


async def test_latest_cursor_precedes_transactions_that_are_still_open(live: Live) -> None:
    await live.notify("before")
    await live.notify("another user's", user="bob")
    async with live.database.transaction() as late:
        await insert_notification(late, "begun before")
        cursor = await live.hub.latest("ann")
        await live.notify("afterwards")
    assert await titles_of(live, await take(live, 2, after=cursor)) == ["begun before", "afterwards"]


async def test_user_without_events_has_a_latest_cursor(live: Live) -> None:
    cursor = await live.hub.latest("ann")
    await live.notify("the first")
    assert await titles_of(live, await take(live, 1, after=cursor)) == ["the first"]


async def test_events_of_other_users_are_not_delivered(live: Live) -> None:
    following = asyncio.create_task(take(live, 1))
    await live.until_followed()
    await live.notify("bob's", user="bob")
    await live.notify("ann's")
    assert await titles_of(live, await following) == ["ann's"]


async def test_event_of_late_commit_is_not_lost(live: Live) -> None:
    """Identity values are assigned before the commit: reading by identity would skip the first event."""
    following = asyncio.create_task(take(live, 2))
    await live.until_followed()
    slow = await asyncpg.connect(live.url)
    transaction = slow.transaction()
    await transaction.start()
    await insert_notification(slow, "began first")
    await live.notify("began second")
    await asyncio.sleep(0.3)
    await transaction.commit()
    live.bus.announce("ann")
    assert await titles_of(live, await following) == ["began first", "began second"]
    await slow.close()


async def test_lost_hint_delays_an_event_by_the_poll_interval(live: Live) -> None:
    following = asyncio.create_task(take(live, 1))
    await live.until_followed()
    await live.notify("not announced", announce=False)
    assert await titles_of(live, await following) == ["not announced"]


async def test_event_reaches_another_process_through_the_bus(live: Live) -> None:
    async with open_live(live.url, poll_seconds=60) as other:
        await asyncio.sleep(0.3)
        following = asyncio.create_task(take(other, 1))
        await other.until_followed()
        await live.notify("from another process")
        assert len(await following) == 1


async def test_killed_listen_connection_reconnects_and_catches_up(live: Live) -> None:
    async with open_live(live.url, poll_seconds=60) as other:
        await asyncio.sleep(0.3)
        following = asyncio.create_task(take(other, 40))
        await other.until_followed()
        for number in range(40):
            if number % 10 == 0:
                await live.database.pool.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%'"
                )
            await live.notify(f"{number}")
            await asyncio.sleep(0.02)
        assert await titles_of(live, await following) == [f"{number}" for number in range(40)]


async def test_overflowed_queue_is_replayed_from_the_table(live: Live) -> None:
    async with asyncio.timeout(TIMEOUT), aclosing(live.hub.follow("ann")) as events:
        first = asyncio.ensure_future(anext(events))
        await live.until_followed()
        await live.notify("first")
        seen = [await first]
        for number in range(120):  # the queue holds fifty
            await live.notify(f"{number}")
        await asyncio.sleep(0.5)
        seen += [await anext(events) for _ in range(120)]
        await live.notify("live again")
        seen.append(await anext(events))
    assert await titles_of(live, seen) == ["first", *(f"{number}" for number in range(120)), "live again"]


@pytest.mark.parametrize("cursor", ["", "garbage", "AAAA", "💥", "x" * 10_000])
async def test_invalid_cursor_is_bad_input(live: Live, cursor: str) -> None:
    with pytest.raises(BadUserInput):
        await take(live, 1, after=cursor)


async def test_cursor_in_the_future_is_bad_input(live: Live) -> None:
    now = EventCursor.decode(await cursor_of_now(live))
    future = EventCursor(now.stream, EventPosition(now.position.xid + 1_000_000, 1)).encode()
    with pytest.raises(BadUserInput):
        await take(live, 1, after=future)


async def test_cursor_of_trimmed_events_or_another_stream_is_expired(live: Live) -> None:
    cursor = await cursor_of_now(live)
    await live.database.pool.execute(
        "UPDATE event_stream SET trimmed_xid = (SELECT max(xid::text::bigint) + 1 FROM events)::text::xid8"
    )
    with pytest.raises(CursorExpired):
        await take(live, 1, after=cursor)
    await live.database.pool.execute("UPDATE event_stream SET id = gen_random_uuid(), trimmed_xid = '0'")
    with pytest.raises(CursorExpired):
        await take(live, 1, after=cursor)


async def write_at_random(live: Live, writer: int, count: int, committed: list[str]) -> None:
    """Commit, roll back and pause at random, as concurrent users do."""
    chance = random.Random(writer)
    connection = await asyncpg.connect(live.url)
    for number in range(count):
        transaction = connection.transaction()
        await transaction.start()
        title = f"{writer}-{number}"
        await insert_notification(connection, title)
        await asyncio.sleep(chance.choice([0, 0, 0.001, 0.02]))
        if chance.random() < 0.2:
            await transaction.rollback()
        else:
            await transaction.commit()
            committed.append(title)
            live.bus.announce("ann")
    await connection.close()


async def follow_with_interruptions(live: Live, cursor: str, seen: list[str], reader: int, expected: int) -> None:
    chance = random.Random(reader)
    while len(seen) < expected:
        wanted = min(chance.randint(1, 40), expected - len(seen))
        taken = await take(live, wanted, after=cursor)
        seen += await titles_of(live, taken)
        cursor = taken[-1].cursor
        await asyncio.sleep(chance.choice([0, 0.01, 0.05]))


async def test_reconnecting_readers_see_every_event_once_in_one_order(live: Live) -> None:
    cursor = await cursor_of_now(live)
    committed: list[str] = []
    await asyncio.gather(*(write_at_random(live, writer, 40, committed) for writer in range(6)))
    seen: list[list[str]] = [[] for _ in range(4)]
    more = [asyncio.create_task(write_at_random(live, 10 + writer, 40, committed)) for writer in range(6)]
    async with asyncio.timeout(TIMEOUT):
        # The same seeds give the same sequences, so the number of commits is known in advance.
        total = sum(random_commits(writer) for writer in (*range(6), *range(10, 16)))
        await asyncio.gather(
            *(follow_with_interruptions(live, cursor, titles, reader, total) for reader, titles in enumerate(seen))
        )
        await asyncio.gather(*more)
    assert sorted(seen[0]) == sorted(committed)
    assert all(titles == seen[0] for titles in seen)
    for writer in (*range(6), *range(10, 16)):  # the commits of one writer keep their order
        own = [int(title.split("-")[1]) for title in seen[0] if title.startswith(f"{writer}-")]
        assert own == sorted(own)


def random_commits(writer: int, count: int = 40) -> int:
    chance = random.Random(writer)
    commits = 0
    for _ in range(count):
        chance.choice([0, 0, 0.001, 0.02])
        commits += chance.random() >= 0.2
    return commits


async def test_unsubscribing_frees_everything(live: Live) -> None:
    for _ in range(200):
        events = live.hub.follow("ann")
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.wait([waiting])
        await events.aclose()
    assert not live.hub._queues
    assert live.hub._reader.is_paused
