"""Rate limits per viewer in cost points per minute, shared by all processes.

Each budget is a row that every process draws from. A process draws a slice and spends it from memory, so most requests
need no statement, and processes do not communicate.
"""

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field
from math import ceil

from app.graphql.limits.policy import Price
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories.rate_budgets import Kind, draw_points

# A slice is 1/20 of the budget: the most that a process can hold without using it.
SLICES = 20
MAX_VIEWERS = 10_000


class RateLimited(ResonantError):
    """The rate limit is exceeded; `seconds` says how long to wait."""

    code = "RATE_LIMITED"
    key = "rate.exceeded"


@dataclass(slots=True)
class TokenBucket:
    """Points that this process has drawn for one viewer and not yet spent."""

    points: float = 0.0
    drawing: asyncio.Lock = field(default_factory=asyncio.Lock)


class RateLimit:
    """The limit of one kind of points. `per_minute` is both the capacity and the refill per minute."""

    def __init__(self, database: Database, kind: Kind, per_minute: int) -> None:
        self._database = database
        self._kind: Kind = kind
        self._per_minute = per_minute
        self._buckets: OrderedDict[str, TokenBucket] = OrderedDict()

    async def spend(self, viewer_id: str, points: int) -> None:
        """Take points from the viewer's budget. Raises RateLimited with `seconds`."""
        bucket = self._bucket_of(viewer_id)
        if bucket.points < points:
            async with bucket.drawing:
                if bucket.points < points:
                    await self._draw(bucket, viewer_id, points - bucket.points)
        bucket.points -= points

    def _bucket_of(self, viewer_id: str) -> TokenBucket:
        bucket = self._buckets.get(viewer_id)
        if bucket is None:
            bucket = self._buckets[viewer_id] = TokenBucket()
            if len(self._buckets) > MAX_VIEWERS:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(viewer_id)
        return bucket

    async def _draw(self, bucket: TokenBucket, viewer_id: str, missing: float) -> None:
        # An operation that costs more than the capacity is allowed when the budget is full.
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
            raise RateLimited(seconds=seconds)
        bucket.points += draw.granted


class RateLimits:
    """The limit of all points, and the lower limit of scarce points (model calls, searches). 0 means no limit."""

    def __init__(self, database: Database, *, points: int, scarce_points: int) -> None:
        self._all = RateLimit(database, "points", points) if points else None
        self._scarce = RateLimit(database, "scarce", scarce_points) if scarce_points else None

    async def charge(self, viewer_id: str, price: Price) -> None:
        """Charge the price to the viewer's budgets. Raises RateLimited."""
        if self._all is not None:
            await self._all.spend(viewer_id, price.points)
        if self._scarce is not None and price.scarce:
            await self._scarce.spend(viewer_id, price.scarce)
