"""Passwords are hashed a few at a time, in turns that clients share, and only after cheaper checks."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from threading import Event

import pytest
from argon2 import PasswordHasher
from starlette.requests import HTTPConnection

from app.identity.access import Access, AccessChecker
from app.identity.accounts import Accounts, SessionLifetime
from app.identity.anonymous import AnonymousAccess
from app.identity.middleware import NEW_COOKIES
from app.identity.passwords import MAX_CONCURRENT, MAX_WAITING_PER_CLIENT, Passwords, validated_password
from app.identity.secrets import create_setup_code
from app.identity.sign_in_throttle import ThrottleRule, ThrottleRules, client_of
from app.identity.turns import TooManyAttempts, Turns
from sql.errors import BadUserInput, ResonantError, Unauthenticated
from sql.pool import Database
from sql.repositories.accounts import find_account, insert_account, to_user
from sql.rows import UserRow
from tests.identity.conftest import PASSWORD, hashed

ADDRESS = "10.0.0.1"
ANOTHER = PasswordHasher(1, 8, 1).hash("another phrase of some length")
RULES = ThrottleRules(account=ThrottleRule(5, 300), address=ThrottleRule(20, 3600))


class CountingPasswords(Passwords):
    """Counts what is hashed; a hash waits for `may_finish`."""

    def __init__(self) -> None:
        super().__init__()
        self.hashed = 0
        self.may_finish = Event()
        self.may_finish.set()

    def compute_hash(self, password: str) -> str:
        self.hashed += 1
        self.may_finish.wait()
        return hashed()

    def matches(self, password: str, stored_hash: str) -> bool:
        self.hashed += 1
        return super().matches(password, stored_hash)


@asynccontextmanager
async def all_turns_taken(passwords: Passwords, client: str) -> AsyncIterator[None]:
    """Every turn is in use, and the queue of the client is full, while the block runs."""
    async with AsyncExitStack() as stack:
        for _ in range(MAX_CONCURRENT):
            await stack.enter_async_context(passwords.turn("another"))
        waiting = [asyncio.create_task(passwords._turns.take(client)) for _ in range(MAX_WAITING_PER_CLIENT)]
        await asyncio.sleep(0)
        try:
            yield
        finally:
            for each in waiting:
                each.cancel()
            await asyncio.wait(waiting)


def accounts_for(database: Database, passwords: Passwords, access: Access | AnonymousAccess) -> Accounts:
    connection = HTTPConnection({"type": "http", "scheme": "http", "headers": [], "path": "/graphql", NEW_COOKIES: []})
    return Accounts(database, passwords, SessionLifetime(60, 60), RULES, access, connection)


async def until(condition: Callable[[], bool]) -> None:
    while not condition():  # noqa: ASYNC110 - there is no event for what threads and queues have reached
        await asyncio.sleep(0.01)


async def insert_user(database: Database, name: str) -> UserRow:
    async with database.transaction() as connection:
        return to_user(
            await insert_account(connection, name=name, display_name=name, role="owner", password_hash=hashed())
        )


async def refused(attempt: object) -> str:
    with pytest.raises(ResonantError) as caught:
        await attempt  # type: ignore[misc]
    return caught.value.key


async def granted(turns: Turns, clients: list[str]) -> list[str]:
    """The order in which callers get turns, when all wait at the same time."""
    order: list[str] = []

    async def caller(client: str) -> None:
        await turns.take(client)
        order.append(client)
        turns.release()

    await turns.take("first")
    tasks = [asyncio.create_task(caller(client)) for client in clients]
    await asyncio.sleep(0)
    turns.release()
    await asyncio.gather(*tasks)
    return order


async def test_clients_get_turns_in_rotation() -> None:
    order = await granted(Turns(1, per_client=9, total=99), ["flood"] * 5 + ["ann", "bob"])
    assert order == ["flood", "ann", "bob", "flood", "flood", "flood", "flood"]


async def test_full_queues_refuse_and_displace_the_client_with_most_callers() -> None:
    turns = Turns(1, per_client=3, total=4)
    await turns.take("flood")
    flood = [asyncio.create_task(turns.take("flood")) for _ in range(5)]
    await asyncio.sleep(0)
    assert [each.done() for each in flood] == [False, False, False, True, True]
    ann = asyncio.create_task(turns.take("ann"))
    bob = asyncio.create_task(turns.take("bob"))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert [each.done() for each in flood] == [False, False, True, True, True]
    assert (turns.waiting, ann.done(), bob.done()) == (4, False, False)
    for refusal in flood[2:]:
        assert isinstance(refusal.exception(), TooManyAttempts)
    for waiting in (*flood[:2], ann):
        waiting.cancel()
    turns.release()
    await bob
    turns.release()
    await turns.take("again")  # cancelled callers keep no turn
    assert turns.waiting == 0


async def test_turn_of_a_cancelled_caller_lasts_until_its_hash_is_computed() -> None:
    passwords = CountingPasswords()
    passwords.may_finish.clear()

    async def hash_once(client: str) -> str:
        async with passwords.turn(client) as turn:
            return await turn.hash(PASSWORD)

    cancelled = [asyncio.create_task(hash_once("flood")) for _ in range(MAX_CONCURRENT)]
    await until(lambda: passwords.hashed == MAX_CONCURRENT)
    for task in cancelled:
        task.cancel()
    await asyncio.wait(cancelled)
    following = asyncio.create_task(hash_once("ann"))
    await asyncio.sleep(0.05)
    assert passwords.hashed == MAX_CONCURRENT
    passwords.may_finish.set()
    assert await following == hashed()


async def test_claim_without_a_valid_code_hashes_nothing(database: Database) -> None:
    passwords = CountingPasswords()
    code = await create_setup_code(database)
    assert code is not None
    accounts = accounts_for(database, passwords, AnonymousAccess(ADDRESS))
    for wrong, name, password in ((f"{code}x", "ann", PASSWORD), (code, "ann", "short"), (code, "a n", PASSWORD)):
        with pytest.raises((Unauthenticated, BadUserInput)):
            await accounts.claim_ownership(wrong, name, password)
    assert passwords.hashed == 0
    await accounts.claim_ownership(code, "ann", PASSWORD)
    assert passwords.hashed == 1
    assert await refused(accounts.claim_ownership(code, "eve", PASSWORD)) == "setup_link.used"
    assert passwords.hashed == 1


async def test_input_that_takes_quadratic_time_to_normalize_is_refused_by_its_length(database: Database) -> None:
    marks = "a" + "\u0301\u0327" * 400_000
    accounts = accounts_for(database, CountingPasswords(), AnonymousAccess(ADDRESS))
    for name, password in ((marks, PASSWORD), ("ann", marks), (marks, marks)):
        assert await refused(accounts.sign_in(name, password)) == "sign_in.failed"
    assert await refused(accounts.claim_ownership("x", marks, PASSWORD)) == "account.name_invalid"
    assert await refused(accounts.claim_ownership("x", "ann", marks)) == "password.wrong_length"
    composed = "e\u0301a\u0301i\u0301o\u0301" * 5
    assert validated_password(composed, None) == composed


async def test_attempt_refused_for_load_is_not_counted_and_others_are_not_refused(database: Database) -> None:
    passwords = CountingPasswords()
    ann = await insert_user(database, "ann")
    accounts = accounts_for(database, passwords, AnonymousAccess(ADDRESS))
    bob = await insert_user(database, "bob")
    access = Access(AccessChecker(database, poll_seconds=1), bob, "session", address=ADDRESS)
    own = accounts_for(database, passwords, access)
    async with all_turns_taken(passwords, client_of(ADDRESS)):
        for _ in range(RULES.account.free + 1):
            assert await refused(accounts.sign_in("ann", PASSWORD)) == "sign_in.busy"
        other = asyncio.create_task(
            accounts_for(database, passwords, AnonymousAccess("10.0.0.2")).sign_in("ann", PASSWORD)
        )
        change = asyncio.create_task(own.change_password(PASSWORD, "another phrase of some length", keep_tokens=False))
        await until(lambda: passwords._turns.waiting == MAX_WAITING_PER_CLIENT + 2)
    assert (await other).user.id == ann.id
    await change
    assert await database.pool.fetchval("SELECT coalesce(sum(failures), 0) FROM sign_in_attempts") == 0


async def test_delayed_attempt_and_unfit_new_password_take_no_turn(database: Database) -> None:
    passwords = CountingPasswords()
    ann = await insert_user(database, "ann")
    access = Access(AccessChecker(database, poll_seconds=1), ann, "session", address=ADDRESS)
    own = accounts_for(database, passwords, access)
    assert await refused(own.change_password(PASSWORD, "short", keep_tokens=False)) == "password.wrong_length"
    await database.pool.execute(
        "INSERT INTO sign_in_attempts (key, failures, blocked_until) VALUES ('account:ann', 9, now() + interval '99 s')"
    )
    anonymous = accounts_for(database, passwords, AnonymousAccess(ADDRESS))
    assert await refused(anonymous.sign_in("ann", PASSWORD)) == "sign_in.throttled"
    assert await refused(own.change_password(PASSWORD, "a new one entirely", keep_tokens=False)) == "sign_in.throttled"
    assert passwords.hashed == 0


async def test_password_changed_during_a_sign_in_is_not_signed_in_with(database: Database) -> None:
    class ChangingPasswords(Passwords):
        """The password is changed by another request after it was verified."""

        def is_outdated(self, stored_hash: str) -> bool:
            return True

        def compute_hash(self, password: str) -> str:
            asyncio.run_coroutine_threadsafe(change(), loop).result()
            return super().compute_hash(password)

    async def change() -> None:
        await database.pool.execute("UPDATE users SET password_hash = $1", ANOTHER)

    loop = asyncio.get_running_loop()
    ann = await insert_user(database, "ann")
    accounts = accounts_for(database, ChangingPasswords(), AnonymousAccess(ADDRESS))
    assert await refused(accounts.sign_in("ann", PASSWORD)) == "sign_in.failed"
    async with database.connection() as connection:
        found = await find_account(connection, ann.id)
    assert found is not None
    assert found.password_hash == ANOTHER
    assert await database.pool.fetchval("SELECT count(*) FROM credentials") == 0
