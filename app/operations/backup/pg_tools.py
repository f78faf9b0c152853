"""Runs pg_dump and pg_restore without showing the password, and kills them when the caller is cancelled."""

import asyncio
import os
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit, urlunsplit

from app.database.embedded import binaries
from app.errors import OperationFailed

ERROR_LINES = 5


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


async def run_program(name: str, dsn: str, *arguments: str, on_line: Callable[[str], None]) -> None:
    """Run `pg_dump` or `pg_restore`; `on_line` gets each line of its standard error. Raises OperationFailed."""
    address, password = _split_password(dsn)
    process = await asyncio.create_subprocess_exec(
        binaries() / name,
        f"--dbname={address}",
        "--no-password",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.defpath, "LC_ALL": "C", **password},
    )
    tail: list[str] = []
    assert process.stderr is not None  # noqa: S101 - it is a pipe
    try:
        async for line in process.stderr:
            on_line(line.decode(errors="replace").rstrip())
            tail = [*tail, line.decode(errors="replace").rstrip()][-ERROR_LINES:]
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        raise OperationFailed(f"{name} failed: {' | '.join(tail)}")
