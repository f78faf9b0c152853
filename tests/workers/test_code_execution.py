"""Code execution with the real Claude Agent SDK and its program, against a local Messages API."""

import asyncio
import json
import os
import re
import shlex
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from socket import AF_UNIX, socket
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from claude_agent_sdk import ResultMessage
from psutil import process_iter
from pydantic import SecretStr

from app.instrumentation.workers import InstrumentedCalls, Prices
from app.observability.metrics import Instruments
from app.observability.tracing import Tracer
from app.settings import Settings
from app.workers.intents.code.recording import limited
from app.workers.intents.code.sandbox import OutsideWorkspace, check_call, confines, is_inside
from app.workers.intents.code.session import failure_of
from app.workers.intents.handlers.base import CannotHandle
from app.workers.intents.handlers.code_execution import CodeExecutionHandler
from sql.repositories.code_sessions import insert_session
from sql.repositories.intent_claims import claim_intents
from sql.repositories.intents import confirm_intent, lock_intent, mark_intent_cancelled
from tests.fakes.messages_api import MessagesApi, Scripted, messages_api
from tests.workers.conftest import Workshop, open_workshop

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
    return await workshop.insert_intent(
        description, intent_type="code_execution", confirmed_at=await workshop.pool.fetchval("SELECT now()")
    )


def call(tool: str, **given: Any) -> Scripted:
    return Scripted(pieces=["I call it."], tool=(tool, given))


async def executions(workshop: Workshop) -> list[Any]:
    return await workshop.pool.fetch("SELECT * FROM claude_code_executions ORDER BY execution_order")


async def test_nothing_runs_before_the_user_has_confirmed_it(workshop: Workshop, api: MessagesApi) -> None:
    intent = await workshop.insert_intent("write hello.txt", intent_type="code_execution")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "awaiting_confirmation")
    [notification] = await workshop.pool.fetch("SELECT * FROM notifications")
    assert (notification["title"], notification["notification_type"]) == ("Please confirm", "warning")
    assert notification["intent_id"] == intent
    assert api.requests == []


async def test_a_confirmation_before_the_classification_does_not_run_code(workshop: Workshop, api: MessagesApi) -> None:
    moment = await workshop.pool.fetchval("SELECT now()")
    intent = await workshop.insert_intent("run the tests and fix what fails", confirmed_at=moment)
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "awaiting_confirmation")
    row = await workshop.pool.fetchrow("SELECT intent_type, confirmed_at FROM intents")
    assert row is not None
    assert tuple(row) == ("code_execution", None)
    assert api.requests == []


async def test_tool_calls_run_in_the_workspace_and_each_is_stored(
    workshop: Workshop, api: MessagesApi, workspace: Path
) -> None:
    target = str(workspace / "hello.txt")
    api.script(call("Write", file_path=target, content="hello"), Scripted(pieces=["Written."]))
    instruments = Instruments()
    workshop.calls = InstrumentedCalls(instruments, Tracer(), Prices(None, None))
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
    written = {"model": workshop.services.settings.anthropic_model, "purpose": "code", "direction": "output"}
    counted = instruments.registry.get_sample_value("resonant_model_tokens_total", written)
    assert row["result"]["usage"]["output_tokens"] == counted != 0


@pytest.mark.parametrize(
    ("tool", "given"),
    [
        ("Read", {"file_path": "{workspace}/../secret.txt"}),
        ("Read", {"file_path": "{workspace}/link"}),
        ("Write", {"file_path": "{workspace}/../outside.txt", "content": "x"}),
        ("Bash", {"command": "cat ../secret.txt"}),
    ],
)
async def test_nothing_outside_the_workspace_is_read_written_or_run(
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


@pytest.mark.parametrize(
    ("last", "key"),
    [
        (Scripted(pieces=["half"], stop_reason="pause_turn"), "model.not_finished"),
        (Scripted(pieces=["I will"], stop_reason="refusal"), "code.failed"),
        (Scripted(pieces=[" \n"]), "code.no_result"),
    ],
)
async def test_a_session_that_does_not_finish_fails_with_its_reason(
    workshop: Workshop, api: MessagesApi, last: Scripted, key: str
) -> None:
    api.script(*[last] * 4)
    intent = await confirmed(workshop, "say hello")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "completed", "failed")
    assert (row["status"], row["error_key"], row["result"]) == ("failed", key, None)
    assert "ResultError" not in row["error"]
    [session] = await workshop.pool.fetch("SELECT * FROM claude_code_sessions")
    assert (session["status"], session["error_key"]) == ("failed", key)


