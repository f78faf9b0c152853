"""Contexts of replies and intents, and the preview of a context."""

import strawberry

from resolvers.checks import checked_id, checked_text
from resolvers.context import Info
from resolvers.projects import checked_project_id
from resolvers.views import to_json
from schema.context import (
    AssembledContext,
    ContextItem,
    ContextLayer,
    ContextLayerCounts,
    LeftOutReason,
    LeftOutRecord,
)
from sql.errors import NotFound
from sql.repositories import contexts as repository
from sql.repositories.conversations import NO_CONVERSATION
from sql.repositories.projects import check_project

CITABLE_LAYERS = ("decision", "semantic")
RETRIEVED_LAYERS = ("profile", *CITABLE_LAYERS)


def to_context(row: repository.AssembledContext) -> AssembledContext:
    return AssembledContext(
        items=[_to_item(item, row) for item in row.items],
        layers=_to_counts(row),
        left_out=[_to_left_out(each) for each in row.left_out],
        token_count=row.token_count,
        token_budget=row.token_budget,
        dropped_layers=[ContextLayer(layer) for layer in row.dropped_layers],
        failed_layers=[ContextLayer(layer) for layer in row.failed_layers],
        assembled_in_ms=row.assembled_ms,
    )


def _to_counts(row: repository.AssembledContext) -> list[ContextLayerCounts]:
    counts = []
    for layer in map(ContextLayer, RETRIEVED_LAYERS):
        given = [item for item in row.of(layer.value) if item.source_id is not None and item.file_id is None]
        left_out = sum(each.layer == layer.value for each in row.left_out)
        if given or left_out:
            cited = sum(_number_of(item, row) in row.cited for item in given)
            counts.append(
                ContextLayerCounts(layer=layer, retrieved=len(given) + left_out, injected=len(given), cited=cited)
            )
    return counts


def _number_of(item: repository.ContextItem, row: repository.AssembledContext) -> int | None:
    """The number of a record; the message that is asked and the conversation before it have none."""
    if item.layer not in CITABLE_LAYERS:
        return None
    return next((each["number"] for each in row.sources if each["id"] == str(item.source_id)), None)


def _to_left_out(row: repository.LeftOutRecord) -> LeftOutRecord:
    return LeftOutRecord(
        layer=ContextLayer(row.layer),
        score=row.score,
        reason=LeftOutReason(row.reason),
        source_kind=row.kind,
        source_id=row.source_id,
    )


def _to_item(item: repository.ContextItem, row: repository.AssembledContext) -> ContextItem:
    number = _number_of(item, row)
    return ContextItem(
        layer=ContextLayer(item.layer),
        text=item.text,
        token_count=item.tokens,
        score=item.score,
        reason=item.reason,
        key=item.reason_key,
        params=to_json(item.reason_params),
        number=number,
        cited=number is not None and number in row.cited,
        source_kind=item.kind,
        source_id=item.source_id,
    )


async def preview_context(
    info: Info,
    content: str,
    conversation_id: strawberry.ID | None = None,
    project_id: strawberry.ID | None = None,
) -> AssembledContext:
    context = info.context
    asked = checked_text(content, "content", max_bytes=context.limits.max_content_bytes)
    where = None if conversation_id is None else checked_id(conversation_id, NO_CONVERSATION)
    if where is not None and await context.relations.conversation(where) is None:
        raise NotFound(NO_CONVERSATION)
    project = checked_project_id(project_id)
    async with context.database.connection() as connection:
        await check_project(connection, context.viewer.id, project, where)
    return to_context(await context.previewer.preview(context.viewer.id, project, where, asked))
