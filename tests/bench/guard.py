"""One request must not stop the others: the longest wait for /health while each attack runs

One process with all services and the embedded database, as `make run` starts it. /health is asked every five
milliseconds by another process, on a new connection each time. The value is that of the best of three rounds: an attack
that blocks the process does so in each of them, other programs on the machine do not.
"""

import asyncio
import os
import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from tempfile import mkdtemp

import httpx

from app.web.connections import open_file_limit
from tests.bench.figures import Figure
from tests.bench.guard_attacks import ATTACKS, PREPARATION, Attack, Target
from tests.processes import ROOT, free_port, new_program, wait_until_ready

GOAL_MS = 100
ROUNDS = 3
NO_LIMITS = {"GRAPHQL_RATE_LIMIT_POINTS": "0", "GRAPHQL_RATE_LIMIT_EXPENSIVE_POINTS": "0"}
QUIET_SECONDS = 10


class Waits:
    """The probe, as a process of its own."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def take(self) -> float:
        """The longest wait since the last call, in milliseconds."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(b"\n")
        return float(await self._process.stdout.readline())


async def measure() -> list[Figure]:
    open_file_limit(2_000)  # one attack opens 1,100 connections
    figures: list[Figure] = []
    for auth_mode in ("local", "token"):
        async with _target(auth_mode) as (target, waits):
            if auth_mode == "local":
                await PREPARATION(target)
                await asyncio.sleep(QUIET_SECONDS)
                await waits.take()
                await asyncio.sleep(1)
                busy = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors; above that, waits are not ours"
                figures.append(Figure("no attack", await waits.take(), "ms", note=busy))
            mine = [attack for attack in ATTACKS if attack.auth_mode == auth_mode]
            figures += [await _figure(attack, target, waits) for attack in mine]
    return figures


async def _figure(attack: Attack, target: Target, waits: Waits) -> Figure:
    longest = []
    for _ in range(ROUNDS):
        await waits.take()
        await attack.run(target)
        await asyncio.sleep(attack.settles)
        longest.append(await waits.take())
    return Figure(attack.name, min(longest), "ms", at_most=GOAL_MS, note=f"{ROUNDS} rounds up to {max(longest):.0f} ms")


@asynccontextmanager
async def _target(auth_mode: str) -> AsyncIterator[tuple[Target, Waits]]:
    home, port = mkdtemp(prefix="resonant-bench-"), free_port()
    try:
        async with (
            new_program("run", RESONANT_DATA_DIR=home, PORT=port, AUTH_MODE=auth_mode, **NO_LIMITS),
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=120) as client,
            _waits(port) as waits,
        ):
            await wait_until_ready(client)
            yield Target(client, int(port)), waits
    finally:
        shutil.rmtree(home, ignore_errors=True)


@asynccontextmanager
async def _waits(port: str) -> AsyncIterator[Waits]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.guard_probe", port, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        yield Waits(process)
    finally:
        process.kill()
        await process.wait()
