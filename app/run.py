"""Runs the services, all in one process or each in its own, until a signal stops them."""

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter
from typing import Any, Literal, TypeVar

import structlog

from app.asgi import open_backend
from app.clock import SystemClock
from app.database.connect import database_for, prepare_database
from app.forced_stop import LEFTOVER_SECONDS, STOP_SECONDS, ForcedStop
from app.identity.secrets import create_setup_code, needs_owner, setup_link
from app.instrumentation.webhooks import webhook_observer
from app.instrumentation.workers import InstrumentedCalls, InstrumentedJobSource, Prices, instrumented_models
from app.memory.indexing.indexer import Indexer
from app.memory.services import MemoryMaintenance
from app.models.factory import Models, ModelSource, build_models
from app.models.in_use import ModelInUse, ModelsInUse
from app.services import Services, open_services, services_of_bridges
from app.settings import Settings
from app.web.application import DIST
from app.web.server import address_of, listen, serving, serving_metrics
from app.workers.intents.contradictions.local_judge import LocalJudge
from app.workers.intents.contradictions.prior_records import ContradictedMemories
from app.workers.intents.worker import IntentBridge
from app.workers.loop import BridgeLoop
from app.workers.replies.worker import MessageBridge
from app.workers.webhooks.sender import WebhookSender

log = structlog.get_logger()

Service = Literal["backend", "intent-bridge", "message-bridge"]
Result = TypeVar("Result")
ALL: tuple[Service, ...] = ("backend", "intent-bridge", "message-bridge")


