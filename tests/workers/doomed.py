"""Starts bridges that are killed: `python -m tests.workers.doomed DSN` forks one per line of its standard input.

A line is a lease in seconds and a step; a child runs a real intent bridge and is killed with SIGKILL (or stopped with
SIGSTOP, for `zombie`) when its work reaches that step. Forking is what makes hundreds of runs affordable: everything
is imported once. The nursery prints the process id of each child.
"""

import asyncio
import gc
import os
import signal
import sys
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any, Literal, cast

from app.clock import SystemClock
from app.intent_types import INTENT_TYPES
from app.models.classification.local import LocalClassifier
from app.models.factory import Models
from app.models.ports import Finished, IntentClassification, Piece, Prompt, Turn
from app.services import open_services
from app.settings import Settings
from app.workers.intents.handlers.base import Handler, HandlerContext, Outcome
from app.workers.intents.worker import IntentBridge
from app.workers.loop import BridgeLoop
from sql.repositories.intent_claims import IntentClaim
from sql.rows import IntentRow, JsonObject
from sql.statements import Connection
from tests.fakes.assistant import ScriptedAssistant

Step = Literal[
    "claimed", "classified", "mid-model", "before storing", "while storing", "after storing", "zombie", "never"
]
FATAL: tuple[Step, ...] = ("claimed", "classified", "mid-model", "before storing", "while storing", "after storing")


class Fate:
    """Kills this process when the work reaches the given step."""

    def __init__(self, step: Step) -> None:
        self._step = step

    def reach(self, step: Step) -> None:
        if step == self._step:
            os.kill(os.getpid(), signal.SIGSTOP if step == "zombie" else signal.SIGKILL)


class FatedClassifier(LocalClassifier):
    """Classifies by the local rules, unless the process is killed first."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    async def classify_intent(self, description: str, recent: Sequence[Turn], now: datetime) -> IntentClassification:
        self._fate.reach("claimed")
        return await super().classify_intent(description, recent, now)


class FatedAssistant(ScriptedAssistant):
    """Writes two pieces, unless the process is killed first."""

    def __init__(self, fate: Fate) -> None:
        super().__init__()
        self._fate = fate

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Piece | Finished, None]:
        self._fate.reach("classified")
        yield Piece(f"written by {os.getpid()} ")
        self._fate.reach("mid-model")
        self._fate.reach("zombie")
        yield Piece("to the end")
        yield Finished("end_turn", "fated-1")


class FatedHandler(Handler):
    """Has the assistant write, and stores further details with the result."""

    def __init__(self, fate: Fate) -> None:
        super().__init__(INTENT_TYPES["task"])
        self._fate = fate

    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        outcome = await super().handle(intent, context)
        self._fate.reach("before storing")
        return Outcome(outcome.text, outcome.model, store_more=self._store)

    async def _store(self, connection: Connection) -> JsonObject:
        self._fate.reach("while storing")
        return {"process": os.getpid()}


class FatedBridge(IntentBridge):
    """Kills the process after the result was stored, if that is the given step."""

    def __init__(self, fate: Fate, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self._fate = fate

    async def process(self, claim: IntentClaim, stop: asyncio.Event) -> Awaitable[None] | None:
        storing = await super().process(claim, stop)
        return None if storing is None else self._die_after(storing)

    async def _die_after(self, storing: Awaitable[None]) -> None:
        await storing
        self._fate.reach("after storing")


@asynccontextmanager
async def fated_bridge(dsn: str, step: Step, *, lease_seconds: float, concurrency: int = 1) -> AsyncIterator[None]:
    """A bridge that runs during the block and is killed at this step."""
    fate = Fate(step)
    settings = Settings(
        _env_file=None,
        embedder="hashed",
        worker_lease_seconds=lease_seconds,
        database_poll_seconds=0.2,
        worker_concurrency=concurrency,
        worker_max_attempts=100,
        database_pool_max_size=4,
    )
    async with open_services(settings, dsn, name=step) as services:
        models = Models(FatedAssistant(fate), FatedClassifier(fate))
        bridge: Any = FatedBridge(
            fate,
            services.database,
            services.bus,
            models,
            settings,
            SystemClock(),
            services.memory,
            handlers={"task": FatedHandler(fate)},
        )
        loop: BridgeLoop[Any] = BridgeLoop(bridge, services.database, services.bus, settings)
        running = asyncio.create_task(loop.run())
        try:
            yield
        finally:
            running.cancel()
            await asyncio.wait([running])


async def _live(dsn: str, step: Step, lease_seconds: float) -> None:
    async with fated_bridge(dsn, step, lease_seconds=lease_seconds):
        await asyncio.Event().wait()


def main() -> None:
    dsn = sys.argv[1]
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    for line in sys.stdin:
        lease, step = line.strip().split(maxsplit=1)
        child = os.fork()
        if child == 0:
            os.dup2(
                os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno()
            )  # the log of the killed process would disturb the protocol
            asyncio.run(_live(dsn, cast(Step, step), float(lease)))
            os._exit(0)
        print(child, flush=True)  # noqa: T201 - the test reads it


if __name__ == "__main__":
    main()
