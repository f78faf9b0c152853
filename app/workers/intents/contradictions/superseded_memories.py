"""Finds the memories that a new statement replaces, by the same rules that compare intents with decisions."""

from collections.abc import Sequence
from uuid import UUID

from app.memory.extraction.statements import slot_of
from app.workers.intents.contradictions.ports import Candidate, Judge, PriorRecord
from sql.repositories.memories import NewMemory
from sql.rows import MemoryRow


class ContradictedMemories:
    """Implements app.memory.extraction.extractor.SupersededMemories."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    async def find(self, new: NewMemory, existing: Sequence[MemoryRow]) -> set[UUID]:
        """Memories that state the opposite; for a decision also those of another technology for the same purpose."""
        records = [PriorRecord("specification", row.id, row.content, row.content) for row in existing]
        found = await self._judge.judge(Candidate(new.content, "task"), records)
        kinds = {each.record.id: each.kind for each in found if each.record is not None}
        return {
            row.id
            for row in existing
            if kinds.get(row.id) == "policy_shift"
            or (kinds.get(row.id) == "tech_stack" and "decision" in new.tags and _same_subject(new, row))
        }


def _same_subject(new: NewMemory, row: MemoryRow) -> bool:
    """MySQL for analytics does not replace PostgreSQL for billing."""
    return slot_of(new.content) == slot_of(row.content)
