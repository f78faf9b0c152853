"""A user's entries nearest to a vector: an exact search for few rows, the model's HNSW index for many."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sql.repositories.search_index import vector_literal
from sql.service_rows import EmbeddingModelRow
from sql.statements import Connection, fetch_rewritten, statements

# With more rows the exact search is slower than the index; with fewer, the index misses rows.
EXACT_ROWS = 20_000
SCANNED = 40_000  # how many tuples an index scan reads at most


@dataclass(frozen=True, slots=True)
class SearchFilter:
    """What to search in; None leaves a side open. `since` is included, `until` is not.

    With a project: its records and the profile memories. Without one: all but what is in archived projects, unless a
    conversation is given. `shared`: only what all members of the project see.
    """

    kinds: Sequence[str] | None = None
    conversation_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    project_id: UUID | None = None
    shared: bool = False

    @property
    def columns(self) -> dict[str, Any]:
        """The parameters of statements: all but the scopes."""
        return {
            "kinds": self.kinds,
            "conversation_id": self.conversation_id,
            "since": self.since,
            "until": self.until,
        }


@dataclass(frozen=True, slots=True)
class NearestEntry:
    """An entry and the cosine similarity of its nearest chunk, -1..1."""

    subject_id: UUID
    similarity: float


async def list_scopes(connection: Connection, user_id: str, within: SearchFilter) -> list[UUID]:
    """The scopes that a search of the user reads."""
    records = statements.list_search_scopes(
        connection,
        user_id=user_id,
        project_id=within.project_id,
        archived=within.conversation_id is not None,
    )
    found: list[UUID] = [record["scope_id"] async for record in records]
    return [each for each in found if each == within.project_id] if within.shared else found


async def list_nearest(
    connection: Connection,
    scopes: Sequence[UUID],
    model: EmbeddingModelRow,
    vector: Sequence[float],
    within: SearchFilter,
    count: int,
    *,
    exact_rows: int = EXACT_ROWS,
) -> list[NearestEntry]:
    """The nearest entries, nearest first: `count`, or all there are. Opens a transaction for its settings."""
    parameters = {**within.columns, "vector": vector_literal(vector), "count": count}
    indexed = await _list_indexed(connection, scopes, model, within, exact_rows)
    found = await _list_by_index(connection, indexed, model, parameters) if indexed else []
    others = [each for each in scopes if each not in indexed] if len(found) == count else scopes
    exactly = statements.list_nearest_exactly(connection, scopes=others, model_id=model.id, **parameters)
    merged = found + [NearestEntry(**record) async for record in exactly] if others else found
    nearest = {each.subject_id: each for each in sorted(merged, key=lambda each: each.similarity)}
    return sorted(nearest.values(), key=lambda each: (-each.similarity, each.subject_id))[:count]


async def _list_by_index(
    connection: Connection, scopes: Sequence[UUID], model: EmbeddingModelRow, parameters: dict[str, Any]
) -> list[NearestEntry]:
    of_model = {"model_id = 0": f"model_id = {int(model.id)}", "halfvec(1)": f"halfvec({int(model.dimension)})"}
    async with connection.transaction():
        await statements.use_hnsw_index(connection, scanned=str(SCANNED))
        found = await fetch_rewritten(
            connection, statements.list_nearest_by_index, of_model, scopes=scopes, **parameters
        )
    return [NearestEntry(**record) for record in found]


async def _list_indexed(
    connection: Connection, scopes: Sequence[UUID], model: EmbeddingModelRow, within: SearchFilter, exact_rows: int
) -> list[UUID]:
    """The scopes that the index is used for: those with more than `exact_rows` rows, when the filter keeps as many."""
    records = statements.list_indexed_scopes(connection, scopes=scopes, model_id=model.id, most=exact_rows)
    indexed: list[UUID] = [record["scope_id"] async for record in records]
    if not indexed or not any(value is not None for value in within.columns.values()):
        return indexed
    matching: int = await statements.count_embeddings(
        connection, scopes=indexed, model_id=model.id, **within.columns, most=exact_rows + 1
    )
    return indexed if matching > exact_rows else []
