"""Lists and counts of the intents of one user."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from uuid import UUID

from sql.paging import FIRST_ID, LAST_ID, PageRange
from sql.rows import IntentRow, IntentTransitionRow
from sql.statements import Connection, fetch_rows, in_projects, statements

ALL_STATUSES = ("pending", "awaiting_confirmation", "processing", "completed", "failed", "cancelled")
Order = Literal["newest", "oldest", "priority", "due"]
BEGINNING_OF_TIME = datetime(1, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class IntentFilter:
    """Which intents a list contains; `types` None includes intents without a type.

    Without a project: those of all projects that are not archived. The same holds for all filters and lists.
    """

    statuses: tuple[str, ...] = ALL_STATUSES
    types: tuple[str, ...] | None = None
    project_id: UUID | None = None
    assignee: str | None = None
    labels: tuple[str, ...] = ()


def _scope(user_id: str, within: IntentFilter) -> dict[str, Any]:
    return {
        "user_id": user_id,
        "project_id": within.project_id,
        "assignee": within.assignee,
        "labels": list(within.labels),
        "statuses": within.statuses,
        "types": within.types,
    }


async def list_intents(
    connection: Connection,
    user_id: str,
    within: IntentFilter,
    order: Order,
    *,
    count: int,
    after: tuple[Any, UUID] | None,
) -> list[IntentRow]:
    """A page after `after`: the id of the last intent seen, after its priority or its due time in these orders."""
    scope: dict[str, Any] = _scope(user_id, within) | {"count": count}
    if order == "oldest":
        return await fetch_rows(
            connection,
            in_projects("list_oldest_intents", within.project_id),
            IntentRow,
            after=after[1] if after else FIRST_ID,
            **scope,
        )
    if order == "newest":
        return await fetch_rows(
            connection,
            in_projects("list_newest_intents", within.project_id),
            IntentRow,
            before=after[1] if after else LAST_ID,
            **scope,
        )
    if order == "due":
        at, last = after or (BEGINNING_OF_TIME, FIRST_ID)
        return await fetch_rows(
            connection, in_projects("list_intents_by_due", within.project_id), IntentRow, at=at, after=last, **scope
        )
    priority, before = after or (11, LAST_ID)
    return await fetch_rows(
        connection,
        in_projects("list_intents_by_priority", within.project_id),
        IntentRow,
        priority=priority,
        before=before,
        **scope,
    )


async def list_intents_of_conversations(
    connection: Connection, user_id: str, conversation_ids: Sequence[UUID], page: PageRange
) -> list[IntentRow]:
    """The page of each conversation, oldest first."""
    return await fetch_rows(
        connection,
        statements.list_intents_of_conversations,
        IntentRow,
        user_id=user_id,
        conversation_ids=conversation_ids,
        after=page.after,
        count=page.count,
    )


async def list_intents_of_messages(
    connection: Connection, user_id: str, message_ids: Sequence[UUID]
) -> list[IntentRow]:
    return await fetch_rows(
        connection, statements.list_intents_of_messages, IntentRow, user_id=user_id, message_ids=message_ids
    )


async def list_transitions_of_intents(
    connection: Connection, user_id: str, intent_ids: Sequence[UUID]
) -> list[IntentTransitionRow]:
    return await fetch_rows(
        connection, statements.list_transitions_of_intents, IntentTransitionRow, user_id=user_id, intent_ids=intent_ids
    )


async def count_intents(connection: Connection, user_id: str, within: IntentFilter) -> int:
    total: int = await in_projects("count_intents", within.project_id)(connection, **_scope(user_id, within))
    return total


async def count_intents_of_conversations(
    connection: Connection, user_id: str, conversation_ids: Sequence[UUID]
) -> dict[UUID, int]:
    """How many intents each conversation has. Conversations without intents are absent."""
    records = statements.count_intents_of_conversations(connection, user_id=user_id, conversation_ids=conversation_ids)
    return {record["conversation_id"]: record["total"] async for record in records}
