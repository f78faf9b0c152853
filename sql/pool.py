"""The connection pool, the codecs of its connections, and the user that a connection works for."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
import structlog

from sql.budget import MeteredConnection
from sql.errors import Closed, TimedOut, Unavailable, translate_driver_errors
from sql.statements import Connection

log = structlog.get_logger()

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Pool = asyncpg.Pool  # generic in the type stubs only


ALL_USERS = "*"
UNSCOPED = "?"
current_user: ContextVar[str] = ContextVar("current_user", default=ALL_USERS)
"""The user whose rows this task may see under row-level security; see sql/migrations/0010_roles.sql.

UNSCOPED is for statements that read no table with row-level security. They run on any connection, whatever its user.
"""


@contextmanager
def unscoped() -> Iterator[None]:
    """The statements of the block read no table with row-level security."""
    token = current_user.set(UNSCOPED)
    try:
        yield
    finally:
        current_user.reset(token)


def encode_json(value: Any) -> str:
    """JSON text for a jsonb parameter; asyncpg's UUID subclass and datetimes become strings."""
    return orjson.dumps(value, default=str).decode()


CLOSE_SECONDS = 10.0
IDLE_SECONDS = 20.0  # how long an unused connection is cached before it returns to the driver's pool


async def _prepare_connection(connection: Any) -> None:
    # Without the codec asyncpg returns jsonb as text.
    await connection.set_type_codec("jsonb", schema="pg_catalog", encoder=encode_json, decoder=orjson.loads)


async def create_pool(
    dsn: str,
    *,
    application: str,
    min_size: int,
    max_size: int,
    statement_timeout: float,
    acquire_timeout: float,
    on_connect: Callable[[Any], None] = lambda connection: None,
) -> Pool:
    """Open a pool; timeouts in seconds, `application` is the name in pg_stat_activity.

    `on_connect` is called with each new connection.
    """

    async def prepare(connection: Any) -> None:
        await _prepare_connection(connection)
        on_connect(connection)

    with translate_driver_errors():
        return await asyncpg.create_pool(
            dsn,
            min_size=min_size,
            max_size=max_size,
            timeout=max(acquire_timeout, 5.0),
            init=prepare,
            connection_class=MeteredConnection,
            server_settings={
                "application_name": application,
                "statement_timeout": str(int(statement_timeout * 1000)),
                "idle_in_transaction_session_timeout": "60000",
                "jit": "off",
                "TimeZone": "UTC",
            },
        )


async def has_row_security(pool: Pool) -> bool:
    """Whether row-level security applies to this login: to all except the owner of the tables."""
    with translate_driver_errors():
        active: bool = await pool.fetchval("SELECT row_security_active('messages')")
    return active


def _is_reusable(connection: Connection) -> bool:
    try:
        return not (connection.is_closed() or connection.is_in_transaction())
    except asyncpg.InterfaceError:
        return False


@dataclass(slots=True)
class PoolWaits:
    """How long callers have waited for a connection since the start, and how often in vain."""

    seconds: float = 0.0
    refused: int = 0


