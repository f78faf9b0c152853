"""Moves records of one user between projects."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.errors import BadUserInput, Forbidden, NotFound
from sql.repositories.conversations import NOT_AUTHOR, find_conversations
from sql.repositories.members import check_author
from sql.repositories.nodes import NO_NODE, find_node_kind
from sql.repositories.projects import check_project
from sql.statements import Connection, statements

MOVABLE = ("conversation", "intent", "specification", "decision", "memory")


@dataclass(frozen=True, slots=True)
class Moved:
    """How many of the named records changed their project, and which records moved, oldest first."""

    count: int
    intents: Sequence[UUID]
    decisions: Sequence[UUID]
    specifications: Sequence[UUID]


async def move_records(connection: Connection, user_id: str, ids: Sequence[UUID], project_id: UUID) -> Moved:
    """Move conversations, intents, specifications, decisions and memories, with what belongs to them.

    All or nothing. Raises NotFound, BadUserInput for a record of another kind, Conflict for an archived project. What
    moved has to be compared with the decisions of its new project.
    """
    await check_project(connection, user_id, project_id, new=True)
    leaving = await _leaving(connection, user_id, set(ids), project_id)
    await statements.allow_long_statement(connection)
    target = {"project_id": project_id}
    for row in await find_conversations(connection, user_id, leaving["conversation"]):
        await check_author(connection, user_id, row, NOT_AUTHOR)
    for conversation_id in leaving["conversation"]:
        await statements.lock_conversation(connection, id=conversation_id)
        await statements.lock_messages(connection, conversation_id=conversation_id)
    await statements.move_conversations(connection, ids=leaving["conversation"], **target)
    await statements.move_intents(connection, ids=leaving["intent"], **target)
    await statements.move_specifications(connection, ids=leaving["specification"], **target)
    await statements.move_decisions(connection, ids=leaving["decision"], project_id=project_id, actor=user_id)
    await statements.move_memories(connection, ids=leaving["memory"], **target)
    moved = defaultdict[str, list[UUID]](list)
    named = [*leaving["intent"], *leaving["decision"]]
    async for record in statements.list_moved(
        connection, conversation_ids=leaving["conversation"], ids=named, **target
    ):
        moved[record["kind"]].append(record["id"])
    return Moved(sum(map(len, leaving.values())), moved["intent"], moved["decision"], leaving["specification"])


async def _leaving(
    connection: Connection, user_id: str, ids: set[UUID], project_id: UUID
) -> defaultdict[str, list[UUID]]:
    """The records that are not in the project yet, by kind. Raises NotFound, BadUserInput."""
    leaving = defaultdict[str, list[UUID]](list)
    missing = set(ids)
    async for record in statements.list_movable(connection, user_id=user_id, ids=list(ids)):
        missing.discard(record["id"])
        if record["project_id"] != project_id:
            leaving[record["kind"]].append(record["id"])
    for each in sorted(missing):
        kind = await find_node_kind(connection, user_id, each)
        if kind in MOVABLE:
            raise Forbidden("project.read_only")
        raise NotFound(NO_NODE) if kind is None else BadUserInput("project.not_movable")
    return leaving
