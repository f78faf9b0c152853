"""Finds the records that a new intent may contradict, and the memories that a new statement replaces."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from app.language.technologies import rivals_of
from app.memory.extraction.statements import slot_of
from app.memory.search.searcher import Nearest
from app.retry import retry_while_unavailable
from app.workers.intents.contradictions.ports import Candidate, Judge, PriorRecord, record_of_decision
from sql.pool import Database
from sql.repositories.contradictions import list_contradictions_of
from sql.repositories.decision_reads import list_accepted_decisions
from sql.repositories.memories import NewMemory
from sql.repositories.nearest import SearchFilter
from sql.repositories.prior_records import (
    find_prior_intents,
    list_prior_intents,
    list_prior_specifications,
)
from sql.rows import IntentRow, MemoryRow
from sql.service_rows import PriorIntentRow
from sql.statements import Connection

KINDS = ("intent", "decision", "specification")
MAX_NEAR = 30
MAX_SPECIFICATIONS = 50
MAX_INTENTS = 40
READ_CHARACTERS = 2000
OPEN = ("pending", "awaiting_confirmation", "processing")


class PriorRecordFinder:
    """Finds prior records; by shared terms alone when there is no embedder (`nearest` is None)."""

    def __init__(self, database: Database, nearest: Nearest | None) -> None:
        self._database = database
        self._nearest = nearest

    async def find(self, intent: IntentRow) -> list[PriorRecord]:
        """Decisions first, then specifications, then earlier intents; within each the nearest, then the latest."""
        near: dict[UUID, float] = {}
        if self._nearest is not None:
            text = intent.description[:READ_CHARACTERS]
            within = SearchFilter(kinds=KINDS, project_id=intent.project_id)
            found = await self._nearest.find(intent.user_id, text, within=within, count=MAX_NEAR)
            near = {each.subject_id: each.similarity for each in found}
        return await retry_while_unavailable(
            self._database.connection, lambda connection: find_prior_records(connection, intent, near)
        )

    async def find_changed(self, intent: IntentRow, *, since: datetime) -> list[PriorRecord]:
        """The decisions that were accepted or changed since then, without those that the user settled for it."""
        return await retry_while_unavailable(
            self._database.connection, lambda connection: find_changed_decisions(connection, intent, since)
        )


async def find_changed_decisions(connection: Connection, intent: IntentRow, since: datetime) -> list[PriorRecord]:
    """Without a decision that was recorded because of the intent."""
    decisions = await list_accepted_decisions(connection, intent.user_id, intent.project_id, changed_after=since)
    settled = await list_contradictions_of(connection, intent.id) if decisions else []
    known = {each.conflicts_with_decision_id for each in settled if each.status in ("pending", "approved")}
    return [record_of_decision(row) for row in decisions if row.id not in known and row.intent_id != intent.id]


async def find_prior_records(connection: Connection, intent: IntentRow, near: dict[UUID, float]) -> list[PriorRecord]:
    """`near` maps the ids of the records nearest in meaning to their cosine similarity."""
    ids = list(near)
    decisions = await list_accepted_decisions(connection, intent.user_id, intent.project_id)
    decisions.sort(key=lambda row: (row.id in near, row.id), reverse=True)
    specifications = await list_prior_specifications(connection, intent.project_id, near=ids, count=MAX_SPECIFICATIONS)
    intents = {row.id: row for row in await _list_similar_intents(connection, intent)}
    near_intents = await find_prior_intents(connection, intent.project_id, ids, before=intent.id)
    intents |= {row.id: row for row in near_intents}
    return [
        *(record_of_decision(row, near.get(row.id)) for row in decisions),
        *(
            PriorRecord("specification", row.id, row.title, row.content, similarity=near.get(row.id))
            for row in specifications
        ),
        *(_to_record(row, near.get(row.id)) for row in intents.values()),
    ]


async def _list_similar_intents(connection: Connection, intent: IntentRow) -> list[PriorIntentRow]:
    """Intents that share terms with the new one, or name an alternative to a technology that it names."""
    description = intent.description[:READ_CHARACTERS]
    terms = " ".join([description, *rivals_of(description)])
    return await list_prior_intents(connection, intent.project_id, terms, before=intent.id, count=MAX_INTENTS)


def _to_record(row: PriorIntentRow, similarity: float | None) -> PriorRecord:
    text = row.description
    return PriorRecord("intent", row.id, text, text, similarity=similarity, open=row.status in OPEN)


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
