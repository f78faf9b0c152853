"""Running a load test: askers and subscribers side by side, then what the subscribers ought to have heard."""

import asyncio
from collections.abc import Callable
from time import perf_counter

import httpx2

from tests.load.clients import Asker, Subscriber
from tests.load.mix import Mix
from tests.load.report import LoadReport

SETTLE_SECONDS = 20.0
FOLLOW_SECONDS = 60.0
FIRST_PAUSE = 0.5


class LoadRefused(Exception):
    """The system does not let the load test in."""


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
    """Load `address` (`http://host:port`) for so long. Raises httpx2.TransportError, LoadRefused."""
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
                await asyncio.gather(*(each.following.wait() for each in following))
            await _give_cursors(client, following, seed)
            begun()
            began = perf_counter()
            mixes = [Mix(seed + number) for number in range(askers)]
            await asyncio.gather(*(Asker(client, mix, report).run(began + seconds) for mix in mixes))
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
    """Say something until all have heard something: who has no cursor yet could not say what it has missed."""
    async with asyncio.timeout(FOLLOW_SECONDS):
        while True:
            first = Mix(seed).draw()
            response = await client.post("/graphql", json={"query": first.query, "variables": first.variables})
            if response.status_code != 200:
                raise LoadRefused(f"the first message got HTTP {response.status_code}: {response.text[:200]}")
            await asyncio.sleep(FIRST_PAUSE)
            if all(each.heard for each in following):
                break
    # All that was said so far has been heard by those that follow now, or is older than their cursor.
    await asyncio.sleep(FIRST_PAUSE)
    for each in following:
        each.heard.clear()


async def _settle(following: list[Subscriber], report: LoadReport) -> None:
    """Give what is still on its way a while, then count what never came and what came twice."""
    deadline = perf_counter() + SETTLE_SECONDS
    expected = report.written.keys()
    while perf_counter() < deadline and any(expected - each.heard.keys() for each in following):  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    report.lost = sum(len(expected - each.heard.keys()) for each in following)
    report.repeated = sum(count - 1 for each in following for count in each.heard.values() if count > 1)
