"""Pages of a list that is ordered by id."""

from dataclasses import dataclass
from uuid import UUID

FIRST_ID = UUID(int=0)
LAST_ID = UUID(int=2**128 - 1)


@dataclass(frozen=True, slots=True)
class PageRange:
    """At most `count` rows with after < id < before: the first ones, or the last ones if `backward`."""

    count: int
    after: UUID = FIRST_ID
    before: UUID = LAST_ID
    backward: bool = False
