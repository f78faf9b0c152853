"""What is left of each viewer's points; the budget fills up as time passes."""

from dataclasses import dataclass
from typing import Literal

from sql.statements import Connection, statements

Kind = Literal["points", "scarce"]


@dataclass(frozen=True, slots=True)
class Draw:
    """What was given, and what is left in the shared budget."""

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
    """Take up to `wanted` points, at least `needed`, or none at all when there are fewer."""
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
