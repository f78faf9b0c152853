"""The end of memories: what expires is archived, and of very many the least important are summed up."""

from app.memory.extraction.claude import CONDENSE, ask
from app.memory.extraction.extractive_summary import extract_summary
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

NEARLY_FULL = 0.9
AT_ONCE = 50  # memories that one summary stands for
LENGTH = 1200


async def archive_expired(database: Database) -> set[str]:
    """Whose memories have ended."""
    async with database.transaction() as connection:
        return await archive_expired_memories(connection, 500)


async def make_room(database: Database, assistant: Assistant, user_id: str, capacity: int) -> int:
    """At 90 % of the capacity archive the least important in favour of their summary, down to 80 %; how many.

    Each of them can be brought back. No transaction is open while the model writes.
    """
    archived = 0
    async with database.connection() as connection:
        surplus = await count_memories(connection, user_id) - int(capacity * 0.8)
    if surplus < capacity * (NEARLY_FULL - 0.8):
        return 0
    while surplus > 0:
        async with database.connection() as connection:
            fading = await list_least_important(connection, user_id, min(AT_ONCE, surplus + 1))
        if len(fading) < 2:
            break
        summary = await _condense(assistant, [row.content for row in fading])
        async with database.transaction() as connection:
            made = await insert_memory(connection, user_id, NewMemory(summary, tags=("summary",)))
            if made is not None:
                await archive_memories(connection, user_id, [row.id for row in fading], made.id)
        archived += len(fading)
        surplus -= len(fading) - 1
    return archived


async def _condense(assistant: Assistant, contents: list[str]) -> str:
    if not assistant.offline:
        try:
            if written := await ask(assistant, CONDENSE, "\n".join(contents)):
                return written
        except AssistantError:
            pass  # the sentences themselves say it too
    return extract_summary(contents, LENGTH) or contents[0]
