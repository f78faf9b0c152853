"""Temporary databases, into which backups are restored: made without a superuser, and dropped also after a kill."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import structlog

from app.database.connect import connect
from app.errors import OperationFailed, StartError
from app.operations.backup.pg_tools import with_database
from sql.statements import Connection

log = structlog.get_logger()

MAINTENANCE = "postgres"
# Who uses a temporary database holds a lock with its name in the maintenance database until it is dropped or renamed.
LOCK = "SELECT pg_advisory_lock(hashtextextended($1, 0))"
TRY_LOCK = "SELECT pg_try_advisory_lock(hashtextextended($1, 0))"
UNLOCK = "SELECT pg_advisory_unlock(hashtextextended($1, 0))"
MINE = r"SELECT datname FROM pg_database WHERE datname LIKE 'resonant\_restored\_%' AND pg_has_role(datdba, 'USAGE')"
OWNS_VECTOR = "SELECT pg_has_role(extowner, 'USAGE') FROM pg_extension WHERE extname = 'vector'"


@asynccontextmanager
async def administration(dsn: str) -> AsyncIterator[Connection]:
    """A connection to the maintenance database of the same server."""
    connection = await connect(with_database(dsn, MAINTENANCE))
    try:
        yield connection
    except asyncpg.InsufficientPrivilegeError as error:
        raise OperationFailed(
            f"The database login may not do this ({error}). It needs CREATEDB, and has to own the database."
        ) from None
    finally:
        await connection.close()


@asynccontextmanager
async def scratch_database(admin: Connection, dsn: str) -> AsyncIterator[tuple[str, str]]:
    """Name and DSN of a new empty database with pgvector; dropped after the block unless it was renamed.

    Those that killed processes left are dropped first.
    """
    await drop_leftovers(admin)
    name = f"resonant_restored_{uuid4().hex[:12]}"
    await admin.execute(LOCK, name)
    try:
        await _create(admin, dsn, name)
        yield name, with_database(dsn, name)
    finally:
        await asyncio.shield(admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        await asyncio.shield(admin.execute(UNLOCK, name))


async def _create(admin: Connection, dsn: str, name: str) -> None:
    """Create the database. A login that may not create the extension uses that of template1."""
    for template in ("template0", "template1"):
        await admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        connection = await connect(with_database(dsn, name))
        try:
            await connection.execute("CREATE EXTENSION IF NOT EXISTS vector WITH SCHEMA public")
        except asyncpg.InsufficientPrivilegeError:
            pass
        else:
            return
        finally:
            await connection.close()
        await admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
    raise OperationFailed(
        "The database login may not create the extension vector; allow it for the login, or have an administrator run "
        "`CREATE EXTENSION vector` in the database template1."
    )


async def comments_option(dsn: str) -> list[str]:
    """The option of pg_restore for a database whose extension belongs to another login, which alone may comment it."""
    connection = await connect(dsn)
    try:
        return [] if await connection.fetchval(OWNS_VECTOR) else ["--no-comments"]
    finally:
        await connection.close()


async def list_leftovers(admin: Connection) -> list[str]:
    """The temporary databases of this login that no running process uses."""
    left = []
    for row in await admin.fetch(MINE):
        if await admin.fetchval(TRY_LOCK, row["datname"]):
            await admin.execute(UNLOCK, row["datname"])
            left.append(row["datname"])
    return left


async def drop_leftovers(admin: Connection) -> None:
    """Drop the temporary databases that killed processes left."""
    for name in await list_leftovers(admin):
        if not await admin.fetchval(TRY_LOCK, name):
            continue
        try:
            await admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            log.info("a temporary database of a killed process was dropped", name=name)
        finally:
            await admin.execute(UNLOCK, name)


async def drop_leftovers_on(dsn: str) -> None:
    """Drop them on the server of this database; a failure is logged, because the work does not depend on it."""
    try:
        async with administration(dsn) as admin:
            await drop_leftovers(admin)
    except (OperationFailed, StartError, asyncpg.PostgresError) as failure:
        log.warning("temporary databases could not be dropped", reason=str(failure))
