"""Coroutines that run concurrently with others and end with them."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any, TypeVar

Result = TypeVar("Result")


@asynccontextmanager
async def background_task(work: Coroutine[Any, Any, Result]) -> AsyncIterator[asyncio.Task[Result]]:
    """Run the coroutine during the block; at its end the task is cancelled and awaited.

    The block gets the result from the task. A failure that the block does not ask for is ignored.
    """
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()


async def run_until(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> None:
    """Run until the work ends or `stop` is set; the work has ended on return. Raises what the work raises."""
    async with background_task(work) as working, background_task(stop.wait()) as stopping:
        await asyncio.wait([working, stopping], return_when=asyncio.FIRST_COMPLETED)
        if working.done():
            working.result()
