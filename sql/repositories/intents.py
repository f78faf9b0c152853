"""Intents of one user. Lists of them are in intent_lists.py; how bridges claim them is in intent_claims.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from types import EllipsisType
from uuid import UUID

from sql.errors import Conflict
from sql.repositories.members import check_assignee
from sql.repositories.nodes import refusal
from sql.rows import IntentRow, JsonObject
from sql.statements import Connection, fetch_rows, statements

NO_INTENT = "intent.not_found"


@dataclass(frozen=True, slots=True)
class NewIntent:
    """An intent to insert. `actor` is the user's id or a bridge."""

    user_id: str
    description: str
    actor: str
    intent_type: str | None = None
    classification: JsonObject | None = None
    priority: int = 0
    due_at: datetime | None = None
    max_attempts: int = 5
    metadata: JsonObject | None = None
    project_id: UUID | None = None
    conversation_id: UUID | None = None
    source_message_id: UUID | None = None
    idempotency_key: str | None = None
    reason: str | None = None
    reason_key: str | None = None
    reason_params: JsonObject | None = None
    assignee: str = "assistant"
    assignee_id: str | None = None  # a person's id; None for the user of the intent
    labels: Sequence[str] = ()
    recurrence: str | None = None


WAITING_TYPES = frozenset({"reminder"})  # types that wait until they are due; app.intent_types has `due = "moment"`


def earliest_attempt_at(
    intent_type: str | None, due_at: datetime | None, assignee: str = "assistant"
) -> datetime | None:
    """When an intent may first be claimed: a reminder waits until it is due, the others do not wait."""
    return due_at if intent_type in WAITING_TYPES and assignee == "assistant" else None


async def insert_intent(connection: Connection, new: NewIntent) -> tuple[IntentRow, bool]:
    """The intent, and whether it is new: an existing idempotency key returns the first one.

    Work of a person without a type is a task: no worker classifies it.
    """
    of_person = new.assignee == "person"
    intent_type = new.intent_type or ("task" if of_person else None)
    record = await statements.insert_intent(
        connection,
        user_id=new.user_id,
        project_id=new.project_id,
        conversation_id=new.conversation_id,
        source_message_id=new.source_message_id,
        description=new.description,
        assignee=new.assignee,
        assignee_id=(new.assignee_id or new.user_id) if of_person else None,
        labels=list(new.labels),
        recurrence=new.recurrence,
        intent_type=intent_type,
        classification=new.classification,
        priority=new.priority,
        due_at=new.due_at,
        next_attempt_at=earliest_attempt_at(intent_type, new.due_at, new.assignee),
        max_attempts=new.max_attempts,
        metadata=new.metadata or {},
        idempotency_key=new.idempotency_key,
        actor=new.actor,
        reason=new.reason,
        reason_key=new.reason_key,
        reason_params=new.reason_params,
    )
    if record is not None:
        if of_person and new.assignee_id not in (None, new.user_id):
            await check_assignee(connection, record["project_id"], record["assignee_id"])
        return IntentRow(**record), True
    record = await statements.find_intent_by_key(connection, user_id=new.user_id, idempotency_key=new.idempotency_key)
    if record is None:
        raise Conflict("intent.deleted_meanwhile")
    return IntentRow(**record), False


