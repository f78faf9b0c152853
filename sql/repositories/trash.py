"""The trash: deleted records, which can be restored until they are deleted for good."""

from collections.abc import Sequence
from typing import Any, Literal
from uuid import UUID

from sql.errors import Conflict, NotFound
from sql.repositories.nodes import check_writable, find_node_kind, refusal
from sql.repositories.projects import find_projects, get_default_project
from sql.rows import (
    ConversationRow,
    DecisionRow,
    IntentRow,
    MemoryRow,
    MessageRow,
    ProjectRow,
    SpecificationRow,
    TrashRow,
)
from sql.statements import Connection, in_projects, statements

Kind = Literal["project", "conversation", "message", "intent", "specification", "decision", "memory"]
NOT_IN_TRASH = "trash.not_found"

FINDERS: dict[str, tuple[Any, Any]] = {
    "project": (statements.find_deleted_projects, ProjectRow),
    "conversation": (statements.find_deleted_conversations, ConversationRow),
    "message": (statements.find_deleted_messages, MessageRow),
    "intent": (statements.find_deleted_intents, IntentRow),
    "specification": (statements.find_deleted_specifications, SpecificationRow),
    "decision": (statements.find_deleted_decisions, DecisionRow),
    "memory": (statements.find_deleted_memories, MemoryRow),
}


async def move_to_trash(connection: Connection, user_id: str, kind: Kind, record_id: UUID, *, actor: str) -> None:
    """Delete a record with what belongs to it, so that it can be restored. Raises NotFound, Forbidden.

    A conversation is deleted with its messages, but not with its intents; a message with the replies to it; a project
    with all its records.
    """
    await check_writable(connection, user_id, record_id, f"{kind}.not_found")
    if kind in ("project", "conversation"):
        await statements.allow_long_statement(connection)
    if kind == "conversation":
        await statements.lock_conversation(connection, id=record_id)
        await statements.lock_messages(connection, conversation_id=record_id)
    moved = await statements.move_to_trash(connection, kind=kind, id=record_id, deleted_by=actor)
    if not moved:
        raise NotFound(f"{kind}.not_found")


async def list_trash(
    connection: Connection, user_id: str, *, count: int, before: UUID, project_id: UUID | None = None
) -> list[TrashRow]:
    """The latest deleted first, with an entry id below `before`; of all projects when `project_id` is None."""
    records = in_projects("list_trash", project_id)(
        connection, user_id=user_id, project_id=project_id, before=before, count=count
    )
    return [TrashRow(**record) async for record in records]


async def find_deleted(connection: Connection, user_id: str, kind: str, ids: Sequence[UUID]) -> list[Any]:
    """The rows of this kind in the trash, as they were when they were deleted."""
    find, row_type = FINDERS[kind]
    return [row_type(**record) async for record in find(connection, user_id=user_id, ids=ids)]


async def find_deleted_conversations(
    connection: Connection, user_id: str, ids: Sequence[UUID]
) -> list[ConversationRow]:
    return await find_deleted(connection, user_id, "conversation", ids)


async def restore(connection: Connection, user_id: str, record_id: UUID) -> str:
    """Restore a record with its content, status, links and position; returns its kind.

    What it cannot be without is restored too: the conversation of a message. Raises NotFound, or Conflict when another
    record has its place now.
    """
    record = await statements.lock_trash(connection, user_id=user_id, record_id=record_id)
    if record is None:
        raise await refusal(connection, user_id, record_id, NOT_IN_TRASH)
    entry = TrashRow(**record)
    if await find_node_kind(connection, user_id, record_id) is not None:
        raise Conflict("trash.exists")
    if entry.kind == "decision":
        await _check_topic(connection, user_id, record_id)
    elif entry.kind == "project":
        suffix = f"-{record_id.hex[-8:]}"
        await statements.rename_deleted_project(connection, id=record_id, suffix=suffix)
    elif entry.kind == "memory" and await statements.is_memory_stored_again(connection, id=record_id):
        raise Conflict("trash.memory_exists")
    await statements.allow_long_statement(connection)
    await statements.restore_from_trash(connection, user_id=user_id, entry_id=entry.id)
    return entry.kind


async def _check_topic(connection: Connection, user_id: str, decision_id: UUID) -> None:
    (decision,) = await find_deleted(connection, user_id, "decision", [decision_id])
    if decision.status != "accepted" or decision.kind not in ("choice", "value"):
        return
    projects = await find_projects(connection, user_id, [decision.project_id])
    project_id = (projects or [await get_default_project(connection, user_id)])[0].id
    await statements.lock_decisions(connection, user_id=user_id, project_id=project_id)
    other = await statements.find_decision_of_topic(connection, project_id=project_id, topic_key=decision.topic_key)
    if other is not None:
        raise Conflict("trash.topic_decided", number=other["number"], title=other["title"])


async def delete_old_trash(connection: Connection, days: float, count: int) -> int:
    """Delete for good at most `count` entries older than `days`; returns how many."""
    deleted: int = await statements.delete_old_trash(connection, days=days, count=count)
    return deleted
