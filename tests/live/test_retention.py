"""Events are kept for as long as the setting says, trimmed without blocking, and never skipped unawares."""

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
    """Make everything so far that much older."""
    await live.database.pool.execute("UPDATE events SET created_at = created_at - $1 * interval '1 day'", days)


async def titles_left(live: Live) -> list[str]:
    rows = await live.database.pool.fetch(
        "SELECT title FROM events JOIN notifications n ON n.id = subject_id ORDER BY xid, events.id"
    )
    return [row["title"] for row in rows]


async def test_what_is_older_goes_and_what_is_younger_stays(live: Live) -> None:
    await live.notify("old")
    await age(live, 31)
    await live.notify("young")
    assert await EventRetention(live.database, days=30).trim() == 1
    assert await titles_left(live) == ["young"]


async def test_more_than_a_batch_is_trimmed_in_one_go(live: Live) -> None:
    await live.database.pool.execute(
        "SELECT append_event('ann', 'memory_created', uuidv7(), NULL, '{}') FROM generate_series(1, $1)",
        2 * BATCH_SIZE + 7,
    )
    await age(live, 2)
    assert await EventRetention(live.database, days=1).trim() == 2 * BATCH_SIZE + 7


async def test_a_cursor_of_what_was_trimmed_has_expired_and_a_later_one_resumes(live: Live) -> None:
    first = await cursor_of_now(live)
    second = await cursor_of_now(live)
    await live.notify("missed")
    await live.database.pool.execute("UPDATE events SET created_at = '2000-01-01' WHERE id <= 2")
    assert await EventRetention(live.database, days=1).trim() == 2
    with pytest.raises(CursorExpired):
        await take(live, 1, after=first)
    # Everything behind the second cursor is still there.
    assert await titles_of(live, await take(live, 1, after=second)) == ["missed"]


async def test_what_a_slow_reader_has_not_reached_yet_is_not_skipped_when_it_is_trimmed(live: Live) -> None:
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


async def test_a_live_follower_whose_events_are_trimmed_unread_is_told(live: Live) -> None:
    following = asyncio.create_task(take(live, 2))
    await asyncio.sleep(0.1)
    async with live.database.transaction() as connection:
        await insert_notification(connection, "unseen")
        await connection.execute("UPDATE event_stream SET trimmed_xid = pg_current_xact_id(), trimmed_id = 2^62")
        await connection.execute("DELETE FROM events")
    with pytest.raises(CursorExpired):
        await following
    # Whoever comes anew is served.
    following = asyncio.create_task(take(live, 1))
    await asyncio.sleep(0.1)
    await live.notify("afresh")
    assert await titles_of(live, await following) == ["afresh"]


async def test_a_database_that_was_restored_underneath_is_told_of_too(live: Live) -> None:
    following = asyncio.create_task(take(live, 2))
    await asyncio.sleep(0.1)
    await live.notify("of this stream")
    await asyncio.sleep(0.2)
    await live.database.pool.execute("UPDATE event_stream SET id = gen_random_uuid()")
    await live.notify("of another")
    with pytest.raises(CursorExpired):
        await following


async def test_one_process_trims_at_a_time_and_the_other_does_not_wait(live: Live) -> None:
    await live.notify("old")
    await age(live, 2)
    other = await asyncpg.connect(live.url)
    async with other.transaction():
        assert await other.fetchval("SELECT pg_try_advisory_xact_lock(111559182283891)")
        async with asyncio.timeout(TIMEOUT):
            assert await EventRetention(live.database, days=1).trim() == 0
    assert await EventRetention(live.database, days=1).trim() == 1
    await other.close()


async def test_trimming_waits_for_nobody_and_keeps_nobody_waiting(live: Live) -> None:
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


async def test_the_background_job_trims_again_and_again(live: Live) -> None:
    async with EventRetention(live.database, days=1, every_seconds=0.05).running():
        for _ in range(2):
            await live.notify("old")
            await age(live, 2)
            async with asyncio.timeout(TIMEOUT):
                while await titles_left(live):  # noqa: ASYNC110 - the job trims in its own time
                    await asyncio.sleep(0.02)
