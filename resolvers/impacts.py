"""What depends on a decision."""

from asyncio import gather
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from resolvers.checks import checked_id
from resolvers.context import Context, Info
from resolvers.loading import Loader
from resolvers.ports import Tools
from schema.impacts import Impact, ReversalNotice
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories.decision_reads import NO_DECISION


async def preview_reversal(info: Info, decision_id: strawberry.ID) -> list[Impact]:
    impacts, _ = await _preview(info.context, decision_id)
    nodes = await gather(*(info.context.relations.searchable(each.kind, each.id) for each, _ in impacts))
    return [
        Impact(
            node=node, reason=reason.text, key=reason.key, params=JSON(dict(reason.params)), distance=impact.distance
        )
        for node, (impact, reason) in zip(nodes, impacts, strict=True)
        if node is not None
    ]


async def preview_reversal_notice(info: Info, decision_id: strawberry.ID) -> ReversalNotice | None:
    _, notice = await _preview(info.context, decision_id)
    return notice and ReversalNotice(text=notice.text, key=notice.key, params=JSON(dict(notice.params)))


async def _preview(context: Context, decision_id: strawberry.ID) -> Any:
    """The impacts with their reasons, and the notice. Read once for both fields of an operation."""
    if context.reversals is None:
        context.reversals = _loader(context.database, context.tools, context.viewer.id)
    output = await context.reversals.load(checked_id(decision_id, NO_DECISION))
    if isinstance(output, ResonantError):
        raise output
    return output


def _loader(database: Database, tools: Tools, viewer_id: str) -> Loader[UUID, Any]:
    """Without a reference to the context: that would keep the rows of an operation until the garbage collector runs."""

    async def read(decision_ids: Sequence[UUID]) -> list[Any]:
        outputs: list[Any] = []
        async with database.connection() as connection:
            for each in decision_ids:
                try:
                    outputs.append(await tools.run(connection, viewer_id, "preview_reversal", {"id": each}))
                except ResonantError as error:
                    outputs.append(error)
        return outputs

    return Loader(read)
