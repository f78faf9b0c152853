"""Which agents used the MCP server: counted in memory, and stored at most once a minute for each agent."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from app.language.catalogue import message_of
from app.mcp.agent import Agent
from app.models.ports import Clock
from app.retry import cancel_and_wait, poll_forever
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories.agents import AgentKey, AgentUse, upsert_agents

log = structlog.get_logger()

MAX_AGENTS = 100
"""Agents of one user: a client chooses its names, and may choose a new one for each request."""
EVERY = timedelta(minutes=1)
POLL_SECONDS = 10.0
PAUSE_SECONDS = 0.2
"""Between two writes, so that a client with many names causes few of them."""


@dataclass(slots=True)
class _Count:
    """`unstored`: the uses since the last write; None without any."""

    unstored: AgentUse | None = None
    stored_at: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        return self.unstored is not None and (self.stored_at is None or now - self.stored_at >= EVERY)


class AgentUses:
    """The uses of all agents in this process. A use is stored at once when it is the first."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._counts: dict[str, OrderedDict[AgentKey, _Count]] = {}
        self._wake = asyncio.Event()

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Store the uses while the block runs, and all that is left at its end."""
        storing = asyncio.create_task(
            poll_forever(self._store_and_pause, name="uses of agents", seconds=POLL_SECONDS, wake=self._wake),
            name="uses of agents",
        )
        try:
            yield
        finally:
            await cancel_and_wait(storing)
            await self._store_rest()

    def note(self, agent: Agent, *, called: bool) -> None:
        """Count a request of the agent, which is a call of a tool or a read of a record when it `called`."""
        key = AgentKey(agent.viewer.id, agent.name, agent.project_id, agent.token_id)
        counts = self._counts.setdefault(key.user_id, OrderedDict())
        count = counts.setdefault(key, _Count())
        counts.move_to_end(key)
        if len(counts) > MAX_AGENTS:
            counts.popitem(last=False)
        now = self._clock.now()
        before = count.unstored or AgentUse(key, now, now, 0)
        count.unstored = replace(before, last_at=now, calls=before.calls + called)
        if count.is_due(now):
            self._wake.set()

    async def store(self, *, all_uses: bool = False) -> bool:
        """Store the uses that are due, or all. Returns whether there were any. Raises ResonantError."""
        now = self._clock.now()
        due = [
            count
            for counts in self._counts.values()
            for count in counts.values()
            if count.is_due(now) or (all_uses and count.unstored is not None)
        ]
        uses = [count.unstored for count in due if count.unstored is not None]
        if not uses:
            return False
        async with self._database.transaction() as connection:
            await upsert_agents(connection, uses, kept=MAX_AGENTS)
        for count, stored in zip(due, uses, strict=True):
            count.stored_at = now
            count.unstored = _rest(count.unstored, stored)
        return True

    async def _store_rest(self) -> None:
        """A process that stops because its database is away loses the last uses, and nothing else."""
        try:
            await self.store(all_uses=True)
        except ResonantError as failure:
            log.warning("the last uses of agents were not stored", reason=message_of(failure))

    async def _store_and_pause(self) -> None:
        if await self.store():
            await asyncio.sleep(PAUSE_SECONDS)


def _rest(now: AgentUse | None, stored: AgentUse) -> AgentUse | None:
    """What was counted while the uses were being stored."""
    if now is None or now is stored:
        return None
    return replace(now, calls=now.calls - stored.calls)
