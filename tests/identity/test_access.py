"""AccessChecker batches look-ups into one statement that starts after the check was requested."""

import asyncio
from contextlib import ExitStack

import pytest

from app.identity.access import Access, AccessChecker
from sql.errors import Unauthenticated
from sql.rows import UserRow
from tests.resolvers.conftest import Api, open_api


def access_of(checker: AccessChecker, user: str) -> Access:
    return Access(checker, UserRow(user, user, "member"), "jwt")


async def test_concurrent_checks_share_a_statement(database_url: str) -> None:
    async with open_api(database_url) as api:
        checker = AccessChecker(api.database, poll_seconds=60)
        await asyncio.gather(*(access_of(checker, user).check() for user in ("ann", "bob", "vic") * 100))
        assert _look_ups(api) <= 2


async def test_one_event_for_many_connections_of_a_user_is_one_look_up(database_url: str) -> None:
    async with open_api(database_url) as api:
        checker = AccessChecker(api.database, poll_seconds=60)
        accesses = [access_of(checker, "ann") for _ in range(50)]
        callbacks = ExitStack()
        for each in accesses:
            callbacks.enter_context(each.on_revoked(lambda reason: None))
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
        callbacks.close()
        assert not checker.revocation_callbacks


async def test_check_updates_the_role(database_url: str) -> None:
    async with open_api(database_url) as api:
        access = access_of(AccessChecker(api.database, poll_seconds=60), "bob")
        await api.database.pool.execute("UPDATE users SET role = 'viewer' WHERE id = 'bob'")
        await access.check()
        assert access.viewer.role == "viewer"


def _look_ups(api: Api) -> int:
    return sum("unnest" in statement and "disabled_at" in statement for statement in api.database.statements)
