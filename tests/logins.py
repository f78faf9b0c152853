"""Database logins for services, each in one of the roles that the migrations create."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

PASSWORD = "made-for-a-test"
Login = Callable[[str], Awaitable[str]]


def as_login(dsn: str, name: str) -> str:
    """The database URL with another login."""
    parts = urlsplit(dsn)
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{name}:{PASSWORD}@{host}"))


@asynccontextmanager
async def logins(dsn: str) -> AsyncIterator[Login]:
    """A function that creates a login in a role and returns its database URL; all are dropped after the block."""
    admin = await asyncpg.connect(dsn)
    created: list[str] = []

    async def create(role: str) -> str:
        name = f"login_{uuid4().hex}"
        await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' IN ROLE {role}")
        created.append(name)
        return as_login(dsn, name)

    try:
        yield create
    finally:
        for name in created:
            await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", name)
            await admin.execute(f"DROP ROLE {name}")
        await admin.close()
