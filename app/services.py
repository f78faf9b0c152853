"""The services that all parts of one process share: connection pool, bus, memory, metrics and tracing."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

from app.clock import SystemClock
from app.database.connect import open_database
from app.files import pdf
from app.files.store import FileStore, open_store
from app.live.bus.bus import Bus
from app.memory.services import MemoryServices, open_memory
from app.models.in_use import ModelInUse
from app.observability.metrics import Exposition, Instruments, watch_event_loop
from app.observability.tracing import Tracer, create_tracer
from app.settings import Settings
from app.text_process import TextProcess
from app.tools.runner import ToolRunner
from resolvers.checks import Limits
from sql.pool import Database


def pdf_process() -> TextProcess:
    return TextProcess(longest_seconds=pdf.LONGEST_SECONDS, memory_bytes=pdf.MEMORY_BYTES)


@dataclass(frozen=True, slots=True)
class Services:
    """Shared services of one process."""

    settings: Settings
    database: Database
    bus: Bus
    memory: MemoryServices
    model: ModelInUse
    text_process: TextProcess = field(default_factory=TextProcess)
    files: FileStore = field(default_factory=FileStore)
    pdf_process: TextProcess = field(default_factory=pdf_process)
    """Reads PDF files, which take longer than texts and may be hostile."""
    instruments: Instruments = field(default_factory=Instruments)
    tracer: Tracer = field(default_factory=Tracer)
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    """Set when this process accepts no new work: /ready then fails, and load balancers stop sending requests."""

    @property
    def limits(self) -> Limits:
        return Limits(
            self.settings.graphql_max_content_bytes,
            self.settings.worker_max_attempts,
            self.settings.files_per_message,
        )

    def tools(self, *, model_configured: Callable[[], bool] | None = None) -> ToolRunner:
        """The runner of tools. Whether a model can do work now is a matter of the settings unless it is given."""
        return ToolRunner(
            self.database,
            self.memory.search,
            self.limits,
            SystemClock(),
            timezone=self.settings.server_timezone,
            model_configured=model_configured or (lambda: self.model.settings.claude_configured),
        )

    def exposition(self) -> Exposition:
        self.instruments.backup_interval.set(self.settings.backup_interval)
        self.instruments.build.labels(self.settings.build_version).set(1)
        return Exposition(self.instruments, self.database, self.settings.data_dir)


@asynccontextmanager
async def open_services(
    settings: Settings, dsn: str, *, name: str, model: ModelInUse | None = None
) -> AsyncIterator[Services]:
    """The services on the database, closed when the block ends; `name` appears in pg_stat_activity.

    Without `model` the environment alone says which model is used. Raises StartError when the object store is
    configured and its package is missing.
    """
    files = open_store(settings)
    tracer = create_tracer(settings.traces_url, name)
    async with AsyncExitStack() as stack:
        stack.callback(tracer.close)
        stack.push_async_callback(files.close)
        database = await stack.enter_async_context(
            open_database(
                settings,
                dsn,
                name=name,
                on_connect=tracer.instrument_connection,
                on_transaction=tracer.transaction_hook,
            )
        )
        text_process = TextProcess()
        stack.push_async_callback(text_process.close)
        pdf_work = pdf_process()
        stack.push_async_callback(pdf_work.close)
        memory = open_memory(database, settings, SystemClock())
        stack.push_async_callback(memory.models.close)
        bus = await stack.enter_async_context(Bus(settings.live_broadcast_url or dsn).running())
        in_use = model or ModelInUse(settings)
        services = Services(settings, database, bus, memory, in_use, text_process, files, pdf_work, tracer=tracer)
        watching = asyncio.create_task(watch_event_loop(services.instruments))
        stack.callback(watching.cancel)
        yield services


@asynccontextmanager
async def services_of_bridges(services: Services) -> AsyncIterator[Services]:
    """The same services for the bridges of a process that is also the backend.

    With DATABASE_BRIDGE_URL they have connections of that login, so that each part keeps its own rights.
    """
    settings = services.settings
    if settings.database_bridge_url is None:
        yield services
        return
    tracer = services.tracer
    async with open_database(
        settings,
        settings.database_bridge_url,
        name="bridges",
        on_connect=tracer.instrument_connection,
        on_transaction=tracer.transaction_hook,
    ) as database:
        embedder = services.memory.models.configured
        yield replace(
            services, database=database, memory=open_memory(database, settings, SystemClock(), embedder=embedder)
        )
