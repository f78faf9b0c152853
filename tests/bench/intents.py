"""The intent engine beside procrastinate and pgqueuer, doing nothing as fast as they can

All three run on one database server in one run, in turns, each with the same number of jobs, the same concurrency and
a handler that does nothing. Ours also writes what the others do not: each step of the history, events and a
notification.
"""

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import mkdtemp
from time import perf_counter
from typing import Any

import asyncpg
import procrastinate
from pgqueuer import PgQueuer
from pgqueuer.queries import Queries
from pgqueuer.types import QueueExecutionMode

from app.asgi import Services, open_services
from app.assistant.classification.local import LocalClassifier
from app.assistant.factory import Minds
from app.assistant.offline import OfflineAssistant
from app.assistant.ports import IntentKind
from app.bridges.clock import SystemClock
from app.bridges.handlers.protocol import Desk, Handler, Outcome
from app.bridges.intent_bridge import IntentBridge
from app.bridges.loop import BridgeLoop
from app.ops.database import prepare_database
from app.ops.embedded import EmbeddedDatabase
from app.settings import Settings
from sql.repositories.intent_claims import claim_intents
from sql.rows import IntentRow
from tests.bench.figures import Figure, p95
from tests.conftest import create_database, drop_database

JOBS = 1500
CONCURRENCY = 64
ROUNDS = 3
PENDING = 100_000
CLAIMS = 200
UNDONE = "SELECT EXISTS (SELECT FROM intents WHERE status <> 'completed')"


class NoOp(Handler):
    """Does nothing, to nobody's surprise."""

    intent_type: IntentKind = "task"
    checked = False

    async def handle(self, intent: IntentRow, desk: Desk) -> Outcome:
        return Outcome("")


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
    rates: dict[str, list[float]] = {"one": [], "two": [], "procrastinate": [], "pgqueuer": []}
    for _ in range(ROUNDS):
        rates["procrastinate"].append(await _of_procrastinate(server))
        rates["pgqueuer"].append(await _of_pgqueuer(server))
        rates["one"].append(await _of_ours(server, 1))
        rates["two"].append(await _of_ours(server, 2))
    ours, two, *peers = (median(rates[name]) for name in ("one", "two", "procrastinate", "pgqueuer"))
    beside = f"ours {ours:,.0f}/s, procrastinate {peers[0]:,.0f}/s, pgqueuer {peers[1]:,.0f}/s"
    return [
        Figure("intents through one bridge, against the faster of the two", ours / max(peers), "x", None, 1.0, beside),
        Figure("two bridges against one", two / ours, "x", at_least=1.6, beside=f"{two:,.0f}/s"),
    ]


@asynccontextmanager
async def _database(server: EmbeddedDatabase, name: str) -> AsyncIterator[str]:
    yield await create_database(server, name)
    await drop_database(server, name)


@dataclass
class Engine:
    """Our own database with intents to do, and bridges on it."""

    dsn: str
    services: Services

    async def fill(self, count: int, users: int = 1) -> None:
        pool = self.services.database.pool
        await pool.execute(
            "INSERT INTO users SELECT 'user ' || n, 'User', 'member' FROM generate_series(1, $1::int) AS n", users
        )
        await pool.execute(
            "INSERT INTO intents (user_id, description, intent_type, actor) "
            "SELECT 'user ' || (1 + n % $2::int), 'do ' || n, 'task', 'bench' FROM generate_series(1, $1::int) AS n",
            count,
            users,
            timeout=120,
        )
        await pool.execute("ANALYZE", timeout=120)


@asynccontextmanager
async def _engine(server: EmbeddedDatabase, name: str) -> AsyncIterator[Engine]:
    settings = Settings(_env_file=None, bridge_concurrency=CONCURRENCY, statement_timeout=120, acquire_timeout=30)
    async with _database(server, name) as dsn:
        await prepare_database(dsn)
        async with open_services(settings, dsn, name="bench") as services:
            yield Engine(dsn, services)


async def _of_ours(server: EmbeddedDatabase, bridges: int) -> float:
    async with _engine(server, f"ours_{bridges}") as engine:
        await engine.fill(JOBS)
        began = perf_counter()
        async with AsyncExitStack() as stack:
            for _ in range(bridges):
                await stack.enter_async_context(_bridge(engine.services))
            pool = engine.services.database.pool
            while await pool.fetchval(UNDONE):  # noqa: ASYNC110 - it can only be asked
                await asyncio.sleep(0.02)
            return JOBS / (perf_counter() - began)


@asynccontextmanager
async def _bridge(services: Services) -> AsyncIterator[None]:
    minds = Minds(OfflineAssistant(), LocalClassifier())
    bridge: Any = IntentBridge(
        services.database,
        services.bus,
        minds,
        services.settings,
        SystemClock(),
        services.memory,
        handlers={"task": NoOp()},
    )
    loop: BridgeLoop[Any] = BridgeLoop(bridge, services.database, services.bus, services.settings)
    running = asyncio.create_task(loop.run())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])


async def _of_procrastinate(server: EmbeddedDatabase) -> float:
    async with _database(server, "procrastinate") as dsn:
        connector = procrastinate.PsycopgConnector(conninfo=dsn, min_size=4, max_size=10)
        app = procrastinate.App(connector=connector)

        @app.task(name="no_op")
        async def no_op(number: int) -> None: ...

        async with app.open_async():
            await app.schema_manager.apply_schema_async()
            jobs: list[Any] = [{"number": number} for number in range(JOBS)]
            await no_op.batch_defer_async(*jobs)
            began = perf_counter()
            await app.run_worker_async(wait=False, concurrency=CONCURRENCY, install_signal_handlers=False)
            return JOBS / (perf_counter() - began)


async def _of_pgqueuer(server: EmbeddedDatabase) -> float:
    async with _database(server, "pgqueuer") as dsn, asyncpg.create_pool(dsn, min_size=4, max_size=10) as pool:
        queries = Queries.from_asyncpg_pool(pool)
        await queries.install()
        queue = PgQueuer.from_asyncpg_pool(pool)

        @queue.entrypoint("no_op")
        async def no_op(job: Any) -> None: ...

        await queries.enqueue(["no_op"] * JOBS, [None] * JOBS, [0] * JOBS)
        began = perf_counter()
        await queue.run(mode=QueueExecutionMode.drain, batch_size=CONCURRENCY)
        return JOBS / (perf_counter() - began)


async def _claims(server: EmbeddedDatabase) -> list[Figure]:
    figures = []
    for users in (1, 1000):
        async with _engine(server, "pending") as engine:
            await engine.fill(PENDING, users)
            one, eight = [await _claim_times(engine, count) for count in (1, 8)]
        beside = "of one user" if users == 1 else f"of {users:,} users"
        what = f"with {PENDING:,} pending, p95"
        figures.append(Figure(f"claim {what}", p95(one), "ms", at_most=5, beside=beside))
        figures.append(Figure(f"claim of 8 at once {what}", p95(eight), "ms", beside=beside))
    return figures


async def _claim_times(engine: Engine, count: int) -> list[float]:
    """Milliseconds of each claim, the first ten left out: they fill the caches."""
    times, served = [], ""
    async with engine.services.database.connection() as connection:
        for _ in range(CLAIMS):
            began = perf_counter()
            claimed = await claim_intents(
                connection, "bench", actor="bench", count=count, lease_seconds=600, behind=served
            )
            times.append((perf_counter() - began) * 1000)
            if len(claimed) != count:
                raise RuntimeError(f"{len(claimed)} intents were claimed instead of {count}")
            served = claimed[-1].user_id
    return times[10:]
