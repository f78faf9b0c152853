"""Connections are handed from one to the next, and whoever waits too long is told."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from sql.errors import TimedOut
from sql.pool import Database, create_pool

MARK = "SELECT set_config('resonant.mark', 'made', false)"
MARKED = "SELECT current_setting('resonant.mark', true)"


@asynccontextmanager
async def opened(url: str, *, most: int, patience: float) -> AsyncIterator[Database]:
    pool = await create_pool(
        url, application="test", min_size=most, max_size=most, statement_timeout=60, acquire_timeout=60
    )
    database = Database(pool, acquire_timeout=patience)
    try:
        yield database
    finally:
        await database.close()


async def read(database: Database) -> str:
    async with database.connection() as connection:
        found: str = await connection.fetchval(MARKED)
    return found


async def test_more_callers_than_connections_are_served_without_a_reset_between(database_url: str) -> None:
    async with opened(database_url, most=2, patience=60) as database:
        async with database.connection() as first, database.connection() as second:
            await first.execute(MARK)
            await second.execute(MARK)
        assert await asyncio.gather(*(read(database) for _ in range(20))) == ["made"] * 20


async def test_a_connection_that_was_left_in_disorder_is_not_handed_on(database_url: str) -> None:
    async with opened(database_url, most=1, patience=60) as database:
        async with database.connection() as connection:
            await connection.execute(MARK)
            waiting = asyncio.create_task(read(database))
            await asyncio.sleep(0)
            await connection.execute("BEGIN")
        assert not await waiting


async def test_whoever_waits_too_long_is_told_and_takes_no_turn(database_url: str) -> None:
    async with opened(database_url, most=1, patience=1) as database:
        async with database.connection():
            with pytest.raises(TimedOut):
                await read(database)
            waiting = asyncio.create_task(read(database))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting])
        assert not await read(database)


async def test_a_caller_that_fails_leaves_its_turn(database_url: str) -> None:
    async with opened(database_url, most=1, patience=60) as database:
        for _ in range(3):
            with pytest.raises(LookupError):
                async with database.connection():
                    raise LookupError
        assert not await read(database)


async def test_who_is_cancelled_in_a_transaction_hears_of_that_though_the_rollback_fails(database_url: str) -> None:
    async with opened(database_url, most=2, patience=60) as database:
        begun = asyncio.get_running_loop().create_future()

        async def work() -> None:
            async with database.transaction() as connection:
                begun.set_result(await connection.fetchval("SELECT pg_backend_pid()"))
                await asyncio.Event().wait()

        working = asyncio.create_task(work())
        async with database.connection() as other:
            assert await other.fetchval("SELECT pg_terminate_backend($1, 60000)", await begun)
        working.cancel()
        with pytest.raises(asyncio.CancelledError):
            await working
