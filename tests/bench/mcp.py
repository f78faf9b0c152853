"""The MCP server: contradictions over loopback, and memory before and after its first use

The server is the one of `make run`, with 2,000 accepted decisions of the gate's test data.
"""

import asyncio
import json
import sys
from itertools import cycle
from pathlib import Path
from time import perf_counter
from typing import Any

import asyncpg
import httpx
import psutil

from app.database.embedded import EmbeddedDatabase
from app.mcp.declarations import declared
from sql.rows import DecisionRow
from tests.bench.figures import Figure, p50, p95
from tests.bench.product import IDLE_SECONDS, new_home
from tests.gate.pairs import load_pairs
from tests.processes import ROOT, Program, free_port, new_program, wait_until_ready

DECISIONS = 2000
CALLS = 200
HOOKS = 40
HOOK = ROOT / "integrations/claude-code/hooks/resonant.py"
INSERT = (
    "INSERT INTO decisions (user_id, title, kind, topic, topic_key, value, status, author) "
    "VALUES ('owner', $1, $2, $3, $4, $5, 'accepted', 'owner') RETURNING id"
)
INSERT_OPTION = (
    "INSERT INTO decision_options (decision_id, user_id, place, label) VALUES ($1, 'owner', $2, $3) RETURNING id"
)
HEADERS = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-11-25"}


async def measure() -> list[Figure]:
    bare = [{key: each for key, each in one.items() if key != "outputSchema"} for one in declared()]
    with new_home() as home:
        unused, used, searched = await _memory(home)
        times, processor, hooked = await _contradictions(home)
    return [
        Figure("tools/list without output schemas", len(json.dumps(bare, separators=(",", ":"))) / 4, "tokens", 2500),
        Figure(f"check_contradictions with {DECISIONS:,} decisions, p95", p95(times), "ms", at_most=150),
        Figure("the same, p50", p50(times), "ms"),
        Figure("the same, CPU time of the server, mean", processor, "ms"),
        Figure("hook of Claude Code before one edit, p95", p95(hooked), "ms", at_most=250),
        Figure("the same, p50", p50(hooked), "ms"),
        Figure("resident memory, /mcp never used", unused, "MB", at_most=80),
        Figure("resident memory after the use of /mcp", used, "MB", at_most=130),
        Figure("resident memory after searches, which load the embedder", searched, "MB"),
    ]


async def _memory(home: str) -> tuple[float, float, float]:
    """Megabytes of all services in one process, idle: before agents use it, after, and after they have searched."""
    port = free_port()
    async with new_program("run", RESONANT_DATA_DIR=home, PORT=port) as running:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=HEADERS, timeout=30) as client:
            await wait_until_ready(client, "/ready")
            await wait_until_ready(client, "/graphql?query={viewer{id}}")
            await asyncio.sleep(IDLE_SECONDS)
            unused = _resident(running)
            for method in ("tools/list", "resources/list", "prompts/list"):
                await _request(client, method, {})
            for number in range(CALLS):
                await _call(client, "list_decisions", {})
                await _call(client, "check_contradictions", {"text": f"plan {number}"})
            await asyncio.sleep(IDLE_SECONDS)
            used = _resident(running)
            await _call(client, "search", {"query": "fact"})
            await asyncio.sleep(IDLE_SECONDS)
            searched = _resident(running)
        await running.stop()
    return unused, used, searched


async def _contradictions(home: str) -> tuple[list[float], float, list[float]]:
    """Milliseconds of each call, the milliseconds of CPU time of one on average, and the milliseconds of each hook."""
    port = free_port()
    pairs = load_pairs("test")
    async with new_program("run", RESONANT_DATA_DIR=home, PORT=port) as running:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=HEADERS, timeout=30) as client:
            await wait_until_ready(client, "/ready")
            await _insert_decisions(home)
            await _wait_until_idle(running)
            # The first call reads each decision once.
            await _call(client, "check_contradictions", {"text": "first"})
            times, began_with = list[float](), _processor_seconds(running)
            for _, pair in zip(range(CALLS), cycle(pairs)):
                began = perf_counter()
                await _call(client, "check_contradictions", {"text": pair.statement.text})
                times.append((perf_counter() - began) * 1000)
            used = _processor_seconds(running) - began_with
            hooked = [await _hook(f"http://127.0.0.1:{port}/mcp", pair.statement.text) for pair in pairs[:HOOKS]]
        await running.stop()
    return times, used * 1000 / CALLS, hooked


async def _insert_decisions(home: str) -> None:
    """Accepted decisions of the owner. Each pair's is inserted with its topic, and again with numbered topics."""
    pairs = load_pairs("test")
    shared = EmbeddedDatabase(Path(home), say=lambda line: None)
    connection = await asyncpg.connect(await asyncio.to_thread(shared.start))
    try:
        async with connection.transaction():
            for number, pair in zip(range(DECISIONS), cycle(pairs)):
                await _insert(connection, pair.decision, number)
    finally:
        await connection.close()
        await asyncio.to_thread(shared.stop)


async def _insert(connection: "asyncpg.Connection[asyncpg.Record]", decision: DecisionRow, number: int) -> None:
    topic = f"{decision.topic_key} {number}"
    decision_id = await connection.fetchval(
        INSERT, decision.title, decision.kind, decision.topic, topic, decision.value
    )
    for place, option in enumerate(decision.options, 1):
        chosen = await connection.fetchval(INSERT_OPTION, decision_id, place, option["label"])
        if option["id"] == str(decision.chosen_option_id):
            await connection.execute("UPDATE decisions SET chosen_option_id = $2 WHERE id = $1", decision_id, chosen)


async def _request(client: httpx.AsyncClient, method: str, parameters: dict[str, Any]) -> dict[str, Any]:
    body = {"jsonrpc": "2.0", "id": 1, "method": method, "params": parameters}
    answer: dict[str, Any] = (await client.post("/mcp", json=body)).json()
    assert "result" in answer, answer
    result: dict[str, Any] = answer["result"]
    return result


async def _call(client: httpx.AsyncClient, tool: str, arguments: dict[str, Any]) -> None:
    result = await _request(client, "tools/call", {"name": tool, "arguments": arguments})
    assert not result.get("isError"), result


async def _hook(address: str, text: str) -> float:
    """Milliseconds that an edit waits for the hook, the start of Python included."""
    edit = {"file_path": "src/main.py", "old_string": "", "new_string": text}
    given = {"hook_event_name": "PreToolUse", "tool_name": "Edit", "tool_input": edit, "cwd": "/"}
    began = perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",
        str(HOOK),
        env={"RESONANT_MCP_URL": address},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    output, _ = await process.communicate(json.dumps(given).encode())
    seconds = perf_counter() - began
    assert "systemMessage" not in json.loads(output), output
    return seconds * 1000


def _resident(running: Program) -> float:
    megabytes: float = psutil.Process(running.process.pid).memory_info().rss / 1e6
    return megabytes


async def _wait_until_idle(running: Program) -> None:
    """Wait until the new decisions are indexed."""
    while True:
        before = _processor_seconds(running)
        await asyncio.sleep(IDLE_SECONDS)
        if _processor_seconds(running) - before < IDLE_SECONDS / 10:
            return


def _processor_seconds(running: Program) -> float:
    times = psutil.Process(running.process.pid).cpu_times()
    return float(times.user + times.system)
