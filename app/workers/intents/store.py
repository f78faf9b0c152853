"""Storing results together: what is done while others are being stored goes with the next statement."""

import asyncio

from app.retry import retry_while_unavailable
from app.workers.failures import ClaimLost
from sql.pool import Database
from sql.repositories.intent_claims import Completion, complete_intents

MAX_TOGETHER = 200
AT_A_TIME = 2  # while one waits for the disk, the other is written


class Completing:
    """A result that comes alone is stored at once; a crowd shares statements, two at a time."""

    def __init__(self, database: Database, *, actor: str) -> None:
        self._database = database
        self._actor = actor
        self._waiting: list[tuple[Completion, asyncio.Future[bool]]] = []
        self._storing = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def complete(self, completion: Completion) -> None:
        """Return when it is stored and told of. Raises ClaimLost."""
        stood = asyncio.get_running_loop().create_future()
        self._waiting.append((completion, stood))
        if self._storing < AT_A_TIME:
            self._storing += 1
            storing = asyncio.create_task(self._store())
            self._tasks.add(storing)
            storing.add_done_callback(self._tasks.discard)
        if not await stood:
            raise ClaimLost

    async def _store(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_TOGETHER], self._waiting[MAX_TOGETHER:]
                await self._store_batch(batch)
        finally:
            # Here and not when the task is over: whoever comes in between would wait for nobody.
            self._storing -= 1

    async def _store_batch(self, batch: list[tuple[Completion, "asyncio.Future[bool]"]]) -> None:
        completions = [completion for completion, _ in batch]
        try:
            # One statement, so it needs no transaction around it.
            stood = await retry_while_unavailable(
                self._database.connection, lambda c: complete_intents(c, completions, actor=self._actor)
            )
        except Exception as failure:
            await self._store_each(batch, failure)
            return
        for completion, waiting in batch:
            if not waiting.done():  # its task may have been cancelled meanwhile
                waiting.set_result(completion.claim.id in stood)

    async def _store_each(self, batch: list[tuple[Completion, "asyncio.Future[bool]"]], failure: Exception) -> None:
        """One result that cannot be stored is no reason to lose those that came with it."""
        if len(batch) > 1:
            for each in batch:
                await self._store_batch([each])
            return
        for _, waiting in batch:
            if not waiting.done():
                waiting.set_exception(failure)
