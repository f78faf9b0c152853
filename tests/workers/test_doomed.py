"""Bridges killed with SIGKILL at each step of the work, and a zombie that wakes after its lease.

RESONANT_KILLS is the number of kills; `make soak` makes 200.
"""

import asyncio
import os
import random
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.processes import CLEAN_ENVIRONMENT, ROOT
from tests.workers.conftest import EXPIRED, Workshop
from tests.workers.doomed import FATAL, Step, fated_bridge

RUNS = int(os.environ.get("RESONANT_KILLS", "60"))
AT_ONCE = 20
SHORT_LEASE = 1.0
LONG_LEASE = 8.0  # long enough that running bridges keep their claims on a slow machine
HELD = "SELECT count(*) FROM intents WHERE claimed_by IS NOT NULL"
LOST = "SELECT count(*) FROM intent_transitions WHERE key = 'intent.worker_lost'"
TAKEN_UP = "SELECT count(*) FROM intent_transitions WHERE to_status = 'processing'"
DONE = "SELECT bool_and(status = 'completed') FROM intents"


class Nursery:
    """Starts bridges that are killed at a step; see tests/workers/doomed.py."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def bear(self, step: Step, lease_seconds: float) -> int:
        """Start a bridge that processes one intent at a time; returns its process id."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(f"{lease_seconds} {step}\n".encode())
        return int(await self._process.stdout.readline())


@asynccontextmanager
async def nursery(dsn: str) -> AsyncIterator[Nursery]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.workers.doomed", dsn, cwd=ROOT, env=CLEAN_ENVIRONMENT,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    try:
        yield Nursery(process)
    finally:
        assert process.stdin is not None
        process.stdin.close()
        process.kill()
        await process.wait()


def _is_alive(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


async def _until_dead(workshop: Workshop, children: list[int]) -> None:
    async def all_dead() -> bool:
        return not any(map(_is_alive, children))

    await workshop.until(all_dead)


async def test_whatever_step_a_bridge_is_killed_at_each_intent_ends_once_with_one_result_and_one_notification(
    workshop: Workshop, database_url: str
) -> None:
    chance = random.Random(5)
    fates = [FATAL[run % len(FATAL)] for run in range(RUNS)]
    chance.shuffle(fates)
    async with nursery(database_url) as forked:
        for begin in range(0, RUNS, AT_ONCE):
            doomed = fates[begin : begin + AT_ONCE]
            for number in range(len(doomed)):
                await workshop.insert_intent(f"please do task {begin + number}", max_attempts=100)
            await _until_dead(workshop, [await forked.bear(fate, LONG_LEASE) for fate in doomed])
    killed_in_the_middle = RUNS - fates.count("after storing")
    await workshop.pool.execute(EXPIRED)
    async with fated_bridge(database_url, "never", lease_seconds=LONG_LEASE, concurrency=16):
        await workshop.until(lambda: workshop.pool.fetchval(DONE))

    rows = await workshop.pool.fetch(
        """
        SELECT i.attempts, i.result ->> 'process' AS writer, i.result ->> 'text' AS text,
               (SELECT count(*) FROM notifications WHERE intent_id = i.id) AS notifications,
               (SELECT count(*) FROM intent_transitions WHERE intent_id = i.id AND to_status = 'completed') AS ends
        FROM intents AS i
        """
    )
    assert len(rows) == RUNS
    assert {(row["notifications"], row["ends"]) for row in rows} == {(1, 1)}
    assert all(row["text"] == f"written by {row['writer']} to the end" for row in rows)
    # Each claim ended stored or lost; a bridge that stores one result may hold the next claim already.
    lost = await workshop.pool.fetchval(LOST)
    assert await workshop.pool.fetchval(TAKEN_UP) == RUNS + lost
    assert lost >= killed_in_the_middle > 0


async def test_a_zombie_that_wakes_after_its_lease_writes_nothing(workshop: Workshop, database_url: str) -> None:
    intents = [await workshop.insert_intent(f"please do task {number}", max_attempts=100) for number in range(5)]
    async with nursery(database_url) as forked:
        zombies = [await forked.bear("zombie", SHORT_LEASE) for _ in intents]
        await workshop.until(lambda: workshop.pool.fetchval(f"SELECT ({HELD}) = {len(intents)}"))
        await asyncio.sleep(SHORT_LEASE)  # the leases of stopped processes expire
        async with fated_bridge(database_url, "never", lease_seconds=LONG_LEASE, concurrency=8):
            await workshop.until(lambda: workshop.pool.fetchval(DONE))
        before = await workshop.pool.fetch("SELECT id, version, result FROM intents ORDER BY id")
        for zombie in zombies:
            os.kill(zombie, signal.SIGCONT)
        woken = "SELECT count(*) FROM bridge_heartbeats WHERE seen_at > clock_timestamp() - interval '2 seconds'"
        await workshop.until(lambda: workshop.pool.fetchval(f"SELECT ({woken}) >= {len(zombies)}"))
        for zombie in zombies:
            os.kill(zombie, signal.SIGKILL)
    assert await workshop.pool.fetch("SELECT id, version, result FROM intents ORDER BY id") == before
    assert {row["result"]["process"] for row in before} == {os.getpid()}
    assert await workshop.pool.fetchval("SELECT count(*) FROM notifications") == len(intents)
