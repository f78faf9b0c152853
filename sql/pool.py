"""The connection pool, with the codecs that every connection needs."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
import structlog

from sql.errors import TimedOut, Unavailable, translated
from sql.statements import Connection

log = structlog.get_logger()

if TYPE_CHECKING:
    Pool = asyncpg.Pool[asyncpg.Record]
else:
    Pool = asyncpg.Pool  # generic in the type stubs only


EVERYBODY = "*"
WHOEVER = "?"
working_for: ContextVar[str] = ContextVar("working_for", default=EVERYBODY)
"""Whose rows this task may see where row-level security stands behind the statements; see the migration `roles`.

WHOEVER is for statements that ask of no walled table: they run as whoever the connection was last used for.
"""


@contextmanager
def working_for_whoever() -> Iterator[None]:
    before = working_for.set(WHOEVER)
    try:
        yield
    finally:
        working_for.reset(before)


def encode_json(value: Any) -> str:
    """JSON text for a jsonb parameter; asyncpg's UUID subclass and datetimes become strings."""
    return orjson.dumps(value, default=str).decode()


# How long a connection stays at hand when nobody needs it.
KEPT_SECONDS = 20.0


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


def _is_in_order(connection: Connection) -> bool:
    try:
        return not (connection.is_closed() or connection.is_in_transaction())
    except asyncpg.InterfaceError:
        return False


class Database:
    """A pool with the two ways to use it: a connection for reading, a transaction for writing.

    Taking a connection out of the driver's pool and giving it back starts a task each. So connections that come back
    in good order are kept at hand for whoever is next, as long as somebody keeps coming.
    """

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
        self._at_hand: list[tuple[Connection, str]] = []  # each with whom it works for
        # Whoever waits here gets a connection at hand: one that goes through the driver's pool is reset on the way.
        self._turns = asyncio.Semaphore(pool.get_max_size())
        self._closing = False
        self._least_at_hand = 0
        self._giving_back: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    @asynccontextmanager
    async def connection(self) -> AsyncIterator[Connection]:
        """A connection outside of any transaction; raises TimedOut when none is free in time, or Unavailable."""
        await self._await_turn()
        try:
            connection, user = await self._named()
            try:
                yield connection
            except BaseException:
                await self._release(connection)
                raise
            if self._closing or not _is_in_order(connection):
                await self._release(connection)
            else:
                self._keep_at_hand(connection, user)
        finally:
            self._turns.release()

    async def _await_turn(self) -> None:
        if not self._turns.locked():
            await self._turns.acquire()
            return
        try:
            async with asyncio.timeout(self._acquire_timeout):
                await self._turns.acquire()
        except TimeoutError as error:
            raise TimedOut from error

    async def _named(self) -> tuple[Connection, str]:
        """A connection, and for whom it works: whoever this task works for."""
        # Without a wall nobody has to be named, and any connection will do.
        user = working_for.get() if self._walled else ""
        connection, named = self._take(user) or (await self._acquire(), "")
        if user in (named, WHOEVER):
            return connection, named
        try:
            with translated():
                await connection.execute("SELECT set_config('resonant.user_id', $1, false)", user)
        except BaseException:
            await self._release(connection)
            raise
        return connection, user

    def _take(self, user: str) -> tuple[Connection, str] | None:
        """The latest that works for the user already, or else for another user: naming one costs a round trip."""
        while self._at_hand:
            suits = range(len(self._at_hand) - 1, -1, -1)
            place = next((at for at in suits if self._at_hand[at][1] == user), None)
            if place is None:  # what works for everybody is needed so again in a moment
                place = next((at for at in suits if self._at_hand[at][1] != EVERYBODY), suits[0])
            connection, named = self._at_hand.pop(place)
            self._least_at_hand = min(self._least_at_hand, len(self._at_hand))
            if _is_in_order(connection):
                return connection, named  # others have gone back to the pool by themselves, when their server went away
        return None

    def _keep_at_hand(self, connection: Connection, user: str) -> None:
        self._at_hand.append((connection, user))
        if self._timer is None:
            self._least_at_hand = 0
            self._timer = asyncio.get_running_loop().call_later(KEPT_SECONDS, self._give_back_idle)

    def _give_back_idle(self) -> None:
        """Give the pool what nobody has needed for a while; it closes what it does not need either."""
        idle, self._at_hand = self._at_hand[: self._least_at_hand], self._at_hand[self._least_at_hand :]
        self._timer = None
        if self._at_hand:
            self._least_at_hand = len(self._at_hand)
            self._timer = asyncio.get_running_loop().call_later(KEPT_SECONDS, self._give_back_idle)
        for connection, _ in idle:
            giving_back = asyncio.create_task(self._release(connection))
            self._giving_back.add(giving_back)
            giving_back.add_done_callback(self._giving_back.discard)

    async def _acquire(self) -> Connection:
        try:
            with translated():
                return await self.pool.acquire(timeout=self._acquire_timeout)
        except asyncpg.PostgresError as error:
            # Whatever keeps the server from letting us in, no statement of ours is to blame.
            raise Unavailable from error

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
                await self._roll_back(transaction)
                raise
            with translated():
                await transaction.commit()

    async def _roll_back(self, transaction: Any) -> None:
        try:
            with translated():
                await transaction.rollback()
        except (Unavailable, TimedOut) as error:
            # The server rolls back by itself what it cannot be asked to. Why the transaction ended, a cancellation
            # above all, is what the caller has to hear.
            log.debug("a transaction could not be rolled back", error=str(error))

    def for_one_statement(self) -> AbstractAsyncContextManager[Connection]:
        """A connection for one statement that writes: it is a transaction by itself, and two round trips less."""
        return self.connection() if self._begun is None else self.transaction()

    async def _release(self, connection: Any) -> None:
        try:
            await self.pool.release(connection)
        except (asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError, OSError) as error:
            # The server went away. The pool has thrown the connection away; what was asked of it has its answer,
            # or its error, already.
            log.debug("a connection could not be given back", error=str(error))

    async def close(self) -> None:
        """Close all connections, once those that are in use have come back."""
        self._closing = True
        if self._timer is not None:
            self._timer.cancel()
        while self._at_hand:
            await self._release(self._at_hand.pop()[0])
        await self.pool.close()
