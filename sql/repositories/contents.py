"""The contents of records before and after an action, and how an undo restores them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sql.rows import JsonObject
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class Content:
    """What a person sees of a record, and what is restored with it but not compared."""

    shown: JsonObject
    kept: JsonObject


async def list_contents(connection: Connection, kind: str, user_id: str, ids: Sequence[UUID]) -> dict[UUID, Content]:
    """The contents of the records of a kind that exist."""
    listing: Any = {
        "intent": statements.list_intent_contents,
        "decision": statements.list_decision_contents,
        "memory": statements.list_memory_contents,
        "specification": statements.list_specification_contents,
    }[kind]
    records = listing(connection, user_id=user_id, ids=ids)
    return {UUID(str(record["id"])): Content(record["content"], record["kept"]) async for record in records}


async def restore_intent(
    connection: Connection,
    user_id: str,
    intent_id: UUID,
    before: JsonObject,
    *,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
) -> None:
    """Restore an intent with its open contradictions. Needs `allow_any_transition`."""
    await statements.restore_intent(
        connection,
        user_id=user_id,
        id=intent_id,
        content=before,
        actor=actor,
        reason=reason,
        reason_key=reason_key,
        reason_params=reason_params,
    )
    await statements.restore_intent_checks(
        connection,
        user_id=user_id,
        id=intent_id,
        checked_at=before["checked_at"],
        confirmed_at=before["confirmed_at"],
    )
    open_ones = [UUID(each) for each in before["contradictions"]]
    await statements.restore_contradictions(connection, user_id=user_id, intent_id=intent_id, ids=open_ones)


async def restore_decision(
    connection: Connection,
    user_id: str,
    decision_id: UUID,
    before: JsonObject,
    *,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
) -> None:
    """Restore a decision, also one that was superseded. Raises Conflict when another one has its topic now."""
    await statements.restore_decision(
        connection,
        user_id=user_id,
        id=decision_id,
        content=before,
        actor=actor,
        reason=reason,
        reason_key=reason_key,
        reason_params=reason_params,
    )


async def restore_memory(connection: Connection, user_id: str, memory_id: UUID, before: JsonObject) -> None:
    await statements.restore_memory(connection, user_id=user_id, id=memory_id, content=before)


async def restore_specification(
    connection: Connection, user_id: str, specification_id: UUID, before: JsonObject, *, author: str
) -> None:
    """Restore it as a new revision. Needs `allow_any_transition` for an approved one."""
    await statements.restore_specification(
        connection, user_id=user_id, id=specification_id, content=before, author=author
    )
