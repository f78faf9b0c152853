"""The MCP server: contradictions over loopback, and memory before and after its first use

The server is the one of `make run`, with 2,000 accepted decisions of the gate's test data.
"""

import asyncio
import json
from itertools import cycle
from time import perf_counter

import asyncpg
import httpx
import psutil

from app.mcp.declarations import declared
from tests.bench.figures import Figure, p50, p95
from tests.bench.product import IDLE_SECONDS, _home
from tests.gate.pairs import load_pairs
from tests.processes import Program, free_port, new_program, wait_until_ready

DECISIONS = 2000
CALLS = 200
HEADERS = {"accept": "application/json, text/event-stream", "mcp-protocol-version": "2025-11-25"}


async def measure() -> list[Figure]:
    bare = [{key: each for key, each in one.items() if key != "outputSchema"} for one in declared()]
    with _home() as home:
        unused, used = await _memory(home)
        times = await _contradictions(home)
    return [
        Figure("tools/list without output schemas", len(json.dumps(bare, separators=(",", ":"))) / 4, "tokens", 2500),
        Figure(f"check_contradictions with {DECISIONS:,} decisions, p95", p95(times), "ms", at_most=150),
        Figure("the same, p50", p50(times), "ms"),
        Figure("resident memory, /mcp never used", unused, "MB", at_most=80),
        Figure("resident memory after the use of /mcp", used, "MB", at_most=130),
    ]


async def _memory(home: str) -> tuple[float, float]:
    """Megabytes of all services in one process, idle, before and after agents have used every kind of request."""
    port = free_port()
    async with new_program("run", RESONANT_DATA_DIR=home, PORT=port) as running:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=HEADERS, timeout=30) as client:
            await wait_until_ready(client, "/ready")
            await wait_until_ready(client, "/graphql?query={viewer{id}}")
            await asyncio.sleep(IDLE_SECONDS)
            unused = _resident(running)
            for method, parameters in (("tools/list", {}), ("resources/list", {}), ("prompts/list", {})):
                await _request(client, method, parameters)
            for number in range(50):
                await _call(client, "remember", {"content": f"fact {number}"})
                await _call(client, "search", {"query": "fact"})
        await asyncio.sleep(IDLE_SECONDS)
        used = _resident(running)
        await running.stop()
    return unused, used


async def _contradictions(home: str) -> list[float]:
    """Milliseconds of each call."""
    port = free_port()
    pairs = load_pairs("test")
    async with new_program("run", RESONANT_DATA_DIR=home, PORT=port) as running:
        async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", headers=HEADERS, timeout=30) as client:
            await wait_until_ready(client, "/ready")
            await _insert_decisions(home)
            times = []
            for _, pair in zip(range(CALLS), cycle(pairs)):
                began = perf_counter()
                await _call(client, "check_contradictions", {"text": pair.statement.text})
                times.append((perf_counter() - began) * 1000)
        await running.stop()
    return times[1:]  # the first call reads each decision once
