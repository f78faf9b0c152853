"""The loop that every bridge runs: claims jobs, processes them, renews their leases and releases them at shutdown."""

import asyncio
import os
import socket
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, Generic, Literal, Protocol, TypeVar
from uuid import uuid4

import structlog

from app.language.catalogue import message_of
from app.live.bus.bus import Bus, BusMessage
from app.retry import poll_forever
from app.settings import Settings
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories.operations import delete_heartbeat, record_heartbeat
from sql.statements import Connection

log = structlog.get_logger()

HEARTBEAT_SECONDS = 3.0
SHUTDOWN_SECONDS = 4.0
MAX_STORING = 3  # times the concurrency: results that may wait to be stored while other jobs run
RENEWAL_PAUSE = 0.1  # least time between two renewals, however often the bus asks for one


class Claim(Protocol):
    """A row that this bridge has claimed, and the fence under which it may be written."""

    @property
    def id(self) -> Any: ...

    @property
    def fence(self) -> int: ...

    @property
    def user_id(self) -> str: ...


ClaimT = TypeVar("ClaimT", bound=Claim)


@dataclass(slots=True)
class ActiveJob(Generic[ClaimT]):
    """A claim that is being processed.

    `missed`: the last renewal did not find the claim. `storing`: the work is done and its result is being stored.
    """

    claim: ClaimT
    task: asyncio.Task[None]
    stop: asyncio.Event
    missed: bool = False
    storing: bool = False


class JobSource(Protocol[ClaimT]):
    """Claims jobs of one kind and processes them; the loop decides when."""

    kind: Literal["intent", "message"]

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[ClaimT]: ...

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        """Renew the leases. For each claim that is still held: its fence, and whether the user stopped it."""

    async def release_expired(self, connection: Connection) -> set[str]:
        """Release claims whose lease has expired and jobs whose time has come; the ids of their users."""

    async def release(self, connection: Connection, bridge_id: str) -> set[str]:
        """Release all claims of this bridge; the ids of their users."""

    async def process(self, claim: ClaimT, stop: asyncio.Event) -> Awaitable[None] | None:
        """Process the job. `stop` is set when the user stops it; the task is cancelled when the claim is lost.

        The awaitable that is returned stores the result. The loop awaits it too, but may start other jobs meanwhile.
        """


