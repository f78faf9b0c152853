"""Tokens of programs: made by a person who has signed in, shown once, listed, used, revoked."""

from datetime import UTC, datetime, timedelta
from typing import Any

import httpx

from tests.identity.conftest import VIEWER, House, ask, code_of

CREATE = (
    "mutation($name: String!, $until: DateTime) { createToken(input: {name: $name, expiresAt: $until}) "
    "{ secret token { id name hint lastUsedAt expiresAt } } }"
)
LIST = "{ tokens(first: 2) { edges { node { id name hint lastUsedAt } } pageInfo { hasNextPage endCursor } } }"
REVOKE = "mutation($id: ID!) { revokeToken(id: $id) { name } }"


async def create(client: httpx.AsyncClient, name: str = "editor", **variables: Any) -> dict[str, Any]:
    made: dict[str, Any] = (await ask(client, CREATE, name=name, **variables))["data"]["createToken"]
    return made


async def test_a_program_comes_in_with_a_token_until_it_is_revoked(house: House) -> None:
    await house.person("ann", "owner")
    browser = await house.signed_in("ann")
    made = await create(browser)
    program = house.program(made["secret"])
    assert (await ask(program, VIEWER))["data"]["viewer"] == {"id": "ann", "role": "OWNER", "access": "TOKEN"}
    assert (await program.get("/graphql", params={"query": VIEWER})).status_code == 200
    [edge] = (await ask(browser, LIST))["data"]["tokens"]["edges"]
    assert edge["node"]["lastUsedAt"] is not None
    assert made["secret"].startswith(edge["node"]["hint"].rstrip("…"))
    assert made["secret"] not in str(edge)
    assert (await ask(browser, REVOKE, id=made["token"]["id"]))["data"]["revokeToken"] == {"name": "editor"}
    assert await code_of(program, VIEWER) == "UNAUTHENTICATED"
    assert await code_of(browser, REVOKE, id=made["token"]["id"]) == "NOT_FOUND"


async def test_a_token_ends_when_it_was_said_to(house: House) -> None:
    await house.person("ann")
    browser = await house.signed_in("ann")
    past = (datetime.now(UTC) - timedelta(seconds=1)).isoformat()
    assert await code_of(browser, CREATE, name="late", until=past) == "BAD_USER_INPUT"
    made = await create(browser, until=(datetime.now(UTC) + timedelta(hours=1)).isoformat())
    program = house.program(made["secret"])
    assert "data" in await ask(program, VIEWER)
    await house.execute("UPDATE credentials SET expires_at = now() - interval '1 second' WHERE kind = 'token'")
    assert await code_of(program, VIEWER) == "UNAUTHENTICATED"


async def test_a_token_cannot_make_another(house: House) -> None:
    await house.person("ann", "owner")
    program = house.program(await house.token("ann"))
    assert await code_of(program, CREATE, name="more") == "FORBIDDEN"
    assert await code_of(program, "mutation { signOut }") == "BAD_USER_INPUT"


async def test_tokens_are_ones_own(house: House) -> None:
    for name in ("ann", "bob"):
        await house.person(name)
    ann, bob = await house.signed_in("ann"), await house.signed_in("bob")
    made = [await create(ann, f"t{number}") for number in range(3)]
    assert (await ask(bob, LIST))["data"]["tokens"]["edges"] == []
    assert await code_of(bob, REVOKE, id=made[0]["token"]["id"]) == "NOT_FOUND"
    page = (await ask(ann, LIST))["data"]["tokens"]
    assert [edge["node"]["name"] for edge in page["edges"]] == ["t2", "t1"]
    assert page["pageInfo"]["hasNextPage"]


async def test_what_is_no_token_of_ours_is_refused_even_beside_a_good_cookie(house: House) -> None:
    await house.person("ann")
    token = await house.token("ann")
    wrong = ["", "Bearer", f"Basic {token}", f"Bearer {token}x", f"Bearer {token[:-1]}", "Bearer ret_",
             "Bearer a.b.c", "Bearer " + "x" * 5000, token]  # fmt: skip
    for header in wrong:
        client = await house.signed_in("ann") if header == "Bearer ret_" else house.program()
        response = await client.post("/graphql", json={"query": VIEWER}, headers={"authorization": header})
        assert response.json()["errors"][0]["extensions"]["code"] == "UNAUTHENTICATED", header
