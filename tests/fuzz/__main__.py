"""`make fuzz`: send hostile input for five minutes to a server of its own, and to the parsers of files and Markdown.

FUZZ_SECONDS: the duration of the whole run; FUZZ_SEED: repeats a run; FUZZ_WAIT: the longest acceptable wait in
seconds. Arguments: the targets, all by default. Exits with 1 when something failed unexpectedly, crashed or took long.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from random import Random, randrange
from tempfile import TemporaryDirectory
from time import monotonic

import httpx

from app.database.embedded import DATABASE, EmbeddedDatabase
from tests.fuzz import graphql, http_head, imports, markdown, websocket
from tests.fuzz.run import Run
from tests.processes import Program, free_port, program, wait_until_ready

TARGETS: dict[str, Callable[[Run], Awaitable[None]]] = {
    "graphql": graphql.fuzz,
    "http-head": http_head.fuzz,
    "websocket": websocket.fuzz,
    "imports": imports.fuzz,
    "markdown": markdown.fuzz,
}
UNEXPECTED = ("Traceback (most recent call last)", "failed unexpectedly")


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


async def check_server(run: Run, server: Program, seen: int) -> None:
    """The server must still answer, and must not have logged an unexpected failure."""
    try:
        async with httpx.AsyncClient(base_url=run.url) as client:
            await wait_until_ready(client, "/health", seconds=10)
    except TimeoutError:
        run.found("the server does not answer any more", server.output[-2000:])
    new = server.output[seen:]
    for sign in UNEXPECTED:
        if sign in new:
            run.found("the server logged an unexpected failure", new[new.index(sign) :][:2000])


async def fuzz_all(names: list[str], seconds: float, seed: int, max_wait: float) -> int:
    """The number of findings."""
    findings = 0
    with TemporaryDirectory(prefix="resonant-fuzz-") as directory:
        port = free_port()
        environment = {
            "PORT": str(port),
            "RESONANT_DATA_DIR": directory,
            "GRAPHQL_RATE_LIMIT_POINTS": "0",
            "GRAPHQL_RATE_LIMIT_EXPENSIVE_POINTS": "0",
        }
        async with program("run", **environment) as server:
            url = f"http://127.0.0.1:{port}"
            async with httpx.AsyncClient(base_url=url) as client:
                await wait_until_ready(client)
            database = EmbeddedDatabase(Path(directory), say=lambda line: None).dsn(DATABASE)
            for name in names:
                run = Run(Random(f"{seed} {name}"), monotonic() + seconds / len(names), max_wait, url, database)
                seen = len(server.output)
                await TARGETS[name](run)
                await check_server(run, server, seen)
                longest = f"longest {run.longest * 1000:.0f} ms"
                say(f"{name:<10} {run.tried:>7,} cases, {longest}, {len(run.findings)} findings")
                for finding in run.findings:
                    say(f"    {finding}")
                findings += len(run.findings)
            await server.stop()
    return findings


def main() -> None:
    names = sys.argv[1:] or list(TARGETS)
    if unknown := set(names) - set(TARGETS):
        sys.exit(f"unknown target: {', '.join(sorted(unknown))}; there are {', '.join(TARGETS)}")
    seconds = float(os.environ.get("FUZZ_SECONDS", "300"))
    seed = int(os.environ.get("FUZZ_SEED") or randrange(10**9))
    max_wait = float(os.environ.get("FUZZ_WAIT", "2"))
    say(f"FUZZ_SEED={seed}, {seconds:.0f} s")
    sys.exit(1 if asyncio.run(fuzz_all(names, seconds, seed, max_wait)) else 0)


main()
