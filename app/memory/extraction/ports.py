"""What a new memory overturns: a port, because whoever judges contradictions stands above the memory."""

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from sql.repositories.memories import NewMemory
from sql.rows import MemoryRow


class Overturning(Protocol):
    """Says which of the memories that stand can no longer be true beside a new one."""

    async def overturned(self, new: NewMemory, standing: Sequence[MemoryRow]) -> set[UUID]: ...
