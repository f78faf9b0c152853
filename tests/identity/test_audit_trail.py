"""The audit trail: what happened at the door, for owners to read and for nobody to change."""

import asyncpg
import pytest

from tests.identity.conftest import PASSWORD, SIGN_IN, House, ask, code_of

TRAIL = (
    "query($kinds: [SecurityEventKind!], $after: String) { securityEvents(kinds: $kinds, first: 3, after: $after) "
    "{ edges { node { kind userId actor address detail } } pageInfo { hasNextPage endCursor } } }"
)


async def kinds(house: House) -> list[str]:
    return [row["kind"] for row in await house.services.database.pool.fetch("SELECT kind FROM security_events")]


async def test_an_owner_reads_what_happened_at_the_door(house: House) -> None:
    await house.person("ann", "owner")
    browser = await house.signed_in("ann")
    await ask(house.browser(), SIGN_IN, name="ann", password="a wrong password")
    await ask(house.browser(), SIGN_IN, name="made-up", password=PASSWORD)
    made = (await ask(browser, 'mutation { createToken(input: {name: "ci"}) { token { id } } }'))["data"]["createToken"]
    await ask(browser, "mutation($id: ID!) { revokeToken(id: $id) { id } }", id=made["token"]["id"])
    await ask(await house.signed_in("ann"), "mutation { signOut }")
    first = (await ask(browser, TRAIL))["data"]["securityEvents"]
    rest = (await ask(browser, TRAIL, after=first["pageInfo"]["endCursor"]))["data"]["securityEvents"]
    shown = [edge["node"] for edge in first["edges"] + rest["edges"]]
    assert [entry["kind"] for entry in shown] == [
        "SIGNED_OUT", "SIGNED_IN", "TOKEN_REVOKED", "TOKEN_CREATED", "SIGN_IN_FAILED", "SIGN_IN_FAILED"
    ]  # fmt: skip
    assert [entry["userId"] for entry in shown] == ["ann", "ann", "ann", "ann", None, "ann"]
    assert {entry["actor"] for entry in shown[:4]} == {"ann"}
    assert {entry["actor"] for entry in shown[4:]} == {"nobody"}
    assert {entry["address"] for entry in shown} == {"127.0.0.1"}
    assert shown[2]["detail"]["token"] == "ci"
    failed = (await ask(browser, TRAIL, kinds=["SIGN_IN_FAILED"]))["data"]["securityEvents"]["edges"]
    assert len(failed) == 2


async def test_nobody_but_an_owner_reads_it(house: House) -> None:
    for name, role in (("mia", "member"), ("vic", "viewer")):
        await house.person(name, role)  # type: ignore[arg-type]
        assert await code_of(await house.signed_in(name), TRAIL) == "FORBIDDEN"
        assert await code_of(house.program(await house.token(name)), TRAIL) == "FORBIDDEN"


async def test_a_delay_is_written_down_once_for_each_try_that_was_judged(house: House) -> None:
    await house.person("ann")
    browser = house.browser()
    for _ in range(8):
        await ask(browser, SIGN_IN, name="ann", password="a wrong password")
        await house.lengthen_waits()
    assert (await kinds(house)).count("SIGN_IN_BLOCKED".lower()) == 1
    assert (await kinds(house)).count("sign_in_failed") == 5


@pytest.mark.parametrize("statement", ["UPDATE security_events SET actor = 'x'", "DELETE FROM security_events",
                                       "TRUNCATE security_events"])  # fmt: skip
async def test_nobody_changes_or_deletes_an_entry(house: House, statement: str) -> None:
    with pytest.raises(asyncpg.PostgresError, match="kept as they were written"):
        await house.execute(statement)
