"""Runs pg_dump and pg_restore without showing the password, and kills them when the caller is cancelled.

Their data passes through this process piece by piece. When this process is killed, they end with the pipe.
"""

import asyncio
import os
from asyncio.subprocess import DEVNULL, PIPE, Process
from collections.abc import Callable, Coroutine, Iterator, Mapping
from typing import Any, TypeVar
from urllib.parse import unquote, urlsplit, urlunsplit

from app.database.embedded import binaries
from app.errors import OperationFailed

ERROR_LINES = 5
PIECE_BYTES = 1024 * 1024
Result = TypeVar("Result")


def with_database(dsn: str, database: str) -> str:
    """The DSN of another database on the same server."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}"))


def _split_password(dsn: str) -> tuple[str, Mapping[str, str]]:
    """The DSN without its password, for the command line, and the password as an environment variable.

    Every user of the machine can read command lines.
    """
    parts = urlsplit(dsn)
    if parts.password is None:
        return dsn, {}
    user, _, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}@{host}"
    return urlunsplit(parts._replace(netloc=netloc)), {"PGPASSWORD": unquote(parts.password)}


async def in_thread(work: Callable[..., Result], *arguments: Any) -> Result:
    """Run blocking work in a thread. A cancelled call ends after the work, so that nothing runs next to its cleanup."""
    working = asyncio.ensure_future(asyncio.to_thread(work, *arguments))
    try:
        return await asyncio.shield(working)
    except asyncio.CancelledError:
        await asyncio.wait([working])
        raise


async def run_program(
    name: str,
    dsn: str,
    *arguments: str,
    on_line: Callable[[str], None],
    source: Iterator[bytes] | None = None,
    target: Callable[[bytes], None] | None = None,
) -> None:
    """Run `pg_dump` or `pg_restore`; `on_line` gets each line of its standard error. Raises OperationFailed.

    It reads `source`, and `target` gets its output; both block and run in threads.
    """
    address, password = _split_password(dsn)
    process = await asyncio.create_subprocess_exec(
        binaries() / name,
        f"--dbname={address}",
        "--no-password",
        *arguments,
        stdin=DEVNULL if source is None else PIPE,
        stdout=DEVNULL if target is None else PIPE,
        stderr=PIPE,
        limit=PIECE_BYTES,
        env={"PATH": os.defpath, "LC_ALL": "C", **password},
    )
    tail: list[str] = []
    work: list[Coroutine[Any, Any, None]] = [_read_lines(process, tail, on_line)]
    work += [] if source is None else [_feed(process, source)]
    work += [] if target is None else [_drain(process, target)]
    jobs = [asyncio.ensure_future(each) for each in work]
    try:
        await asyncio.gather(*jobs)
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
        await asyncio.wait(jobs)
        await process.wait()
    if code != 0:
        raise OperationFailed(f"{name} failed: {' | '.join(tail)}")


async def _read_lines(process: Process, tail: list[str], on_line: Callable[[str], None]) -> None:
    assert process.stderr is not None  # noqa: S101 - it is a pipe
    async for line in process.stderr:
        text = line.decode(errors="replace").rstrip()
        on_line(text)
        tail[:] = [*tail, text][-ERROR_LINES:]


async def _drain(process: Process, target: Callable[[bytes], None]) -> None:
    assert process.stdout is not None  # noqa: S101 - it is a pipe
    while piece := await process.stdout.read(PIECE_BYTES):
        await in_thread(target, piece)


async def _feed(process: Process, source: Iterator[bytes]) -> None:
    """Write the pieces to the standard input. After the end of the process the others are read too.

    So the caller learns that a file is damaged, and not only that the program could not read it.
    """
    assert process.stdin is not None  # noqa: S101 - it is a pipe
    reading = True
    while (piece := await in_thread(next, source, None)) is not None:
        try:
            if reading:
                process.stdin.write(piece)
                await process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            reading = False
    process.stdin.close()
