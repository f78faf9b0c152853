"""Who may call which tool, over /mcp: by users as for the GraphQL API, and refused requests."""

import json
from typing import Any

import pytest

from app.mcp.declarations import declared
from tests.identity.conftest import Backend, run_backend
from tests.identity.matrix import NO_ID, OWNED_ROWS, insert_rows, leaks
from tests.live.backend import Served
from tests.mcp.clients import VERSIONS, connected, text_of

WRITES = {each["name"] for each in declared() if not each["annotations"].get("readOnlyHint")}
# For each tool the arguments, in which `$intent` is the id of a row of the user.
ARGUMENTS: dict[str, dict[str, Any]] = {
    "cancel_intent": {"id": "$intent"},
    "changes_since": {"since": "2020-01-01T00:00:00Z"},
    "check_contradictions": {"text": "everything of ann of bob of vic of oli"},
    "complete_intent": {"id": "$todo"},
    "create_intent": {"description": "new"},
    "forget": {"id": "$memory"},
    "get_record": {"id": "$decision"},
    "list_decisions": {},
    "list_intents": {},
    "list_specifications": {},
    "preview_reversal": {"id": "$decision"},
    "propose_from_conversation": {"messages": ["We use PostgreSQL as the database."]},
    "record_decision": {"title": "t", "supersedes": ["$decision"], "sourceIds": ["$message"]},
    "remember": {"content": "new"},
    "reopen_intent": {"id": "$intent"},
    "search": {"query": "everything of ann of bob of vic of oli"},
    "set_decision_status": {"id": "$decision", "status": "WITHDRAWN", "reason": "because"},
    "start_intent": {"id": "$todo"},
    "trace": {"id": "$intent"},
    "update_intent": {"id": "$intent", "priority": 3},
    "wait_for_answer": {"id": "$todo", "seconds": 1},
    "write_specification": {"id": "$specification", "title": "t", "content": "c"},
}
BY_ID = [name for name, arguments in ARGUMENTS.items() if "$" in json.dumps(arguments)]
LISTED = [each for each in ARGUMENTS if each not in BY_ID]


def filled(tool: str, ids: dict[str, str]) -> dict[str, Any]:
    """The arguments of the tool with the ids of one user's rows."""
    text = json.dumps(ARGUMENTS[tool])
    for name in sorted(ids, key=len, reverse=True):
        text = text.replace(f"${name}", ids[name])
    arguments: dict[str, Any] = json.loads(text)
    return arguments


async def all_ids(backend: Backend, *users: str) -> dict[str, dict[str, str]]:
    roles = {"vic": "viewer", "oli": "owner"}
    for user in users:
        await backend.add_user(user, roles.get(user, "member"))  # type: ignore[arg-type]
    async with backend.services.database.connection() as connection:
        return {user: await insert_rows(connection, user) for user in users}


def test_the_matrix_has_every_tool() -> None:
    assert ARGUMENTS.keys() == {each["name"] for each in declared()}


@pytest.mark.parametrize("user", ["bob", "vic", "oli"])
async def test_no_tool_shows_or_changes_rows_of_another_user(backend: Backend, user: str) -> None:
    ids = await all_ids(backend, "ann", user)
    rows = "SELECT string_agg(t::text, ' ' ORDER BY t.id) FROM {} AS t WHERE user_id = 'ann'"
    tables = ("intents", "decisions", "specifications", "memories", "actions")
    before = [await backend.value(rows.format(table)) for table in tables]
    missing = dict.fromkeys(OWNED_ROWS, NO_ID)
    async with connected(backend.url, token=await backend.token(user)) as agent:
        for tool in BY_ID:
            foreign = await agent.call_tool(tool, filled(tool, ids["ann"]))
            absent = await agent.call_tool(tool, filled(tool, missing))
            assert foreign.is_error, tool
            assert text_of(foreign) == text_of(absent), tool  # as if they did not exist
        for tool in LISTED:
            shown = text_of(await agent.call_tool(tool, filled(tool, ids["ann"])))
            assert not leaks(shown, {}, "ann", ids["ann"]), tool
        for resource in ("decision", "specification", "intent"):
            with pytest.raises(Exception, match="There is no"):
                await agent.read_resource(f"resonant://{resource}/{ids['ann'][resource]}")
    assert [await backend.value(rows.format(table)) for table in tables] == before


