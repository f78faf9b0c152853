"""Guessing passwords: a few tries freely, then ever longer delays, whether or not anybody has the name."""

import asyncio

import pytest

from app.identity.passwords import TooManyAttempts
from app.identity.sign_in_throttle import ThrottleRule, ThrottleRules, count_attempt, reset_attempts
from sql.pool import Database
from tests.identity.conftest import PASSWORD, SIGN_IN, House, ask, code_of, open_house

RULES = ThrottleRules(account=ThrottleRule(5, 300), address=ThrottleRule(20, 3600))


async def try_in_vain(database: Database, name: str, address: str | None) -> None:
    async with database.transaction() as connection:
        await count_attempt(connection, RULES, name, address)


async def wait_is_over(database: Database) -> None:
    await database.pool.execute("UPDATE sign_in_attempts SET blocked_until = now()")


def test_the_delay_doubles_up_to_its_longest() -> None:
    account, address = RULES.account, RULES.address
    assert [account.delay(failures) for failures in (1, 4, 5, 6, 7, 8)] == [0, 0, 1, 2, 4, 8]
    assert account.delay(10_000) == 300
    assert [address.delay(failures) for failures in (19, 20, 21)] == [0, 1, 2]
    assert address.delay(10_000) == 3600


async def test_many_tries_at_once_are_not_judged_more_often_than_one_by_one(database: Database) -> None:
    results = await asyncio.gather(
        *(try_in_vain(database, "ann", f"10.0.0.{number}") for number in range(30)), return_exceptions=True
    )
    refused = [result for result in results if isinstance(result, TooManyAttempts)]
    assert len(refused) == 30 - RULES.account.free
    assert all(refusal.params["seconds"] >= 1 for refusal in refused)


async def test_an_address_that_tries_many_names_has_to_wait_and_its_neighbours_in_ipv6_with_it(
    database: Database,
) -> None:
    for number in range(RULES.address.free):
        await try_in_vain(database, f"name{number}", f"2001:db8::{number:x}")
    with pytest.raises(TooManyAttempts):
        await try_in_vain(database, "another", "2001:db8::ffff")
    await try_in_vain(database, "another", "2001:db8:0:1::1")
    for number in range(RULES.address.free):
        await try_in_vain(database, f"other{number}", "::ffff:10.0.0.1")
    with pytest.raises(TooManyAttempts):
        await try_in_vain(database, "yet-another", "10.0.0.1")


async def test_signing_in_forgives_the_account_and_not_the_address_for_others(database: Database) -> None:
    for _ in range(4):
        await try_in_vain(database, "ann", "10.0.0.1")
    await try_in_vain(database, "bob", "10.0.0.1")
    async with database.transaction() as connection:
        await reset_attempts(connection, "ann", "10.0.0.1")
    rows = await database.pool.fetch("SELECT key, failures FROM sign_in_attempts ORDER BY key")
    assert [tuple(row) for row in rows] == [("account:bob", 1), ("address:10.0.0.1", 4)]


async def test_a_day_without_failures_is_forgiven(database: Database) -> None:
    for _ in range(RULES.account.free):
        await try_in_vain(database, "ann", None)
    await database.pool.execute(
        "UPDATE sign_in_attempts SET last_at = now() - interval '25 hours', blocked_until = now()"
    )
    await try_in_vain(database, "ann", None)
    assert await database.pool.fetchval("SELECT failures FROM sign_in_attempts") == 1


async def test_the_right_password_has_to_wait_too_and_a_made_up_name_gets_the_same_answer(house: House) -> None:
    await house.person("ann")
    answers = {}
    for name in ("ann", "nobody"):
        browser = house.browser()
        for _ in range(RULES.account.free):
            assert await code_of(browser, SIGN_IN, name=name, password="wrong password here") == "UNAUTHENTICATED"
        await house.execute(
            "UPDATE sign_in_attempts SET blocked_until = now() + interval '99.5 s' WHERE key LIKE 'acc%'"
        )
        answers[name] = (await ask(browser, SIGN_IN, name=name, password=PASSWORD))["errors"]
    assert answers["ann"] == answers["nobody"]
    assert answers["ann"][0]["extensions"] == {
        "code": "RATE_LIMITED",
        "key": "sign_in.throttled",
        "params": {"seconds": 100},
    }
    await house.execute("UPDATE sign_in_attempts SET blocked_until = now()")
    assert "data" in await ask(house.browser(), SIGN_IN, name="ann", password=PASSWORD)


async def test_guessing_at_the_current_password_of_an_open_session_has_to_wait_as_well(house: House) -> None:
    await house.person("ann")
    browser = await house.signed_in("ann")
    change = 'mutation { changePassword(input: {currentPassword: "a guess", newPassword: "a new one entirely"}) }'
    codes = [await code_of(browser, change) for _ in range(RULES.account.free)]
    await house.lengthen_waits()
    assert [*codes, await code_of(browser, change)] == ["BAD_USER_INPUT"] * RULES.account.free + ["RATE_LIMITED"]


async def test_the_settings_say_how_many_tries_are_free_and_how_long_a_wait_becomes(database_url: str) -> None:
    waits = (
        "SELECT array_agg(round(extract(epoch FROM blocked_until - last_at))::int ORDER BY key) FROM sign_in_attempts"
    )
    chosen = {
        "auth_sign_in_free_attempts": 2,
        "auth_sign_in_max_delay": 7.0,
        "auth_sign_in_free_attempts_by_address": 3,
    }
    async with open_house(database_url, **chosen, auth_sign_in_max_delay_by_address=9.0) as house:
        found = []
        for failures in (0, 1, 2, 50):
            await house.execute("UPDATE sign_in_attempts SET blocked_until = now(), failures = $1", failures)
            assert await code_of(house.browser(), SIGN_IN, name="ann", password="a guess") == "UNAUTHENTICATED"
            found.append(await house.value(waits))
    assert found == [[0, 0], [1, 0], [2, 1], [7, 9]]  # of the account, of the address