class Progress:
    """Prints one line per step of the start, with its duration."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._step_started = perf_counter()

    def done(self, step: str) -> None:
        now = perf_counter()
        self.print(f"✓ {step} ({now - self._step_started:.1f} s)")
        self._step_started = now

    def begin(self, line: str) -> None:
        """Print a line; the duration of the next step counts from now."""
        self._step_started = perf_counter()
        self.print(line)

    def print(self, line: str) -> None:
        if not self._quiet:
            print(line, flush=True)  # noqa: T201 - output for the person who started the program


def _bridge_loop(service: Service, services: Services, models: ModelSource) -> BridgeLoop[Any]:
    given = (services.database, services.bus, models, services.settings, SystemClock(), services.memory)
    source: Any = (
        MessageBridge(*given, services.tools(), services.files)
        if service == "message-bridge"
        else IntentBridge(*given, files=services.files)
    )
    source = InstrumentedJobSource(source, services.instruments, services.tracer, services.database)
    return BridgeLoop(source, services.database, services.bus, services.settings)


@asynccontextmanager
async def _in_background(task: Callable[[], Coroutine[Any, Any, None]], failed: asyncio.Event) -> AsyncIterator[None]:
    """Run a task that must not end while the block runs; when it does end, `failed` is set."""
    running = asyncio.create_task(task())
    running.add_done_callback(lambda done: None if done.cancelled() else failed.set())
    try:
        yield
    finally:
        running.cancel()
        await asyncio.wait([running])
        if not running.cancelled():
            running.result()


async def _unless_stopped(work: Coroutine[Any, Any, Result], stop: asyncio.Event) -> Result | None:
    """The result of the work; None when the process is asked to stop first."""
    working, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait([working, stopped], return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, stopped):
            task.cancel()
        await asyncio.wait([working, stopped])


def freeze_heap() -> None:
    """Exclude all objects of the start from garbage collection: they live until the process ends."""
    gc.collect()
    gc.freeze()


async def run(settings: Settings, wanted: tuple[Service, ...] = ALL) -> None:
    """Start the services and run them until SIGINT or SIGTERM. Raises StartError."""
    progress = Progress(quiet=wanted != ALL or settings.log_format == "json")
    stop = _stop_on_signals()
    forced = ForcedStop()
    model = ModelInUse.of_installation(settings)
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(listen(settings)) if "backend" in wanted else None
        dsn = await stack.enter_async_context(database_for(settings, say=lambda line: progress.print(f"  {line}")))
        prepared = await _unless_stopped(prepare_database(dsn, timeout=settings.database_start_timeout), stop)
        if prepared is None:
            return
        version, applied = prepared
        progress.done(f"PostgreSQL {version}" + (f", {len(applied)} migrations applied" if applied else ""))
        name = wanted[0] if len(wanted) == 1 else "engine"
        services = await stack.enter_async_context(open_services(settings, dsn, name=name, model=model))
        if problem := await services.memory.models.check():
            progress.print(f"✗ embedder: {problem}")
        if wanted == ALL:
            await _start_bridges(stack, wanted, await stack.enter_async_context(services_of_bridges(services)), stop)
        elif wanted != ("backend",):
            await _start_bridges(stack, wanted, services, stop)
        if len(wanted) > 1:
            progress.done("intent bridge and message bridge")
        if listener is not None:
            await _start_backend(stack, listener, services, progress)
        elif settings.metrics_port is not None:
            await stack.enter_async_context(serving_metrics(services.exposition(), settings, settings.metrics_port))
        # The login of a backend cannot back up; the backup service has one that can.
        if settings.backup_destination is not None and wanted == ALL and settings.database_bridge_url is None:
            from app.operations.backup.create import run_scheduled_backups  # most installations have no schedule

            await stack.enter_async_context(_in_background(lambda: run_scheduled_backups(dsn, settings), stop))
        freeze_heap()
        await stop.wait()
        forced.within(settings.server_drain_seconds + STOP_SECONDS)
        progress.begin("\nStopping ...")
        if listener is not None:
            services.stopping.set()
            await asyncio.sleep(settings.server_drain_seconds)
    progress.done("stopped")
    forced.within(LEFTOVER_SECONDS)


def _build_models(services: Services, settings: Settings) -> Models:
    prices = Prices(settings.model_price_input, settings.model_price_output)
    calls = InstrumentedCalls(services.instruments, services.tracer, prices)
    return instrumented_models(
        build_models(settings, services.memory.models.configured, calls, services.text_process), calls
    )


async def _start_bridges(
    stack: AsyncExitStack, wanted: tuple[Service, ...], services: Services, stop: asyncio.Event
) -> None:
    """Start the wanted bridges, and the indexer, memory maintenance and webhooks that run with them."""
    settings = services.settings
    models = ModelsInUse(services.model, lambda chosen: _build_models(services, chosen))
    stack.push_async_callback(models.close)
    await models.current()
    if settings.code_workspace is not None and "intent-bridge" in wanted:
        from app.workers.intents.code.leftovers import end_sessions_of_killed_servers  # most installations run no code

        await asyncio.to_thread(end_sessions_of_killed_servers, settings.code_timeout)
    indexer = Indexer(
        services.database, services.bus, services.memory.models, poll_seconds=settings.database_poll_seconds
    )
    await stack.enter_async_context(_in_background(indexer.run, stop))
    maintenance = MemoryMaintenance(
        services.database,
        services.bus,
        services.memory.search,
        models,
        SystemClock(),
        ContradictedMemories(LocalJudge()),
        capacity=settings.memory_capacity,
        poll_seconds=settings.database_poll_seconds,
        work=services.text_process,
    )
    await stack.enter_async_context(_in_background(maintenance.run, stop))
    sender = WebhookSender(
        services.database, services.bus, settings, SystemClock(), observe=webhook_observer(services.instruments)
    )
    await stack.enter_async_context(_in_background(sender.run, stop))
    for service in wanted:
        if service != "backend":
            await stack.enter_async_context(_in_background(_bridge_loop(service, services, models).run, stop))


async def _start_backend(
    stack: AsyncExitStack, listener: socket.socket, services: Services, progress: Progress
) -> None:
    """Serve the backend and print its addresses."""
    app = await stack.enter_async_context(open_backend(services))
    await stack.enter_async_context(serving(app, listener, services.settings))
    progress.done("backend" + ("" if (DIST / "index.html").exists() else "; the web client is not built"))
    address = address_of(listener)
    used = services.model.settings
    none = "none configured; enter one in Settings of the web client, or set ANTHROPIC_API_KEY, to have Claude answer"
    model = used.anthropic_model if used.claude_configured else none
    progress.print(
        f"\n  Web client  {address}\n  GraphiQL    {address}/graphiql\n  GraphQL     {address}/graphql\n"
        f"  Health      {address}/ready\n  Model       {model}\n\nCtrl-C stops everything."
    )
    await _print_setup_link(services, address)


async def _print_setup_link(services: Services, address: str) -> None:
    """Print the link to create the first owner, also when other output is quiet: until then nobody can sign in.

    With JSON logs only the command that prints it is named.
    """
    settings = services.settings
    if settings.auth_mode != "token":
        return
    if settings.log_format == "json":  # the output goes to a collector, whose readers must not become the owner
        if await needs_owner(services.database):
            log.warning("Nobody can sign in yet; `python -m app user setup-link` prints a link to become the owner.")
    elif code := await create_setup_code(services.database):
        link = setup_link((settings.server_public_origins or (address,))[0], code)
        Progress().print(f"\n  Nobody can sign in yet. Become the owner, once and within a day, at\n  {link}")


def _stop_on_signals() -> asyncio.Event:
    """An event that the first SIGINT or SIGTERM sets; a second signal ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def on_signal() -> None:
        if stop.is_set():
            sys.stderr.write("Forced to stop; the next start finishes interrupted work.\n")
            os._exit(130)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, on_signal)
    return stop