@pytest.mark.parametrize(
    ("changes", "key", "param"),
    [
        ({}, None, None),
        ({"stop_reason": None}, None, None),
        (
            {"is_error": True, "result": "API Error: 529\x00 \ud83d\nOverloaded"},
            "code.failed",
            "API Error: 529\ufffd \ufffd Overloaded",
        ),
        ({"is_error": True, "result": None}, "code.failed", "success"),
        ({"subtype": "error_max_turns", "result": None}, "code.failed", "error_max_turns"),
        ({"subtype": "error_during_execution", "errors": ["one", "two"]}, "code.failed", "one; two"),
        ({"stop_reason": "max_tokens"}, "model.cut_at_limit", None),
        ({"stop_reason": "tool_use"}, "model.not_finished", "tool_use"),
        ({"terminal_reason": "aborted_tools"}, "code.failed", "aborted_tools"),
        ({"result": None}, "code.no_result", None),
        ({"result": " \u200b"}, "code.no_result", None),
    ],
)
def test_only_a_result_with_a_report_is_a_success(changes: dict[str, Any], key: str | None, param: str | None) -> None:
    values: dict[str, Any] = {
        "subtype": "success", "duration_ms": 1, "duration_api_ms": 1, "is_error": False, "num_turns": 1,
        "session_id": "s", "stop_reason": "end_turn", "result": "Done.", "terminal_reason": "completed",
    }  # fmt: skip
    failure = failure_of(ResultMessage(**values | changes))
    assert (failure and failure.key) == key
    assert failure is None or not failure.retryable
    assert param is None or (failure is not None and param in failure.params.values())


def test_a_call_is_recorded_with_its_text_as_far_as_it_can_be_stored() -> None:
    given = {"a\x00": ["\ud83d", "C:\\u0000temp", None, 1.5, True], "b": Path("a")}
    assert limited(given) == {"a\ufffd": ["\ufffd", "C:\\u0000temp", None, 1.5, True], "b": "a"}
    assert limited("x" * 70_000)["cut"] is True


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_session_that_takes_too_long_is_ended_with_a_reason(workshop: Workshop, api: MessagesApi) -> None:
    object.__setattr__(workshop.services.settings, "code_timeout", 4.0)
    api.script(*[Scripted(fault="stalled")] * 9)
    intent = await confirmed(workshop, "hang")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "failed")
    assert "CODE_TIMEOUT" in row["error"]
    assert await workshop.pool.fetchval("SELECT status FROM claude_code_sessions") == "timeout"


# The SDK leaves a stream to the garbage collector when it is cancelled.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_cancelling_stops_the_session(workshop: Workshop, api: MessagesApi) -> None:
    api.script(*[Scripted(fault="stalled")] * 9)
    intent = await confirmed(workshop, "hang")
    async with workshop.bridge("intent"):
        await workshop.until(lambda: asyncio.sleep(0, api.requests))
        async with workshop.services.database.transaction() as connection:
            await mark_intent_cancelled(connection, intent, actor="ann", reason="changed my mind")
        ended = "SELECT status FROM claude_code_sessions WHERE status <> 'running'"
        assert await workshop.until(lambda: workshop.pool.fetchval(ended)) == "failed"
    assert (await workshop.row("intents", intent))["status"] == "cancelled"


def with_tools(workshop: Workshop, *tools: str) -> None:
    object.__setattr__(workshop.services.settings, "code_tools", tools)


# With a PID namespace the processes of the machine do not exist for a session.
NO_ACCESS = r"Permission denied|not permitted|No such (file|process)"
COMMANDS = {
    "cat {outside}/secret.txt": "Permission denied",
    "cat ../secret.txt": "Permission denied",
    "ls {outside}": "Permission denied",
    "echo x > {outside}/outside.txt": "Permission denied",
    "ln -s {outside}/secret.txt found && cat found": "Permission denied",
    "cat /proc/{bridge}/environ": NO_ACCESS,
    "kill -9 {bridge}": NO_ACCESS,
}


