"""Earlier words of a user that share terms with new ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class RecollectionRow:
    """`kind` is message or intent; `content` is cut to 2,000 characters."""

    kind: str
    id: UUID
    created_at: datetime
    content: str


async def list_recollections(
    connection: Connection, user_id: str, *, before: UUID, terms: Sequence[str], least: int, count: int
) -> list[RecollectionRow]:
    """Those that share at least `least` of the lower-case terms, the most first; nothing from `before` on."""
    records = statements.list_recollections(
        connection, user_id=user_id, before=before, terms=terms, least=least, count=count
    )
    return [RecollectionRow(**record) async for record in records]
