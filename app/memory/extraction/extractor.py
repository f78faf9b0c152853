"""Extracts memories from messages, intents and specifications."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from uuid import UUID

import structlog

from app.deferred_imports import imported
from app.intent_types import INTENT_TYPES
from app.language.person import is_about_person
from app.language.text import one_line
from app.live.bus.bus import Bus
from app.memory.extraction.claude import extract
from app.memory.extraction.recorded import recorded_by
from app.memory.extraction.statements import Statement, find_statements, is_duplicate, is_extension, slot_of
from app.memory.search.searcher import Search
from app.models.ports import Assistant, AssistantError, Clock
from app.models.structured import InvalidAnswer
from app.text_process import InThisProcess, TextWork
from sql.pool import Database
from sql.repositories.actions import list_actions_of_messages
from sql.repositories.decision_options import chosen_of
from sql.repositories.decision_reads import find_decisions, list_accepted_decisions
from sql.repositories.decisions import insert_sources
from sql.repositories.intents import find_intents
from sql.repositories.memories import (
    NewMemory,
    archive_memory,
    find_memories,
    insert_memory,
    mark_memories_used,
    mark_memory_superseded,
)
from sql.repositories.memory_work import MemoryWork, claim_memory_work, delete_memory_work
from sql.repositories.messages import find_messages
from sql.repositories.nearest import SearchFilter
from sql.repositories.specifications import find_specifications
from sql.rows import ActionRow, DecisionRow, IntentRow, MemoryRow, MessageRow
from sql.statements import Connection

log = structlog.get_logger()

RESTATED = "app.memory.extraction.restated"  # imported with the first decision
BATCH = 20
LEASE_SECONDS = 120.0
# A model extracts only after the reply is written; until then the conversation contains the message anyway.
MIN_AGE_SECONDS = 10.0
MAX_ATTEMPTS = 3
RELATED = 8
WORKING_MEMORY_HOURS = 24
QUOTED = 400
LONGEST = 2000
REMEMBERED_RESULTS = frozenset(name for name, each in INTENT_TYPES.items() if each.memory == "result")


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A memory to store, the subject of its statement, and the memory that it replaces.

    The statement that an action of the message has `recorded` is not stored again, but replaces others as well.
    A model saw the related memories and names the one to replace; other candidates are `checked` against them.
    """

    memory: NewMemory
    slot: str | None = None
    supersedes: UUID | None = None
    checked: bool = True
    recorded: ActionRow | None = None


class SupersededMemories(Protocol):
    """Finds memories that a new one makes untrue. A port, because the check of contradictions is in a higher layer."""

    async def find(self, new: NewMemory, existing: Sequence[MemoryRow]) -> set[UUID]: ...


