"""The connection pool, with the codecs that every connection needs."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
import structlog

from sql.errors import Unavailable, translated
from sql.statements import Connection

log = structlog.get_logger()

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Pool = asyncpg.Pool  # generic in the type stubs only


EVERYBODY = "*"
working_for: ContextVar[str] = ContextVar("working_for", default=EVERYBODY)
"""Whose rows this task may see where row-level security stands behind the statements; see the migration `roles`."""


def encode_json(value: Any) -> str:
    """JSON text for a jsonb parameter; asyncpg's UUID subclass and datetimes become strings."""
    return orjson.dumps(value, default=str).decode()


async def _prepare_connection(connection: Any) -> None:
    # Without the codec asyncpg hands jsonb out as text, and "{}" passes for an empty object ever after.
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=encode_json, decoder=orjson.loads)


async def create_pool(
    dsn: str,
    *,
    application: str,
    min_size: int,
    max_size: int,
    statement_timeout: float,
    acquire_timeout: float,
    watch: Callable[[Any], None] = lambda connection: None,
) -> Pool:
    """Open a pool; time-outs are in seconds, `application` is the name that pg_stat_activity shows.

    `watch` is handed each new connection.
    """

    async def prepare(connection: Any) -> None:
        await _prepare_connection(connection)
        watch(connection)

    with translated():
        return await asyncpg.create_pool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            timeout=max(acquire_timeout, 5.0),
            init=prepare,
            server_settings={
                "application_name": application,
                "statement_timeout": str(int(statement_timeout * 1000)),
                "idle_in_transaction_session_timeout": "60000",
                "jit": "off",
                "TimeZone": "UTC",
            },
        )


async def is_walled(pool: Pool) -> bool:
    """Whether row-level security holds for this login: it does for all but the owner of the tables."""
    with translated():
        walled: bool = await pool.fetchval("SELECT row_security_active('messages')")
    return walled


class Database:
    """A pool with the two ways to use it: a connection for reading, a transaction for writing."""

    def __init__(
        self,
        pool: Pool,
        *,
        acquire_timeout: float,
        walled: bool = False,
        begun: Callable[[Connection], Awaitable[None]] | None = None,
    ) -> None:
        """`begun` is awaited at the beginning of each transaction."""
        self.pool = pool
        self._acquire_timeout = acquire_timeout
        self._begun = begun
        self._walled = walled

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection outside of any transaction; raises TimedOut when none is free in time, or Unavailable."""
        try:
            with translated():
                connection = await self.pool.acquire(timeout=self._acquire_timeout)
        except asyncpg.PostgresError as error:
            # Whatever keeps the server from letting us in, no statement of ours is to blame.
            raise Unavailable from error
        try:
            if self._walled:
                with translated():
                    await connection.execute("SELECT set_config('resonant.user_id', $1, false)", working_for.get())
            yield connection
        finally:
            await self._release(connection)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside a transaction that commits on leaving and rolls back on an exception."""
        async with self.connection() as connection:
            transaction = connection.transaction()
            with translated():
                await transaction.start()
            try:
                if self._begun is not None:
                    await self._begun(connection)
                yield connection
            except BaseException:
                with translated():
                    await transaction.rollback()
                raise
            with translated():
                await transaction.commit()

    async def _release(self, connection: Any) -> None:
        try:
            await self.pool.release(connection)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
            # The server went away. The pool has thrown the connection away; what was asked of it has its answer,
            # or its error, already.
            log.debug("a connection could not be given back", error=str(error))

    async def close(self) -> None:
        await self.pool.close()
