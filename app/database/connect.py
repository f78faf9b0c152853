"""A database that can be used: reachable, new enough, with pgvector, and migrated."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import asyncpg

from app.database.embedded import embedded_database
from app.database.migrations import Migration, load_migrations, migrate
from app.errors import StartError
from app.settings import Settings
from sql.errors import TimedOut, Unavailable, translated
from sql.statements import Connection

MIN_POSTGRES = 180000
MIN_VECTOR = (0, 8)
START_SECONDS = 15.0


def without_password(dsn: str) -> str:
    """The address as it may be shown."""
    return re.sub(r"://([^:@/]*):[^@/]*@", r"://\1:***@", dsn)


async def connect(dsn: str, *, patience: float = START_SECONDS) -> Connection:
    """A connection, tried for `patience` seconds, because services that start together find each other late."""
    loop = asyncio.get_running_loop()
    deadline = loop.time() + patience
    while True:
        try:
            with translated():
                return await asyncpg.connect(dsn, timeout=5)
        except (Unavailable, TimedOut) as away:
            error = away.__cause__
            if loop.time() >= deadline:
                raise StartError(
                    f"The database {without_password(dsn)} cannot be reached ({str(error) or type(error).__name__}); "
                    "check that it runs and that DATABASE_URL is right."
                ) from None
            await asyncio.sleep(0.25)
        except (asyncpg.PostgresError, ValueError) as error:
            raise StartError(f"The database {without_password(dsn)} refused us: {error}") from None


async def check_versions(connection: Connection) -> tuple[str, str]:
    """PostgreSQL's version and pgvector's. Raises StartError when either is missing or too old."""
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


async def prepare_database(dsn: str) -> tuple[str, list[Migration]]:
    """Check the database and migrate it; PostgreSQL's version and what was applied.

    Raises StartError; Unavailable or TimedOut when the database goes away in the midst of it.
    """
    migrations = load_migrations()
    connection = await connect(dsn)
    try:
        with translated():
            version, _ = await check_versions(connection)
            return version, await migrate(connection, migrations)
    finally:
        await connection.close()


@asynccontextmanager
async def database_for(settings: Settings, *, say: Callable[[str], None]) -> AsyncIterator[str]:
    """The DSN of the database that the settings mean: DATABASE_URL, or the embedded one while the block runs."""
    if settings.database_url is not None:
        if urlsplit(settings.database_url).scheme not in ("postgresql", "postgres"):
            raise StartError("DATABASE_URL must begin with postgresql://.")
        yield settings.database_url
    else:
        async with embedded_database(settings.data_dir, say=say) as dsn:
            yield dsn
