"""How found entries belong together: who said them, what was made from them, and what replaced them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from sql.statements import Connection, statements


async def list_assistant_messages(connection: Connection, user_id: str, ids: Sequence[UUID]) -> set[UUID]:
    """The ids that are messages of the assistant."""
    records = statements.list_assistant_messages(connection, user_id=user_id, ids=ids)
    return {record["id"] async for record in records}


async def list_made_records(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[tuple[UUID, UUID]]:
    """Pairs of one of the records and a record that was made from it."""
    records = statements.list_made_records(connection, user_id=user_id, ids=ids)
    return [(record["cause_id"], record["effect_id"]) async for record in records]


async def list_replaced_records(connection: Connection, user_id: str, ids: Sequence[UUID]) -> Mapping[UUID, UUID]:
    """The newer record of each id that was replaced by one."""
    records = statements.list_replaced_records(connection, user_id=user_id, ids=ids)
    return {record["earlier"]: record["present"] async for record in records}
