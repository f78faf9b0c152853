"""pg_dump and pg_restore: run so that no password is seen, and killed when nobody waits for them."""

import asyncio
import os
from collections.abc import Callable, Mapping
from urllib.parse import unquote, urlsplit, urlunsplit

from app.database.embedded import binaries
from app.operations.backup.failure import BackupFailed

SAID_LINES = 5


def with_database(dsn: str, database: str) -> str:
    """The same server, another database."""
    return urlunsplit(urlsplit(dsn)._replace(path=f"/{database}"))


def _without_secret(dsn: str) -> tuple[str, Mapping[str, str]]:
    """The address for the command line, which everybody on the machine can read, and the password apart from it."""
    parts = urlsplit(dsn)
    if parts.password is None:
        return dsn, {}
    user, _, host = parts.netloc.rpartition("@")
    netloc = f"{user.partition(':')[0]}@{host}"
    return urlunsplit(parts._replace(netloc=netloc)), {"PGPASSWORD": unquote(parts.password)}


async def run_program(name: str, dsn: str, *arguments: str, heard: Callable[[str], None]) -> None:
    """Run `pg_dump` or `pg_restore` on a database; `heard` gets each line it says. Raises BackupFailed."""
    address, secret = _without_secret(dsn)
    process = await asyncio.create_subprocess_exec(
        binaries() / name,
        f"--dbname={address}",
        "--no-password",
        *arguments,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env={"PATH": os.defpath, "LC_ALL": "C", **secret},
    )
    said: list[str] = []
    assert process.stderr is not None  # noqa: S101 - it is a pipe
    try:
        async for line in process.stderr:
            heard(line.decode(errors="replace").rstrip())
            said = [*said, line.decode(errors="replace").rstrip()][-SAID_LINES:]
        code = await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if code != 0:
        raise BackupFailed(f"{name} failed: {' | '.join(said)}")
