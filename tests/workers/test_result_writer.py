"""Results that are stored in one batch do not affect each other."""

import asyncio

import pytest

from app.workers.failures import ClaimLost
from app.workers.intents.store import ResultWriter
from sql.repositories.intent_claims import Completion, IntentClaim, claim_intents
from tests.timeouts import TIMEOUT
from tests.workers.conftest import Workshop

UNSTORABLE = "a text with \x00 in it"


def done(claim: IntentClaim, text: str = "done") -> Completion:
    return Completion(claim, {"text": text}, {}, "Done", "it", "success")


async def claimed(workshop: Workshop, count: int) -> list[IntentClaim]:
    for number in range(count):
        await workshop.insert_intent(f"do {number}", intent_type="task")
    async with workshop.services.database.connection() as connection:
        return await claim_intents(connection, "b", actor="b", count=count, lease_seconds=60)


async def test_a_result_that_cannot_be_stored_fails_alone(workshop: Workshop) -> None:
    writer = ResultWriter(workshop.services.database, actor="b")
    first, second, third = await claimed(workshop, 3)
    results = await asyncio.gather(
        *(writer.complete(done(*each)) for each in ((first,), (second, UNSTORABLE), (third,))),
        return_exceptions=True,
    )
    assert [type(result) for result in results][::2] == [type(None)] * 2
    assert isinstance(results[1], Exception)
    rows = await workshop.pool.fetch("SELECT id FROM intents WHERE status = 'completed'")
    assert {row["id"] for row in rows} == {first.id, third.id}


async def test_a_lost_claim_is_reported_and_the_other_results_are_stored(workshop: Workshop) -> None:
    writer = ResultWriter(workshop.services.database, actor="b")
    first, second = await claimed(workshop, 2)
    await workshop.pool.execute("UPDATE intents SET fence = fence + 1 WHERE id = $1", first.id)
    results = await asyncio.gather(*map(writer.complete, map(done, (first, second))), return_exceptions=True)
    assert isinstance(results[0], ClaimLost)
    assert results[1] is None
    assert await workshop.pool.fetchval("SELECT count(*) FROM notifications") == 1


@pytest.mark.parametrize("wait", [0, 1])
async def test_a_cancelled_task_does_not_affect_the_other_results(workshop: Workshop, wait: int) -> None:
    writer = ResultWriter(workshop.services.database, actor="b")
    first, second = await claimed(workshop, 2)
    tasks = [asyncio.create_task(writer.complete(done(each))) for each in (first, second)]
    for _ in range(wait):
        await asyncio.sleep(0)
    tasks[0].cancel()
    results = await asyncio.gather(*tasks, return_exceptions=True)
    assert isinstance(results[0], asyncio.CancelledError)
    assert results[1] is None


async def test_each_result_is_stored_whenever_it_arrives(workshop: Workshop) -> None:
    writer = ResultWriter(workshop.services.database, actor="b")

    async def one_after_the_other(claims: list[IntentClaim]) -> None:
        for claim in claims:
            await writer.complete(done(claim))

    all_claims = await claimed(workshop, 120)
    async with asyncio.timeout(TIMEOUT):
        await asyncio.gather(*(one_after_the_other(all_claims[start::7]) for start in range(7)))
    assert await workshop.pool.fetchval("SELECT count(*) FROM intents WHERE status = 'completed'") == 120
