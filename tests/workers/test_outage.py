"""The database server stops and starts again while bridges work."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from app.settings import Settings
from tests.timeouts import TIMEOUT
from tests.workers.conftest import Workshop, open_workshop

AWAY_SECONDS = 3.0  # longer than the lease


@pytest.fixture
async def workshop(own_server: EmbeddedDatabase, settings: Settings) -> AsyncIterator[Workshop]:
    dsn = own_server.dsn("resonant")
    await prepare_database(dsn)
    async with open_workshop(dsn, settings) as opened:
        yield opened


async def restart(server: EmbeddedDatabase) -> None:
    await asyncio.to_thread(server.stop)
    await asyncio.sleep(AWAY_SECONDS)
    await asyncio.to_thread(server.start)


async def test_work_continues_after_a_restart_and_nothing_is_lost_or_done_twice(
    workshop: Workshop, own_server: EmbeddedDatabase
) -> None:
    for _ in range(2):
        workshop.assistant.script("before, ", 1.0, "meanwhile, ", 6.0, "after")
    reply = await workshop.say("please write the design")
    intent = await workshop.insert_intent("write it", intent_type="task")
    async with workshop.bridge("message"), workshop.bridge("intent"):
        await workshop.until(lambda: asyncio.sleep(0, len(workshop.assistant.prompts) >= 2))
        await workshop.until_status("messages", reply, "streaming")
        await restart(own_server)
        await workshop.reconnect()
        row = await workshop.until_status("messages", reply, "complete", "failed")
        assert (row["status"], row["content"], row["attempts"]) == ("complete", "before, meanwhile, after", 1)
        done = await workshop.until_status("intents", intent, "completed", "failed")
        assert (done["status"], done["attempts"]) == ("completed", 1)
        later = await workshop.say("hello again")
        await workshop.until_status("messages", later, "complete")
        assert await workshop.pool.fetchval("SELECT count(*) FROM intents") == 1
        assert await workshop.pool.fetchval("SELECT count(*) FROM notifications") == 1


async def test_a_bridge_can_be_stopped_while_the_database_is_unavailable(
    workshop: Workshop, own_server: EmbeddedDatabase
) -> None:
    workshop.assistant.script("half", 3600.0)
    await workshop.say("hi")
    async with asyncio.timeout(TIMEOUT):
        async with workshop.bridge("message"):
            await workshop.until(lambda: asyncio.sleep(0, workshop.assistant.prompts))
            await asyncio.to_thread(own_server.stop)
    assert workshop.assistant.cancelled == 1
    await asyncio.to_thread(own_server.start)
    await workshop.reconnect()
    async with workshop.bridge("message"):
        await workshop.until(
            lambda: workshop.pool.fetchval("SELECT 1 FROM messages WHERE status = 'complete' AND message_type = 'kana'")
        )
