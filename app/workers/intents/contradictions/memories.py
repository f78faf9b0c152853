"""Which memories a new statement overturns, by the same rules that compare wishes with decisions."""

from collections.abc import Sequence
from uuid import UUID

from app.memory.extraction.statements import slot_of
from app.workers.intents.contradictions.ports import Candidate, Judge, PriorRecord
from sql.repositories.memories import NewMemory
from sql.rows import MemoryRow


class OverturnedMemories:
    """Implements app.memory.extraction.ports.Overturning."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    async def overturned(self, new: NewMemory, standing: Sequence[MemoryRow]) -> set[UUID]:
        """Those that say the opposite, and, for a decision, those of another technology in the same place."""
        standings = {row.id: PriorRecord("specification", row.id, row.content, row.content) for row in standing}
        clashes = await self._judge.judge(Candidate(new.content, "task"), list(standings.values()))
        kinds = {clash.standing.id: clash.kind for clash in clashes if clash.standing is not None}
        return {
            row.id
            for row in standing
            if kinds.get(row.id) == "policy_shift"
            or (kinds.get(row.id) == "tech_stack" and "decision" in new.tags and _in_one_place(new, row))
        }


def _in_one_place(new: NewMemory, row: MemoryRow) -> bool:
    """MySQL for analytics takes no place of PostgreSQL for billing."""
    return slot_of(new.content) == slot_of(row.content)
