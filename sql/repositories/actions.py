"""Actions of one user: calls of tools that were done or proposed because of a message."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sql.errors import NotFound
from sql.paging import LAST_ID
from sql.repositories.nodes import refusal
from sql.rows import ActionRow, JsonObject
from sql.statements import Connection, fetch_rows, in_projects, statements

NO_ACTION = "action.not_found"
ALL_STATUSES = ("done", "proposed", "dismissed", "undone", "failed")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a call. `key` and `params` are those of the summary."""

    status: str
    arguments: JsonObject
    summary: str
    actor: str
    key: str | None = None
    params: JsonObject | None = None
    subject_kind: str | None = None
    subject_id: UUID | None = None
    reason: str | None = None
    reason_key: str | None = None
    reason_params: JsonObject | None = None
    undo: JsonObject | None = None


@dataclass(frozen=True, slots=True)
class NewAction:
    """An action to insert; without a project, into that of the message. A repeated call id inserts nothing."""

    user_id: str
    message_id: UUID | None
    tool: str
    outcome: Outcome
    project_id: UUID | None = None
    confidence: float | None = None
    candidates: Sequence[UUID] = field(default_factory=tuple)
    language: str = "en"
    call_id: str | None = None


async def insert_action(connection: Connection, new: NewAction) -> ActionRow:
    """The action; the first one when the message has one with this call id."""
    outcome = new.outcome
    record = await statements.insert_action(
        connection,
        user_id=new.user_id,
        project_id=new.project_id,
        message_id=new.message_id,
        tool=new.tool,
        confidence=new.confidence,
        candidates=list(new.candidates),
        language=new.language,
        call_id=new.call_id,
        **_columns(outcome),
    )
    if record is None:
        record = await statements.find_action_by_call(
            connection, user_id=new.user_id, message_id=new.message_id, call_id=new.call_id
        )
    if record is None:
        raise NotFound(NO_ACTION)
    return ActionRow(**record)


def _columns(outcome: Outcome) -> dict[str, object]:
    return {
        "status": outcome.status,
        "arguments": outcome.arguments,
        "summary": outcome.summary,
        "key": outcome.key,
        "params": outcome.params,
        "subject_kind": outcome.subject_kind,
        "subject_id": outcome.subject_id,
        "actor": outcome.actor,
        "reason": outcome.reason,
        "reason_key": outcome.reason_key,
        "reason_params": outcome.reason_params,
        "undo": outcome.undo,
    }


async def find_action_by_call(connection: Connection, user_id: str, message_id: UUID, call_id: str) -> ActionRow | None:
    """The stored action of a call. The call is locked until the transaction ends, so it is done once."""
    await statements.lock_action_call(connection, message_id=message_id, call_id=call_id)
    record = await statements.find_action_by_call(connection, user_id=user_id, message_id=message_id, call_id=call_id)
    return None if record is None else ActionRow(**record)


async def find_actions(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[ActionRow]:
    return await fetch_rows(connection, statements.find_actions, ActionRow, user_id=user_id, ids=ids)


async def find_whole_actions(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[ActionRow]:
    """As `find_actions`, with all columns, whatever the operation reads."""
    records = statements.find_actions(connection, user_id=user_id, ids=ids)
    return [ActionRow(**record) async for record in records]


async def lock_action(connection: Connection, user_id: str, action_id: UUID) -> ActionRow:
    """The action, locked until the transaction ends. Raises NotFound, Forbidden."""
    record = await statements.lock_action(connection, user_id=user_id, id=action_id)
    if record is None:
        raise await refusal(connection, user_id, action_id, NO_ACTION)
    return ActionRow(**record)


async def list_actions(
    connection: Connection,
    user_id: str,
    *,
    count: int,
    before: UUID = LAST_ID,
    statuses: Sequence[str] = ALL_STATUSES,
    actor: str | None = None,
    project_id: UUID | None = None,
) -> list[ActionRow]:
    """Newest first, with an id below `before`."""
    return await fetch_rows(
        connection,
        in_projects("list_actions", project_id),
        ActionRow,
        user_id=user_id,
        statuses=statuses,
        actor=actor,
        project_id=project_id,
        before=before,
        count=count,
    )


async def list_actions_of_messages(
    connection: Connection, user_id: str, message_ids: Sequence[UUID]
) -> list[ActionRow]:
    """In the order in which they were called."""
    return await fetch_rows(
        connection, statements.list_actions_of_messages, ActionRow, user_id=user_id, message_ids=message_ids
    )


async def update_action(connection: Connection, action_id: UUID, outcome: Outcome) -> ActionRow:
    """Store the outcome of a locked action."""
    return ActionRow(**await statements.update_action(connection, id=action_id, **_columns(outcome)))


async def mark_action(connection: Connection, action_id: UUID, status: str) -> ActionRow:
    """Set the status of a locked action."""
    return ActionRow(**await statements.mark_action(connection, id=action_id, status=status))


async def allow_any_transition(connection: Connection, allowed: bool) -> None:
    """Whether intents may get any status in this transaction, as an undo needs it."""
    await statements.allow_any_transition(connection, allowed="on" if allowed else "off")
