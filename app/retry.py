"""Reads and writes that outlast a database which is away for a while."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import TypeVar

import structlog

from sql.errors import TimedOut, Unavailable
from sql.statements import Connection

log = structlog.get_logger()

AWAY = (Unavailable, TimedOut)
FIRST_PAUSE = 0.25
LONGEST_PAUSE = 4.0
Result = TypeVar("Result")
Opening = Callable[[], AbstractAsyncContextManager[Connection]]


async def retry_while_unavailable(opening: Opening, act: Callable[[Connection], Awaitable[Result]]) -> Result:
    """Act on what `opening` opens, a connection or a transaction, again and again until the database answers.

    A commit whose answer was lost is repeated, so `act` must be safe to repeat; a write under a fence is.
    """
    pause = FIRST_PAUSE
    while True:
        try:
            async with opening() as connection:
                return await act(connection)
        except AWAY as failure:
            if pause == FIRST_PAUSE:
                log.warning("the database is away; what is to be written waits for it", reason=failure.message)
        await asyncio.sleep(pause)
        pause = min(pause * 2, LONGEST_PAUSE)
