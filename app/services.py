"""The services that all parts of one process share: connection pool, bus, memory, metrics and tracing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from app.clock import SystemClock
from app.live.bus.bus import Bus
from app.memory.services import MemoryServices, open_memory
from app.observability.metrics import Exposition, Instruments
from app.observability.tracing import Tracer, create_tracer
from app.settings import Settings
from sql.pool import Database, create_pool, is_walled


@dataclass(frozen=True, slots=True)
class Services:
    """Shared services of one process."""

    settings: Settings
    database: Database
    bus: Bus
    memory: MemoryServices
    instruments: Instruments = field(default_factory=Instruments)
    tracer: Tracer = field(default_factory=Tracer)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when this process accepts no new work: /ready then fails, and load balancers stop sending requests."""

    def exposition(self) -> Exposition:
        return Exposition(self.instruments, self.database, self.settings.data_dir)


@asynccontextmanager
async def open_services(settings: Settings, dsn: str, *, name: str) -> AsyncIterator[Services]:
    """The services on the database, closed when the block ends; `name` appears in pg_stat_activity."""
    tracer = create_tracer(settings.traces_url, name)
    pool = await create_pool(
        dsn,
        application=f"resonant {name}",
        min_size=settings.database_pool_min_size,
        max_size=settings.database_pool_max_size,
        statement_timeout=settings.database_statement_timeout,
        acquire_timeout=settings.database_acquire_timeout,
        watch=tracer.instrument_connection,
    )
    try:
        walled = await is_walled(pool)
    except BaseException:
        await pool.close()
        raise
    database = Database(
        pool, acquire_timeout=settings.database_acquire_timeout, walled=walled, begun=tracer.transaction_hook
    )
    memory = open_memory(database, settings, SystemClock())
    try:
        async with Bus(settings.live_broadcast_url or dsn).running() as bus:
            yield Services(settings, database, bus, memory, tracer=tracer)
    finally:
        await memory.models.close()
        await database.close()
        tracer.close()
