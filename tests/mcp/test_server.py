"""The MCP server as the client of the official SDK sees it, for both generations of the protocol."""

import asyncio
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from mcp.shared.exceptions import MCPError

from app.mcp.declarations import declared
from app.tools.registry import TOOLS
from tests.live.backend import Served
from tests.mcp.clients import VERSIONS, call, connected, failure_of

BUDGET = 2500  # tokens, with four characters for one


def test_the_declarations_of_all_tools_fit_into_the_budget() -> None:
    bare = [{key: each for key, each in one.items() if key != "outputSchema"} for one in declared()]
    assert len(json.dumps(bare, separators=(",", ":"))) / 4 <= BUDGET
    assert declared() == declared()


def test_every_tool_is_declared_with_hints_and_the_schema_of_its_output() -> None:
    offered = {each["name"]: each for each in declared()}
    assert offered.keys() - TOOLS.keys() == {"wait_for_answer", "propose_from_conversation"}
    assert TOOLS.keys() - offered.keys() == {"read_specification"}  # get_record reads it
    for each in offered.values():
        Draft202012Validator.check_schema(each["inputSchema"])
        Draft202012Validator.check_schema(each["outputSchema"])
        assert each["outputSchema"]["type"] == "object"  # as versions before 2026-07-28 need it
        tool = TOOLS.get(each["name"])
        if tool is not None:
            assert each["annotations"].get("readOnlyHint", False) is not tool.writes, each["name"]


@pytest.mark.parametrize("version", VERSIONS)
async def test_an_agent_records_reads_and_searches(served: Served, version: str) -> None:
    async with connected(served.address, version=version) as agent:
        assert {each.name for each in (await agent.list_tools()).tools} == {each["name"] for each in declared()}
        made = await call(agent, "record_decision", title="PostgreSQLを使う", kind="CHOICE", chosen="PostgreSQL")
        assert (made["status"], made["kind"]) == ("DONE", "decision")
        record = await call(agent, "get_record", id=made["id"])
        assert (record["title"], record["status"], record["number"]) == ("PostgreSQLを使う", "PROPOSED", 1)
        assert await call(agent, "list_decisions", status=["PROPOSED"]) != []
        assert [each["id"] for each in await call(agent, "search", query="PostgreSQL")] == [made["id"]]
        work = await call(agent, "create_intent", description="write the migration", assignee="PERSON")
        assert [each["id"] for each in await call(agent, "list_intents")] == [work["id"]]
        await call(agent, "start_intent", id=work["id"])
        assert (await call(agent, "complete_intent", id=work["id"], note="done"))["status"] == "DONE"
    rows = await served.services.database.pool.fetch("SELECT tool, actor, undo FROM actions ORDER BY id")
    assert [row["tool"] for row in rows] == ["record_decision", "create_intent", "start_intent", "complete_intent"]
    assert {row["actor"] for row in rows} == {"agent:claude-code"}


async def test_a_person_undoes_what_an_agent_did(served: Served) -> None:
    async with connected(served.address) as agent:
        made = await call(agent, "remember", content="The staging server is called north.")
        await served.mutate("mutation($id: ID!) { undoAction(id: $id) { status } }", id=made["action"])
        assert "NOT_FOUND" in await failure_of(agent, "get_record", id=made["id"])


@pytest.mark.parametrize("version", VERSIONS)
async def test_every_result_matches_the_declared_schema(served: Served, version: str) -> None:
    schemas = {each["name"]: each["outputSchema"] for each in declared()}
    async with connected(served.address, version=version) as agent:
        made = await call(agent, "create_intent", description="write a test")
        written = await call(agent, "write_specification", title="Login", content="Text")
        decision = await _accepted(served, "Use PostgreSQL", chosen="PostgreSQL")
        calls: dict[str, dict[str, Any]] = {
            "get_record": {"id": written["id"]},
            "list_decisions": {},
            "list_intents": {},
            "list_specifications": {},
            "preview_reversal": {"id": decision},
            "trace": {"id": made["id"]},
            "changes_since": {"since": "2020-01-01T00:00:00Z"},
            "check_contradictions": {"text": "Switch the database to MySQL"},
            "search": {"query": "PostgreSQL"},
            "update_intent": {"id": made["id"], "priority": 3},
            "wait_for_answer": {"id": decision, "seconds": 1},
        }
        for name, arguments in calls.items():
            result = await agent.call_tool(name, arguments)
            assert not result.is_error, result
            Draft202012Validator(schemas[name]).validate(result.structured_content)


