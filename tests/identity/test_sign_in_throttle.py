"""The sign-in throttle: free attempts, then growing delays, equal for known and unknown names."""

import asyncio

import pytest

from app.identity.sign_in_throttle import ThrottleRule, ThrottleRules, count_attempt, reset_attempts
from app.identity.turns import TooManyAttempts
from sql.pool import Database
from tests.identity.conftest import PASSWORD, SIGN_IN, Backend, ask, code_of, run_backend

RULES = ThrottleRules(account=ThrottleRule(5, 300), address=ThrottleRule(20, 3600))


async def fail_attempt(database: Database, name: str, address: str | None) -> None:
    async with database.transaction() as connection:
        await count_attempt(connection, RULES, name, address)


def test_delay_doubles_up_to_its_maximum() -> None:
    account, address = RULES.account, RULES.address
    assert [account.delay(failures) for failures in (1, 4, 5, 6, 7, 8)] == [0, 0, 1, 2, 4, 8]
    assert account.delay(10_000) == 300
    assert [address.delay(failures) for failures in (19, 20, 21)] == [0, 1, 2]
    assert address.delay(10_000) == 3600


async def test_concurrent_attempts_are_throttled_like_sequential_ones(database: Database) -> None:
    results = await asyncio.gather(
        *(fail_attempt(database, "ann", f"10.0.0.{number}") for number in range(30)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, TooManyAttempts)]
    assert len(refused) == 30 - RULES.account.free
    assert all(refusal.params["seconds"] >= 1 for refusal in refused)


async def test_address_is_delayed_with_its_ipv6_network(
    database: Database,
) -> None:
    for number in range(RULES.address.free):
        await fail_attempt(database, f"name{number}", f"2001:db8::{number:x}")
    with pytest.raises(TooManyAttempts):
        await fail_attempt(database, "another", "2001:db8::ffff")
    await fail_attempt(database, "another", "2001:db8:0:1::1")
    for number in range(RULES.address.free):
        await fail_attempt(database, f"other{number}", "::ffff:10.0.0.1")
    with pytest.raises(TooManyAttempts):
        await fail_attempt(database, "yet-another", "10.0.0.1")


async def test_sign_in_resets_the_account_and_not_the_address(database: Database) -> None:
    for _ in range(4):
        await fail_attempt(database, "ann", "10.0.0.1")
    await fail_attempt(database, "bob", "10.0.0.1")
    async with database.transaction() as connection:
        await reset_attempts(connection, "ann", "10.0.0.1")
    rows = await database.pool.fetch("SELECT key, failures FROM sign_in_attempts ORDER BY key")
    assert [tuple(row) for row in rows] == [("account:bob", 1), ("address:10.0.0.1", 4)]


async def test_failures_are_forgotten_after_a_day(database: Database) -> None:
    for _ in range(RULES.account.free):
        await fail_attempt(database, "ann", None)
    await database.pool.execute(
        "UPDATE sign_in_attempts SET last_at = now() - interval '25 hours', blocked_until = now()"
    )
    await fail_attempt(database, "ann", None)
    assert await database.pool.fetchval("SELECT failures FROM sign_in_attempts") == 1


async def test_correct_password_is_delayed_and_unknown_name_gets_the_same_answer(backend: Backend) -> None:
    await backend.add_user("ann")
    answers = {}
    for name in ("ann", "nobody"):
        browser = backend.browser()
        for _ in range(RULES.account.free):
            assert await code_of(browser, SIGN_IN, name=name, password="wrong password here") == "UNAUTHENTICATED"
        await backend.execute(
            "UPDATE sign_in_attempts SET blocked_until = now() + interval '99.5 s' WHERE key LIKE 'acc%'"
        )
        answers[name] = (await ask(browser, SIGN_IN, name=name, password=PASSWORD))["errors"]
    assert answers["ann"] == answers["nobody"]
    assert answers["ann"][0]["extensions"] == {
        "code": "RATE_LIMITED",
        "key": "sign_in.throttled",
        "params": {"seconds": 100},
    }
    await backend.execute("UPDATE sign_in_attempts SET blocked_until = now()")
    assert "data" in await ask(backend.browser(), SIGN_IN, name="ann", password=PASSWORD)


async def test_password_change_is_throttled_too(backend: Backend) -> None:
    await backend.add_user("ann")
    browser = await backend.sign_in("ann")
    change = 'mutation { changePassword(input: {currentPassword: "a guess", newPassword: "a new one entirely"}) }'
    codes = [await code_of(browser, change) for _ in range(RULES.account.free)]
    await backend.extend_delays()
    assert [*codes, await code_of(browser, change)] == ["BAD_USER_INPUT"] * RULES.account.free + ["RATE_LIMITED"]


async def test_settings_set_free_attempts_and_maximum_delays(database_url: str) -> None:
    delays = (
        "SELECT array_agg(round(extract(epoch FROM blocked_until - last_at))::int ORDER BY key) FROM sign_in_attempts"
    )
    chosen = {
        "auth_sign_in_free_attempts": 2,
        "auth_sign_in_max_delay": 7.0,
        "auth_sign_in_free_attempts_by_address": 3,
    }
    async with run_backend(database_url, **chosen, auth_sign_in_max_delay_by_address=9.0) as backend:
        found = []
        for failures in (0, 1, 2, 50):
            await backend.execute("UPDATE sign_in_attempts SET blocked_until = now(), failures = $1", failures)
            assert await code_of(backend.browser(), SIGN_IN, name="ann", password="a guess") == "UNAUTHENTICATED"
            found.append(await backend.value(delays))
    assert found == [[0, 0], [1, 0], [2, 1], [7, 9]]  # account, address
