"""A user's entries nearest to a vector: an exact search for few rows, the model's HNSW index for many."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
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
    conversation is given.
    """

    kinds: Sequence[str] | None = None
    conversation_id: UUID | None = None
    since: datetime | None = None
    until: datetime | None = None
    project_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class NearestEntry:
    """An entry and the cosine similarity of its nearest chunk, -1..1."""

    subject_id: UUID
    similarity: float


async def list_nearest(
    connection: Connection,
    user_id: str,
    model: EmbeddingModelRow,
    vector: Sequence[float],
    within: SearchFilter,
    count: int,
    *,
    exact_rows: int = EXACT_ROWS,
) -> list[NearestEntry]:
    """The nearest entries, nearest first: `count`, or all there are. Opens a transaction for its settings."""
    parameters = {"user_id": user_id, **asdict(within), "vector": vector_literal(vector), "count": count}
    if await _uses_index(connection, user_id, model, within, exact_rows):
        of_model = {"model_id = 0": f"model_id = {int(model.id)}", "halfvec(1)": f"halfvec({int(model.dimension)})"}
        async with connection.transaction():
            await statements.use_hnsw_index(connection, scanned=str(SCANNED))
            found = await fetch_rewritten(connection, statements.list_nearest_by_index, of_model, **parameters)
        if len(found) == count:
            return [NearestEntry(**record) for record in found]
    listing = (
        statements.list_nearest_exactly if within.project_id is None else statements.list_nearest_of_project_exactly
    )
    records = listing(connection, model_id=model.id, **parameters)
    return [NearestEntry(**record) async for record in records]


async def _uses_index(
    connection: Connection, user_id: str, model: EmbeddingModelRow, within: SearchFilter, exact_rows: int
) -> bool:
    """Whether the filter matches more than `exact_rows` rows, and all of them are in the index."""
    if not await statements.is_indexed(connection, user_id=user_id, model_id=model.id, most=exact_rows):
        return False
    if within == SearchFilter():
        return True
    counting = statements.count_embeddings if within.project_id is None else statements.count_embeddings_of_project
    matching: int = await counting(
        connection, user_id=user_id, model_id=model.id, **asdict(within), most=exact_rows + 1
    )
    return matching > exact_rows
