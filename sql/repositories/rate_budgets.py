"""Token buckets of the rate limits, shared by all processes."""

from dataclasses import dataclass
from typing import Literal

from sql.statements import Connection, statements

Kind = Literal["points", "scarce"]


@dataclass(frozen=True, slots=True)
class Draw:
    """The points that were granted, and those that are left in the bucket."""

    granted: float
    left: float


async def draw_points(
    connection: Connection,
    user_id: str,
    kind: Kind,
    *,
    needed: float,
    wanted: float,
    capacity: float,
    per_second: float,
) -> Draw:
    """Take up to `wanted` points, or none if fewer than `needed` are left. The bucket refills over time."""
    record = await statements.draw_points(
        connection,
        user_id=user_id,
        kind=kind,
        needed=needed,
        wanted=wanted,
        capacity=capacity,
        per_second=per_second,
    )
    return Draw(record["granted"], record["points"])
