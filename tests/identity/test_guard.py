"""Looking accesses up: many by one statement, and never by one that began before the question."""

import asyncio
from contextlib import ExitStack

import pytest

from app.identity.access import Access, AccessChecker
from sql.errors import Unauthenticated
from sql.rows import UserRow
from tests.resolvers.conftest import Api, open_api


def access_of(guard: AccessChecker, user: str) -> Access:
    return Access(guard, UserRow(user, user, "member"), "jwt")


async def test_checks_that_wait_together_share_a_statement(database_url: str) -> None:
    async with open_api(database_url) as api:
        guard = AccessChecker(api.database, poll_seconds=60)
        await asyncio.gather(*(access_of(guard, user).check() for user in ("ann", "bob", "vic") * 100))
        assert _look_ups(api) <= 2


async def test_one_event_for_many_connections_of_a_user_is_one_look_up(database_url: str) -> None:
    async with open_api(database_url) as api:
        guard = AccessChecker(api.database, poll_seconds=60)
        accesses = [access_of(guard, "ann") for _ in range(50)]
        watching = ExitStack()
        for each in accesses:
            watching.enter_context(each.on_revoked(lambda reason: None))
        now = asyncio.get_running_loop().time()
        for each in accesses:
            await each.check(now)
        assert _look_ups(api) == 1
        await api.database.pool.execute("UPDATE users SET disabled_at = now() WHERE id = 'ann'")
        later = asyncio.get_running_loop().time()
        for each in accesses:
            with pytest.raises(Unauthenticated):
                await each.check(later)
        assert _look_ups(api) == 2
        watching.close()
        assert not guard.revocation_callbacks


async def test_the_role_is_taken_over_as_it_is_now(database_url: str) -> None:
    async with open_api(database_url) as api:
        access = access_of(AccessChecker(api.database, poll_seconds=60), "bob")
        await api.database.pool.execute("UPDATE users SET role = 'viewer' WHERE id = 'bob'")
        await access.check()
        assert access.viewer.role == "viewer"


def _look_ups(api: Api) -> int:
    return sum("unnest" in statement and "disabled_at" in statement for statement in api.database.statements)
