"""Opens the configured database: reachable, new enough, with pgvector, and migrated."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import structlog

from app.database.embedded import embedded_database
from app.database.migrations import Migration, load_migrations, migrate
from app.errors import StartError
from app.retry import DATABASE_UNAVAILABLE, retry
from app.settings import Settings
from app.settings.service import DatabaseSettings
from sql.errors import translate_driver_errors
from sql.pool import Database, create_pool, has_row_security
from sql.statements import Connection

log = structlog.get_logger()

MIN_POSTGRES = 180000
MIN_VECTOR = (0, 8)
CONNECT_SECONDS = 15.0
RECONNECT_SECONDS = 0.25
SEES_ALL_OR_FAILS = {"row_security": "off"}
"""A statement fails when row-level security would hide rows from this login, which then is not the owner's."""
MAX_RECONNECT_SECONDS = 2.0
ATTEMPTS_PER_WARNING = 10


def without_password(dsn: str) -> str:
    """The DSN with the password masked, for messages."""
    return re.sub(r"://([^:@/]*):[^@/]*@", r"://\1:***@", dsn)


async def connect(
    dsn: str, *, timeout: float = CONNECT_SECONDS, session: Mapping[str, str] = SEES_ALL_OR_FAILS
) -> Connection:
    """Connect, retrying for `timeout` seconds because the database may start later than the service.

    `session` are parameters of the session. Raises StartError.
    """
    now = asyncio.get_running_loop().time
    deadline = now() + timeout

    async def attempt() -> Connection:
        with translate_driver_errors():
            return await asyncpg.connect(dsn, timeout=5, server_settings=dict(session))

    def pause_after(failure: Exception, attempt: int) -> float | None:
        if not isinstance(failure, DATABASE_UNAVAILABLE) or now() >= deadline:
            return None
        if attempt % ATTEMPTS_PER_WARNING == 0:
            log.warning("database unavailable", database=without_password(dsn), error=str(failure.__cause__))
        return min(RECONNECT_SECONDS * attempt, MAX_RECONNECT_SECONDS)

    try:
        return await retry(attempt, pause_after)
    except DATABASE_UNAVAILABLE as unavailable:
        error = unavailable.__cause__
        raise StartError(
            f"The database {without_password(dsn)} cannot be reached ({str(error) or type(error).__name__}); "
            "check that it is running and that DATABASE_URL is correct."
        ) from None
    except (asyncpg.PostgresError, ValueError) as error:
        raise StartError(f"The database {without_password(dsn)} refused the connection: {error}") from None


async def check_versions(connection: Connection) -> tuple[str, str]:
    """The versions of PostgreSQL and pgvector. Raises StartError when one is missing or too old."""
    number, shown = await connection.fetchrow(  # type: ignore[misc]
        "SELECT current_setting('server_version_num')::int, current_setting('server_version')"
    )
    if number < MIN_POSTGRES:
        raise StartError(f"PostgreSQL {shown} is too old: 18 or newer is needed.")
    vector = await connection.fetchval(
        "SELECT coalesce((SELECT extversion FROM pg_extension WHERE extname = 'vector'), "
        "(SELECT default_version FROM pg_available_extensions WHERE name = 'vector'))"
    )
    if vector is None:
        raise StartError("This PostgreSQL has no pgvector: install version 0.8 or newer on the database server.")
    if tuple(int(part) for part in vector.split(".")[:2]) < MIN_VECTOR:
        raise StartError(
            f"pgvector {vector} is too old: 0.8 or newer is needed; install it and run `ALTER EXTENSION vector UPDATE`."
        )
    return shown.split()[0], vector


async def prepare_database(dsn: str, *, timeout: float = CONNECT_SECONDS) -> tuple[str, list[Migration]]:
    """Check the database and migrate it; returns PostgreSQL's version and the applied migrations.

    A database that is away is waited for, for `timeout` seconds.
    Raises StartError; Unavailable or TimedOut when the database becomes unavailable meanwhile.
    """
    migrations = load_migrations()
    connection = await connect(dsn, timeout=timeout)
    try:
        with translate_driver_errors():
            version, _ = await check_versions(connection)
            return version, await migrate(connection, migrations)
    finally:
        await connection.close()


@asynccontextmanager
async def database_for(settings: Settings, *, say: Callable[[str], None]) -> AsyncIterator[str]:
    """The DSN of the configured database: DATABASE_URL, or the embedded database, which runs during the block.

    `say` gets one line for each change that the embedded database makes to the machine.
    """
    if settings.database_url is not None:
        if urlsplit(settings.database_url).scheme not in ("postgresql", "postgres"):
            raise StartError("DATABASE_URL must begin with postgresql://.")
        yield settings.database_url
    else:
        async with embedded_database(settings.data_dir, say=say) as dsn:
            yield dsn


@asynccontextmanager
async def open_database(
    settings: DatabaseSettings,
    dsn: str,
    *,
    name: str,
    max_size: int | None = None,
    on_connect: Callable[[Any], None] = lambda connection: None,
    on_transaction: Callable[[Connection], Awaitable[None]] | None = None,
) -> AsyncIterator[Database]:
    """A connection pool that is closed after the block; `name` is shown in pg_stat_activity.

    `max_size` defaults to the setting. `on_connect` is called with each new connection, `on_transaction` after BEGIN.
    """
    most = max_size or settings.database_pool_max_size
    pool = await create_pool(
        dsn,
        application=f"resonant {name}",
        min_size=min(settings.database_pool_min_size, most),
        max_size=most,
        statement_timeout=settings.database_statement_timeout,
        acquire_timeout=settings.database_acquire_timeout,
        on_connect=on_connect,
    )
    try:
        row_security = await has_row_security(pool)
    except BaseException:
        await pool.close()
        raise
    database = Database(
        pool,
        acquire_timeout=settings.database_acquire_timeout,
        row_security=row_security,
        on_transaction=on_transaction,
    )
    try:
        yield database
    finally:
        await database.close()
