"""Runs `python -m app` as a separate process, as a user does."""

import asyncio
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import randrange
from typing import Protocol

import httpx

from tests.forked import forked_process
from tests.timeouts import TIMEOUT

ROOT = Path(__file__).parents[1]
# The environment of the developer must not reach the program: no API key, no database, no language, no .env file.
CLEAN_ENVIRONMENT = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "VIRTUAL_ENV")}


def free_port() -> str:
    """A port that nothing listens on, below the range from which the system takes ports for outgoing connections."""
    while True:
        port = randrange(20_000, 32_000)
        try:
            with socket.create_server(("127.0.0.1", port)):
                return str(port)
        except OSError:
            continue


class Process(Protocol):
    """A process of asyncio, or one that the fork server has started."""

    @property
    def pid(self) -> int: ...

    @property
    def returncode(self) -> int | None: ...

    @property
    def stdout(self) -> asyncio.StreamReader | None: ...

    def send_signal(self, number: int) -> None: ...

    def kill(self) -> None: ...

    async def wait(self) -> int: ...


@dataclass
class Program:
    """A running `python -m app ...` and its output."""

    process: Process
    printed: list[str] = field(default_factory=list)

    @property
    def output(self) -> str:
        return "".join(self.printed)

    async def collect_output(self) -> None:
        assert self.process.stdout is not None
        while line := await self.process.stdout.readline():
            self.printed.append(line.decode())

    async def wait_for_output(self, text: str, seconds: float = TIMEOUT) -> None:
        async with asyncio.timeout(seconds):
            while text not in self.output:
                assert self.process.returncode is None, self.output
                await asyncio.sleep(0.02)

    async def stop(self, number: int = signal.SIGTERM, seconds: float = TIMEOUT) -> int:
        """Send the signal and wait for the exit code."""
        if self.process.returncode is None:
            self.process.send_signal(number)
        async with asyncio.timeout(seconds):
            return await self.process.wait()


def _environment(given: Mapping[str, str]) -> dict[str, str]:
    return {**CLEAN_ENVIRONMENT, "SERVER_TIMEZONE": "Asia/Tokyo", **given}


async def _interpreted_process(arguments: Sequence[str], environment: Mapping[str, str]) -> Process:
    return await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        *arguments,
        cwd=ROOT,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )


@asynccontextmanager
async def _running(process: Process) -> AsyncIterator[Program]:
    running = Program(process)
    collecting = asyncio.create_task(running.collect_output())
    try:
        yield running
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
        await collecting


async def _ended(running: Program) -> int:
    async with asyncio.timeout(TIMEOUT):
        return await running.process.wait()


@asynccontextmanager
async def program(*arguments: str, **environment: str) -> AsyncIterator[Program]:
    """Run `python -m app` with these arguments; it is killed at the end if it still runs.

    It is forked from a process that has imported everything, which saves seconds.
    """
    async with _running(await forked_process(arguments, _environment(environment))) as running:
        yield running


@asynccontextmanager
async def new_program(*arguments: str, **environment: str) -> AsyncIterator[Program]:
    """Like `program`, in a new interpreter: for tests of the start itself."""
    async with _running(await _interpreted_process(arguments, _environment(environment))) as running:
        yield running


async def run_to_completion(*arguments: str, **environment: str) -> tuple[int, str]:
    """Run a command that ends without a signal; its exit code and output."""
    async with program(*arguments, **environment) as running:
        code = await _ended(running)
    return code, running.output


async def run_new_to_completion(*arguments: str, **environment: str) -> tuple[int, str]:
    """Like `run_to_completion`, in a new interpreter."""
    async with new_program(*arguments, **environment) as running:
        code = await _ended(running)
    return code, running.output


async def wait_until_ready(
    client: httpx.AsyncClient, path: str = "/ready/bridges", seconds: float = TIMEOUT
) -> httpx.Response:
    """Poll until the response has status 200, and return it."""
    async with asyncio.timeout(seconds):
        while True:
            try:
                response = await client.get(path)
                if response.status_code == 200:
                    return response
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.02)