async def test_a_plan_against_an_accepted_decision_is_answered_with_its_number_and_sentence(served: Served) -> None:
    await _accepted(served, "PostgreSQLを使う", topic="database", chosen="PostgreSQL")
    async with connected(served.address) as agent:
        [conflict] = await call(agent, "check_contradictions", text="Switch the database to MySQL")
        assert (conflict["number"], conflict["title"]) == (1, "PostgreSQLを使う")
        assert "PostgreSQL" in conflict["explanation"]
        assert await call(agent, "check_contradictions", text="Fix a typo in the README") == []


async def test_changes_are_resumed_from_a_cursor_without_gaps(served: Served) -> None:
    async with connected(served.address) as agent:
        cursor = (await call(agent, "changes_since"))["cursor"]
        made = [(await call(agent, "remember", content=f"fact {n}"))["id"] for n in range(5)]
        seen: list[str] = []
        for _ in range(50):
            page = await call(agent, "changes_since", cursor=cursor, limit=2)
            seen += [each["id"] for each in page["changes"] if each["event"].startswith("memory")]
            cursor = page["cursor"]
            if not page["more"]:
                break
        assert [each for each in seen if each in made] == made
        assert (await call(agent, "changes_since", cursor=cursor))["changes"] == []
        # The cursors are those of the subscriptions.
        latest = (await served.mutate("{ latestCursor }"))["latestCursor"]
        assert (await call(agent, "changes_since", cursor=latest))["changes"] == []
        assert "BAD_USER_INPUT" in await failure_of(agent, "changes_since", cursor="never")


async def test_an_agent_waits_for_the_answer_of_a_person(served: Served) -> None:
    decision = await _accepted(served, "Use PostgreSQL", chosen="PostgreSQL")
    async with connected(served.address) as agent:
        proposed = await call(agent, "set_decision_status", id=decision, status="WITHDRAWN", reason="not needed")
        assert (proposed["status"], proposed["id"]) == ("PROPOSED", None)
        waiting = asyncio.create_task(call(agent, "wait_for_answer", id=proposed["action"], seconds=20))
        await served.mutate("mutation($id: ID!) { acceptAction(id: $id) { status } }", id=proposed["action"])
        assert (await waiting)["status"] == "DONE"
        assert (await call(agent, "get_record", id=decision))["status"] == "WITHDRAWN"
        assert (await call(agent, "wait_for_answer", id=proposed["action"], seconds=1))["status"] == "DONE"


ACCEPT = 'mutation($id: ID!) { setDecisionStatus(id: $id, status: ACCEPTED, reason: "yes") { id } }'


@pytest.mark.parametrize(
    ("title", "against", "with_it"),
    [
        ("デプロイは金曜日に行わない", "金曜日にデプロイする", "木曜日にデプロイする"),
        ("We do not deploy on Fridays", "Deploy on Friday", "Deploy on Thursday"),
        ("金曜日はデプロイ禁止", "Deploy on Friday", "Deploy on Thursday"),
        ("Do not use MongoDB", "Store the events in MongoDB", "Store the events in PostgreSQL"),
        ("Redisはキャッシュに使わない", "キャッシュにRedisを使う", "キャッシュにMemcachedを使う"),
    ],
)
async def test_a_decision_without_a_kind_that_forbids_something_is_a_rule(
    served: Served, title: str, against: str, with_it: str
) -> None:
    async with connected(served.address) as agent:
        made = await call(agent, "record_decision", title=title)
        assert (made["status"], made["recordStatus"]) == ("DONE", "PROPOSED")
        waiting = asyncio.create_task(call(agent, "wait_for_answer", id=made["action"], seconds=20))
        await served.mutate(ACCEPT, id=made["id"])
        answer = await waiting
        assert (answer["id"], answer["status"], answer["decisionKind"]) == (made["id"], "ACCEPTED", "RULE")
        assert len(await call(agent, "check_contradictions", text=against)) == 1
        assert await call(agent, "check_contradictions", text=with_it) == []