class BridgeLoop(Generic[ClaimT]):
    """Keeps up to `worker_concurrency` jobs running until it is cancelled."""

    def __init__(self, source: JobSource[ClaimT], database: Database, bus: Bus, settings: Settings) -> None:
        self.bridge_id = f"{source.kind}-{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}"
        self._source = source
        self._database = database
        self._bus = bus
        self._settings = settings
        self._claim_now = asyncio.Event()
        self._renew_now = asyncio.Event()
        self._failing: set[Callable[[], Awaitable[None]]] = set()
        self._jobs: dict[tuple[Hashable, int], ActiveJob[ClaimT]] = {}
        self._log = log.bind(bridge=self.bridge_id)

    async def run(self) -> None:
        """Run until cancelled; then release all claims and remove the heartbeat."""
        try:
            async with self._bus.listening(self._on_bus_message), asyncio.TaskGroup() as tasks:
                tasks.create_task(
                    self._repeat(self._claim_and_start, self._settings.database_poll_seconds, self._claim_now)
                )
                tasks.create_task(self._repeat(self._renew, self._renewal_seconds, self._renew_now))
                tasks.create_task(self._repeat(self._record_heartbeat, HEARTBEAT_SECONDS, asyncio.Event()))
        finally:
            await self._shut_down()

    @property
    def _renewal_seconds(self) -> float:
        return min(1.0, self._settings.worker_lease_seconds / 3)

    def _on_bus_message(self, message: BusMessage) -> None:
        """Look for jobs; a user with running jobs may also have stopped one, so check these too."""
        if message.users is None or message.users:
            self._claim_now.set()
        if message.users is None or any(job.claim.user_id in message.users for job in self._jobs.values()):
            self._renew_now.set()

    async def _repeat(self, step: Callable[[], Awaitable[None]], seconds: float, wake: asyncio.Event) -> None:
        async def run() -> None:
            await step()
            self._failing.discard(step)

        def report(failure: Exception, failures: int) -> None:
            """An unavailable database fails every step and is logged once; other failures are logged once per step."""
            if not isinstance(failure, ResonantError):
                if failures == 1:
                    self._log.error("a step of the bridge failed and will be retried", exc_info=failure)
            elif not self._failing:
                self._log.warning("the bridge waits for the database", reason=message_of(failure))
            self._failing.add(step)

        await poll_forever(run, name=step.__name__, seconds=seconds, wake=wake, report=report)

    async def _claim_and_start(self) -> None:
        while (free := self._free_slots()) > 0:
            async with self._database.connection() as connection:
                claims = await self._source.claim(connection, self.bridge_id, free)
            for claim in claims:
                self._start(claim)
            for user_id in {claim.user_id for claim in claims}:
                self._bus.announce(user_id)
            # Fewer claims than asked for may mean that users had fewer jobs than their share, so only none ends it.
            if not claims:
                return

    def _free_slots(self) -> int:
        """How many jobs may start. Jobs that are being stored do not count, up to MAX_STORING times the concurrency."""
        limit = self._settings.worker_concurrency
        storing = sum(job.storing for job in self._jobs.values())
        return limit - len(self._jobs) + min(storing, MAX_STORING * limit)

    def _start(self, claim: ClaimT) -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(self._run_job(claim, stop), name=f"{self._source.kind} {claim.id}")
        # The key contains the fence: a restarted reply can be claimed again while its first model call still ends.
        self._jobs[claim.id, claim.fence] = ActiveJob(claim, task, stop)
        task.add_done_callback(lambda done: self._remove(claim))

    def _remove(self, claim: ClaimT) -> None:
        del self._jobs[claim.id, claim.fence]
        self._claim_now.set()

    async def _run_job(self, claim: ClaimT, stop: asyncio.Event) -> None:
        try:
            storing = await self._source.process(claim, stop)
            if storing is not None:
                self._jobs[claim.id, claim.fence].storing = True
                self._claim_now.set()
                await storing
        except ResonantError as failure:
            # Nothing was stored under this fence, so the job is claimed again when its lease expires.
            self._log.warning(
                "a job was abandoned until its lease expires", id=str(claim.id), reason=message_of(failure)
            )
        except Exception:
            self._log.exception("a job failed unexpectedly and waits until its lease expires", id=str(claim.id))

    async def _renew(self) -> None:
        """Renew the leases of running jobs, then release expired claims of other bridges."""
        jobs = list(self._jobs.values())
        held: dict[Any, tuple[int, bool]] = {}
        async with self._database.connection() as connection:
            if jobs:
                held = await self._source.renew(connection, self.bridge_id, [job.claim.id for job in jobs])
            # After the renewal: a lease of ours that expired while the database was unavailable is renewed first.
            released = await self._source.release_expired(connection)
        for job in jobs:
            self._apply_renewal(job, *held.get(job.claim.id, (None, False)))
        for user_id in released:
            self._bus.announce(user_id)
        await asyncio.sleep(RENEWAL_PAUSE)

    def _apply_renewal(self, job: ActiveJob[ClaimT], fence: int | None, stopped: bool) -> None:
        """Stop a job that the user stopped; cancel one whose claim was lost."""
        if fence == job.claim.fence:
            if stopped:
                job.stop.set()
        elif job.missed:
            job.task.cancel()
        else:
            # The job may have just finished: it gets time until the next renewal to publish its result.
            job.missed = True
            self._renew_now.set()

    async def _record_heartbeat(self) -> None:
        async with self._database.connection() as connection:
            await record_heartbeat(connection, self.bridge_id, self._source.kind)

    async def _shut_down(self) -> None:
        tasks = [job.task for job in self._jobs.values()]
        for task in tasks:
            task.cancel()
        if tasks:
            _, running = await asyncio.wait(tasks, timeout=SHUTDOWN_SECONDS)
            if running:
                self._log.warning("jobs did not end after cancellation", names=[task.get_name() for task in running])
        await asyncio.shield(self._release())

    async def _release(self) -> None:
        try:
            async with self._database.connection() as connection:
                users = await self._source.release(connection, self.bridge_id)
                await delete_heartbeat(connection, self.bridge_id)
        except ResonantError as failure:
            self._log.warning("claims were not released and wait until their lease expires", reason=message_of(failure))
            return
        for user_id in users:
            self._bus.announce(user_id)
