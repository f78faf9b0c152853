"""The loop with a job source of the test: failures must not end a bridge."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

from app.live.bus.bus import BusMessage
from app.workers.loop import MAX_STORING
from sql.statements import Connection
from tests.timeouts import TIMEOUT
from tests.workers.conftest import Workshop


@dataclass(frozen=True)
class Job:
    """A claim without a row."""

    id: int
    fence: int
    user_id: str = "ann"


@dataclass
class Jobs:
    """A job source in memory. Implements app.workers.loop.JobSource."""

    kind: Literal["intent", "message"] = "intent"
    waiting: list[Job] = field(default_factory=list)
    held: dict[int, int] = field(default_factory=dict)
    begun: list[Job] = field(default_factory=list)
    ended: list[Job] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    stubborn: bool = False

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[Job]:
        if self.failures:
            raise self.failures.pop()
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        self.held |= {job.id: job.fence for job in taken}
        return taken

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        return {job_id: (self.held[job_id], False) for job_id in ids if job_id in self.held}

    async def release_expired(self, connection: Connection) -> set[str]:
        return set()

    async def release(self, connection: Connection, bridge_id: str) -> set[str]:
        self.held.clear()
        return set()

    async def process(self, claim: Job, stop: asyncio.Event) -> Any:
        self.begun.append(claim)
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            if self.stubborn:
                await asyncio.sleep(3600)
            raise
        finally:
            self.ended.append(claim)


async def test_the_loop_continues_after_an_unexpected_failure(workshop: Workshop) -> None:
    jobs = Jobs(waiting=[Job(1, 1)], failures=[RuntimeError("out of the blue")])
    async with workshop.running(jobs):
        await workshop.until(lambda: asyncio.sleep(0, jobs.begun))


async def test_a_new_claim_cancels_the_job_of_the_old_claim(workshop: Workshop) -> None:
    jobs = Jobs(waiting=[Job(1, 1)])
    async with workshop.running(jobs):
        await workshop.until(lambda: asyncio.sleep(0, jobs.begun))
        jobs.waiting = [Job(1, 2)]
        await workshop.until(lambda: asyncio.sleep(0, len(jobs.begun) == 2))
        await workshop.until(lambda: asyncio.sleep(0, jobs.ended))
        assert [job.fence for job in jobs.ended] == [1]
    assert [job.fence for job in jobs.ended] == [1, 2]


async def test_a_bridge_stops_although_a_job_ignores_cancellation(workshop: Workshop) -> None:
    jobs = Jobs(waiting=[Job(1, 1)], stubborn=True)
    async with asyncio.timeout(TIMEOUT):
        async with workshop.running(jobs):
            await workshop.until(lambda: asyncio.sleep(0, jobs.begun))
    assert jobs.held == {}


@dataclass
class Finishing(Jobs):
    """Jobs that lose their claim and end only after a renewal did not find it."""

    asked: list[Any] = field(default_factory=list)
    finished: list[Job] = field(default_factory=list)
    missed: asyncio.Event = field(default_factory=asyncio.Event)

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        self.asked = ids
        return await super().renew(connection, bridge_id, ids)

    async def release_expired(self, connection: Connection) -> set[str]:
        return {"somebody"}  # so that the loop announces each renewal when it is over

    async def process(self, claim: Job, stop: asyncio.Event) -> None:
        del self.held[claim.id]
        await self.missed.wait()
        self.finished.append(claim)

    def hear(self, news: BusMessage) -> None:
        if news.users == frozenset({"somebody"}) and self.asked:
            self.missed.set()


async def test_a_job_that_finishes_during_a_renewal_is_not_cancelled(workshop: Workshop) -> None:
    jobs = Finishing(waiting=[Job(number, 1) for number in range(5)])
    async with workshop.services.bus.listening(jobs.hear), workshop.running(jobs):
        await workshop.until(lambda: asyncio.sleep(0, len(jobs.finished) == 5))


@dataclass
class Storing(Jobs):
    """Jobs that finish at once and whose results are stored when `stored` is set."""

    stored: asyncio.Event = field(default_factory=asyncio.Event)

    async def process(self, claim: Job, stop: asyncio.Event) -> Any:
        self.begun.append(claim)
        return self._store(claim)

    async def _store(self, claim: Job) -> None:
        await self.stored.wait()
        self.ended.append(claim)


async def test_more_jobs_start_while_results_are_stored_up_to_a_limit(workshop: Workshop) -> None:
    limit, much = workshop.services.settings.worker_concurrency, MAX_STORING + 3
    jobs = Storing(waiting=[Job(number, 1) for number in range(much * limit)])
    async with workshop.running(jobs):
        await workshop.until(lambda: asyncio.sleep(0, len(jobs.begun) == (MAX_STORING + 1) * limit))
        await asyncio.sleep(2 * workshop.services.settings.database_poll_seconds)
        assert len(jobs.begun) == (MAX_STORING + 1) * limit
        jobs.stored.set()
        await workshop.until(lambda: asyncio.sleep(0, len(jobs.ended) == much * limit))


async def test_at_most_the_limit_of_jobs_runs_at_once(workshop: Workshop) -> None:
    limit = workshop.services.settings.worker_concurrency
    jobs = Jobs(waiting=[Job(number, 1) for number in range(3 * limit)])
    async with workshop.running(jobs):
        await workshop.until(lambda: asyncio.sleep(0, jobs.begun))
        await asyncio.sleep(2 * workshop.services.settings.database_poll_seconds)
        assert len(jobs.begun) == limit
