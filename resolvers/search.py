"""Search, and records similar to a record."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import strawberry

from resolvers.checks import checked_id, checked_text, checked_time
from resolvers.context import Info
from resolvers.paging import page_size
from resolvers.ports import Hit, Searcher
from resolvers.projects import checked_visible_project
from schema.relations import Relations
from schema.search import HitRating, RateSearchHitInput, SearchHit, SearchKind
from sql.errors import BadUserInput
from sql.repositories.conversations import NO_CONVERSATION
from sql.repositories.nearest import SearchFilter
from sql.repositories.nodes import NO_NODE
from sql.repositories.search_ratings import replace_rating

MAX_QUERY_BYTES = 16 * 1024
DEFAULT_HITS = 10
DEFAULT_SIMILAR = 5


async def search(
    info: Info,
    query: str,
    kinds: list[SearchKind] | None = None,
    conversation_id: strawberry.ID | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    project_id: strawberry.ID | None = None,
    first: int | None = DEFAULT_HITS,
    explain: bool | None = False,
) -> list[SearchHit]:
    count = page_size(DEFAULT_HITS if first is None else first)
    within = SearchFilter(
        kinds=None if kinds is None else [kind.value for kind in kinds],
        conversation_id=None if conversation_id is None else checked_id(conversation_id, NO_CONVERSATION),
        since=checked_time(since),
        until=checked_time(until),
        project_id=await checked_visible_project(info, project_id),
    )
    if within.since and within.until and within.since >= within.until:
        raise BadUserInput("period.empty")
    text = checked_text(query, "query", max_bytes=MAX_QUERY_BYTES)
    hits = await info.context.searcher.search(
        info.context.viewer.id, text, within, count, joined=True, explain=bool(explain), rated=True
    )
    return await to_hits(info.context.relations, hits)


async def rate_search_hit(info: Info, input: RateSearchHitInput) -> HitRating | None:
    context, viewer_id = info.context, info.context.viewer.id
    subject_id = checked_id(input.id, NO_NODE)
    query = checked_text(input.query, "query", max_bytes=MAX_QUERY_BYTES)
    rating = None if input.rating is None else input.rating.value
    searched = await context.searcher.read_query(viewer_id, query)
    async with context.writing() as connection:
        await replace_rating(connection, viewer_id, subject_id, searched, rating)
    return input.rating


async def similar_hits(
    relations: Relations, searcher: Searcher, viewer_id: str, subject_id: UUID, first: int | None
) -> list[SearchHit]:
    """The records most similar to a record of the viewer, without the record itself."""
    count = page_size(DEFAULT_SIMILAR if first is None else first)
    return await to_hits(relations, await searcher.similar(viewer_id, subject_id, count))


async def to_hits(relations: Relations, hits: Sequence[Hit]) -> list[SearchHit]:
    """The hits with their records; deleted records are left out."""
    found = await asyncio.gather(*(_to_hit(relations, hit) for hit in hits))
    return [each for each in found if each is not None]


async def _to_hit(relations: Relations, hit: Hit) -> SearchHit | None:
    node: Any
    node, also = await asyncio.gather(relations.searchable(hit.kind, hit.subject_id), to_hits(relations, hit.also))
    if node is None:
        return None
    return SearchHit(
        node=node,
        score=hit.score,
        similarity=hit.similarity,
        snippet=hit.snippet,
        occurred_at=hit.occurred_at,
        reasons=list(hit.reasons),
        rating=None if hit.rating is None else HitRating(hit.rating),
        also=also,
        project_id=hit.project_id,
    )
