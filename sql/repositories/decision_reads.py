"""Reads decisions of one user, with their sources and history."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sql.errors import NotFound
from sql.paging import LAST_ID
from sql.repositories.nodes import refusal
from sql.rows import DecisionChangeRow, DecisionRow, DecisionSourceRow
from sql.statements import Connection, fetch_rows, in_projects, statements

NO_DECISION = "decision.not_found"
ALL_STATUSES = ("proposed", "accepted", "rejected", "superseded", "withdrawn")


@dataclass(frozen=True, slots=True)
class DecisionFilter:
    """Which decisions a list contains. `as_of` takes the statuses of that moment."""

    statuses: Sequence[str] = ALL_STATUSES
    project_id: UUID | None = None
    topic_key: str | None = None
    tags: Sequence[str] = ()
    as_of: datetime | None = None


async def find_decision_by_key(connection: Connection, user_id: str, key: str | None) -> DecisionRow | None:
    """The decision that was recorded with this idempotency key."""
    if key is None:
        return None
    known: UUID | None = await statements.find_decision_by_key(connection, user_id=user_id, idempotency_key=key)
    return None if known is None else await get_decision(connection, user_id, known)


async def find_decision_by_number(
    connection: Connection, user_id: str, project_id: UUID, number: int
) -> DecisionRow | None:
    """The decision of the project that has this number."""
    known: UUID | None = await statements.find_decision_by_number(
        connection, user_id=user_id, project_id=project_id, number=number
    )
    return None if known is None else await get_decision(connection, user_id, known)


async def is_new_decision(connection: Connection, decision_id: UUID) -> bool:
    """Whether this transaction recorded it; an idempotency key may have returned an earlier one."""
    return bool(await statements.is_new_decision(connection, id=decision_id))


async def lock_decision(connection: Connection, user_id: str, decision_id: UUID) -> DecisionRow:
    """The decision, locked until the transaction ends. Raises NotFound, Forbidden."""
    if await statements.lock_decision(connection, user_id=user_id, id=decision_id) is None:
        raise await refusal(connection, user_id, decision_id, NO_DECISION)
    return await get_decision(connection, user_id, decision_id)


async def lock_with_project(connection: Connection, user_id: str, decision_id: UUID) -> DecisionRow:
    """The decision, locked after the counter of its project, as `insert_decision` does. Raises NotFound."""
    row = await get_decision(connection, user_id, decision_id)
    await statements.lock_decisions(connection, user_id=user_id, project_id=row.project_id)
    return await lock_decision(connection, user_id, decision_id)


async def get_decision(connection: Connection, user_id: str, decision_id: UUID) -> DecisionRow:
    """Raises NotFound."""
    found = await find_decisions(connection, user_id, [decision_id])
    if not found:
        raise NotFound(NO_DECISION)
    return found[0]


async def find_decisions(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[DecisionRow]:
    return await fetch_rows(connection, statements.find_decisions, DecisionRow, user_id=user_id, ids=ids)


async def list_decisions(
    connection: Connection, user_id: str, within: DecisionFilter, *, count: int, before: UUID = LAST_ID
) -> list[DecisionRow]:
    """Newest first."""
    scope = {
        "user_id": user_id,
        "project_id": within.project_id,
        "statuses": within.statuses,
        "topic_key": within.topic_key,
        "tags": within.tags,
        "before": before,
        "count": count,
    }
    if within.as_of is None:
        return await fetch_rows(connection, in_projects("list_decisions", within.project_id), DecisionRow, **scope)
    return await fetch_rows(
        connection, in_projects("list_decisions_as_of", within.project_id), DecisionRow, as_of=within.as_of, **scope
    )


async def list_accepted_decisions(
    connection: Connection,
    user_id: str,
    project_id: UUID | None = None,
    *,
    changed_after: datetime | None = None,
) -> list[DecisionRow]:
    """The accepted decisions of the project or of all projects, oldest first; those that changed after a time."""
    return await fetch_rows(
        connection,
        in_projects("list_accepted_decisions", project_id),
        DecisionRow,
        user_id=user_id,
        project_id=project_id,
        changed_after=changed_after,
    )


async def list_superseded_decisions(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[DecisionRow]:
    """The decisions that were superseded by one of these."""
    return await fetch_rows(connection, statements.list_superseded_decisions, DecisionRow, user_id=user_id, ids=ids)


async def list_changes_of_decisions(
    connection: Connection, user_id: str, decision_ids: Sequence[UUID]
) -> list[DecisionChangeRow]:
    """Oldest first within each decision."""
    return await fetch_rows(
        connection,
        statements.list_changes_of_decisions,
        DecisionChangeRow,
        user_id=user_id,
        decision_ids=decision_ids,
    )


async def list_sources_of_decisions(
    connection: Connection, user_id: str, decision_ids: Sequence[UUID]
) -> list[DecisionSourceRow]:
    """In the order in which they were given."""
    return await fetch_rows(
        connection,
        statements.list_sources_of_decisions,
        DecisionSourceRow,
        user_id=user_id,
        decision_ids=decision_ids,
    )
