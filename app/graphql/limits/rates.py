"""How much each viewer may ask for in a minute, in cost points, over all processes together.

The budgets are rows that every process draws from. A process draws a slice at a time and spends it from memory, so
most requests cost no statement, and no process knows of another.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from math import ceil

from app.graphql.limits.analysis import Price
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories.rate_budgets import Kind, draw_points

# A slice is a twentieth of the budget: at most that much is set aside unused in each process.
SLICES = 20
REMEMBERED_VIEWERS = 10_000


class RateLimited(ResonantError):
    """You have asked for more than your rate allows; try again later."""

    code = "RATE_LIMITED"


@dataclass(slots=True)
class TokenBucket:
    """What this process has drawn for one viewer and not spent yet."""

    points: float = 0.0
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)


class RateLimit:
    """One kind of points; `per_minute` is both the most that may be spent at once and what comes back in a minute."""

    def __init__(self, database: Database, kind: Kind, per_minute: int) -> None:
        self._database = database
        self._kind: Kind = kind
        self._per_minute = per_minute
        self._purses: OrderedDict[str, TokenBucket] = OrderedDict()

    async def spend(self, viewer_id: str, points: int) -> None:
        """Take the points from the viewer's budget. Raises RateLimited with `retryAfter`, in seconds."""
        purse = self._purse_of(viewer_id)
        if purse.points < points:
            async with purse.drawing:
                if purse.points < points:
                    await self._draw(purse, viewer_id, points - purse.points)
        purse.points -= points

    def _purse_of(self, viewer_id: str) -> TokenBucket:
        purse = self._purses.get(viewer_id)
        if purse is None:
            purse = self._purses[viewer_id] = TokenBucket()
            if len(self._purses) > REMEMBERED_VIEWERS:
                self._purses.popitem(last=False)
        else:
            self._purses.move_to_end(viewer_id)
        return purse

    async def _draw(self, purse: TokenBucket, viewer_id: str, missing: float) -> None:
        # What costs more than a whole budget is let through on a full one.
        needed = min(missing, self._per_minute)
        per_second = self._per_minute / 60
        async with self._database.connection() as connection:
            draw = await draw_points(
                connection,
                viewer_id,
                self._kind,
                needed=needed,
                wanted=max(needed, self._per_minute / SLICES),
                capacity=self._per_minute,
                per_second=per_second,
            )
        if draw.granted < needed:
            seconds = max(1, ceil((needed - draw.left) / per_second))
            raise RateLimited(f"You are asking for too much; try again in {seconds} s.", retryAfter=seconds)
        purse.points += draw.granted


class RateLimits:
    """The rate of everything, and the tighter one of what calls a model or searches; 0 sets no limit."""

    def __init__(self, database: Database, *, points: int, scarce_points: int) -> None:
        self._all = RateLimit(database, "points", points) if points else None
        self._scarce = RateLimit(database, "scarce", scarce_points) if scarce_points else None

    async def charge(self, viewer_id: str, price: Price) -> None:
        """Raises RateLimited when the viewer's budget does not hold the price."""
        if self._all is not None:
            await self._all.spend(viewer_id, price.points)
        if self._scarce is not None and price.scarce:
            await self._scarce.spend(viewer_id, price.scarce)
