"""The loop that every bridge runs: claim, work, renew; nothing lost when it stops, is killed, or the database goes."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar
from uuid import uuid4

import structlog

from app.live.bus.bus import Bus, BusMessage
from app.settings import Settings
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories.heartbeats import beat, forget_bridge
from sql.statements import Connection

log = structlog.get_logger()

HEARTBEAT_SECONDS = 3.0
STOP_SECONDS = 4.0
STORED_BEHIND = 3  # times what may be worked on at once
RENEWAL_PAUSE = 0.1  # however much news there is
FIRST_FAILURE_PAUSE = 0.5
LONGEST_FAILURE_PAUSE = 4.0


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
    """A claim under way; `missed` when the last renewal did not find it.

    `settling`: the work is done, and what came of it is being stored.
    """

    claim: ClaimT
    task: asyncio.Task[None]
    stop: asyncio.Event
    missed: bool = False
    settling: bool = False


class JobSource(Protocol[ClaimT]):
    """What one kind of bridge does; the loop does the rest."""

    kind: Literal["intent", "message"]

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[ClaimT]: ...

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        """For each claim that still stands its fence, and whether the user wants it stopped."""

    async def free_expired(self, connection: Connection) -> set[str]:
        """Free what killed bridges held, and what waited for a time that has come; whose it is."""

    async def hand_over(self, connection: Connection, bridge_id: str) -> set[str]:
        """Free what this bridge holds; whose it was."""

    async def work(self, claim: ClaimT, stop: asyncio.Event) -> Awaitable[None] | None:
        """Do it. `stop` is set when the user stops it; the task is cancelled when the claim is lost.

        What is given back is awaited too, but other work may begin meanwhile: it is the storing of what was done.
        """


class BridgeLoop(Generic[ClaimT]):
    """Keeps up to `concurrency` claims under way until it is cancelled."""

    def __init__(self, trade: JobSource[ClaimT], database: Database, bus: Bus, settings: Settings) -> None:
        self.bridge_id = f"{trade.kind}-{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._trade = trade
        self._database = database
        self._bus = bus
        self._settings = settings
        self._woken = asyncio.Event()
        self._doubted = asyncio.Event()
        self._failing: set[Callable[[], Awaitable[None]]] = set()
        self._held: dict[tuple[Hashable, int], Held[ClaimT]] = {}
        self._log = log.bind(bridge=self.bridge_id)

    async def run(self) -> None:
        """Work until cancelled; then hand over what is held and take the name off the list."""
        try:
            async with self._bus.listening(self._hear), asyncio.TaskGroup() as tasks:
                tasks.create_task(
                    self._for_ever(self._claim_and_start, self._settings.database_poll_seconds, self._woken)
                )
                tasks.create_task(self._for_ever(self._renew, self._renewal_seconds, self._doubted))
                tasks.create_task(self._for_ever(self._beat, HEARTBEAT_SECONDS, asyncio.Event()))
        finally:
            await self._stop()

    @property
    def _renewal_seconds(self) -> float:
        return min(1.0, self._settings.worker_lease_seconds / 3)

    def _hear(self, news: BusMessage) -> None:
        """News of a user may be work; it may also be that the user has stopped what is under way."""
        if news.users is None or news.users:
            self._woken.set()
        if news.users is None or any(each.claim.user_id in news.users for each in self._held.values()):
            self._doubted.set()

    async def _for_ever(self, step: Callable[[], Awaitable[None]], seconds: float, woken: asyncio.Event) -> None:
        """Do the step, then wait until it is time or one is woken; what fails is told of once and tried again."""
        failure_pause = FIRST_FAILURE_PAUSE
        while True:
            woken.clear()
            try:
                await step()
            except Exception as failure:
                self._tell_of(failure, failure_pause)
                self._failing.add(step)
                await asyncio.sleep(failure_pause)
                failure_pause = min(failure_pause * 2, LONGEST_FAILURE_PAUSE)
            else:
                self._failing.discard(step)
                failure_pause = FIRST_FAILURE_PAUSE
                await _wait(woken, seconds)

    def _tell_of(self, failure: Exception, pause: float) -> None:
        """A database that is away fails all steps, which is worth one line; anything else is worth one each."""
        if not isinstance(failure, ResonantError):
            if pause == FIRST_FAILURE_PAUSE:
                self._log.error("a step of the bridge failed and is tried again", exc_info=failure)
        elif not self._failing:
            self._log.warning("the bridge waits for the database", reason=failure.message)

    async def _claim_and_start(self) -> None:
        while (free := self._room()) > 0:
            async with self._database.connection() as connection:
                claims = await self._trade.claim(connection, self.bridge_id, free)
            for claim in claims:
                self._start(claim)
            for user_id in {claim.user_id for claim in claims}:
                self._bus.announce(user_id)
            # Fewer than asked for may only mean that users had fewer than their share: nothing left is what ends it.
            if not claims:
                return

    def _room(self) -> int:
        """How many may be begun. What is being stored does not count, unless the database falls behind."""
        limit = self._settings.worker_concurrency
        settling = sum(each.settling for each in self._held.values())
        return limit - len(self._held) + min(settling, STORED_BEHIND * limit)

    def _start(self, claim: ClaimT) -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(self._work(claim, stop), name=f"{self._trade.kind} {claim.id}")
        # By fence too: a reply that is begun anew can be claimed again while its first model call is still ending.
        self._held[claim.id, claim.fence] = Held(claim, task, stop)
        task.add_done_callback(lambda done: self._forget(claim))

    def _forget(self, claim: ClaimT) -> None:
        del self._held[claim.id, claim.fence]
        self._woken.set()

    async def _work(self, claim: ClaimT, stop: asyncio.Event) -> None:
        try:
            storing = await self._trade.work(claim, stop)
            if storing is not None:
                self._held[claim.id, claim.fence].settling = True
                self._woken.set()
                await storing
        except ResonantError as failure:
            # The lease brings it back: nothing was written, or nothing that counts.
            self._log.warning("work was given up; its lease brings it back", id=str(claim.id), reason=failure.message)
        except Exception:
            self._log.exception("work failed unexpectedly; its lease brings it back", id=str(claim.id))

    async def _renew(self) -> None:
        """Keep the leases of what is held, and free what the dead held."""
        held = list(self._held.values())
        standing: dict[Any, tuple[int, bool]] = {}
        async with self._database.connection() as connection:
            if held:
                standing = await self._trade.renew(connection, self.bridge_id, [each.claim.id for each in held])
            # Only now: a lease that ran out while the database was away is renewed, not freed.
            freed = await self._trade.free_expired(connection)
        for each in held:
            self._judge(each, *standing.get(each.claim.id, (None, False)))
        for user_id in freed:
            self._bus.announce(user_id)
        await asyncio.sleep(RENEWAL_PAUSE)

    def _judge(self, each: Held[ClaimT], fence: int | None, stopped: bool) -> None:
        """End what is not ours any more, or not wanted."""
        if fence == each.claim.fence:
            if stopped:
                each.stop.set()
        elif each.missed:
            each.task.cancel()
        else:
            # It may have finished this very moment, and must not be cut off before it has told of it.
            each.missed = True
            self._doubted.set()

    async def _beat(self) -> None:
        async with self._database.connection() as connection:
            await beat(connection, self.bridge_id, self._trade.kind)

    async def _stop(self) -> None:
        tasks = [each.task for each in self._held.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            _, stubborn = await asyncio.wait(tasks, timeout=STOP_SECONDS)
            if stubborn:
                self._log.warning("work did not end when told to", names=[task.get_name() for task in stubborn])
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


async def _wait(woken: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await woken.wait()
    except TimeoutError:
        pass
