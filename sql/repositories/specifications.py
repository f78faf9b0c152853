"""Specifications of one user, with their revisions."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.paging import LAST_ID
from sql.repositories.nodes import refusal
from sql.rows import SpecificationRevisionRow, SpecificationRow
from sql.statements import Connection, in_projects, statements

NO_SPECIFICATION = "specification.not_found"
ALL_STATUSES = ("draft", "review", "approved")


@dataclass(frozen=True, slots=True)
class SpecificationText:
    """What to save. `author` is a user's id or a bridge; `intent_id` is the intent that asked for it, if any."""

    title: str
    content: str
    status: str
    tags: Sequence[str]
    author: str
    intent_id: UUID | None = None


async def insert_specification(
    connection: Connection, user_id: str, text: SpecificationText, project_id: UUID | None = None
) -> SpecificationRow:
    """In the project of its intent, else in the given one, else in the default project."""
    record = await statements.insert_specification(
        connection,
        user_id=user_id,
        project_id=project_id,
        title=text.title,
        content=text.content,
        status=text.status,
        tags=text.tags,
        author=text.author,
        intent_id=text.intent_id,
    )
    return SpecificationRow(**record)


async def update_specification(
    connection: Connection, user_id: str, specification_id: UUID, text: SpecificationText
) -> SpecificationRow:
    """Save a new revision if anything changed. Raises NotFound, or Conflict when the workflow forbids the change."""
    record = await statements.update_specification(
        connection,
        user_id=user_id,
        id=specification_id,
        title=text.title,
        content=text.content,
        status=text.status,
        tags=text.tags,
        author=text.author,
        intent_id=text.intent_id,
    )
    if record is None:
        raise await refusal(connection, user_id, specification_id, NO_SPECIFICATION)
    return SpecificationRow(**record)


async def lock_specification(connection: Connection, user_id: str, specification_id: UUID) -> SpecificationRow:
    """The specification, locked until the transaction ends. Raises NotFound, Forbidden."""
    record = await statements.lock_specification(connection, user_id=user_id, id=specification_id)
    if record is None:
        raise await refusal(connection, user_id, specification_id, NO_SPECIFICATION)
    return SpecificationRow(**record)


async def find_specifications(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[SpecificationRow]:
    records = statements.find_specifications(connection, user_id=user_id, ids=ids)
    return [SpecificationRow(**record) async for record in records]


async def list_specifications(
    connection: Connection,
    user_id: str,
    *,
    count: int,
    before: UUID = LAST_ID,
    statuses: Sequence[str] = ALL_STATUSES,
    tags: Sequence[str] = (),
    project_id: UUID | None = None,
) -> list[SpecificationRow]:
    """Newest first, with all of the tags."""
    listing = in_projects("list_specifications", project_id)
    records = listing(
        connection, user_id=user_id, project_id=project_id, statuses=statuses, tags=tags, before=before, count=count
    )
    return [SpecificationRow(**record) async for record in records]


async def list_revisions_of_specifications(
    connection: Connection, user_id: str, specification_ids: Sequence[UUID]
) -> list[SpecificationRevisionRow]:
    """Oldest first within each specification."""
    records = statements.list_revisions_of_specifications(
        connection, user_id=user_id, specification_ids=specification_ids
    )
    return [SpecificationRevisionRow(**record) async for record in records]
