"""Retries, backoff and steps that are repeated until they are cancelled."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, cast

import pytest

from app.retry import (
    Backoff,
    backoff_seconds,
    cancel_and_wait,
    poll_forever,
    retry,
    retry_while_unavailable,
    wait_until_set,
)
from sql.errors import Conflict, TimedOut, Unavailable
from sql.statements import Connection
from tests.timeouts import TIMEOUT

QUICK = Backoff(first=0.001, longest=0.002)


def test_backoff_doubles_up_to_the_longest_pause() -> None:
    backoff = Backoff(first=0.5, longest=4.0)
    assert [backoff.seconds(attempt) for attempt in range(1, 6)] == [0.5, 1.0, 2.0, 4.0, 4.0]
    assert backoff.seconds(10_000) == 4.0


def test_jitter_is_the_random_share_of_a_pause() -> None:
    pauses = [Backoff(first=1.0, longest=8.0, jitter=0.5).seconds(2) for _ in range(200)]
    assert all(1.0 <= pause <= 2.0 for pause in pauses)
    assert len(set(pauses)) > 100


def test_a_job_waits_at_least_as_long_as_the_provider_asks() -> None:
    assert all(0.0 <= backoff_seconds(1) <= 2.0 for _ in range(100))
    assert all(backoff_seconds(40) <= 300.0 for _ in range(100))
    assert backoff_seconds(1, retry_after=500.0) == 500.0


async def test_retry_raises_the_failure_when_there_is_no_next_attempt() -> None:
    attempts: list[int] = []

    async def fail() -> None:
        raise Conflict

    def pause_after(failure: Exception, attempt: int) -> float | None:
        attempts.append(attempt)
        return 0.0 if attempt < 3 else None

    with pytest.raises(Conflict):
        await retry(fail, pause_after)
    assert attempts == [1, 2, 3]


@asynccontextmanager
async def opened() -> AsyncIterator[Connection]:
    yield cast(Any, object())


async def test_a_write_is_retried_until_the_database_is_available() -> None:
    failures: list[Exception] = [Unavailable(), TimedOut()]

    async def write(connection: Connection) -> str:
        if failures:
            raise failures.pop()
        return "written"

    assert await retry_while_unavailable(opened, write) == "written"


async def test_any_other_failure_of_a_write_is_raised_at_once() -> None:
    async def write(connection: Connection) -> None:
        raise Conflict

    with pytest.raises(Conflict):
        await retry_while_unavailable(opened, write)


async def run_for(seconds: float, polling: Any) -> None:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await polling


async def test_a_step_runs_at_once_when_it_is_woken() -> None:
    wake, runs = asyncio.Event(), 0

    async def step() -> None:
        nonlocal runs
        runs += 1
        if runs < 4:
            asyncio.get_running_loop().call_soon(wake.set)

    await run_for(0.1, poll_forever(step, name="step", seconds=60.0, wake=wake))
    assert runs == 4


async def test_a_step_sets_the_pause_until_its_next_run() -> None:
    runs = 0

    async def step() -> float:
        nonlocal runs
        runs += 1
        return 0.0 if runs < 5 else 60.0

    await run_for(0.1, poll_forever(step, name="step", seconds=60.0))
    assert runs == 5


async def test_failures_are_counted_until_a_step_succeeds() -> None:
    counts: list[int] = []
    outcomes = iter([ValueError("a"), Unavailable(), None, ValueError("b")])

    async def step() -> float:
        outcome = next(outcomes, None)
        if outcome is not None:
            raise outcome
        return 0.0

    def report(failure: Exception, failures: int) -> None:
        counts.append(failures)

    await run_for(0.1, poll_forever(step, name="step", seconds=0.0, backoff=QUICK, report=report))
    assert counts == [1, 2, 1]


async def test_a_cleanup_that_fails_does_not_keep_a_cancelled_task_running() -> None:
    begun = asyncio.Event()

    async def step() -> None:
        try:
            begun.set()
            await asyncio.sleep(3600)
        finally:
            raise Unavailable

    repeated: list[Any] = [poll_forever(step, name="x", seconds=0), retry(step, lambda failure, attempt: 0.0)]
    for each in repeated:
        begun.clear()
        task = asyncio.create_task(each)
        await begun.wait()
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=TIMEOUT)
        assert done == {task}
        assert task.cancelled()


async def test_waiting_for_an_event_ends_after_its_seconds() -> None:
    event = asyncio.Event()
    assert not await wait_until_set(event, 0.001)
    event.set()
    assert await wait_until_set(event, 0.001)


async def test_a_task_whose_driver_loses_a_cancellation_is_cancelled_again() -> None:
    lost = 0

    async def listen() -> None:
        nonlocal lost
        with suppress(asyncio.CancelledError):
            await asyncio.Event().wait()
        lost += 1
        await asyncio.Event().wait()

    task = asyncio.create_task(listen())
    await asyncio.sleep(0)
    async with asyncio.timeout(TIMEOUT):
        await cancel_and_wait(task, 0.01)
    assert (lost, task.cancelled()) == (1, True)
