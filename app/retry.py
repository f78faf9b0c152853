"""Retries, pauses between attempts, and steps that are repeated until they are cancelled."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from random import random
from typing import Any, TypeVar

import structlog

from app.language.catalogue import message_of
from sql.errors import Closed, ResonantError, TimedOut, Unavailable
from sql.statements import Connection

log = structlog.get_logger()

Result = TypeVar("Result")
Open = Callable[[], AbstractAsyncContextManager[Connection]]

DATABASE_UNAVAILABLE = (Unavailable, TimedOut)


@dataclass(frozen=True, slots=True)
class Backoff:
    """Exponential pauses in seconds: `first`, then twice as long each time, at most `longest`.

    `jitter` is the random share of a pause: 0 none, 0.5 half of it, 1 all of it.
    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog.
    """

    first: float
    longest: float
    jitter: float = 0.0

    def seconds(self, attempt: int) -> float:
        """The pause after the failed attempt number `attempt`; 1 is the first."""
        ceiling = min(self.first * 2.0 ** min(attempt - 1, 32), self.longest)
        return ceiling * (1 - self.jitter * random())  # noqa: S311 - jitter is no secret


JOB = Backoff(first=2.0, longest=300.0, jitter=1.0)
STORE = Backoff(first=0.25, longest=4.0)
POLL = Backoff(first=0.5, longest=4.0)
CANCEL_AGAIN_SECONDS = 5.0


def backoff_seconds(attempt: int, retry_after: float | None = None) -> float:
    """Seconds before a failed job runs again; at least the `retry_after` that a provider asked for."""
    return max(JOB.seconds(attempt), retry_after or 0.0)


def raise_if_cancelled(failure: Exception) -> None:
    """Raise CancelledError when this task was cancelled: the failure of a cleanup replaces a cancellation.

    A task that went on after it would never end, because it is cancelled only once.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError from failure


async def retry(act: Callable[[], Awaitable[Result]], pause_after: Callable[[Exception, int], float | None]) -> Result:
    """Call `act` until it succeeds.

    `pause_after` gets the failure and its attempt number (1 is the first) and returns the seconds before the next
    attempt, or None to raise the failure.
    """
    attempt = 0
    while True:
        attempt += 1
        try:
            return await act()
        except Exception as failure:
            raise_if_cancelled(failure)
            pause = pause_after(failure, attempt)
            if pause is None:
                raise
        await asyncio.sleep(pause)


async def retry_while_unavailable(open_connection: Open, act: Callable[[Connection], Awaitable[Result]]) -> Result:
    """Call `act` with a new connection or transaction until the database is available. Raises Closed.

    A commit whose answer was lost is repeated, so `act` must be safe to repeat; a write under a fence is.
    """

    async def attempt() -> Result:
        async with open_connection() as connection:
            return await act(connection)

    return await retry(attempt, _pause_while_unavailable)


def _pause_while_unavailable(failure: Exception, attempt: int) -> float | None:
    if not isinstance(failure, DATABASE_UNAVAILABLE) or isinstance(failure, Closed):
        return None
    if attempt == 1:
        log.warning("the database is unavailable; retrying", reason=message_of(failure))
    return STORE.seconds(attempt)


@asynccontextmanager
async def polling(step: Callable[[], Awaitable[None]], *, name: str, seconds: float) -> AsyncIterator[None]:
    """Run `step` every `seconds` in the background while the block runs."""
    running = asyncio.create_task(
        poll_forever(step, name=name, seconds=seconds, backoff=Backoff(seconds, seconds)), name=name
    )
    try:
        yield
    finally:
        await cancel_and_wait(running)


async def cancel_and_wait(task: asyncio.Task[Any], again_seconds: float = CANCEL_AGAIN_SECONDS) -> None:
    """Cancel a task, again every `again_seconds` until it ends: a driver may lose a cancellation.

    Its result or failure is not raised.
    """
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=again_seconds)


async def poll_forever(
    step: Callable[[], Awaitable[float | None]],
    *,
    name: str,
    seconds: float,
    wake: asyncio.Event | None = None,
    backoff: Backoff = POLL,
    report: Callable[[Exception, int], None] | None = None,
) -> None:
    """Run `step` until cancelled: every `seconds`, and at once when `wake` is set.

    A step may return the seconds until its next run. After a failure `backoff` sets the pause, which `wake` does not
    shorten; a step that ran longer than the longest pause before it failed counts as a first failure again.
    `report` gets each failure and how many there were in a row; by default they are logged with `name`.
    """
    wake = wake or asyncio.Event()
    report = report or _Report(name)
    now = asyncio.get_running_loop().time
    failures = 0
    while True:
        wake.clear()
        began = now()
        try:
            pause = await step()
        except Exception as failure:
            raise_if_cancelled(failure)
            failures = 1 if now() - began > backoff.longest else failures + 1
            report(failure, failures)
            await asyncio.sleep(backoff.seconds(failures))
        else:
            failures = 0
            await wait_until_set(wake, seconds if pause is None else pause)


class _Report:
    """Logs a failure unless the one before it in the same row had the same reason."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._last = ""

    def __call__(self, failure: Exception, failures: int) -> None:
        reason = f"{type(failure).__name__}: {failure}"
        if failures == 1 or reason != self._last:
            self._last = reason
            if isinstance(failure, ResonantError):
                log.warning("a background step failed; retrying", step=self._name, reason=message_of(failure))
            else:
                log.error("a background step failed unexpectedly; retrying", step=self._name, exc_info=failure)


async def wait_until_set(event: asyncio.Event, seconds: float) -> bool:
    """Wait for the event, at most `seconds`; whether it was set."""
    try:
        async with asyncio.timeout(seconds):
            return await event.wait()
    except TimeoutError:
        return False
