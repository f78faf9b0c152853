"""The connection pool hands connections on without a reset, and times out callers that wait too long."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from app.retry import retry_while_unavailable
from sql.errors import Closed, TimedOut
from sql.pool import Database, create_pool

MARK = "SELECT set_config('resonant.mark', 'made', false)"
MARKED = "SELECT current_setting('resonant.mark', true)"


@asynccontextmanager
async def opened(url: str, *, most: int, timeout: float) -> AsyncIterator[Database]:
    pool = await create_pool(
        url, application="test", min_size=most, max_size=most, statement_timeout=60, acquire_timeout=60
    )
    database = Database(pool, acquire_timeout=timeout)
    try:
        yield database
    finally:
        await database.close()


async def read(database: Database) -> str:
    async with database.connection() as connection:
        found: str = await connection.fetchval(MARKED)
    return found


async def test_connections_are_reused_without_a_reset(database_url: str) -> None:
    async with opened(database_url, most=2, timeout=60) as database:
        async with database.connection() as first, database.connection() as second:
            await first.execute(MARK)
            await second.execute(MARK)
        assert await asyncio.gather(*(read(database) for _ in range(20))) == ["made"] * 20


async def test_connection_with_an_open_transaction_is_not_reused(database_url: str) -> None:
    async with opened(database_url, most=1, timeout=60) as database:
        async with database.connection() as connection:
            await connection.execute(MARK)
            waiting = asyncio.create_task(read(database))
            await asyncio.sleep(0)
            await connection.execute("BEGIN")
        assert not await waiting


async def test_caller_that_waits_too_long_times_out_and_frees_its_slot(database_url: str) -> None:
    async with opened(database_url, most=1, timeout=1) as database:
        async with database.connection():
            with pytest.raises(TimedOut):
                await read(database)
            waiting = asyncio.create_task(read(database))
            await asyncio.sleep(0)
            waiting.cancel()
            await asyncio.wait([waiting])
        assert not await read(database)


async def test_failing_caller_frees_its_slot(database_url: str) -> None:
    async with opened(database_url, most=1, timeout=60) as database:
        for _ in range(3):
            with pytest.raises(LookupError):
                async with database.connection():
                    raise LookupError
        assert not await read(database)


async def test_cancellation_in_a_transaction_propagates_when_the_rollback_fails(database_url: str) -> None:
    async with opened(database_url, most=2, timeout=60) as database:
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


async def test_closed_pool_ends_retries_and_connections_that_are_still_in_use(database_url: str) -> None:
    async with opened(database_url, most=1, timeout=60) as database:
        holding = asyncio.Event()

        async def hold() -> None:
            async with database.connection():
                holding.set()
                await asyncio.Event().wait()

        held = asyncio.create_task(hold())
        await holding.wait()
        await database.close(seconds=0.1)
        with pytest.raises(Closed):
            await retry_while_unavailable(database.connection, lambda connection: connection.fetchval("SELECT 1"))
        held.cancel()
        await asyncio.wait([held])
