"""Makes memories by themselves, few and good: from what is said, wished, laid down and decided."""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

import structlog

from app.live.bus.bus import Bus
from app.memory.extraction.claude import NoSense, extract
from app.memory.extraction.duplicates import says_more, says_the_same
from app.memory.extraction.ports import Overturning
from app.memory.extraction.sources import WORKING_HOURS, memories_of
from app.memory.extraction.statements import Statement, find_statements, slot_of
from app.memory.search.searcher import Search
from app.models.ports import Assistant, AssistantError, Clock
from sql.pool import Database
from sql.repositories.memories import (
    NewMemory,
    find_memories,
    insert_memory,
    mark_memories_used,
    mark_memory_superseded,
)
from sql.repositories.memory_work import MemoryWork, claim_memory_work, delete_memory_work
from sql.repositories.messages import find_messages
from sql.repositories.nearest import SearchFilter
from sql.rows import MemoryRow

log = structlog.get_logger()

BATCH = 20
LEASE_SECONDS = 120.0
# A model is asked once the answer is written: what was just said is in the conversation anyway.
REST_SECONDS = 10.0
TRIES = 3
RELATED = 8


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A memory to keep, what it is about, and what it is said to overturn.

    A model was shown what is known and has said itself what it overturns; of all else it is `judged`.
    """

    memory: NewMemory
    slot: str | None = None
    supersedes: UUID | None = None
    judged: bool = True


class MemoryExtractor:
    """Takes what the triggers have left to do; a row that fails three times is left alone and logged."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        search: Search,
        assistant: Assistant,
        clock: Clock,
        overturning: Overturning,
    ) -> None:
        self._database = database
        self._bus = bus
        self._search = search
        self._assistant = assistant
        self._clock = clock
        self._overturning = overturning

    async def work(self) -> set[str]:
        """Work off a batch; whose memories may have grown."""
        async with self._database.connection() as connection:
            claimed = await claim_memory_work(
                connection,
                count=BATCH,
                lease_seconds=LEASE_SECONDS,
                rest_seconds=0.0 if self._assistant.offline else REST_SECONDS,
            )
        for work in claimed:
            try:
                await self._make(work)
            except Exception:
                log.exception("nothing could be remembered of a row", kind=work.kind, subject=str(work.subject_id))
                if work.attempts < TRIES:
                    continue  # it is taken up again after its lease; the others do not wait for it
            async with self._database.connection() as connection:
                await delete_memory_work(connection, work)
            self._bus.announce(work.user_id)
        return {work.user_id for work in claimed}

    async def _make(self, work: MemoryWork) -> None:
        for candidate in await self._candidates(work):
            await self._keep(work.user_id, candidate)

    async def _candidates(self, work: MemoryWork) -> list[_Candidate]:
        async with self._database.connection() as connection:
            if work.kind != "message":
                return [_Candidate(memory) for memory in await memories_of(connection, work, self._clock.now())]
            messages = await find_messages(connection, work.user_id, [work.subject_id])
        return [found for row in messages for found in await self._read(work, row.content)]

    async def _read(self, work: MemoryWork, text: str) -> list[_Candidate]:
        """By the model; by rules offline, and when the model fails or makes no sense."""
        if not self._assistant.offline:
            try:
                known = await self._related(work.user_id, text)
                return [
                    _Candidate(self._said(work, each.content, each.tag), supersedes=each.supersedes, judged=False)
                    for each in await extract(self._assistant, text, known)
                ]
            except AssistantError as failure:
                log.warning("the model could not extract memories; rules do it", reason=failure.reason)
            except NoSense as failure:
                log.warning("the model's memories make no sense; rules do it", answer=str(failure))
        return [self._to_candidate(work, statement) for statement in find_statements(text)]

    def _to_candidate(self, work: MemoryWork, statement: Statement) -> _Candidate:
        memory = self._said(work, statement.content, statement.tag)
        if statement.working:
            expires_at = self._clock.now() + timedelta(hours=WORKING_HOURS)
            memory = replace(memory, kind="working", expires_at=expires_at, tags=())
        return _Candidate(memory, statement.slot)

    def _said(self, work: MemoryWork, content: str, tag: str) -> NewMemory:
        return NewMemory(content, source_kind="message", source_id=work.subject_id, tags=(tag,))

    async def _related(self, user_id: str, text: str) -> list[MemoryRow]:
        hits = await self._search.search(user_id, text, SearchFilter(kinds=["memory"]), RELATED)
        async with self._database.connection() as connection:
            return await find_memories(connection, user_id, [hit.subject_id for hit in hits])

    async def _keep(self, user_id: str, candidate: _Candidate) -> None:
        """Insert it, unless a memory that stands says the same, which then counts as used.

        What can no longer be true beside it is superseded: archived, and kept.
        """
        new = candidate.memory
        hits = await self._search.search(user_id, new.content, SearchFilter(kinds=["memory"]), RELATED)
        near = {hit.subject_id: hit for hit in hits}
        async with self._database.connection() as connection:
            found = await find_memories(connection, user_id, list(near))
        standing = [row for row in found if not row.archived]
        judged = await self._overturning.overturned(new, standing) if candidate.judged else set()
        overturned = {row.id for row in standing if _is_overturned(candidate, row)} | judged
        same = [
            row.id
            for row in standing
            if row.id not in judged | {candidate.supersedes}
            and says_the_same(new.content, row.content, near[row.id].similarity)
        ]
        async with self._database.transaction() as connection:
            if same:
                await mark_memories_used(connection, user_id, same[:1])
                return
            made = await insert_memory(connection, user_id, new)
            if made is not None:
                for memory_id in overturned:
                    await mark_memory_superseded(connection, user_id, memory_id, made.id)


def _is_overturned(candidate: _Candidate, row: MemoryRow) -> bool:
    """Whether it is about the same thing, says less, or was named by the model."""
    return (
        row.id == candidate.supersedes
        or (candidate.slot is not None and slot_of(row.content) == candidate.slot)
        or says_more(candidate.memory.content, row.content)
    )