async def find_intents(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[IntentRow]:
    return await fetch_rows(connection, statements.find_intents, IntentRow, user_id=user_id, ids=ids)


async def lock_intent(connection: Connection, user_id: str, intent_id: UUID) -> IntentRow:
    """The intent, locked until the transaction ends. Raises NotFound, Forbidden."""
    record = await statements.lock_intent(connection, user_id=user_id, id=intent_id)
    if record is None:
        raise await refusal(connection, user_id, intent_id, NO_INTENT)
    return IntentRow(**record)


async def update_intent(
    connection: Connection,
    intent: IntentRow,
    *,
    description: str,
    priority: int,
    due_at: datetime | None,
    metadata: JsonObject,
    actor: str,
    assignee: str | None = None,
    assignee_id: str | None = None,
    labels: Sequence[str] | None = None,
    recurrence: str | EllipsisType | None = ...,
) -> IntentRow:
    """Write the changed fields of a locked intent and increment its version. None and ... leave a value unchanged.

    Without an `assignee_id` a person's work is that of the intent's user. A new `due_at` without a `recurrence` moves
    this occurrence only; with one, the rule counts from it.
    """
    alone = isinstance(recurrence, EllipsisType)
    moved_alone = alone and intent.recurrence is not None and intent.occurs_at is None and due_at != intent.due_at
    occurs_at = intent.due_at if moved_alone else intent.occurs_at if alone else None
    given = assignee or intent.assignee
    person = (assignee_id or intent.assignee_id or intent.user_id) if given == "person" else None
    if person is not None and assignee_id is not None and person != intent.assignee_id:
        await check_assignee(connection, intent.project_id, person)
    moved = due_at != intent.due_at and intent.intent_type in WAITING_TYPES
    wait = due_at if moved else intent.next_attempt_at
    if given != intent.assignee or given == "person":
        wait = earliest_attempt_at(intent.intent_type, due_at, given)
    record = await statements.update_intent(
        connection,
        id=intent.id,
        description=description,
        priority=priority,
        due_at=due_at,
        occurs_at=occurs_at,
        next_attempt_at=wait,
        metadata=metadata,
        assignee=given,
        assignee_id=person,
        labels=intent.labels if labels is None else list(labels),
        recurrence=intent.recurrence if isinstance(recurrence, EllipsisType) else recurrence,
        actor=actor,
    )
    return IntentRow(**record)


async def add_intent_metadata(connection: Connection, intent_id: UUID, metadata: JsonObject) -> IntentRow:
    """Merge metadata into that of a locked or new intent."""
    return IntentRow(**await statements.add_intent_metadata(connection, id=intent_id, metadata=metadata))


async def mark_intent_cancelled(
    connection: Connection,
    intent_id: UUID,
    *,
    actor: str,
    reason: str | None,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
) -> IntentRow:
    """Cancel a locked intent. Raises Conflict when it has ended."""
    return IntentRow(
        **await statements.mark_intent_cancelled(
            connection, id=intent_id, actor=actor, reason=reason, reason_key=reason_key, reason_params=reason_params
        )
    )


async def mark_intent_pending(
    connection: Connection,
    intent: IntentRow,
    *,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
) -> IntentRow:
    """Process a locked intent again from the start. Raises Conflict unless it has failed or was cancelled."""
    record = await statements.mark_intent_pending(
        connection,
        id=intent.id,
        next_attempt_at=earliest_attempt_at(intent.intent_type, intent.due_at, intent.assignee),
        actor=actor,
        reason=reason,
        reason_key=reason_key,
        reason_params=reason_params,
    )
    return IntentRow(**record)


async def confirm_intent(connection: Connection, intent: IntentRow, *, actor: str) -> IntentRow:
    """Confirm a locked intent, so that it is processed."""
    wait = earliest_attempt_at(intent.intent_type, intent.due_at, intent.assignee)
    record = await statements.confirm_intent(
        connection,
        id=intent.id,
        next_attempt_at=wait,
        actor=actor,
        reason="Confirmed.",
        reason_key="intent.confirmed",
        reason_params={},
    )
    return IntentRow(**record)


async def hold_intent(
    connection: Connection,
    intent_id: UUID,
    *,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
) -> IntentRow:
    """Let a pending intent wait until the user settles its contradictions."""
    record = await statements.hold_intent(
        connection, id=intent_id, actor=actor, reason=reason, reason_key=reason_key, reason_params=reason_params
    )
    return IntentRow(**record)


async def resume_intent(
    connection: Connection,
    intent: IntentRow,
    *,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
) -> IntentRow:
    """Process a locked intent whose contradictions are all resolved in its favour."""
    wait = earliest_attempt_at(intent.intent_type, intent.due_at, intent.assignee)
    record = await statements.resume_intent(
        connection,
        id=intent.id,
        next_attempt_at=wait,
        actor=actor,
        reason=reason,
        reason_key=reason_key,
        reason_params=reason_params,
    )
    return IntentRow(**record)


async def reword_intent(
    connection: Connection,
    intent: IntentRow,
    *,
    description: str,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
) -> IntentRow:
    """Give a locked intent a new description and start again; a trigger resolves its open contradictions."""
    record = await statements.reword_intent(
        connection,
        id=intent.id,
        description=description,
        actor=actor,
        reason=reason,
        reason_key=reason_key,
        reason_params=reason_params,
    )
    return IntentRow(**record)
