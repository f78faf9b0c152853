"""Event retention: trimming does not block writers, and trimmed events raise CURSOR_EXPIRED."""

import asyncio
from contextlib import aclosing

import asyncpg
import pytest

from app.live.retention import BATCH_SIZE, EventRetention
from sql.errors import CursorExpired
from tests.live.conftest import Live, insert_notification
from tests.live.test_hub import cursor_of_now, take, titles_of
from tests.timeouts import TIMEOUT


async def age(live: Live, days: float) -> None:
    """Make all existing events this many days older."""
    await live.database.pool.execute("UPDATE events SET created_at = created_at - $1 * interval '1 day'", days)


async def titles_left(live: Live) -> list[str]:
    rows = await live.database.pool.fetch(
        "SELECT title FROM events JOIN notifications n ON n.id = subject_id ORDER BY xid, events.id"
    )
    return [row["title"] for row in rows]


async def test_only_events_older_than_the_retention_are_trimmed(live: Live) -> None:
    await live.notify("old")
    await age(live, 31)
    await live.notify("young")
    assert await EventRetention(live.database, days=30).trim() == 1
    assert await titles_left(live) == ["young"]


async def test_more_than_one_batch_is_trimmed(live: Live) -> None:
    await live.database.pool.execute(
        "SELECT append_event(id, scope_id, NULL, 'memory_created', uuidv7(), NULL, '{}') "
        "FROM users, generate_series(1, $1) WHERE id = 'ann'",
        2 * BATCH_SIZE + 7,
    )
    await age(live, 2)
    assert await EventRetention(live.database, days=1).trim() == 2 * BATCH_SIZE + 7


async def test_cursor_of_trimmed_event_is_expired_and_a_later_one_resumes(live: Live) -> None:
    first = await cursor_of_now(live)
    second = await cursor_of_now(live)
    await live.notify("missed")
    await live.database.pool.execute("UPDATE events SET created_at = '2000-01-01' WHERE id <= 2")
    assert await EventRetention(live.database, days=1).trim() == 2
    with pytest.raises(CursorExpired):
        await take(live, 1, after=first)
    # All events after the second cursor still exist.
    assert await titles_of(live, await take(live, 1, after=second)) == ["missed"]


async def test_slow_replay_fails_when_its_next_events_are_trimmed(live: Live) -> None:
    cursor = await cursor_of_now(live)
    for number in range(250):  # more than a page
        await live.notify(f"{number}")
    async with aclosing(live.hub.follow("ann", after=cursor)) as events:
        assert await titles_of(live, [await anext(events)]) == ["0"]
        await age(live, 2)
        await EventRetention(live.database, days=1).trim()
        with pytest.raises(CursorExpired):
            while True:
                await anext(events)


async def test_live_subscriber_fails_when_unread_events_are_trimmed(live: Live) -> None:
    following = asyncio.create_task(take(live, 2))
    await live.until_followed()
    async with live.database.transaction() as connection:
        await insert_notification(connection, "unseen")
        await connection.execute("UPDATE event_stream SET trimmed_xid = pg_current_xact_id(), trimmed_id = 2^62")
        await connection.execute("DELETE FROM events")
    with pytest.raises(CursorExpired):
        await following
    # A new subscription works.
    following = asyncio.create_task(take(live, 1))
    await live.until_followed()
    await live.notify("new")
    assert await titles_of(live, await following) == ["new"]


async def test_live_subscriber_fails_when_the_database_was_restored(live: Live) -> None:
    following = asyncio.create_task(take(live, 2))
    await live.until_followed()
    await live.notify("of this stream")
    await asyncio.sleep(0.2)
    await live.database.pool.execute("UPDATE event_stream SET id = gen_random_uuid()")
    await live.notify("of another")
    with pytest.raises(CursorExpired):
        await following


async def test_only_one_process_trims_and_others_do_not_wait(live: Live) -> None:
    await live.notify("old")
    await age(live, 2)
    other = await asyncpg.connect(live.url)
    async with other.transaction():
        assert await other.fetchval("SELECT pg_try_advisory_xact_lock(111559182283891)")
        async with asyncio.timeout(TIMEOUT):
            assert await EventRetention(live.database, days=1).trim() == 0
    assert await EventRetention(live.database, days=1).trim() == 1
    await other.close()


async def test_trimming_and_writers_do_not_block_each_other(live: Live) -> None:
    cursor = await cursor_of_now(live)
    await age(live, 2)
    await live.notify("young")
    writer = await asyncpg.connect(live.url)
    async with writer.transaction():
        await insert_notification(writer, "being written")
        async with asyncio.timeout(TIMEOUT):
            assert await EventRetention(live.database, days=1).trim() == 1
        async with asyncio.timeout(TIMEOUT):
            assert await titles_of(live, await take(live, 1, after=cursor)) == ["young"]
    await writer.close()


async def test_background_task_trims_repeatedly(live: Live) -> None:
    async with EventRetention(live.database, days=1, every_seconds=0.05).running():
        for _ in range(2):
            await live.notify("old")
            await age(live, 2)
            async with asyncio.timeout(TIMEOUT):
                while await titles_left(live):  # noqa: ASYNC110 - the task trims asynchronously
                    await asyncio.sleep(0.02)
