"""Data directories for tests that run the embedded database: in memory, and on request with a migrated database."""

import asyncio
import atexit
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase

NOT_DURABLE = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


def fast_directory() -> str | None:
    """A directory in memory, where a database is created in a tenth of the time; None where it would not fit."""
    memory = Path("/dev/shm")  # noqa: S108 - mkdtemp makes a private directory in it
    try:
        return str(memory) if shutil.disk_usage(memory).free > 4 * 2**30 else None
    except OSError:
        return None


def new_directory(name: str) -> Path:
    """A new, empty directory, which the caller deletes; the system user of the database can reach it."""
    return Path(mkdtemp(prefix=f"resonant-{name}-", dir=fast_directory()))


@cache
def _migrated() -> Path:
    """A data directory with all migrations, made once for each test process; its server does not run."""
    home = new_directory("migrated")
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    server = EmbeddedDatabase(home, say=lambda line: None, options=NOT_DURABLE)
    dsn = server.start()
    with ThreadPoolExecutor(1) as threads:  # this thread may have a running event loop
        threads.submit(lambda: asyncio.run(prepare_database(dsn))).result()
    server.stop()
    return home


def add_migrated_database(home: Path) -> None:
    """Give this data directory a database with all migrations and no rows, as after a first start."""
    home.mkdir(parents=True, exist_ok=True)
    # Unlike shutil, cp keeps the owner.
    subprocess.run(["cp", "-a", _migrated() / "postgres", home / "postgres"], check=True)
