"""The loop that every bridge runs: claim, work, renew; nothing lost when it stops, is killed, or the database goes."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar
from uuid import uuid4

import structlog

from app.live.bus import Bus, News
from app.settings import Settings
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories.heartbeats import beat, forget_bridge
from sql.statements import Connection

log = structlog.get_logger()

HEARTBEAT_SECONDS = 3.0
AFTER_A_FAILURE = 0.5


class Claim(Protocol):
    """What a bridge holds: a row, and the fence under which it may be written."""

    @property
    def id(self) -> Any: ...

    @property
    def fence(self) -> int: ...

    @property
    def user_id(self) -> str: ...


ClaimT = TypeVar("ClaimT", bound=Claim)


@dataclass(slots=True)
class Held(Generic[ClaimT]):
    """A claim under way."""

    claim: ClaimT
    task: asyncio.Task[None]
    stop: asyncio.Event


class Trade(Protocol[ClaimT]):
    """What one kind of bridge does; the loop does the rest."""

    kind: Literal["intent", "message"]

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[ClaimT]: ...

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        """For each claim that still stands its fence, and whether the user wants it stopped."""

    async def free_expired(self, connection: Connection) -> set[str]:
        """Free what killed bridges held; whose it was."""

    async def hand_over(self, connection: Connection, bridge_id: str) -> set[str]:
        """Free what this bridge holds; whose it was."""

    async def work(self, claim: ClaimT, stop: asyncio.Event) -> None:
        """Do it. `stop` is set, and the task cancelled, when the user stops it."""


class BridgeLoop(Generic[ClaimT]):
    """Keeps up to `concurrency` claims under way until it is cancelled."""

    def __init__(self, trade: Trade[ClaimT], database: Database, bus: Bus, settings: Settings) -> None:
        self.bridge_id = f"{trade.kind}-{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._trade = trade
        self._database = database
        self._bus = bus
        self._settings = settings
        self._woken = asyncio.Event()
        self._held: dict[Hashable, Held[ClaimT]] = {}
        self._log = log.bind(bridge=self.bridge_id)

    async def run(self) -> None:
        """Work until cancelled; then hand over what is held and take the name off the list."""
        try:
            async with self._bus.listening(self._hear), asyncio.TaskGroup() as tasks:
                tasks.create_task(self._for_ever(self._claim_and_start, self._settings.poll_seconds, self._woken))
                tasks.create_task(self._for_ever(self._renew, min(1.0, self._settings.lease_seconds / 3)))
                tasks.create_task(self._for_ever(self._beat, HEARTBEAT_SECONDS))
        finally:
            await self._stop()

    def _hear(self, news: News) -> None:
        if news.users is None or news.users:
            self._woken.set()

    async def _for_ever(
        self, step: Callable[[], Awaitable[None]], seconds: float, woken: asyncio.Event | None = None
    ) -> None:
        """Do the step, then wait; a database that is away is told of once and waited for."""
        failing = False
        while True:
            pause = seconds
            try:
                await step()
                failing = False
            except ResonantError as failure:
                if not failing:
                    self._log.warning("the bridge waits for the database", reason=failure.message)
                failing, pause = True, AFTER_A_FAILURE
            await _wait(woken, pause)

    async def _claim_and_start(self) -> None:
        while (free := self._settings.bridge_concurrency - len(self._held)) > 0:
            async with self._database.connection() as connection:
                claims = await self._trade.claim(connection, self.bridge_id, free)
            for claim in claims:
                self._start(claim)
            for user_id in {claim.user_id for claim in claims}:
                self._bus.announce(user_id)
            if len(claims) < free:
                return

    def _start(self, claim: ClaimT) -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(self._work(claim, stop), name=f"{self._trade.kind} {claim.id}")
        self._held[claim.id] = Held(claim, task, stop)
        task.add_done_callback(lambda done: self._forget(claim, done))

    def _forget(self, claim: ClaimT, task: asyncio.Task[None]) -> None:
        if claim.id in self._held and self._held[claim.id].task is task:
            del self._held[claim.id]
            self._woken.set()

    async def _work(self, claim: ClaimT, stop: asyncio.Event) -> None:
        try:
            await self._trade.work(claim, stop)
        except ResonantError as failure:
            # The lease brings it back: nothing was written, or nothing that counts.
            self._log.warning("work was given up; its lease brings it back", id=str(claim.id), reason=failure.message)
        except Exception:
            self._log.exception("work failed unexpectedly; its lease brings it back", id=str(claim.id))

    async def _renew(self) -> None:
        async with self._database.connection() as connection:
            freed = await self._trade.free_expired(connection)
            standing = {}
            if held := list(self._held.values()):
                standing = await self._trade.renew(connection, self.bridge_id, [each.claim.id for each in held])
        for each in held:
            fence, stopped = standing.get(each.claim.id, (None, False))
            if fence != each.claim.fence:
                each.task.cancel()
            elif stopped and not each.stop.is_set():
                each.stop.set()
                each.task.cancel()
        for user_id in freed:
            self._bus.announce(user_id)

    async def _beat(self) -> None:
        async with self._database.connection() as connection:
            await beat(connection, self.bridge_id, self._trade.kind)

    async def _stop(self) -> None:
        tasks = [each.task for each in self._held.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await asyncio.shield(self._hand_over())

    async def _hand_over(self) -> None:
        try:
            async with self._database.connection() as connection:
                users = await self._trade.hand_over(connection, self.bridge_id)
                await forget_bridge(connection, self.bridge_id)
        except ResonantError as failure:
            self._log.warning("what this bridge held comes back with its lease", reason=failure.message)
            return
        for user_id in users:
            self._bus.announce(user_id)


async def _wait(woken: asyncio.Event | None, seconds: float) -> None:
    if woken is None:
        await asyncio.sleep(seconds)
        return
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        pass
    woken.clear()
