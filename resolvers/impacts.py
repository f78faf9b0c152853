"""What depends on a decision."""

from asyncio import gather

import strawberry
from strawberry.scalars import JSON

from resolvers.checks import checked_id
from resolvers.context import Info
from schema.impacts import Impact
from sql.repositories.decision_reads import NO_DECISION


async def preview_reversal(info: Info, decision_id: strawberry.ID) -> list[Impact]:
    context = info.context
    arguments = {"id": checked_id(decision_id, NO_DECISION)}
    async with context.database.connection() as connection:
        impacts = await context.tools.run(connection, context.viewer.id, "preview_reversal", arguments)
    nodes = await gather(*(context.relations.searchable(each.kind, each.id) for each, _ in impacts))
    return [
        Impact(
            node=node, reason=reason.text, key=reason.key, params=JSON(dict(reason.params)), distance=impact.distance
        )
        for node, (impact, reason) in zip(nodes, impacts, strict=True)
        if node is not None
    ]
