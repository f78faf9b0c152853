"""Bridges as processes of their own, killed with SIGKILL in the middle of the work."""

import asyncio
import random
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest

from tests.fakes.messages_api import MessagesApi, messages_api
from tests.processes import Program, program
from tests.workers.conftest import EXPIRED, Workshop


@pytest.fixture
async def api() -> AsyncIterator[MessagesApi]:
    async with messages_api() as running:
        yield running


async def start(stack: AsyncExitStack, kind: str, database_url: str, api: MessagesApi, *, lease: int = 4) -> Program:
    """A bridge that answers with `api`, its lease four seconds, which a busy machine can renew in time."""
    environment = {
        "DATABASE_URL": database_url,
        "WORKER_LEASE_SECONDS": str(lease),
        "DATABASE_POLL_SECONDS": "0.3",
        "ANTHROPIC_API_KEY": "sk-local",
        "ANTHROPIC_BASE_URL": api.url,
    }
    return await stack.enter_async_context(program(kind, **environment))


async def test_a_reply_whose_bridge_is_killed_in_mid_answer_is_written_by_another(
    workshop: Workshop, database_url: str, api: MessagesApi
) -> None:
    api.delay = 0.1
    said = "please write down " + " ".join(f"word{number}" for number in range(20))
    reply = await workshop.say(said)
    async with AsyncExitStack() as stack:
        first = await start(stack, "message-bridge", database_url, api)
        half = await workshop.until(
            lambda: workshop.pool.fetchrow("SELECT * FROM messages WHERE id = $1 AND content LIKE '%word3%'", reply)
        )
        await first.stop(signal.SIGKILL)
        await workshop.pool.execute(EXPIRED.replace("intents", "messages"))
        await start(stack, "message-bridge", database_url, api)
        row = await workshop.until_status("messages", reply, "complete", "failed")
    assert half["content"] != row["content"] == f"You said: {said}"
    assert (row["fence"], row["attempts"], row["claimed_by"]) == (2, 2, None)
    assert await workshop.pool.fetchval("SELECT count(*) FROM intents") == 1


async def test_an_intent_whose_bridge_is_killed_ends_once_and_its_history_says_why(
    workshop: Workshop, database_url: str, api: MessagesApi
) -> None:
    api.delay = 0.3
    intent = await workshop.insert_intent("write the design down in seven words", intent_type="task")
    async with AsyncExitStack() as stack:
        first = await start(stack, "intent-bridge", database_url, api)
        await workshop.until(lambda: asyncio.sleep(0, api.requests))
        await first.stop(signal.SIGKILL)
        await workshop.pool.execute(EXPIRED)
        await start(stack, "intent-bridge", database_url, api)
        row = await workshop.until_status("intents", intent, "completed", "failed")
    assert (row["status"], row["attempts"]) == ("completed", 2)
    assert await workshop.pool.fetchval("SELECT count(*) FROM notifications") == 1
    steps = await workshop.pool.fetch("SELECT to_status, key FROM intent_transitions ORDER BY id")
    assert [step["to_status"] for step in steps] == ["pending", "processing", "pending", "processing", "completed"]
    assert steps[2]["key"] == "intent.worker_lost"


HELD_BY = "SELECT count(*) FROM intents WHERE claimed_by LIKE '%-' || $1::text || '-%'"


async def kill_at_work(workshop: Workshop, bridge: Program, after: float) -> int:
    """Kill the bridge `after` seconds into its work; how many intents it held when it died."""
    process_id = str(bridge.process.pid)
    await workshop.until(lambda: workshop.pool.fetchval(HELD_BY, process_id))
    await asyncio.sleep(after)
    await bridge.stop(signal.SIGKILL)
    held: int = await workshop.pool.fetchval(HELD_BY, process_id)
    return held


async def test_whenever_bridges_are_killed_every_intent_ends_with_one_result_and_one_notification(
    workshop: Workshop, database_url: str, api: MessagesApi
) -> None:
    api.delay, chance, rounds, orphans = 0.03, random.Random(5), 8, 0
    async with AsyncExitStack() as stack:
        bridges = [await start(stack, "intent-bridge", database_url, api) for _ in range(2)]
        for number in range(rounds):
            for task in range(25):
                await workshop.insert_intent(f"please do task {number}.{task}", max_attempts=50)
            orphans += await kill_at_work(workshop, bridges[number % 2], chance.uniform(0, 0.5))
            bridges[number % 2] = await start(stack, "intent-bridge", database_url, api)
        ended = "SELECT bool_and(status = 'completed') FROM intents"
        await workshop.until(lambda: workshop.pool.fetchval(ended))
    count = rounds * 25
    notified = await workshop.pool.fetch("SELECT intent_id, count(*) AS times FROM notifications GROUP BY intent_id")
    assert [row["times"] for row in notified] == [1] * count
    finals = "SELECT count(*) FROM intent_transitions WHERE to_status = 'completed'"
    assert await workshop.pool.fetchval(finals) == count
    lost = "SELECT count(*) FROM intent_transitions WHERE key = 'intent.worker_lost'"
    assert await workshop.pool.fetchval(lost) == orphans > 0