@pytest.mark.parametrize("version", VERSIONS)
async def test_records_are_resources(served: Served, version: str) -> None:
    decision = await _accepted(served, "Use PostgreSQL", chosen="PostgreSQL")
    async with connected(served.address, version=version) as agent:
        written = await call(agent, "write_specification", title="認証", content="本文")
        [listed] = (await agent.list_resources()).resources
        assert (listed.uri, listed.title) == (f"resonant://decision/{decision}", "ADR 1: Use PostgreSQL")
        assert len((await agent.list_resource_templates()).resource_templates) == 3
        [read] = (await agent.read_resource(listed.uri)).contents
        assert json.loads(read.text)["status"] == "ACCEPTED"  # type: ignore[union-attr]
        [read] = (await agent.read_resource(f"resonant://specification/{written['id']}")).contents
        assert (read.mime_type, read.text) == ("text/markdown", "# 認証\n\n本文")  # type: ignore[union-attr]
        for wrong in (f"resonant://intent/{decision}", "resonant://decision/../x", "file:///etc/passwd"):
            with pytest.raises(MCPError):
                await agent.read_resource(wrong)


@pytest.mark.parametrize("version", VERSIONS)
async def test_a_task_starts_with_the_decisions_that_concern_it(served: Served, version: str) -> None:
    await _accepted(served, "Use PostgreSQL", topic="database", chosen="PostgreSQL")
    async with connected(served.address, version=version) as agent:
        assert [each.name for each in (await agent.list_prompts()).prompts] == ["start_task", "record_decisions"]
        [message] = (await agent.get_prompt("start_task", {"task": "Switch the database to MySQL"})).messages
        text = message.content.text  # type: ignore[union-attr]
        assert "ADR 1: Use PostgreSQL [PostgreSQL]" in text
        assert "seems to contradict" in text
        [message] = (await agent.get_prompt("record_decisions")).messages
        assert "record_decision" in message.content.text  # type: ignore[union-attr]
        with pytest.raises(MCPError):
            await agent.get_prompt("start_task", {"task": " "})


async def test_an_address_with_a_project_reads_and_records_in_it(served: Served) -> None:
    made = await served.mutate('mutation { saveProject(input: {name: "Shop", slug: "shop"}) { id } }')
    project = made["saveProject"]["id"]
    async with connected(served.address, path="/mcp?project=shop") as agent:
        decision = await call(agent, "record_decision", title="Use PostgreSQL")
    async with connected(served.address, path=f"/mcp?project={project}") as agent:
        [listed] = await call(agent, "list_decisions", status=["PROPOSED"])
        assert listed["id"] == decision["id"]
    unknown = await served.http.post("/mcp?project=unknown", json={"jsonrpc": "2.0", "id": 1, "method": "ping"})
    assert (unknown.status_code, unknown.json()["error"]["data"]["code"]) == (404, "NOT_FOUND")


async def _accepted(served: Served, title: str, **fields: str) -> str:
    """The id of a decision that the person has recorded."""
    mutation = "mutation($input: RecordDecisionInput!) { recordDecision(input: $input) { id } }"
    chosen = fields.get("chosen")
    given = {"title": title, **fields, **({"options": [{"label": chosen}, {"label": "MySQL"}]} if chosen else {})}
    made = await served.mutate(mutation, input=given)
    return str(made["recordDecision"]["id"])
