"""API tokens: created in a session, shown once, listed, used and revoked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.identity.conftest import VIEWER, Backend, ask, code_of

CREATE = (
    "mutation($name: String!, $until: DateTime) { createToken(input: {name: $name, expiresAt: $until}) "
    "{ secret token { id name hint lastUsedAt expiresAt } } }"
)
LIST = "{ tokens(first: 2) { edges { node { id name hint lastUsedAt } } pageInfo { hasNextPage endCursor } } }"
REVOKE = "mutation($id: ID!) { revokeToken(id: $id) { name } }"


async def create(client: httpx.AsyncClient, name: str = "editor", **variables: Any) -> dict[str, Any]:
    made: dict[str, Any] = (await ask(client, CREATE, name=name, **variables))["data"]["createToken"]
    return made


async def test_token_is_valid_until_it_is_revoked(backend: Backend) -> None:
    await backend.add_user("ann", "owner")
    browser = await backend.sign_in("ann")
    made = await create(browser)
    program = backend.program(made["secret"])
    assert (await ask(program, VIEWER))["data"]["viewer"] == {"id": "ann", "role": "OWNER", "access": "TOKEN"}
    assert (await program.get("/graphql", params={"query": VIEWER})).status_code == 200
    [edge] = (await ask(browser, LIST))["data"]["tokens"]["edges"]
    assert edge["node"]["lastUsedAt"] is not None
    assert made["secret"].startswith(edge["node"]["hint"].rstrip("…"))
    assert made["secret"] not in str(edge)
    assert (await ask(browser, REVOKE, id=made["token"]["id"]))["data"]["revokeToken"] == {"name": "editor"}
    assert await code_of(program, VIEWER) == "UNAUTHENTICATED"
    assert await code_of(browser, REVOKE, id=made["token"]["id"]) == "NOT_FOUND"


async def test_token_expires(backend: Backend) -> None:
    await backend.add_user("ann")
    browser = await backend.sign_in("ann")
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    assert await code_of(browser, CREATE, name="late", until=past) == "BAD_USER_INPUT"
    made = await create(browser, until=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    program = backend.program(made["secret"])
    assert "data" in await ask(program, VIEWER)
    await backend.execute("UPDATE credentials SET expires_at = now() - interval '1 second' WHERE kind = 'token'")
    assert await code_of(program, VIEWER) == "UNAUTHENTICATED"


async def test_token_cannot_create_another(backend: Backend) -> None:
    await backend.add_user("ann", "owner")
    program = backend.program(await backend.token("ann"))
    assert await code_of(program, CREATE, name="more") == "FORBIDDEN"
    assert await code_of(program, "mutation { signOut }") == "BAD_USER_INPUT"


async def test_tokens_of_other_users_are_not_shown(backend: Backend) -> None:
    for name in ("ann", "bob"):
        await backend.add_user(name)
    ann, bob = await backend.sign_in("ann"), await backend.sign_in("bob")
    made = [await create(ann, f"t{number}") for number in range(3)]
    assert (await ask(bob, LIST))["data"]["tokens"]["edges"] == []
    assert await code_of(bob, REVOKE, id=made[0]["token"]["id"]) == "NOT_FOUND"
    page = (await ask(ann, LIST))["data"]["tokens"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["t2", "t1"]
    assert page["pageInfo"]["hasNextPage"]


async def test_invalid_token_is_refused_despite_a_valid_cookie(backend: Backend) -> None:
    await backend.add_user("ann")
    token = await backend.token("ann")
    wrong = ["", "Bearer", f"Basic {token}", f"Bearer {token}x", f"Bearer {token[:-1]}", "Bearer ret_",
             "Bearer a.b.c", "Bearer " + "x" * 5000, token]  # fmt: skip
    for header in wrong:
        client = await backend.sign_in("ann") if header == "Bearer ret_" else backend.program()
        response = await client.post("/graphql", json={"query": VIEWER}, headers={"authorization": header})
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED", header
