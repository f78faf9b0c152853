"""The records of its project that a new intent may contradict: approved specifications and earlier intents."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.service_rows import PriorIntentRow
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class PriorSpecification:
    id: UUID
    title: str
    content: str


async def list_prior_specifications(
    connection: Connection, project_id: UUID, *, near: Sequence[UUID], count: int
) -> list[PriorSpecification]:
    """Those in `near` first, then the latest."""
    records = statements.list_prior_specifications(connection, project_id=project_id, near=near, count=count)
    return [PriorSpecification(**record) async for record in records]


async def list_prior_intents(
    connection: Connection, project_id: UUID, words: str, *, before: UUID, count: int
) -> list[PriorIntentRow]:
    """Those that share terms with the words, those that share most first."""
    records = statements.list_prior_intents(connection, project_id=project_id, before=before, words=words, count=count)
    return [PriorIntentRow(**record) async for record in records]


async def find_prior_intents(
    connection: Connection, project_id: UUID, ids: Sequence[UUID], *, before: UUID
) -> list[PriorIntentRow]:
    """Those of the ids that are earlier intents and still in force."""
    records = statements.find_prior_intents(connection, project_id=project_id, ids=ids, before=before)
    return [PriorIntentRow(**record) async for record in records]