@pytest.mark.skipif(not confines(), reason="the kernel has no Landlock")
@pytest.mark.parametrize("command", COMMANDS)
async def test_a_command_accesses_nothing_outside_the_workspace(
    workshop: Workshop, api: MessagesApi, workspace: Path, command: str
) -> None:
    with_tools(workshop, "Bash")
    run = command.format(outside=workspace.parent, bridge=os.getpid())
    api.script(call("Bash", command=run), Scripted(pieces=["I could not."]))
    intent = await confirmed(workshop, "read the secret")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "completed", "failed")
    [execution] = await executions(workshop)
    assert execution["success"] is False
    assert re.search(COMMANDS[command], execution["error_message"])
    assert "hunter2" not in json.dumps([request["messages"] for request in api.requests])
    assert not workspace.with_name("outside.txt").exists()


CONNECTIONS = {
    "another machine": 'socket.create_connection(("192.0.2.1", 80), 1)',
    "this machine": "socket.create_connection(({host!r}, {port}), 1)",
    "a database of this machine": "socket.socket(socket.AF_UNIX).connect({unix!r})",
    "a name server": "socket.socket(type=socket.SOCK_DGRAM).sendto(b'secret', ('192.0.2.1', 53))",
}


@pytest.mark.skipif(not confines(), reason="the kernel has no Landlock")
@pytest.mark.parametrize("to", CONNECTIONS)
async def test_a_command_cannot_connect_to_an_address(
    workshop: Workshop, api: MessagesApi, tmp_path: Path, to: str
) -> None:
    with_tools(workshop, "Bash")
    at = urlsplit(api.url)
    attempt = CONNECTIONS[to].format(host=at.hostname, port=at.port, unix=str(tmp_path / "s"))
    with socket(AF_UNIX) as listening:
        listening.bind(str(tmp_path / "s"))
        listening.listen()
        run = shlex.join([sys.executable, "-c", f"import socket\n{attempt}"])
        api.script(call("Bash", command=run), Scripted(pieces=["I could not."]))
        intent = await confirmed(workshop, "send the secret")
        async with workshop.bridge("intent"):
            await workshop.until_status("intents", intent, "completed", "failed")
    [execution] = await executions(workshop)
    assert execution["success"] is False
    assert "PermissionError" in execution["error_message"]


@pytest.mark.skipif(not confines(), reason="the kernel has no Landlock")
async def test_a_command_cannot_read_the_key_or_change_its_sandbox(workshop: Workshop, api: MessagesApi) -> None:
    with_tools(workshop, "Bash")
    looks = "env; cat /proc/[0-9]*/environ | tr '\\0' '\\n'; echo '#!/bin/sh' > $HOME/../command || echo kept"
    api.script(call("Bash", command=looks), Scripted(pieces=["Nothing."]))
    intent = await confirmed(workshop, "look around")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "completed", "failed")
    [execution] = await executions(workshop)
    seen = json.dumps(execution["output"]) + str(execution["error_message"])
    assert "PATH=" in seen
    assert "kept" in seen
    assert "sk-local" not in seen


@pytest.mark.skipif(not confines(), reason="the kernel has no Landlock")
async def test_a_command_works_inside_the_workspace(workshop: Workshop, api: MessagesApi, workspace: Path) -> None:
    with_tools(workshop, "Bash", "Read")
    (workspace / "sum.sh").write_text("awk '{ sum += $1 } END { print sum }' numbers.txt")
    run = "seq 4 > numbers.txt && mkdir -p deep/er && mv numbers.txt deep/er && cd deep/er && sh ../../sum.sh"
    api.script(call("Bash", command=run), Scripted(pieces=["10"]))
    intent = await confirmed(workshop, "add them up")
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "completed", "failed")
    [execution] = await executions(workshop)
    assert (execution["success"], execution["error_message"]) == (True, None)
    assert "10" in json.dumps(execution["output"])
    assert (workspace / "deep/er/numbers.txt").read_text() == "1\n2\n3\n4\n"


