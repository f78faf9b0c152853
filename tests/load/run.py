"""Runs a load test, then compares the received events with the sent messages."""

import asyncio
from collections.abc import Callable
from time import perf_counter

import httpx2

from tests.load.clients import RequestClient, Subscriber
from tests.load.mix import Mix
from tests.load.report import LoadReport

SETTLE_SECONDS = 20.0
FOLLOW_SECONDS = 60.0
FIRST_PAUSE = 0.5


class LoadRefused(Exception):
    """The system refuses the load test."""


async def run_load(
    address: str,
    *,
    seconds: float,
    askers: int,
    subscribers: int,
    token: str | None = None,
    seed: int = 1,
    begun: Callable[[], None] = lambda: None,
) -> LoadReport:
    """Send load to `address` (`http://host:port`) for `seconds`. Raises httpx2.TransportError, LoadRefused."""
    report = LoadReport()
    headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
    if token:
        headers["authorization"] = f"Bearer {token}"
    limits = httpx2.Limits(max_connections=askers + 1, max_keepalive_connections=askers + 1)
    async with httpx2.AsyncClient(base_url=address, headers=headers, limits=limits, timeout=30) as client:
        await client.get("/health")
        following = [Subscriber(address, token, report) for _ in range(subscribers)]
        tasks = [asyncio.create_task(each.run()) for each in following]
        try:
            async with asyncio.timeout(FOLLOW_SECONDS):
                await asyncio.gather(*(each.subscribed.wait() for each in following))
            await _give_cursors(client, following, seed)
            begun()
            began = perf_counter()
            mixes = [Mix(seed + number) for number in range(askers)]
            await asyncio.gather(*(RequestClient(client, mix, report).run(began + seconds) for mix in mixes))
            report.seconds = perf_counter() - began
            await _settle(following, report)
        finally:
            for task in tasks:
                task.cancel()
            if tasks:
                await asyncio.wait(tasks)
    for task in tasks:
        if not task.cancelled():
            task.result()
    return report


async def _give_cursors(client: httpx2.AsyncClient, following: list[Subscriber], seed: int) -> None:
    """Send messages until every subscriber has a cursor; without one it could not resume."""
    async with asyncio.timeout(FOLLOW_SECONDS):
        while True:
            first = Mix(seed).draw()
            response = await client.post("/graphql", json={"query": first.query, "variables": first.variables})
            if response.status_code != 200:
                raise LoadRefused(f"the first message got HTTP {response.status_code}: {response.text[:200]}")
            await asyncio.sleep(FIRST_PAUSE)
            if all(each.received for each in following):
                break
    # All messages so far were received or are older than the cursors.
    await asyncio.sleep(FIRST_PAUSE)
    for each in following:
        each.received.clear()


async def _settle(following: list[Subscriber], report: LoadReport) -> None:
    """Wait for outstanding events, then count lost and repeated ones."""
    deadline = perf_counter() + SETTLE_SECONDS
    expected = report.written.keys()
    while perf_counter() < deadline and any(expected - each.received.keys() for each in following):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    report.lost = sum(len(expected - each.received.keys()) for each in following)
    report.repeated = sum(count - 1 for each in following for count in each.received.values() if count > 1)
