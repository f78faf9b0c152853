"""Running the services: all in one process, or each in its own, until a signal stops them."""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from time import perf_counter
from typing import Any, Literal

from app.asgi import Services, open_backend, open_services
from app.clock import SystemClock
from app.database.connect import database_for, prepare_database
from app.identity.first_owner import make_setup_code, setup_link
from app.instrumentation.models import InstrumentedCalls, Prices, instrumented_models
from app.instrumentation.workers import InstrumentedJobSource
from app.memory.indexing.indexer import Indexer
from app.memory.maintenance import MemoryMaintenance
from app.models.factory import Models, build_models
from app.settings import Settings
from app.web.metrics_server import serving_metrics
from app.web.pages import DIST
from app.web.server import address_of, listen, serving
from app.workers.intents.contradictions.local_judge import LocalJudge
from app.workers.intents.contradictions.memories import OverturnedMemories
from app.workers.intents.worker import IntentBridge
from app.workers.loop import BridgeLoop
from app.workers.replies.worker import MessageBridge
from schema.assistant import AssistantInfo

Service = Literal["backend", "intent-bridge", "message-bridge"]
ALL: tuple[Service, ...] = ("backend", "intent-bridge", "message-bridge")


class Progress:
    """One line for each step, with the time it took."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._quiet = quiet
        self._began = perf_counter()

    def done(self, step: str) -> None:
        now = perf_counter()
        self.say(f"✓ {step} ({now - self._began:.1f} s)")
        self._began = now

    def say(self, line: str) -> None:
        if not self._quiet:
            print(line, flush=True)  # noqa: T201 - this is what the person who started it sees


def _bridge_loop(service: Service, services: Services, minds: Models) -> BridgeLoop[Any]:
    trade = MessageBridge if service == "message-bridge" else IntentBridge
    work: Any = trade(services.database, services.bus, minds, services.settings, SystemClock(), services.memory)
    work = InstrumentedJobSource(work, services.instruments, services.tracer, services.database)
    return BridgeLoop(work, services.database, services.bus, services.settings)


@asynccontextmanager
async def _in_background(work: Callable[[], Coroutine[Any, Any, None]], failed: asyncio.Event) -> AsyncIterator[None]:
    """Run it beside the block; when it ends by itself, which it must not, the whole process is told to stop."""
    task = asyncio.create_task(work())
    task.add_done_callback(lambda done: None if done.cancelled() else failed.set())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()


def settle_memory() -> None:
    """What is there after the start stays to the end: no collection needs to look through it again and again."""
    gc.collect()
    gc.freeze()


async def run(settings: Settings, wanted: tuple[Service, ...] = ALL) -> None:
    """Start the services, say so, and run them until SIGINT or SIGTERM. Raises StartError."""
    progress = Progress(quiet=wanted != ALL)
    stop = _stop_on_signals()
    async with AsyncExitStack() as stack:
        listener = stack.enter_context(listen(settings)) if "backend" in wanted else None
        dsn = await stack.enter_async_context(database_for(settings, say=lambda line: progress.say(f"  {line}")))
        version, applied = await prepare_database(dsn)
        progress.done(f"PostgreSQL {version}" + (f", {len(applied)} migrations applied" if applied else ""))
        name = wanted[0] if len(wanted) == 1 else "engine"
        services = await stack.enter_async_context(open_services(settings, dsn, name=name))
        prices = Prices(settings.model_price_input, settings.model_price_output)
        calls = InstrumentedCalls(services.instruments, services.tracer, prices)
        minds = instrumented_models(build_models(settings, services.memory.models.configured, calls), calls)
        stack.push_async_callback(minds.assistant.close)
        if trouble := await services.memory.models.check():
            progress.say(f"✗ embedder: {trouble}")
        if wanted != ("backend",):
            indexer = Indexer(
                services.database, services.bus, services.memory.models, poll_seconds=settings.database_poll_seconds
            )
            await stack.enter_async_context(_in_background(indexer.run, stop))
            housekeeping = MemoryMaintenance(
                services.database,
                services.bus,
                services.memory.search,
                minds.assistant,
                SystemClock(),
                OverturnedMemories(LocalJudge()),
                capacity=settings.memory_capacity,
                poll_seconds=settings.database_poll_seconds,
            )
            await stack.enter_async_context(_in_background(housekeeping.run, stop))
        for service in wanted:
            if service != "backend":
                await stack.enter_async_context(_in_background(_bridge_loop(service, services, minds).run, stop))
        if len(wanted) > 1:
            progress.done("intent bridge and message bridge")
        if listener is not None:
            assistant = AssistantInfo(
                name=minds.assistant.name, model=minds.assistant.model, offline=minds.assistant.offline
            )
            app = await stack.enter_async_context(open_backend(services, assistant))
            await stack.enter_async_context(serving(app, listener, settings))
            progress.done("backend" + ("" if (DIST / "index.html").exists() else "; the web client is not built"))
            _say_addresses(progress, address_of(listener), minds)
            await _say_setup_link(services, address_of(listener))
        elif settings.metrics_port is not None:
            await stack.enter_async_context(serving_metrics(services.exposition(), settings, settings.metrics_port))
        if settings.backup_destination is not None and len(wanted) > 1:
            from app.operations.backup.schedule import back_up_for_ever

            await stack.enter_async_context(_in_background(lambda: back_up_for_ever(dsn, settings), stop))
        settle_memory()
        await stop.wait()
        progress.say("\nStopping ...")
        if listener is not None:
            services.stopping.set()
            await asyncio.sleep(settings.server_drain_seconds)
    progress.done("stopped")


def _say_addresses(progress: Progress, address: str, minds: Models) -> None:
    mind = minds.assistant.model or "none configured; set ANTHROPIC_API_KEY to have Claude answer"
    progress.say(
        f"\n  Web client  {address}\n  GraphiQL    {address}/graphiql\n  GraphQL     {address}/graphql\n"
        f"  Health      {address}/ready\n  Model       {mind}\n\nCtrl-C stops everything."
    )


async def _say_setup_link(services: Services, address: str) -> None:
    """Say how to become the first owner, whatever else is kept quiet: nobody can come in before."""
    if services.settings.auth_mode == "token" and (code := await make_setup_code(services.database)):
        link = setup_link((services.settings.server_public_origins or (address,))[0], code)
        Progress().say(f"\n  Nobody can sign in yet. Become the owner, once and within a day, at\n  {link}")


def _stop_on_signals() -> asyncio.Event:
    """Set by the first SIGINT or SIGTERM; a second one ends the process at once."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hear() -> None:
        if stop.is_set():
            sys.stderr.write("Forced to stop; what was under way is finished by the next start.\n")
            os._exit(130)
        stop.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, hear)
    return stop
