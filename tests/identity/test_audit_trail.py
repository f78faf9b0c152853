"""The audit trail of sign-ins and credentials: owners can read it, and nobody can change it."""

import asyncpg
import pytest

from tests.identity.conftest import PASSWORD, SIGN_IN, Backend, ask, code_of

TRAIL = (
    "query($kinds: [SecurityEventKind!], $after: String) { securityEvents(kinds: $kinds, first: 3, after: $after) "
    "{ edges { node { kind userId actor address detail } } pageInfo { hasNextPage endCursor } } }"
)


async def kinds(backend: Backend) -> list[str]:
    return [row["kind"] for row in await backend.services.database.pool.fetch("SELECT kind FROM security_events")]


async def test_owner_reads_sign_ins_and_token_changes(backend: Backend) -> None:
    await backend.add_user("ann", "owner")
    browser = await backend.sign_in("ann")
    await ask(backend.browser(), SIGN_IN, name="ann", password="a wrong password")
    await ask(backend.browser(), SIGN_IN, name="made-up", password=PASSWORD)
    made = (await ask(browser, 'mutation { createToken(input: {name: "ci"}) { token { id } } }'))["data"]["createToken"]
    await ask(browser, "mutation($id: ID!) { revokeToken(id: $id) { id } }", id=made["token"]["id"])
    await ask(await backend.sign_in("ann"), "mutation { signOut }")
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


async def test_only_owners_read_the_audit_trail(backend: Backend) -> None:
    for name, role in (("mia", "member"), ("vic", "viewer")):
        await backend.add_user(name, role)  # type: ignore[arg-type]
        assert await code_of(await backend.sign_in(name), TRAIL) == "FORBIDDEN"
        assert await code_of(backend.program(await backend.token(name)), TRAIL) == "FORBIDDEN"


async def test_delay_is_recorded_once(backend: Backend) -> None:
    await backend.add_user("ann")
    browser = backend.browser()
    for _ in range(8):
        await ask(browser, SIGN_IN, name="ann", password="a wrong password")
        await backend.extend_delays()
    assert (await kinds(backend)).count("SIGN_IN_BLOCKED".lower()) == 1
    assert (await kinds(backend)).count("sign_in_failed") == 5


@pytest.mark.parametrize("statement", ["UPDATE security_events SET actor = 'x'", "DELETE FROM security_events",
                                       "TRUNCATE security_events"])  # fmt: skip
async def test_entries_cannot_be_changed_or_deleted(backend: Backend, statement: str) -> None:
    with pytest.raises(asyncpg.PostgresError, match="security events are append-only"):
        await backend.execute(statement)