async def test_a_viewer_reads_and_writes_nothing(backend: Backend) -> None:
    ids = await all_ids(backend, "vic")
    async with connected(backend.url, token=await backend.token("vic")) as agent:
        for tool in ARGUMENTS:
            result = await agent.call_tool(tool, filled(tool, ids["vic"]))
            assert result.is_error is (tool in WRITES), (tool, result)
            assert tool not in WRITES or text_of(result).startswith("FORBIDDEN")
    assert await backend.value("SELECT count(*) FROM actions WHERE actor LIKE 'agent:%'") == 0


async def test_a_request_without_a_valid_token_learns_where_to_get_one(backend: Backend) -> None:
    for program in (backend.program(), backend.program("ret_wrong"), backend.program("a.b.c")):
        answer = await program.post("/mcp", json={"jsonrpc": "2.0", "id": 1, "method": "ping"})
        assert (answer.status_code, answer.json()["error"]["data"]["code"]) == (401, "UNAUTHENTICATED")
        address = answer.headers["www-authenticate"].partition('resource_metadata="')[2].rstrip('"')
        described = (await program.get(address)).json()
        assert described["resource"] == f"{backend.url}/mcp"
        assert described["bearer_methods_supported"] == ["header"]


async def test_a_revoked_token_is_refused(backend: Backend) -> None:
    await backend.add_user("ann")
    token = await backend.token("ann")
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    accept = {"accept": "application/json, text/event-stream"}
    assert (await backend.program(token, **accept).post("/mcp", json=body)).status_code == 200
    await backend.execute("DELETE FROM credentials WHERE user_id = 'ann'")
    assert (await backend.program(token, **accept).post("/mcp", json=body)).status_code == 401


async def test_pages_of_other_sites_are_refused(backend: Backend, served: Served) -> None:
    await backend.add_user("ann")
    token = await backend.token("ann")
    body = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
    accept = {"accept": "application/json, text/event-stream"}
    foreign = backend.program(token, origin="https://evil.example", **accept)
    assert (await foreign.post("/mcp", json=body)).status_code == 403
    local = served.http
    for headers in ({"origin": "https://evil.example"}, {"host": "evil.example"}):
        assert (await local.post("/mcp", json=body, headers={**accept, **headers})).status_code == 403
    assert (await local.post("/mcp", json=body, headers=accept)).status_code == 200
    assert (await local.get("/mcp")).status_code == 405
    assert (await local.delete("/mcp")).status_code == 405


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"[]", 400),
        (b'{"jsonrpc":"2.0","id":1,"method":"tools/call","params":[]}', 400),
        (b"[" * 100_000, 400),
        (b'{"a":"' + b"x" * (1024 * 1024) + b'"}', 413),
    ],
)
@pytest.mark.parametrize("version", VERSIONS)
async def test_malformed_requests_are_refused(served: Served, body: bytes, status: int, version: str) -> None:
    headers = {
        "accept": "application/json, text/event-stream",
        "content-type": "application/json",
        "mcp-protocol-version": version,
        "mcp-session-id": "a" * 5000,
    }
    answer = await served.http.post("/mcp", content=body, headers=headers)
    assert answer.status_code == status, answer.text


@pytest.mark.parametrize("version", VERSIONS)
async def test_calls_cost_points_of_the_user(database_url: str, version: str) -> None:
    limits = {"graphql_rate_limit_points": 60, "graphql_rate_limit_expensive_points": 60}
    async with run_backend(database_url, embedder="hashed", **limits) as backend:
        await backend.add_user("ann")
        async with connected(backend.url, token=await backend.token("ann"), version=version) as agent:
            results = [await agent.call_tool("list_decisions", {}) for _ in range(30)]
    refused = [each for each in results if each.is_error]
    assert refused
    assert all(text_of(each).startswith("RATE_LIMITED") for each in refused)
