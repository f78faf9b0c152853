"""Runs the background steps of the memory when the bus announces a change, and regularly."""

import asyncio
from collections.abc import Awaitable, Callable

from app.live.bus.bus import Bus, BusMessage
from app.retry import Backoff, poll_forever

LONGEST_PAUSE = 30.0


async def run_on_news(bus: Bus, step: Callable[[], Awaitable[None]], *, name: str, poll_seconds: float) -> None:
    """Run `step` until cancelled: at once when the bus announces a change, and every `poll_seconds`."""
    wake = asyncio.Event()

    def on_message(message: BusMessage) -> None:
        if message.users is None or message.users:  # the pieces of a streamed reply change nothing that is indexed
            wake.set()

    async with bus.listening(on_message):
        backoff = Backoff(first=2 * poll_seconds, longest=LONGEST_PAUSE)
        await poll_forever(step, name=name, seconds=poll_seconds, wake=wake, backoff=backoff)
