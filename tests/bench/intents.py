"""The intent worker compared with procrastinate and pgqueuer, with handlers that do nothing

All run in turn on one database server. Each worker is a separate process with the same concurrency. Unlike the peers,
ours also writes the history, events and a notification. procrastinate gets fewer jobs, because each takes longer.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

import asyncpg
from pgqueuer.queries import Queries

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from app.services import Services, open_services
from app.settings import Settings
from sql.repositories.intent_claims import claim_intents
from tests.bench.figures import Figure, p50, p95
from tests.bench.workers import MODEL_SECONDS, procrastinate_app, workers
from tests.conftest import create_database, drop_database

JOBS = 6000
JOBS_OF_PROCRASTINATE = 600
ROUNDS = 3
PENDING = 100_000
CLAIMS = 200
# Whether jobs are left. Each query uses an index and runs fifty times per second.
LEFT = {
    "bridge": "SELECT EXISTS (SELECT FROM intents WHERE status IN ('pending', 'processing'))",
    "waiting_bridge": "SELECT EXISTS (SELECT FROM intents WHERE status IN ('pending', 'processing'))",
    "pgqueuer": "SELECT EXISTS (SELECT FROM pgqueuer)",
    "procrastinate": "SELECT EXISTS (SELECT FROM procrastinate_jobs WHERE status IN ('todo', 'doing'))",
}


async def measure() -> list[Figure]:
    home = Path(mkdtemp(prefix="resonant-bench-"))
    server = EmbeddedDatabase(home, say=lambda line: None, options={"max_connections": "200"})
    server.start()
    try:
        return [*await _throughput(server), *await _claims(server)]
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)


async def _throughput(server: EmbeddedDatabase) -> list[Figure]:
    rates: dict[tuple[str, int], list[float]] = {}
    for _ in range(ROUNDS):
        for name, count in (("procrastinate", 1), ("pgqueuer", 1), ("pgqueuer", 2), ("bridge", 1), ("bridge", 2)):
            rates.setdefault((name, count), []).append(await _rate(server, name, count))
    typical = {which: median(measured) for which, measured in rates.items()}
    ours, peer = typical["bridge", 1], typical["pgqueuer", 1]
    note = f"ours {ours:,.0f}/s, pgqueuer {peer:,.0f}/s, procrastinate {typical['procrastinate', 1]:,.0f}/s"
    faster = max(peer, typical["procrastinate", 1])
    of_two = f"ours {typical['bridge', 2]:,.0f}/s; pgqueuer {typical['pgqueuer', 2] / peer:.2f} x"
    one, two = [await _rate(server, "waiting_bridge", count) for count in (1, 2)]
    waiting = f"each takes {MODEL_SECONDS * 1000:.0f} ms of waiting; {one:,.0f}/s and {two:,.0f}/s"
    return [
        Figure("intents through one bridge, relative to the faster peer", ours / faster, "x", None, 1.0, note),
        Figure("two bridges, relative to one", typical["bridge", 2] / ours, "x", at_least=1.6, note=of_two),
        Figure("two bridges, relative to one, with a slow model", two / one, "x", at_least=1.6, note=waiting),
    ]


async def _rate(server: EmbeddedDatabase, name: str, count: int) -> float:
    """Jobs per second with `count` workers."""
    async with _database(server, name) as dsn:
        jobs = await FILL[name](dsn)
        async with workers(name, dsn, count) as ready, _watching(dsn) as connection:
            began = perf_counter()
            for worker in ready:
                worker.begin()
            while await connection.fetchval(LEFT[name]):  # noqa: ASYNC110 - it can only be asked
                await asyncio.sleep(0.02)
            return jobs / (perf_counter() - began)


@asynccontextmanager
async def _watching(dsn: str) -> AsyncIterator[Any]:
    connection = await asyncpg.connect(dsn)
    try:
        yield connection
    finally:
        await connection.close()


async def _fill_ours(dsn: str) -> int:
    await prepare_database(dsn)
    settings = Settings(_env_file=None, database_statement_timeout=120)
    async with open_services(settings, dsn, name="bench") as services:
        await Engine(dsn, services).fill(JOBS)
    return JOBS


async def _fill_pgqueuer(dsn: str) -> int:
    async with asyncpg.create_pool(dsn, min_size=1, max_size=1) as pool:
        queries = Queries.from_asyncpg_pool(pool)
        await queries.install()
        await queries.enqueue(["no_op"] * JOBS, [None] * JOBS, [0] * JOBS)
        await pool.execute("ANALYZE")
        await pool.execute("CHECKPOINT")
    return JOBS


async def _fill_procrastinate(dsn: str) -> int:
    app = procrastinate_app(dsn)
    async with app.open_async():
        await app.schema_manager.apply_schema_async()
        jobs: list[Any] = [{"number": number} for number in range(JOBS_OF_PROCRASTINATE)]
        await app.configure_task("no_op").batch_defer_async(*jobs)
    return JOBS_OF_PROCRASTINATE


FILL: dict[str, Callable[[str], Awaitable[int]]] = {
    "bridge": _fill_ours,
    "waiting_bridge": _fill_ours,
    "pgqueuer": _fill_pgqueuer,
    "procrastinate": _fill_procrastinate,
}


@asynccontextmanager
async def _database(server: EmbeddedDatabase, name: str) -> AsyncIterator[str]:
    yield await create_database(server, name)
    await drop_database(server, name)


@dataclass
class Engine:
    """Our database with pending intents, and bridges that process them."""

    dsn: str
    services: Services

    async def fill(self, count: int, users: int = 1) -> None:
        pool = self.services.database.pool
        await pool.execute(
            "INSERT INTO users SELECT 'user ' || n, 'User', 'member' FROM generate_series(1, $1::int) AS n", users
        )
        # Nothing searches here, and lexical indexing takes ten times as long as the rest.
        await pool.execute("ALTER TABLE intents DISABLE TRIGGER search_created")
        await pool.execute(
            "INSERT INTO intents (user_id, description, intent_type, actor) "
            "SELECT 'user ' || (1 + n % $2::int), 'do ' || n, 'task', 'bench' FROM generate_series(1, $1::int) AS n",
            count,
            users,
            timeout=120,
        )
        await pool.execute("ALTER TABLE intents ENABLE TRIGGER search_created")
        await pool.execute("ANALYZE", timeout=120)
        await pool.execute("CHECKPOINT", timeout=120)  # flush the writes of the setup before measuring


@asynccontextmanager
async def _engine(server: EmbeddedDatabase, name: str) -> AsyncIterator[Engine]:
    settings = Settings(_env_file=None, database_statement_timeout=120)
    async with _database(server, name) as dsn:
        await prepare_database(dsn)
        async with open_services(settings, dsn, name="bench") as services:
            yield Engine(dsn, services)


async def _claims(server: EmbeddedDatabase) -> list[Figure]:
    figures = []
    for users in (1, 1000):
        async with _engine(server, "pending") as engine:
            await engine.fill(PENDING, users)
            one, eight = [await _claim_times(engine, count) for count in (1, 8)]
        whose = "of one user" if users == 1 else f"of {users:,} users"
        what = f"with {PENDING:,} pending, p95"
        figures.append(Figure(f"claim {what}", p95(one), "ms", 5, note=f"{whose}; p50 {p50(one):.2g} ms"))
        figures.append(Figure(f"claim of 8 at once {what}", p95(eight), "ms", note=f"{whose}; p50 {p50(eight):.2g} ms"))
    return figures


async def _claim_times(engine: Engine, count: int) -> list[float]:
    """Milliseconds of each claim without the first ten, which fill the caches."""
    times, served = [], ""
    async with engine.services.database.connection() as connection:
        for _ in range(CLAIMS):
            began = perf_counter()
            claimed = await claim_intents(
                connection, "bench", actor="bench", count=count, lease_seconds=600, after=served
            )
            times.append((perf_counter() - began) * 1000)
            if len(claimed) != count:
                raise RuntimeError(f"{len(claimed)} intents were claimed instead of {count}")
            served = claimed[-1].user_id
    return times[10:]
