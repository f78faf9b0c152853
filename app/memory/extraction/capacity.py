"""Archives expired memories, and summarises the least important ones when a user has too many."""

from app.memory.extraction.claude import CONDENSE, ask
from app.memory.extraction.summaries import extract_summary
from app.models.ports import Assistant, AssistantError
from sql.pool import Database
from sql.repositories.memories import (
    NewMemory,
    archive_expired_memories,
    archive_memories,
    count_memories,
    insert_memory,
    list_least_important,
)

FULL = 0.9  # of the capacity: archiving starts
TARGET = 0.8  # of the capacity: archiving stops
BATCH = 50  # memories per summary
LENGTH = 1200


async def archive_expired(database: Database) -> set[str]:
    """Archive memories that have expired; their users."""
    async with database.transaction() as connection:
        return await archive_expired_memories(connection, 500)


async def archive_surplus(database: Database, assistant: Assistant, user_id: str, capacity: int) -> int:
    """At 90 % of the capacity replace the least important memories by summaries, down to 80 %; how many.

    Archived memories can be restored. No transaction is open while the model writes.
    """
    archived = 0
    async with database.connection() as connection:
        surplus = await count_memories(connection, user_id) - int(capacity * TARGET)
    if surplus < capacity * (FULL - TARGET):
        return 0
    while surplus > 0:
        async with database.connection() as connection:
            candidates = await list_least_important(connection, user_id, min(BATCH, surplus + 1))
        if len(candidates) < 2:
            break
        summary = await _condense(assistant, [row.content for row in candidates])
        async with database.transaction() as connection:
            inserted = await insert_memory(connection, user_id, NewMemory(summary, tags=("summary",)))
            if inserted is not None:
                await archive_memories(connection, user_id, [row.id for row in candidates], inserted.id)
        archived += len(candidates)
        surplus -= len(candidates) - 1
    return archived


async def _condense(assistant: Assistant, contents: list[str]) -> str:
    if not assistant.offline:
        try:
            if written := await ask(assistant, CONDENSE, "\n".join(contents)):
                return written
        except AssistantError:
            pass  # the extracted sentences are used instead
    return extract_summary(contents, LENGTH) or contents[0]
