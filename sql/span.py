"""The part of an id-ordered list that a statement reads."""

from dataclasses import dataclass
from uuid import UUID

FIRST_ID = UUID(int=0)
LAST_ID = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class Span:
    """At most `count` rows with after < id < before; `backward` takes the last ones instead of the first."""

    count: int
    after: UUID = FIRST_ID
    before: UUID = LAST_ID
    backward: bool = False
