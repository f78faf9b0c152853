"""The queues of memory extraction and of conversation summaries."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sql.paging import FIRST_ID
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class MemoryWork:
    """A row that memories may be extracted from; `attempts` includes this attempt."""

    subject_id: UUID
    user_id: str
    kind: str
    attempts: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class SummaryWork:
    """A conversation with `messages` new messages after `summarized_up_to`."""

    conversation_id: UUID
    user_id: str
    messages: int
    summarized_up_to: UUID | None


@dataclass(frozen=True, slots=True)
class SummaryMessage:
    """A message to summarize."""

    id: UUID
    message_type: str
    content: str


async def claim_memory_work(
    connection: Connection, *, count: int, lease_seconds: float, min_age_seconds: float
) -> list[MemoryWork]:
    records = statements.claim_memory_work(
        connection, count=count, lease_seconds=lease_seconds, min_age_seconds=min_age_seconds
    )
    return [MemoryWork(**record) async for record in records]


async def delete_memory_work(connection: Connection, work: MemoryWork) -> None:
    await statements.delete_memory_work(connection, subject_id=work.subject_id, created_at=work.created_at)


async def claim_summary_work(
    connection: Connection, *, count: int, lease_seconds: float, messages: int, pause_seconds: float
) -> list[SummaryWork]:
    records = statements.claim_summary_work(
        connection, count=count, lease_seconds=lease_seconds, messages=messages, pause_seconds=pause_seconds
    )
    return [SummaryWork(**record) async for record in records]


async def list_messages_to_summarize(connection: Connection, work: SummaryWork, count: int) -> list[SummaryMessage]:
    records = statements.list_messages_to_summarize(
        connection,
        conversation_id=work.conversation_id,
        after=work.summarized_up_to or FIRST_ID,
        count=count,
    )
    return [SummaryMessage(**record) async for record in records]


async def save_summary(connection: Connection, work: SummaryWork, summary: str) -> None:
    await statements.save_summary(connection, conversation_id=work.conversation_id, summary=summary)


async def mark_summarized(connection: Connection, work: SummaryWork, up_to: UUID | None) -> bool:
    """False when another branch of the conversation was shown since the work was claimed. Locks the conversation."""
    await statements.lock_conversation(connection, id=work.conversation_id)
    done = await statements.mark_summarized(
        connection, conversation_id=work.conversation_id, messages=work.messages, summarized_up_to=up_to
    )
    return done is not None
