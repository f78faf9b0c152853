"""What stands and a new wish may clash with: decisions, approved specifications, earlier intents; of one user."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class StandingChoice:
    id: UUID
    question: str
    chosen: str
    rejected: list[str]


@dataclass(frozen=True, slots=True)
class StandingSpecification:
    id: UUID
    title: str
    content: str


@dataclass(frozen=True, slots=True)
class StandingIntent:
    id: UUID
    status: str
    description: str


async def list_standing_choices(
    connection: Connection, user_id: str, *, near: Sequence[UUID], count: int
) -> list[StandingChoice]:
    """Those of `near` first, then the latest."""
    records = statements.list_standing_choices(connection, user_id=user_id, near=near, count=count)
    return [StandingChoice(**record) async for record in records]


async def list_standing_specifications(
    connection: Connection, user_id: str, *, near: Sequence[UUID], count: int
) -> list[StandingSpecification]:
    """Those of `near` first, then the latest."""
    records = statements.list_standing_specifications(connection, user_id=user_id, near=near, count=count)
    return [StandingSpecification(**record) async for record in records]


async def list_standing_intents(
    connection: Connection, user_id: str, words: str, *, before: UUID, count: int
) -> list[StandingIntent]:
    """Those that share terms with the words, the most first."""
    records = statements.list_standing_intents(connection, user_id=user_id, before=before, words=words, count=count)
    return [StandingIntent(**record) async for record in records]


async def find_standing_intents(
    connection: Connection, user_id: str, ids: Sequence[UUID], *, before: UUID
) -> list[StandingIntent]:
    records = statements.find_standing_intents(connection, user_id=user_id, ids=ids, before=before)
    return [StandingIntent(**record) async for record in records]
