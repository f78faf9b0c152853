"""The list of the coding agents that used the MCP server."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from app.identity.secrets import TokenScope
from app.mcp.agent import Agent, agent_name
from app.mcp.uses import MAX_AGENTS, AgentUses
from sql.pool import Database, create_pool
from sql.rows import UserRow
from tests.fakes.clock import SetClock
from tests.identity.conftest import Backend, ask, code_of
from tests.live.backend import Served
from tests.mcp.clients import VERSIONS, call, connected
from tests.timeouts import TIMEOUT

AGENTS = (
    "query($first: Int, $after: String) { agents(first: $first, after: $after) { edges { node { id name firstUsedAt "
    "lastUsedAt calls actionCount oneProject project { slug } usedToken token { id name hint } } } "
    "pageInfo { hasNextPage endCursor } } }"
)
ACTIONS = (
    "query($id: ID!, $actor: String, $project: ID, $status: [ActionStatus!]) { actions(agentId: $id, actor: $actor, "
    "projectId: $project, status: $status) { edges { node { summary actor status undoable } } } }"
)
START = datetime(2026, 3, 1, 12, tzinfo=UTC)
PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
ACCEPT = {"accept": "application/json, text/event-stream"}
HOSTILE = {
    "<script>alert(1)</script>": "script-alert-1-script",
    "a\x00b\x1b[31m\r\nc": "a-b-31m-c",
    "x" * 10_000: "x" * 40,
    "エージェント": "agent",
    "‮gnp.exe‏": "gnp.exe",
    "../../etc/passwd": "etc-passwd",
    "agent:owner": "agent-owner",
    "": "agent",
}


async def agents_of(client: httpx.AsyncClient, **variables: Any) -> list[dict[str, Any]]:
    answer = await ask(client, AGENTS, **variables)
    assert "errors" not in answer, answer
    return [edge["node"] for edge in answer["data"]["agents"]["edges"]]


async def until_listed(
    client: httpx.AsyncClient, fits: Callable[[list[dict[str, Any]]], bool] = bool
) -> list[dict[str, Any]]:
    """The agents as soon as they fit: they are stored after the answer."""
    async with asyncio.timeout(TIMEOUT):
        while not fits(found := await agents_of(client)):  # noqa: ASYNC110 - the API can only be polled
            await asyncio.sleep(0.02)
    return found


async def use(backend: Backend, token: str, name: str, path: str = "/mcp") -> httpx.Response:
    program = backend.program(token, **ACCEPT, **{"user-agent": name})
    return await program.post(path, json=PING)


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_agent_that_reads_is_listed(served: Served, version: str) -> None:
    assert await agents_of(served.http) == []
    async with connected(served.address, version=version, name="Claude Code") as agent:
        await call(agent, "list_decisions")
    [listed] = await until_listed(served.http, lambda found: bool(found))
    assert (listed["name"], listed["usedToken"], listed["token"]) == ("claude-code", False, None)
    assert (listed["oneProject"], listed["project"], listed["actionCount"]) == (False, None, 0)


async def test_the_actions_of_an_agent_are_counted_and_listed(served: Served) -> None:
    async with connected(served.address, name="claude-code") as agent:
        await call(agent, "record_decision", title="Use PostgreSQL")
        await call(agent, "remember", content="The staging server is called north.")
    async with connected(served.address, name="cursor") as agent:
        await call(agent, "remember", content="The build takes four minutes.")
    found = await until_listed(served.http, lambda found: len(found) == 2)
    by_name = {each["name"]: each for each in found}
    assert {name: each["actionCount"] for name, each in by_name.items()} == {"claude-code": 2, "cursor": 1}
    id = by_name["claude-code"]["id"]
    edges = (await ask(served.http, ACTIONS, id=id))["data"]["actions"]["edges"]
    assert [(edge["node"]["actor"], edge["node"]["undoable"]) for edge in edges] == [("agent:claude-code", True)] * 2
    for narrowed in ({"actor": "agent:cursor"}, {"status": ["FAILED"]}):
        assert (await ask(served.http, ACTIONS, id=id, **narrowed))["data"]["actions"]["edges"] == []
    missing = "01890a5d-ac96-774b-bcce-b302099a8057"
    for wrong in (missing, "x"):
        assert await code_of(served.http, ACTIONS, id=wrong) == "NOT_FOUND"


async def test_agents_with_tokens_and_projects_are_told_apart(backend: Backend) -> None:
    await backend.add_user("ann")
    shop = await backend.value("INSERT INTO projects (user_id, name, slug) VALUES ('ann', 'Shop', 'shop') RETURNING id")
    everything = await backend.token("ann", "laptop")
    bound = await backend.token("ann", "shop only", TokenScope(True, shop))
    browser = await backend.sign_in("ann")
    for token, path in ((everything, "/mcp"), (everything, "/mcp?project=shop"), (bound, "/mcp")):
        assert (await use(backend, token, "codex/1", path)).status_code == 200
    found = await until_listed(browser, lambda found: len(found) == 3)
    assert {(each["token"]["name"], (each["project"] or {}).get("slug")) for each in found} == {
        ("laptop", None),
        ("laptop", "shop"),
        ("shop only", "shop"),
    }
    await backend.execute("DELETE FROM project_members WHERE project_id = $1", shop)
    assert {(each["oneProject"], each["project"] is None) for each in await agents_of(browser)} == {
        (False, True),
        (True, True),
    }


async def test_revoking_the_token_of_an_agent_refuses_its_next_call(backend: Backend) -> None:
    await backend.add_user("ann")
    token, browser = await backend.token("ann"), await backend.sign_in("ann")
    assert (await use(backend, token, "codex")).status_code == 200
    [listed] = await until_listed(browser)
    revoke = "mutation($id: ID!) { revokeToken(id: $id) { name } }"
    assert "errors" not in await ask(browser, revoke, id=listed["token"]["id"])
    assert (await use(backend, token, "codex")).status_code == 401
    [listed] = await agents_of(browser)
    assert (listed["usedToken"], listed["token"]) == (True, None)


async def test_users_see_their_own_agents_only(backend: Backend) -> None:
    for user in ("ann", "bob"):
        await backend.add_user(user)
    tokens = {user: await backend.token(user) for user in ("ann", "bob")}
    shop = await backend.value("INSERT INTO projects (user_id, name, slug) VALUES ('ann', 'Shop', 'shop') RETURNING id")
    await backend.execute("INSERT INTO project_members (project_id, user_id, role) VALUES ($1, 'bob', 'member')", shop)
    for user, token in tokens.items():
        async with connected(backend.url, token=token, name="codex", path="/mcp?project=shop") as agent:
            await call(agent, "record_decision", title=f"Decision of {user}")
    listed = {}
    for user, token in tokens.items():
        client = backend.program(token)
        [listed[user]] = await until_listed(client, lambda found: bool(found) and found[0]["actionCount"] == 1)
        [edge] = (await ask(client, ACTIONS, id=listed[user]["id"]))["data"]["actions"]["edges"]
        assert user in edge["node"]["summary"]
    assert listed["ann"]["id"] != listed["bob"]["id"]
    assert await code_of(backend.program(tokens["bob"]), ACTIONS, id=listed["ann"]["id"]) == "NOT_FOUND"


@pytest.mark.parametrize(("given", "shown"), HOSTILE.items())
def test_the_name_of_a_client_is_reduced(given: str, shown: str) -> None:
    assert agent_name(given) == shown


async def test_hostile_names_are_listed_reduced(served: Served) -> None:
    for number, name in enumerate(HOSTILE):
        parameters = {"clientInfo": {"name": name, "version": "1"}, "capabilities": {}, "protocolVersion": "2025-11-25"}
        message = {"jsonrpc": "2.0", "id": number, "method": "initialize", "params": parameters}
        assert (await served.http.post("/mcp", json=message, headers=ACCEPT)).status_code == 200, name
    expected = set(HOSTILE.values())
    found = await until_listed(served.http, lambda found: len(found) == len(expected))
    assert {each["name"] for each in found} == expected


async def test_a_client_with_many_names_does_not_fill_the_table(served: Served) -> None:
    clock = SetClock(START)
    uses = AgentUses(served.services.database, clock)
    for number in range(10_000):
        clock.at += timedelta(milliseconds=1)
        uses.note(Agent(UserRow("owner", "", "owner"), f"a{number}"), called=True)
        if number % 500 == 0:
            await uses.store()
    await uses.store()
    count = "SELECT concat_ws(' ', count(*), min(name), max(name)) FROM agents"
    assert await served.services.database.pool.fetchval(count) == f"{MAX_AGENTS} a9900 a9999"
    first = await ask(served.http, AGENTS, first=60)
    after = first["data"]["agents"]["pageInfo"]["endCursor"]
    names = [edge["node"]["name"] for edge in first["data"]["agents"]["edges"]]
    names += [each["name"] for each in await agents_of(served.http, first=60, after=after)]
    assert names == [f"a{number}" for number in range(9_999, 9_899, -1)]


class Uses:
    """The uses of one agent at times that the test sets, and what is stored of them."""

    def __init__(self, served: Served) -> None:
        self.database = served.services.database
        self.clock = SetClock(START)
        self.uses = AgentUses(self.database, self.clock)

    async def use_at(self, seconds: float, *, called: bool = True) -> bool:
        """Whether the use was stored."""
        self.clock.at = START + timedelta(seconds=seconds)
        self.uses.note(Agent(UserRow("owner", "", "owner"), "codex"), called=called)
        return await self.uses.store()

    async def stored(self) -> tuple[float, float, int]:
        """Seconds from the start to the first and to the last use, and the calls."""
        row = await self.database.pool.fetchrow("SELECT first_used_at, last_used_at, calls FROM agents")
        assert row is not None
        return (row[0] - START).total_seconds(), (row[1] - START).total_seconds(), row[2]


async def test_the_last_use_advances_at_most_once_a_minute(served: Served) -> None:
    uses = Uses(served)
    assert await uses.use_at(0)
    assert [await uses.use_at(second) for second in (10, 20, 59)] == [False, False, False]
    assert await uses.stored() == (0, 0, 1)
    assert await uses.use_at(61, called=False)
    assert await uses.stored() == (0, 61, 4)
    await uses.use_at(70)
    async with uses.uses.running():
        pass
    assert await uses.stored() == (0, 70, 5)  # what is left is stored when the process stops


async def test_two_processes_add_their_uses_of_an_agent(served: Served) -> None:
    one, other = Uses(served), Uses(served)
    await asyncio.gather(one.use_at(5), other.use_at(3))
    await asyncio.gather(one.uses.store(all_uses=True), other.uses.store(all_uses=True))
    assert (await one.stored())[1:] == (5, 2)


async def test_uses_are_kept_while_the_database_refuses_them(served: Served) -> None:
    uses = Uses(served)
    pool = served.services.database.pool
    await pool.execute("ALTER TABLE agents RENAME TO agents_away")
    with pytest.raises(Exception, match="agents"):
        await uses.use_at(0)
    await pool.execute("ALTER TABLE agents_away RENAME TO agents")
    await uses.use_at(1)
    assert await uses.stored() == (0, 1, 2)


async def test_a_process_stops_although_its_database_is_away(served: Served, database_url: str) -> None:
    pool = await create_pool(
        database_url, application="test", min_size=1, max_size=1, statement_timeout=5, acquire_timeout=5
    )
    clock = SetClock(START)
    uses = AgentUses(Database(pool, acquire_timeout=5), clock)
    async with uses.running():
        await pool.close()
        uses.note(Agent(UserRow("owner", "", "owner"), "codex"), called=True)
    assert await served.services.database.pool.fetchval("SELECT count(*) FROM agents") == 0


async def test_refused_requests_list_no_agent(backend: Backend) -> None:
    await backend.add_user("ann")
    token = await backend.token("ann", scope=TokenScope(False, UUID("0193f000-0000-7000-8000-000000000001")))
    other, browser = await backend.token("ann"), await backend.sign_in("ann")
    assert (await use(backend, "ret_wrong", "wrong")).status_code == 401
    assert (await use(backend, token, "elsewhere", "/mcp?project=default")).status_code in (403, 404)
    assert (await backend.program(other, **ACCEPT).post("/mcp", content=b"no message")).status_code == 400
    assert (await use(backend, other, "right")).status_code == 200
    assert [each["name"] for each in await until_listed(browser)] == ["right"]
