"""Logins of services, each in one of the roles that the migrations make."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg

PASSWORD = "made-for-a-test"
Login = Callable[[str], Awaitable[str]]


def as_login(dsn: str, name: str) -> str:
    """The address with another login."""
    parts = urlsplit(dsn)
    place = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{name}:{PASSWORD}@{place}"))


@asynccontextmanager
async def logins(dsn: str) -> AsyncIterator[Login]:
    """Makes a login in a role, and gives the address with which it connects; all are gone after the block."""
    admin = await asyncpg.connect(dsn)
    made: list[str] = []

    async def make(role: str) -> str:
        name = f"login_{uuid4().hex}"
        await admin.execute(f"CREATE ROLE {name} LOGIN PASSWORD '{PASSWORD}' IN ROLE {role}")
        made.append(name)
        return as_login(dsn, name)

    try:
        yield make
    finally:
        for name in made:
            await admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1", name)
            await admin.execute(f"DROP ROLE {name}")
        await admin.close()