@pytest.mark.skipif(not confines(), reason="the kernel has no Landlock")
async def test_what_a_command_started_ends_with_the_session(workshop: Workshop, api: MessagesApi) -> None:
    with_tools(workshop, "Bash")
    seconds = str(10_000 + uuid4().int % 10**8)
    waiting = f"tail -s {seconds} -f /dev/null >/dev/null 2>&1 </dev/null &"
    run = f"{waiting} (setsid {waiting}) ; echo processes $(ulimit -u); echo tails $(pgrep -xc tail)"
    api.script(call("Bash", command=run))
    intent = await confirmed(workshop, "start the server")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "completed", "failed")
    assert row["status"] == "completed"
    [execution] = await executions(workshop)
    shown = json.dumps(execution["output"])
    assert f"processes {workshop.services.settings.code_max_processes}" in shown
    assert "tails 2" in shown
    assert not [each for each in process_iter(["cmdline"]) if seconds in (each.info["cmdline"] or [])]


@pytest.mark.parametrize(
    ("handler", "tools", "key"),
    [
        (CodeExecutionHandler(installed=lambda: False), ("Read",), "code.sdk_missing"),
        (CodeExecutionHandler(confines=lambda: False), ("Read", "Bash"), "code.sandbox_missing"),
    ],
)
async def test_missing_requirements_are_refused_with_their_key(
    settings: Settings, handler: CodeExecutionHandler, tools: tuple[str, ...], key: str
) -> None:
    wanted = settings.model_copy(update={"code_tools": tools})
    with pytest.raises(CannotHandle, match=key):
        handler.confirmation_question(wanted, again=False)
    assert CodeExecutionHandler(confines=lambda: False).confirmation_question(settings, again=False)


async def test_an_interrupted_run_needs_a_new_confirmation(workshop: Workshop, api: MessagesApi) -> None:
    intent = await confirmed(workshop, "add a row to the table")
    async with workshop.services.database.connection() as connection:
        [dead] = await claim_intents(connection, "dead", actor="dead", count=1, lease_seconds=0)
        assert await insert_session(connection, dead, "0199f2c4-0000-7000-8000-000000000000")
    async with workshop.bridge("intent"):
        row = await workshop.until_status("intents", intent, "awaiting_confirmation")
        assert row["confirmed_at"] is None
        [lost] = await workshop.pool.fetch("SELECT status, error_key FROM claude_code_sessions")
        assert tuple(lost) == ("failed", "intent.worker_lost")
        [asked] = await workshop.pool.fetch("SELECT * FROM notifications")
        assert asked["params"]["reason"]["key"] == "code.confirm_again"
        assert api.requests == []
        api.script(Scripted(pieces=["Done."]))
        async with workshop.services.database.transaction() as connection:
            await confirm_intent(connection, await lock_intent(connection, "ann", intent), actor="ann")
        workshop.services.bus.announce("ann")
        row = await workshop.until_status("intents", intent, "completed")
    assert (row["result"]["text"], row["attempts"]) == ("Done.", 2)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
async def test_a_run_interrupted_by_a_stopping_bridge_needs_a_new_confirmation(
    workshop: Workshop, api: MessagesApi
) -> None:
    api.script(*[Scripted(fault="stalled")] * 9)
    intent = await confirmed(workshop, "hang")
    async with workshop.bridge("intent"):
        await workshop.until(lambda: asyncio.sleep(0, api.requests))
    async with workshop.bridge("intent"):
        await workshop.until_status("intents", intent, "awaiting_confirmation")
    assert await workshop.pool.fetchval("SELECT status FROM claude_code_sessions") == "failed"


async def test_without_a_workspace_or_a_model_it_fails_with_what_to_do(database_url: str, settings: Settings) -> None:
    for off, said in (({"code_workspace": None}, "CODE_WORKSPACE"), ({"anthropic_api_key": None}, "ANTHROPIC_API_KEY")):
        async with open_workshop(database_url, settings.model_copy(update=off)) as workshop:
            intent = await workshop.insert_intent("run the tests", intent_type="code_execution")
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
def test_a_path_is_inside_when_it_resolves_into_the_workspace(workspace: Path, named: str, inside: bool) -> None:
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
