"""Memories of decisions, approved specifications and completed intents."""

from datetime import datetime, timedelta

from app.intent_types import INTENT_TYPES
from app.language.text import one_line
from sql.repositories.choice_points import find_choice_points
from sql.repositories.intents import find_intents
from sql.repositories.memories import NewMemory
from sql.repositories.memory_work import MemoryWork
from sql.repositories.specifications import find_specifications
from sql.rows import IntentRow
from sql.statements import Connection

WORKING_MEMORY_HOURS = 24
QUOTED = 400
LONGEST = 2000
REMEMBERED_RESULTS = frozenset(name for name, each in INTENT_TYPES.items() if each.memory == "result")


async def memories_of(connection: Connection, work: MemoryWork, now: datetime) -> list[NewMemory]:
    """The memories of the row; none when it was deleted."""
    match work.kind:
        case "intent":
            rows = await find_intents(connection, work.user_id, [work.subject_id])
            return [memory for row in rows for memory in _of_intent(row, now)]
        case "choice_point":
            return await _of_choice_point(connection, work)
        case "specification":
            specifications = await find_specifications(connection, work.user_id, [work.subject_id])
            return [
                NewMemory(
                    f"{row.title}: {one_line(row.content, QUOTED)}",
                    source_kind="specification",
                    source_id=row.id,
                    tags=("decision",),
                )
                for row in specifications
            ]
        case _:
            return []


def _of_intent(row: IntentRow, now: datetime) -> list[NewMemory]:
    """A text to remember, permanently; completed work, for a day."""
    remembered = row.metadata.get("remembered")
    if isinstance(remembered, str) and remembered:
        return [NewMemory(one_line(remembered, LONGEST), "longterm", "intent", row.id, weight=0.7, tags=("fact",))]
    if row.intent_type in REMEMBERED_RESULTS:
        expires_at = now + timedelta(hours=WORKING_MEMORY_HOURS)
        done = f"✓ {one_line(row.description, QUOTED)}"
        return [NewMemory(done, "working", "intent", row.id, weight=0.3, expires_at=expires_at)]
    return []


async def _of_choice_point(connection: Connection, work: MemoryWork) -> list[NewMemory]:
    memories = []
    for row in await find_choice_points(connection, work.user_id, [work.subject_id]):
        chosen = next((each["label"] for each in row.options if str(each["id"]) == str(row.chosen_option_id)), None)
        if chosen is not None:
            content = f"{one_line(row.question, QUOTED)} → {chosen}: {one_line(row.rationale or '', QUOTED)}"
            memories.append(
                NewMemory(content, source_kind="choice_point", source_id=row.id, weight=0.7, tags=("decision",))
            )
    return memories
