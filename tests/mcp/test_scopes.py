"""Tokens that only read, and tokens of one project."""

import asyncio
import json
from uuid import UUID

import pytest

from app.identity.secrets import TokenScope, hint_of, new_secret, scope_of
from tests.identity.conftest import Backend, ask, code_of
from tests.identity.matrix import insert_rows
from tests.mcp.clients import call, connected, failure_of
from tests.mcp.test_access import ARGUMENTS, BY_ID, LISTED, WRITES, filled

PROJECT = UUID("0193f000-0000-7000-8000-000000000001")
SCOPES = [TokenScope(), TokenScope(True), TokenScope(False, PROJECT), TokenScope(True, PROJECT)]
SAVE = 'mutation { saveMemory(input: {content: "x"}) { id } }'


@pytest.mark.parametrize("scope", SCOPES)
def test_a_token_carries_its_scope(scope: TokenScope) -> None:
    secret = new_secret("token", scope)
    assert scope_of(secret) == scope
    assert secret.rpartition(".")[2].removeprefix("ret_")[8:] not in hint_of(secret)
    assert scope_of(new_secret("session")) == TokenScope()


async def test_a_token_that_reads_changes_nothing(backend: Backend) -> None:
    await backend.add_user("ann")
    async with backend.services.database.connection() as connection:
        ids = await insert_rows(connection, "ann")
    token, other = await backend.token("ann", scope=TokenScope(True)), await backend.token("ann", "other")
    async with connected(backend.url, token=token) as agent:
        for tool in ARGUMENTS:
            assert (await agent.call_tool(tool, filled(tool, ids))).is_error is (tool in WRITES), tool
    program = backend.program(token)
    assert (await ask(program, "{ viewer { id } }"))["data"]["viewer"]["id"] == "ann"
    assert await code_of(program, SAVE) == "FORBIDDEN"
    assert await code_of(program, f'mutation {{ revokeToken(id: "{ids["token"]}") {{ id }} }}') == "FORBIDDEN"
    assert "errors" not in await ask(backend.program(other), SAVE)
    # Nor over a connection that stays open, on which the access is checked again.
    async with backend.socket(token) as socket:
        for number in range(2):
            await socket.send(json.dumps({"id": str(number), "type": "subscribe", "payload": {"query": SAVE}}))
            async with asyncio.timeout(10):
                while '"FORBIDDEN"' not in await socket.recv():
                    pass


async def test_another_scope_is_another_secret(backend: Backend) -> None:
    await backend.add_user("ann")
    token = await backend.token("ann", scope=TokenScope(True, PROJECT))
    random = token.rpartition(".")[2]
    for forged in (f"ret_{random}", f"ret_write.{random}", f"ret_read.{random}", token.replace("read", "write")):
        answer = await backend.program(forged).post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"})
        assert answer.status_code == 401


async def test_a_token_of_a_project_uses_nothing_of_another(backend: Backend) -> None:
    await backend.add_user("ann")
    async with backend.services.database.connection() as connection:
        await insert_rows(connection, "ann")
        ids = await insert_rows(connection, "ann")  # records without a project of their own are in the default one
        shop = await connection.fetchval(
            "INSERT INTO projects (user_id, name, slug) VALUES ('ann', 'Shop', 'shop') RETURNING id"
        )
    token = await backend.token("ann", scope=TokenScope(False, shop))
    async with connected(backend.url, token=token) as agent:
        made = await call(agent, "record_decision", title="Use Redis")
        assert [each["id"] for each in await call(agent, "list_decisions", status=["PROPOSED"])] == [made["id"]]
        assert (await call(agent, "get_record", id=made["id"]))["title"] == "Use Redis"
        for tool in [*BY_ID, "trace", "preview_reversal"]:
            shown = await failure_of(agent, tool, **filled(tool, ids))
            assert shown.startswith(("NOT_FOUND", "FORBIDDEN")), (tool, shown)
        for tool in set(LISTED) - WRITES:
            result = await agent.call_tool(tool, filled(tool, ids))
            assert not any(each in str(result) for each in ids.values()), tool
        for wrong in ({"supersedes": 5}, {"sourceIds": True}):
            assert (await failure_of(agent, "record_decision", title="x", **wrong)).startswith("BAD_USER_INPUT")
        changes = await call(agent, "changes_since", since="2020-01-01T00:00:00Z")
        assert [each["id"] for each in changes["changes"]] == [made["id"]]
    assert await backend.value("SELECT project_id FROM decisions WHERE id = $1", UUID(made["id"])) == shop
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    assert (await backend.program(token).post("/mcp?project=general-x", json=body)).status_code in (403, 404)
    default = await backend.value("SELECT slug FROM projects WHERE user_id = 'ann' ORDER BY id LIMIT 1")
    assert (await backend.program(token).post(f"/mcp?project={default}", json=body)).status_code == 403


async def test_the_api_refuses_a_token_of_one_project(backend: Backend) -> None:
    await backend.add_user("ann")
    token = await backend.token("ann", scope=TokenScope(False, PROJECT))
    assert await code_of(backend.program(token), "{ viewer { id } }") == "UNAUTHENTICATED"
    assert (await backend.program(token).get("/files/x")).status_code == 401