class Database:
    """A pool with two ways to use it: a connection for reading, a transaction for writing.

    Acquiring a connection from the driver's pool and releasing it starts a task each, and resets the connection. So
    released connections are cached here and reused, until nobody has needed them for IDLE_SECONDS.
    """

    def __init__(
        self,
        pool: Pool,
        *,
        acquire_timeout: float,
        row_security: bool = False,
        on_transaction: Callable[[Connection], Awaitable[None]] | None = None,
    ) -> None:
        """`on_transaction` is awaited at the beginning of each transaction."""
        self.pool = pool
        self.waits = PoolWaits()
        self._acquire_timeout = acquire_timeout
        self._on_transaction = on_transaction
        self._row_security = row_security
        self._cached: list[tuple[Connection, str]] = []  # each with the user that it is set to
        self._slots = asyncio.Semaphore(pool.get_max_size())
        self._closing = False
        self._least_cached = 0
        self._releases: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection outside of any transaction.

        Raises TimedOut when none is free in time, Unavailable, or Closed after `close`.
        """
        if self._closing:
            raise Closed
        await self._acquire_slot()
        try:
            connection, user = await self._for_current_user()
            try:
                yield connection
            except BaseException:
                await self._release(connection)
                raise
            if self._closing or not _is_reusable(connection):
                await self._release(connection)
            else:
                self._cache(connection, user)
        finally:
            self._slots.release()

    async def _acquire_slot(self) -> None:
        if not self._slots.locked():
            await self._slots.acquire()
            return
        started = perf_counter()
        try:
            async with asyncio.timeout(self._acquire_timeout):
                await self._slots.acquire()
        except TimeoutError as error:
            self.waits.refused += 1
            raise TimedOut from error
        finally:
            self.waits.seconds += perf_counter() - started

    async def _for_current_user(self) -> tuple[Connection, str]:
        """A connection set to the task's user, and that user. Without row-level security the user is not set."""
        user = current_user.get() if self._row_security else ""
        connection, set_to = self._take_cached(user) or (await self._acquire(), "")
        if user in (set_to, UNSCOPED):
            return connection, set_to
        try:
            with translate_driver_errors():
                await connection.execute("SELECT set_config('resonant.user_id', $1, false)", user)
        except BaseException:
            await self._release(connection)
            raise
        return connection, user

    def _take_cached(self, user: str) -> tuple[Connection, str] | None:
        """The latest cached connection of the user, else one of another user: setting the user costs a round trip."""
        while self._cached:
            latest_first = range(len(self._cached) - 1, -1, -1)
            index = next((at for at in latest_first if self._cached[at][1] == user), None)
            if index is None:  # connections for all users are needed again soon
                index = next((at for at in latest_first if self._cached[at][1] != ALL_USERS), latest_first[0])
            connection, set_to = self._cached.pop(index)
            self._least_cached = min(self._least_cached, len(self._cached))
            if _is_reusable(connection):
                return connection, set_to  # the driver has removed the others from its pool, because they were closed
        return None

    def _cache(self, connection: Connection, user: str) -> None:
        self._cached.append((connection, user))
        if self._timer is None:
            self._least_cached = 0
            self._timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._release_idle)

    def _release_idle(self) -> None:
        """Return connections to the driver's pool that were not needed since the last call; it closes idle ones."""
        idle, self._cached = self._cached[: self._least_cached], self._cached[self._least_cached :]
        self._timer = None
        if self._cached:
            self._least_cached = len(self._cached)
            self._timer = asyncio.get_running_loop().call_later(IDLE_SECONDS, self._release_idle)
        for connection, _ in idle:
            release = asyncio.create_task(self._release(connection))
            self._releases.add(release)
            release.add_done_callback(self._releases.discard)

    async def _acquire(self) -> Connection:
        try:
            with translate_driver_errors():
                return await self.pool.acquire(timeout=self._acquire_timeout)
        except asyncpg.PostgresError as error:
            # The server refused the connection: no statement of ours is the cause.
            raise Unavailable from error

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Connection]:
        """A connection inside a transaction that commits on leaving and rolls back on an exception."""
        async with self.connection() as connection:
            transaction = connection.transaction()
            with translate_driver_errors():
                await transaction.start()
            try:
                if self._on_transaction is not None:
                    await self._on_transaction(connection)
                yield connection
            except BaseException:
                await self._roll_back(transaction)
                raise
            with translate_driver_errors():
                await transaction.commit()

    async def _roll_back(self, transaction: Any) -> None:
        try:
            with translate_driver_errors():
                await transaction.rollback()
        except (Unavailable, TimedOut) as error:
            # The server rolls back when the connection ends. The caller gets the original exception, often a
            # cancellation, and not this one.
            log.debug("a transaction could not be rolled back", error=str(error))

    def for_one_statement(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for one writing statement: without an explicit transaction it needs two round trips less."""
        return self.connection() if self._on_transaction is None else self.transaction()

    async def _release(self, connection: Any) -> None:
        try:
            await self.pool.release(connection)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
            # The server closed the connection and the pool has dropped it. Its statements have already returned.
            log.debug("a connection could not be returned to the pool", error=str(error))

    async def close(self, *, seconds: float = CLOSE_SECONDS) -> None:
        """Close all connections, after those in use are released; those in use for longer than `seconds` are ended."""
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()
        while self._cached:
            await self._release(self._cached.pop()[0])
        try:
            async with asyncio.timeout(seconds):
                await self.pool.close()
        except TimeoutError:
            log.warning("connections were still in use when the pool was closed; they are ended")
            self.pool.terminate()
