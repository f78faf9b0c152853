"""Work that is done again and again: at every hint of news, and every few seconds in case a hint was lost."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from app.live.bus.bus import Bus, News
from app.models.embedders.ports import EmbedderError
from sql.errors import ResonantError

log = structlog.get_logger()

LONGEST_PAUSE = 30.0


async def poll_forever(bus: Bus, act: Callable[[], Awaitable[object]], *, what: str, poll_seconds: float) -> None:
    """Until cancelled. What fails is logged as `what` and tried again, ever more seldom, at most every 30 seconds."""
    news, pause = asyncio.Event(), poll_seconds

    def hear(heard: News) -> None:
        if heard.users is None or heard.users:  # pieces of a reply are no news here
            news.set()

    async with bus.listening(hear):
        while True:
            news.clear()
            try:
                await act()
                pause = poll_seconds
            except (ResonantError, EmbedderError) as failure:
                pause = min(pause * 2, LONGEST_PAUSE)
                log.warning(f"{what} waits", reason=str(failure), seconds=pause)
            except Exception:
                pause = min(pause * 2, LONGEST_PAUSE)
                log.exception(f"{what} failed; it is tried again", seconds=pause)
            if pause > poll_seconds:
                await asyncio.sleep(pause)  # whoever is down is not helped by being asked at every message
            else:
                await _until(news, pause)


async def _until(news: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        pass