class MemoryExtractor:
    """Processes the rows that triggers queue; a row that fails three times is logged and dropped."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        search: Search,
        assistant: Assistant,
        clock: Clock,
        superseded: SupersededMemories,
        work: TextWork | None = None,
    ) -> None:
        self._database = database
        self._bus = bus
        self._search = search
        self._assistant = assistant
        self._clock = clock
        self._superseded = superseded
        self._work = work or InThisProcess()

    async def process_batch(self) -> set[str]:
        """Process a batch of queued rows; the users whose memories may have changed."""
        async with self._database.connection() as connection:
            claimed = await claim_memory_work(
                connection,
                count=BATCH,
                lease_seconds=LEASE_SECONDS,
                min_age_seconds=0.0 if self._assistant.offline else MIN_AGE_SECONDS,
            )
        for work in claimed:
            try:
                await self._process(work)
            except Exception:
                log.exception("memories could not be extracted", kind=work.kind, subject=str(work.subject_id))
                if work.attempts < MAX_ATTEMPTS:
                    continue  # it is retried after its lease
            async with self._database.connection() as connection:
                await delete_memory_work(connection, work)
            self._bus.announce(work.user_id)
        return {work.user_id for work in claimed}

    async def _process(self, work: MemoryWork) -> None:
        if work.kind == "decision":
            await self._merge_into(work)
            return
        for candidate in await self._candidates(work):
            await self._store(work.user_id, candidate)

    async def _candidates(self, work: MemoryWork) -> list[_Candidate]:
        async with self._database.connection() as connection:
            if work.kind != "message":
                return [_Candidate(memory) for memory in await memories_of(connection, work, self._clock.now())]
            messages = await find_messages(connection, work.user_id, [work.subject_id])
            actions = await list_actions_of_messages(connection, work.user_id, [work.subject_id])
        found = [each for row in messages for each in await self._read(work, row)]
        recorded = recorded_by([each.memory for each in found], actions)
        return [replace(each, recorded=recorded.get(place)) for place, each in enumerate(found)]

    async def _read(self, work: MemoryWork, message: MessageRow) -> list[_Candidate]:
        """Extract with the model; with rules when offline, and when the model fails or its answer is invalid."""
        text, project_id = message.content, message.project_id
        if not self._assistant.offline:
            try:
                known = await self._related(work.user_id, project_id, text)
                return [
                    _Candidate(_to_memory(message, each.content, each.tag), supersedes=each.supersedes, checked=False)
                    for each in await extract(self._assistant, text, known)
                ]
            except AssistantError as failure:
                log.warning("the model could not extract memories; using rules", reason=failure.reason)
            except InvalidAnswer as failure:
                log.warning("the model's answer is invalid; using rules", answer=str(failure))
        found = await self._work.run(len(text), find_statements, text)
        return [self._to_candidate(message, statement) for statement in found]

    def _to_candidate(self, message: MessageRow, statement: Statement) -> _Candidate:
        memory = _to_memory(message, statement.content, statement.tag)
        if statement.working:
            expires_at = self._clock.now() + timedelta(hours=WORKING_MEMORY_HOURS)
            memory = replace(memory, kind="working", expires_at=expires_at, tags=(), profile=False)
        return _Candidate(memory, statement.slot)

    async def _related(self, user_id: str, project_id: UUID, text: str) -> list[MemoryRow]:
        within = SearchFilter(kinds=["memory"], project_id=project_id)
        hits = await self._search.search(user_id, text, within, RELATED)
        async with self._database.connection() as connection:
            return await find_memories(connection, user_id, [hit.subject_id for hit in hits])

    async def _store(self, user_id: str, candidate: _Candidate) -> None:
        """Insert the memory, or mark its duplicate as used. Memories that it makes untrue are superseded."""
        new = candidate.memory
        within = SearchFilter(kinds=["memory"], project_id=new.project_id)
        hits = await self._search.search(user_id, new.content, within, RELATED)
        near = {hit.subject_id: hit for hit in hits}
        async with self._database.connection() as connection:
            found = await find_memories(connection, user_id, list(near))
        action = candidate.recorded
        existing = [row for row in found if not row.archived and (action is None or row.id != action.subject_id)]
        contradicted = await self._superseded.find(new, existing) if candidate.checked else set()
        replaced = {row.id for row in existing if _is_replaced(candidate, row)} | contradicted
        if action is not None:
            await self._replace_by_record(user_id, action, replaced)
            return
        if (decision := await self._restated(user_id, new)) is not None:
            await self._add_source(user_id, decision, new, replaced)
            return
        duplicates = [
            row.id
            for row in existing
            if row.id not in contradicted | {candidate.supersedes}
            and is_duplicate(new.content, row.content, near[row.id].similarity)
        ]
        async with self._database.transaction() as connection:
            if duplicates:
                await mark_memories_used(connection, user_id, duplicates[:1])
                return
            inserted = await insert_memory(connection, user_id, new)
            if inserted is not None:
                for memory_id in replaced:
                    await mark_memory_superseded(connection, user_id, memory_id, inserted.id)

    async def _restated(self, user_id: str, new: NewMemory) -> DecisionRow | None:
        """The accepted decision that says all of the new memory."""
        if new.kind != "longterm" or new.source_kind not in ("message", "intent"):
            return None
        async with self._database.connection() as connection:
            decisions = await list_accepted_decisions(connection, user_id, new.project_id)
        if not decisions:
            return None
        restated = await imported(RESTATED)
        # In a thread: the first reading of many decisions takes longer than the event loop may wait.
        found: DecisionRow | None = await asyncio.to_thread(restated.restated_by, new.content, new.tags, decisions)
        return found

    async def _add_source(self, user_id: str, decision: DecisionRow, new: NewMemory, replaced: set[UUID]) -> None:
        """Link what was said again to its decision, in place of a memory. Archive what it makes untrue."""
        async with self._database.transaction() as connection:
            if new.source_kind is not None and new.source_id is not None:
                await insert_sources(connection, user_id, decision.id, [(new.source_kind, new.source_id)])
            for memory_id in replaced:
                await archive_memory(connection, user_id, memory_id, True)

    async def _merge_into(self, work: MemoryWork) -> None:
        """Archive the memories that only say what a newly accepted decision says; they become its sources."""
        async with self._database.connection() as connection:
            decisions = await find_decisions(connection, work.user_id, [work.subject_id])
        if not decisions or decisions[0].status != "accepted":
            return
        [decision] = decisions
        said = (decision.title, decision.topic, chosen_of(decision) or "", decision.value or "")
        known = await self._related(work.user_id, decision.project_id, " ".join(said))
        restated = await imported(RESTATED)
        restating = [
            row
            for row in known
            if not row.archived
            and row.source_kind != "specification"
            and restated.restated_by(row.content, row.tags, decisions) is not None
        ]
        async with self._database.transaction() as connection:
            for row in restating:
                taken_from = (
                    [] if row.source_kind is None or row.source_id is None else [(row.source_kind, row.source_id)]
                )
                await insert_sources(connection, work.user_id, decision.id, [*taken_from, ("memory", row.id)])
                await archive_memory(connection, work.user_id, row.id, True)

    async def _replace_by_record(self, user_id: str, action: ActionRow, replaced: set[UUID]) -> None:
        """Archive what the record of the action makes untrue, when the action is done and was not undone."""
        if action.status != "done" or action.subject_id is None:
            return
        async with self._database.transaction() as connection:
            by = await find_memories(connection, user_id, [action.subject_id])  # none for a decision
            for memory_id in replaced:
                if by:
                    await mark_memory_superseded(connection, user_id, memory_id, by[0].id)
                elif action.subject_kind == "decision":
                    await archive_memory(connection, user_id, memory_id, True)


def _to_memory(message: MessageRow, content: str, tag: str) -> NewMemory:
    about_person = tag == "profile" or is_about_person(content)
    return NewMemory(
        content,
        source_kind="message",
        source_id=message.id,
        tags=(tag,),
        project_id=message.project_id,
        profile=about_person,
    )


def _is_replaced(candidate: _Candidate, row: MemoryRow) -> bool:
    """Whether the row has the same subject or says less, or the model named it."""
    return (
        row.id == candidate.supersedes
        or (candidate.slot is not None and slot_of(row.content) == candidate.slot)
        or is_extension(candidate.memory.content, row.content)
    )


async def memories_of(connection: Connection, work: MemoryWork, now: datetime) -> list[NewMemory]:
    """The memories of the row; none when it was deleted."""
    match work.kind:
        case "intent":
            rows = await find_intents(connection, work.user_id, [work.subject_id])
            return [memory for row in rows for memory in _of_intent(row, now)]
        case "specification":
            specifications = await find_specifications(connection, work.user_id, [work.subject_id])
            return [
                NewMemory(
                    f"{row.title}: {one_line(row.content, QUOTED)}",
                    source_kind="specification",
                    source_id=row.id,
                    tags=("decision",),
                    project_id=row.project_id,
                )
                for row in specifications
            ]
        case _:
            return []


def _of_intent(row: IntentRow, now: datetime) -> list[NewMemory]:
    """A text to remember, permanently; completed work, for a day."""
    remembered = row.metadata.get("remembered")
    if isinstance(remembered, str) and remembered:
        text, about_person = one_line(remembered, LONGEST), is_about_person(remembered)
        memory = NewMemory(text, "longterm", "intent", row.id, weight=0.7, tags=("fact",))
        return [replace(memory, project_id=row.project_id, profile=about_person)]
    if row.intent_type in REMEMBERED_RESULTS:
        expires_at = now + timedelta(hours=WORKING_MEMORY_HOURS)
        done = f"✓ {one_line(row.description, QUOTED)}"
        memory = NewMemory(done, "working", "intent", row.id, weight=0.3, expires_at=expires_at)
        return [replace(memory, project_id=row.project_id)]
    return []
