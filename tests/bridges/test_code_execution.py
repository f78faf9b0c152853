"""Running code with the real Claude Agent SDK and its program, against a local Messages API."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pydantic import SecretStr

from app.bridges.code.workspace import OutsideWorkspace, check_call, is_inside
from app.settings import Settings
from sql.repositories.intents import mark_intent_cancelled
from tests.bridges.conftest import Workshop, open_workshop
from tests.fakes.messages_api import MessagesApi, Scripted, messages_api

TOOLS = frozenset({"Read", "Write", "Glob"})


@pytest.fixture
async def api() -> AsyncIterator[MessagesApi]:
    async with messages_api() as running:
        yield running


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    inside = tmp_path / "workspace"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("hunter2")
    return inside


@pytest.fixture
def settings(settings: Settings, api: MessagesApi, workspace: Path) -> Settings:
    return settings.model_copy(
        update={
            "code_workspace": workspace,
            "code_timeout": 60.0,
            "anthropic_api_key": SecretStr("sk-local"),
            "anthropic_base_url": api.url,
        }
    )


async def confirmed(workshop: Workshop, description: str) -> UUID:
    return await workshop.wish(
        description, intent_type="code_execution", confirmed_at=await workshop.pool.fetchval("SELECT now()")
    )


def call(tool: str, **given: Any) -> Scripted:
    return Scripted(pieces=["I call it."], tool=(tool, given))


async def executions(workshop: Workshop) -> list[Any]:
    return await workshop.pool.fetch("SELECT * FROM claude_code_executions ORDER BY execution_order")


async def test_nothing_runs_before_the_user_has_confirmed_it(workshop: Workshop, api: MessagesApi) -> None:
    intent = await workshop.wish("write hello.txt", intent_type="code_execution")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "awaiting_confirmation")
    [notification] = await workshop.pool.fetch("SELECT * FROM notifications")
    assert (notification["title"], notification["notification_type"]) == ("Please confirm", "warning")
    assert notification["intent_id"] == intent
    assert api.requests == []


async def test_tool_calls_are_done_in_the_workspace_and_each_is_a_row(
    workshop: Workshop, api: MessagesApi, workspace: Path
) -> None:
    target = str(workspace / "hello.txt")
    api.script(call("Write", file_path=target, content="hello"), Scripted(pieces=["Written."]))
    intent = await confirmed(workshop, "write hello.txt")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "completed", "failed")
    assert row["error"] is None
    assert (workspace / "hello.txt").read_text() == "hello"
    [execution] = await executions(workshop)
    assert (execution["tool_name"], execution["success"], execution["error_message"]) == ("Write", True, None)
    assert execution["input"] == {"file_path": target, "content": "hello"}
    assert execution["duration_ms"] >= 0
    [session] = await workshop.pool.fetch("SELECT * FROM claude_code_sessions")
    assert (session["status"], session["error_message"], session["intent_id"]) == ("completed", None, intent)
    assert session["completed_at"] >= session["started_at"]
    assert row["result"]["text"] == "Written."
    assert row["result"]["sessionId"] == session["session_id"]
    assert row["result"]["usage"]["output_tokens"] > 0


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("Read", {"file_path": "{workspace}/../secret.txt"}),
        ("Read", {"file_path": "{workspace}/link"}),
        ("Write", {"file_path": "{workspace}/../outside.txt", "content": "x"}),
        ("Bash", {"command": "cat ../secret.txt"}),
    ],
)
async def test_nothing_outside_of_the_workspace_is_read_written_or_run(
    workshop: Workshop, api: MessagesApi, workspace: Path, tool: str, given: dict[str, str]
) -> None:
    (workspace / "link").symlink_to(workspace.parent / "secret.txt")
    named = {name: value.format(workspace=workspace) for name, value in given.items()}
    api.script(call(tool, **named), Scripted(pieces=["I could not."]))
    intent = await confirmed(workshop, "read the secret")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "completed", "failed")
    [execution] = await executions(workshop)
    assert execution["success"] is False
    assert execution["error_message"]
    assert "hunter2" not in json.dumps([request["messages"] for request in api.requests])
    assert not workspace.with_name("outside.txt").exists()


async def test_the_program_is_offered_the_listed_tools_only(workshop: Workshop, api: MessagesApi) -> None:
    intent = await confirmed(workshop, "say hello")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "completed", "failed")
    offered = {tool["name"] for request in api.requests for tool in request.get("tools", ())}
    assert offered - {"DeferredToolPlaceholder"} == set(workshop.services.settings.code_tools)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_session_that_takes_too_long_is_ended_and_says_so(workshop: Workshop, api: MessagesApi) -> None:
    object.__setattr__(workshop.services.settings, "code_timeout", 4.0)
    api.script(*[Scripted(fault="stalled")] * 9)
    intent = await confirmed(workshop, "hang")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "failed")
    assert "CODE_TIMEOUT" in row["error"]
    assert await workshop.pool.fetchval("SELECT status FROM claude_code_sessions") == "timeout"


# The SDK leaves a stream of its own to the garbage collector when it is cancelled.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_cancelling_stops_the_session(workshop: Workshop, api: MessagesApi) -> None:
    api.script(*[Scripted(fault="stalled")] * 9)
    intent = await confirmed(workshop, "hang")
    async with workshop.bridge("intent"):
        await workshop.until(lambda: asyncio.sleep(0, api.requests), 40)
        async with workshop.services.database.transaction() as connection:
            await mark_intent_cancelled(connection, intent, actor="ann", reason="changed my mind")
        ended = "SELECT status FROM claude_code_sessions WHERE status <> 'running'"
        assert await workshop.until(lambda: workshop.pool.fetchval(ended)) == "failed"
    assert (await workshop.row("intents", intent))["status"] == "cancelled"


async def test_without_a_workspace_or_a_model_it_fails_with_what_to_do(database_url: str, settings: Settings) -> None:
    for off, said in (({"code_workspace": None}, "CODE_WORKSPACE"), ({"anthropic_api_key": None}, "ANTHROPIC_API_KEY")):
        async with open_workshop(database_url, settings.model_copy(update=off)) as workshop:
            intent = await workshop.wish("run the tests", intent_type="code_execution")
            async with workshop.bridge("intent"):
                row = await workshop.until_status("intents", intent, "failed")
            assert said in row["error"]
            await workshop.pool.execute("DELETE FROM users")


@pytest.mark.parametrize(
    ("named", "inside"),
    [
        ("a.txt", True),
        ("deep/er/a.txt", True),
        ("deep/../a.txt", True),
        ("**/*.py", True),
        ("src/*", True),
        ("../a.txt", False),
        ("/etc/passwd", False),
        ("/etc/*", False),
        ("*/../../x", False),
        ("~/x", False),
        ("link/x", False),
        ("a\x00b", False),
    ],
)
def test_a_path_is_inside_when_it_leads_into_the_workspace(workspace: Path, named: str, inside: bool) -> None:
    (workspace / "link").symlink_to("/etc")
    assert is_inside(workspace, named) is inside


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("Bash", {"command": "ls"}),
        ("Read", {"file_path": "/etc/passwd"}),
        ("Read", {"file_path": 7}),
        ("Glob", {"pattern": "/etc/*"}),
        ("Glob", {"pattern": "*", "path": ".."}),
    ],
)
def test_a_call_that_is_not_allowed_is_refused(workspace: Path, tool: str, given: dict[str, Any]) -> None:
    with pytest.raises(OutsideWorkspace):
        check_call(workspace, TOOLS, tool, given)
