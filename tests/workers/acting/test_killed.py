"""Bridges killed with SIGKILL between a call of a tool and the reply: no call is lost or done twice.

REPLY_KILLS sets the number of kills (default 3); `make soak` makes 100.
"""

import asyncio
import os
import random
import signal
from collections import Counter
from contextlib import AsyncExitStack
from uuid import UUID

from tests.fakes.messages_api import messages_api
from tests.workers.conftest import Workshop
from tests.workers.test_killed import start

KILLS = int(os.environ.get("REPLY_KILLS", "3"))
# The bridge is killed up to a tenth of a second after one of these.
MOMENTS = {
    "the calls are stored": "SELECT rounds <> '[]' FROM messages WHERE id = $1",
    "a call is done": "SELECT EXISTS (SELECT FROM actions JOIN messages m ON m.reply_to = message_id WHERE m.id = $1)",
    "the answer begins": "SELECT content <> '' FROM messages WHERE id = $1",
}
DONE = "SELECT count(*) FROM actions WHERE status = 'done' AND message_id = $1"
ENDED = "SELECT status IN ('complete', 'failed') FROM messages WHERE id = $1"


async def until_true(workshop: Workshop, query: str, reply: UUID) -> None:
    await workshop.until(lambda: workshop.pool.fetchval(query, reply))


async def test_a_killed_bridge_neither_loses_nor_repeats_a_call(workshop: Workshop, database_url: str) -> None:
    chance, found = random.Random(7), Counter[tuple[str, int]]()
    async with messages_api(delay=0.05) as api, AsyncExitStack() as stack:
        bridge = await start(stack, "message-bridge", database_url, api, lease=2)
        for kill in range(KILLS):
            reply = await workshop.say(f"please write report {kill}\nplease write summary {kill}")
            moment = list(MOMENTS)[kill % len(MOMENTS)]
            await until_true(workshop, MOMENTS[moment], reply)
            await asyncio.sleep(chance.uniform(0, 0.1))
            await bridge.stop(signal.SIGKILL)
            left = await workshop.row("messages", reply)
            found[left["status"], await workshop.pool.fetchval(DONE, left["reply_to"])] += 1
            bridge = await start(stack, "message-bridge", database_url, api, lease=2)
            await until_true(workshop, ENDED, reply)
            row = await workshop.row("messages", reply)
            assert (row["status"], row["content"][:9]) == ("complete", "You said:"), kill
    made = await workshop.pool.fetch("SELECT description FROM intents ORDER BY id")
    assert [row["description"] for row in made] == [
        f"please write {kind} {kill}" for kill in range(KILLS) for kind in ("report", "summary")
    ]
    assert await workshop.pool.fetchval("SELECT count(*) FROM actions WHERE status = 'done'") == 2 * KILLS
    assert sum(count for (status, _), count in found.items() if status == "streaming") > 0
    print("killed with the status of the reply and the calls done:", dict(found))  # noqa: T201
