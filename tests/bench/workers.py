"""Workers with handlers that do nothing, each in a separate process: `python -m tests.bench.workers NAME DSN`.

Each uses the event loop of its own command line. It prints "ready" after its set-up and starts on a command, so that
the start-up time is not measured.
"""

import asyncio
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from typing import Any

import asyncpg
import procrastinate
import uvloop
from pgqueuer import PgQueuer

from app.clock import SystemClock
from app.instrumentation.workers import InstrumentedJobSource
from app.intent_types import INTENT_TYPES
from app.models.classification.local import LocalClassifier
from app.models.factory import Models
from app.models.offline import OfflineAssistant
from app.run import freeze_heap
from app.services import open_services
from app.settings import Settings
from app.workers.intents.handlers.base import Handler, HandlerContext, Outcome
from app.workers.intents.worker import IntentBridge
from app.workers.loop import BridgeLoop
from sql.rows import IntentRow
from tests.processes import CLEAN_ENVIRONMENT, ROOT

CONCURRENCY = 64
MODEL_SECONDS = 0.1
Begin = Callable[[], Awaitable[None]]


class NoOp(Handler):
    """A handler that does nothing."""

    def __init__(self) -> None:
        super().__init__(replace(INTENT_TYPES["task"], checked=False))

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        return Outcome("")


class Waiting(NoOp):
    """A handler that only waits, like most jobs wait for a model."""

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        await asyncio.sleep(MODEL_SECONDS)
        return Outcome("")


async def bridge(dsn: str, begin: Begin, handler: Handler | None = None) -> None:
    """An intent bridge like `python -m app intent-bridge`, except for its handler and models."""
    settings = Settings(_env_file=None, worker_concurrency=CONCURRENCY)
    async with open_services(settings, dsn, name="bench") as services:
        models = Models(OfflineAssistant(), LocalClassifier())
        source: Any = IntentBridge(
            services.database,
            services.bus,
            models,
            services.settings,
            SystemClock(),
            services.memory,
            handlers={"task": handler or NoOp()},
        )
        source = InstrumentedJobSource(source, services.instruments, services.tracer, services.database)
        loop: BridgeLoop[Any] = BridgeLoop(source, services.database, services.bus, settings)
        freeze_heap()
        await begin()
        await loop.run()


async def waiting_bridge(dsn: str, begin: Begin) -> None:
    await bridge(dsn, begin, Waiting())


async def pgqueuer_worker(dsn: str, begin: Begin) -> None:
    async with asyncpg.create_pool(dsn, min_size=4, max_size=10) as pool:
        queue = PgQueuer.from_asyncpg_pool(pool)

        @queue.entrypoint("no_op")
        async def no_op(job: Any) -> None: ...

        await begin()
        await queue.run(batch_size=CONCURRENCY)


def procrastinate_app(dsn: str) -> procrastinate.App:
    app = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn, min_size=4, max_size=10))

    @app.task(name="no_op")
    async def no_op(number: int) -> None: ...

    return app


async def procrastinate_worker(dsn: str, begin: Begin) -> None:
    app = procrastinate_app(dsn)
    async with app.open_async():
        await begin()
        await app.run_worker_async(concurrency=CONCURRENCY)


WORKERS: dict[str, Callable[[str, Begin], Coroutine[Any, Any, None]]] = {
    "bridge": bridge,
    "waiting_bridge": waiting_bridge,
    "pgqueuer": pgqueuer_worker,
    "procrastinate": procrastinate_worker,
}


@dataclass
class Worker:
    """A worker process that is ready to start."""

    process: asyncio.subprocess.Process

    def begin(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(b"begin\n")


@asynccontextmanager
async def workers(name: str, dsn: str, count: int) -> AsyncIterator[list[Worker]]:
    """`count` ready workers, killed at the end."""
    async with AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_worker(name, dsn)) for _ in range(count)]


@asynccontextmanager
async def _worker(name: str, dsn: str) -> AsyncIterator[Worker]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.bench.workers", name, dsn, cwd=ROOT, env=CLEAN_ENVIRONMENT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert process.stdout is not None
        while (line := await process.stdout.readline()) != b"ready\n":
            if not line:
                raise RuntimeError(f"the worker {name} ended with {await process.wait()} before it was ready")
        yield Worker(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _told_to_begin() -> None:
    print("ready", flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.readline)


def main() -> None:
    name, dsn = sys.argv[1:]
    # The command line of procrastinate uses asyncio, the others use uvloop.
    run = asyncio.run if name == "procrastinate" else uvloop.run
    run(WORKERS[name](dsn, _told_to_begin))


if __name__ == "__main__":
    main()
