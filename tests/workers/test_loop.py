"""The loop itself, with a source that the test makes up: what fails once must not end a bridge."""

import asyncio
from dataclasses import dataclass, field
from typing import Any, Literal

from app.live.bus.bus import BusMessage
from app.workers.loop import MAX_STORING
from sql.statements import Connection
from tests.timeouts import TIMEOUT
from tests.workers.conftest import Workshop


@dataclass(frozen=True)
class Errand:
    """A claim on nothing."""

    id: int
    fence: int
    user_id: str = "ann"


@dataclass
class Errands:
    """A source whose claims are in memory. Implements app.workers.loop.JobSource."""

    kind: Literal["intent", "message"] = "intent"
    waiting: list[Errand] = field(default_factory=list)
    standing: dict[int, int] = field(default_factory=dict)
    begun: list[Errand] = field(default_factory=list)
    ended: list[Errand] = field(default_factory=list)
    failures: list[Exception] = field(default_factory=list)
    stubborn: bool = False

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[Errand]:
        if self.failures:
            raise self.failures.pop()
        taken, self.waiting = self.waiting[:count], self.waiting[count:]
        self.standing |= {errand.id: errand.fence for errand in taken}
        return taken

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        return {errand_id: (self.standing[errand_id], False) for errand_id in ids if errand_id in self.standing}

    async def release_expired(self, connection: Connection) -> set[str]:
        return set()

    async def release(self, connection: Connection, bridge_id: str) -> set[str]:
        self.standing.clear()
        return set()

    async def process(self, claim: Errand, stop: asyncio.Event) -> Any:
        self.begun.append(claim)
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            if self.stubborn:
                await asyncio.sleep(3600)
            raise
        finally:
            self.ended.append(claim)


async def test_an_unforeseen_failure_is_survived(workshop: Workshop) -> None:
    errands = Errands(waiting=[Errand(1, 1)], failures=[RuntimeError("out of the blue")])
    async with workshop.running(errands):
        await workshop.until(lambda: asyncio.sleep(0, errands.begun))


async def test_a_claim_made_anew_ends_what_was_done_under_the_old_one(workshop: Workshop) -> None:
    errands = Errands(waiting=[Errand(1, 1)])
    async with workshop.running(errands):
        await workshop.until(lambda: asyncio.sleep(0, errands.begun))
        errands.waiting = [Errand(1, 2)]
        await workshop.until(lambda: asyncio.sleep(0, len(errands.begun) == 2))
        await workshop.until(lambda: asyncio.sleep(0, errands.ended))
        assert [errand.fence for errand in errands.ended] == [1]
    assert [errand.fence for errand in errands.ended] == [1, 2]


async def test_work_that_will_not_end_does_not_keep_a_bridge_from_stopping(workshop: Workshop) -> None:
    errands = Errands(waiting=[Errand(1, 1)], stubborn=True)
    async with asyncio.timeout(TIMEOUT):
        async with workshop.running(errands):
            await workshop.until(lambda: asyncio.sleep(0, errands.begun))
    assert errands.standing == {}


@dataclass
class Finishing(Errands):
    """Errands that give their claim up, and come to their last line only when a renewal has missed them."""

    asked: list[Any] = field(default_factory=list)
    told: list[Errand] = field(default_factory=list)
    missed: asyncio.Event = field(default_factory=asyncio.Event)

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        self.asked = ids
        return await super().renew(connection, bridge_id, ids)

    async def release_expired(self, connection: Connection) -> set[str]:
        return {"somebody"}  # so that the loop announces each renewal when it is over

    async def process(self, claim: Errand, stop: asyncio.Event) -> None:
        del self.standing[claim.id]
        await self.missed.wait()
        self.told.append(claim)

    def hear(self, news: BusMessage) -> None:
        if news.users == frozenset({"somebody"}) and self.asked:
            self.missed.set()


async def test_work_that_finishes_while_leases_are_renewed_is_not_cut_off(workshop: Workshop) -> None:
    errands = Finishing(waiting=[Errand(number, 1) for number in range(5)])
    async with workshop.services.bus.listening(errands.hear), workshop.running(errands):
        await workshop.until(lambda: asyncio.sleep(0, len(errands.told) == 5))


@dataclass
class Storing(Errands):
    """Errands that are done at once, and whose storing takes until it is told to go on."""

    stored: asyncio.Event = field(default_factory=asyncio.Event)

    async def process(self, claim: Errand, stop: asyncio.Event) -> Any:
        self.begun.append(claim)
        return self._store(claim)

    async def _store(self, claim: Errand) -> None:
        await self.stored.wait()
        self.ended.append(claim)


async def test_while_results_are_stored_more_is_begun_but_not_without_end(workshop: Workshop) -> None:
    limit, much = workshop.services.settings.worker_concurrency, MAX_STORING + 3
    errands = Storing(waiting=[Errand(number, 1) for number in range(much * limit)])
    async with workshop.running(errands):
        await workshop.until(lambda: asyncio.sleep(0, len(errands.begun) == (MAX_STORING + 1) * limit))
        await asyncio.sleep(2 * workshop.services.settings.database_poll_seconds)
        assert len(errands.begun) == (MAX_STORING + 1) * limit
        errands.stored.set()
        await workshop.until(lambda: asyncio.sleep(0, len(errands.ended) == much * limit))


async def test_no_more_than_the_limit_is_worked_on_at_once(workshop: Workshop) -> None:
    limit = workshop.services.settings.worker_concurrency
    errands = Errands(waiting=[Errand(number, 1) for number in range(3 * limit)])
    async with workshop.running(errands):
        await workshop.until(lambda: asyncio.sleep(0, errands.begun))
        await asyncio.sleep(2 * workshop.services.settings.database_poll_seconds)
        assert len(errands.begun) == limit
