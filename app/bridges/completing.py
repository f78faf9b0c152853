"""Storing results together: what is done while others are being stored goes with the next transaction."""

import asyncio

from app.bridges.failures import ClaimLost
from app.bridges.lasting import lasting
from sql.pool import Database
from sql.repositories.intent_claims import Completion, complete_intents

MAX_AT_ONCE = 100


class Completing:
    """A result that comes alone is stored at once; a crowd shares transactions, one at a time."""

    def __init__(self, database: Database, *, actor: str) -> None:
        self._database = database
        self._actor = actor
        self._waiting: list[tuple[Completion, asyncio.Future[bool]]] = []
        self._storing: asyncio.Task[None] | None = None

    async def complete(self, completion: Completion) -> None:
        """Return when it is stored and told of. Raises ClaimLost."""
        stood = asyncio.get_running_loop().create_future()
        self._waiting.append((completion, stood))
        if self._storing is None:
            self._storing = asyncio.create_task(self._store())
        if not await stood:
            raise ClaimLost

    async def _store(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_AT_ONCE], self._waiting[MAX_AT_ONCE:]
                await self._store_batch(batch)
        finally:
            self._storing = None

    async def _store_batch(self, batch: list[tuple[Completion, "asyncio.Future[bool]"]]) -> None:
        completions = [completion for completion, _ in batch]
        try:
            stood = await lasting(
                self._database.transaction, lambda c: complete_intents(c, completions, actor=self._actor)
            )
        except Exception as failure:
            for _, waiting in batch:
                if not waiting.done():
                    waiting.set_exception(failure)
            return
        for completion, waiting in batch:
            if not waiting.done():  # its task may have been cancelled meanwhile
                waiting.set_result(completion.claim.id in stood)
