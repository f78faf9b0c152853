"""API tokens: created in a session, shown once, listed, used and revoked."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx

from app.identity.secrets import TokenScope
from tests.identity.conftest import VIEWER, Backend, ask, code_of
from tests.identity.matrix import insert_rows

CREATE = (
    "mutation($name: String!, $until: DateTime) { createToken(input: {name: $name, expiresAt: $until}) "
    "{ secret token { id name hint lastUsedAt expiresAt } } }"
)
LIST = "{ tokens(first: 2) { edges { node { id name hint lastUsedAt } } pageInfo { hasNextPage endCursor } } }"
MIGRATIONS = Path(__file__).parents[2] / "sql/migrations"
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


SCOPED = (
    'mutation($readOnly: Boolean, $project: ID) { createToken(input: {name: "x", readOnly: $readOnly, '
    "projectId: $project}) { secret token { id hint readOnly oneProject project { slug } } } }"
)
SAVE = 'mutation { saveMemory(input: {content: "x"}) { id } }'
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
PROJECT = "INSERT INTO projects (user_id, name, slug) VALUES ($1, $2, lower($2)) RETURNING id"


async def test_token_that_only_reads_is_created_over_the_api(backend: Backend) -> None:
    await backend.add_user("ann")
    made = (await ask(await backend.sign_in("ann"), SCOPED, readOnly=True))["data"]["createToken"]
    assert (made["token"]["readOnly"], made["token"]["oneProject"], made["token"]["project"]) == (True, False, None)
    program = backend.program(made["secret"])
    assert (await ask(program, VIEWER))["data"]["viewer"]["role"] == "VIEWER"
    assert await code_of(program, SAVE) == "FORBIDDEN"
    assert await code_of(program, SCOPED) == "FORBIDDEN"


async def test_token_of_a_project_is_created_over_the_api_and_works_at_mcp_only(backend: Backend) -> None:
    for user in ("ann", "bob"):
        await backend.add_user(user)
    browser = await backend.sign_in("ann")
    shop, foreign = await backend.value(PROJECT, "ann", "Shop"), await backend.value(PROJECT, "bob", "Foreign")
    made = (await ask(browser, SCOPED, project=str(shop)))["data"]["createToken"]
    assert (made["token"]["oneProject"], made["token"]["project"]) == (True, {"slug": "shop"})
    program = backend.program(made["secret"], accept="application/json, text/event-stream")
    assert await code_of(program, VIEWER) == "UNAUTHENTICATED"
    assert (await program.post("/mcp?project=shop", json=PING)).status_code == 200
    other = await backend.value("SELECT slug FROM projects WHERE user_id = 'ann' AND is_default")
    assert (await program.post(f"/mcp?project={other}", json=PING)).status_code == 403
    for project in (str(foreign), "x"):
        assert await code_of(browser, SCOPED, project=project) == "NOT_FOUND"
    await backend.execute("DELETE FROM project_members WHERE project_id = $1", shop)
    query = "{ tokens { edges { node { oneProject project { slug } } } } }"
    [edge] = (await ask(browser, query))["data"]["tokens"]["edges"]
    assert edge["node"] == {"oneProject": True, "project": None}


async def test_migration_reads_the_scope_of_existing_tokens_from_their_hints(backend: Backend) -> None:
    await backend.add_user("ann")
    project = UUID("0193f000-0000-7000-8000-000000000001")
    scopes = [TokenScope(), TokenScope(True), TokenScope(False, project), TokenScope(True, project)]
    for number, scope in enumerate(scopes):
        await backend.token("ann", str(number), scope)
    await backend.execute("UPDATE credentials SET read_only = false, project_id = NULL")
    migration = (MIGRATIONS / "0017_agents.sql").read_text("utf-8")
    await backend.execute("UPDATE credentials" + migration.partition("UPDATE credentials")[2].partition(";")[0])
    for number, scope in enumerate(scopes):
        row = "SELECT (read_only, project_id)::text FROM credentials WHERE name = $1"
        read_only = "t" if scope.read_only else "f"
        assert await backend.value(row, str(number)) == f"({read_only},{scope.project_id or ''})"


async def test_a_memory_is_reviewed_by_a_person_and_by_no_program(backend: Backend) -> None:
    await backend.add_user("ann")
    async with backend.services.database.connection() as connection:
        ids = await insert_rows(connection, "ann")
    program, person = backend.program(await backend.token("ann")), await backend.sign_in("ann")
    save = "mutation($id: ID, $content: String!) { saveMemory(input: {id: $id, content: $content}) { reviewedAt } }"
    await backend.execute("UPDATE memories SET reviewed_at = NULL")
    for client, reviewed in ((program, False), (person, True)):
        for memory in (ids["memory"], None):
            saved = (await ask(client, save, id=memory, content="Tea at four"))["data"]["saveMemory"]
            assert (saved["reviewedAt"] is not None) is reviewed, memory
    again = (await ask(program, save, id=ids["memory"], content="Tea at five"))["data"]["saveMemory"]
    assert again["reviewedAt"] is not None
