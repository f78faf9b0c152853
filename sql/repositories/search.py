"""Lexical search: the terms of a query, and the entries that match them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sql.repositories.nearest import SearchFilter
from sql.repositories.search_index import vector_literal
from sql.service_rows import EmbeddingModelRow
from sql.statements import Connection, fetch_rewritten, statements

DIMENSIONS = 536870912
AVERAGE_OF_NONE = 30.0  # terms of an entry, until the first statistics are counted
KEYS_CONDITION = "keys && $1::bigint[]"
KEYS_CONDITION_WITH_ROW_SECURITY = "subject_id = ANY(ARRAY(SELECT subjects_with_keys($1::bigint[])))"


@dataclass(frozen=True, slots=True)
class QueryWord:
    """A word of the query with its term, the keys of it in the scopes, and how many of their entries contain it."""

    word: str
    keys: Sequence[int]
    documents: int
    term: str = ""


@dataclass(frozen=True, slots=True)
class Totals:
    """How many entries the scopes have, and how many terms an entry has on average.

    `row_security`: it applies to this login.
    """

    documents: int
    average: float
    row_security: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry with its lexical score and its cosine similarity, which is None without a vector.

    `length` counts its terms. `japanese`: whether its beginning has kana or kanji.
    """

    subject_id: UUID
    project_id: UUID | None
    kind: str
    conversation_id: UUID | None
    place: int | None
    occurred_at: datetime
    length: int
    japanese: bool
    lexical: float
    similarity: float | None


async def describe_query(
    connection: Connection, scopes: Sequence[UUID], content: str
) -> tuple[list[QueryWord], Totals]:
    words = await describe_words(connection, scopes, content)
    record = await statements.find_search_statistics(connection, scopes=scopes)
    if record is None:
        return words, Totals(0, AVERAGE_OF_NONE)
    average = max(record["length"] / record["documents"], 1.0)
    return words, Totals(record["documents"], average, record["row_security"])


async def describe_words(connection: Connection, scopes: Sequence[UUID], content: str) -> list[QueryWord]:
    return [QueryWord(**row) async for row in statements.describe_query(connection, scopes=scopes, content=content)]


def sparse_literal(weights: Mapping[int, float]) -> str:
    """The query's weights as a sparsevec literal; the dimensions are those of search_dimension() in sql/migrations."""
    places: dict[int, float] = {}
    for key, weight in weights.items():
        place = (key & (DIMENSIONS - 1)) + 1
        places[place] = places.get(place, 0.0) + weight
    return f"{{{','.join(f'{place}:{weight:.5g}' for place, weight in sorted(places.items()))}}}/{DIMENSIONS}"


async def list_lexical(
    connection: Connection,
    scopes: Sequence[UUID],
    keys: Sequence[int],
    weights: Mapping[int, float],
    totals: Totals,
    within: SearchFilter,
    count: int,
    *,
    slope: float,
) -> list[UUID]:
    """The ids of the best lexical matches among the entries that contain one of the keys, best first.

    `slope` is b of BM25: how much the length of a text lowers its score.
    """
    # With row-level security the index on keys is only usable in the function subjects_with_keys; see its migration.
    rewritten = {KEYS_CONDITION: KEYS_CONDITION_WITH_ROW_SECURITY} if totals.row_security else {}
    records = await fetch_rewritten(
        connection,
        statements.list_lexical,
        rewritten,
        scopes=scopes,
        keys=keys,
        weights=sparse_literal(weights),
        average=totals.average,
        slope=slope,
        count=count,
        **within.columns,
    )
    return [record["subject_id"] for record in records]


async def list_candidates(
    connection: Connection,
    scopes: Sequence[UUID],
    subject_ids: Sequence[UUID],
    anchors: Sequence[UUID],
    *,
    reach: int,
    weights: Mapping[int, float],
    totals: Totals,
    slope: float,
    model: EmbeddingModelRow | None,
    vector: Sequence[float] | None,
    within: SearchFilter,
) -> list[Candidate]:
    """The entries, and the messages at most `reach` places from an anchor in its conversation."""
    records = statements.list_candidates(
        connection,
        scopes=scopes,
        subject_ids=subject_ids,
        anchors=anchors,
        reach=reach,
        weights=sparse_literal(weights),
        average=totals.average,
        slope=slope,
        model_id=None if model is None else model.id,
        vector=None if vector is None else vector_literal(vector),
        **within.columns,
    )
    return [Candidate(**record) async for record in records]


async def list_contents(
    connection: Connection, user_id: str, subject_ids: Sequence[UUID], *, characters: int
) -> dict[UUID, str]:
    """The texts of the entries, cut to this number of characters."""
    records = statements.list_contents(connection, user_id=user_id, subject_ids=subject_ids, characters=characters)
    return {record["subject_id"]: record["content"] async for record in records}


async def find_content(
    connection: Connection, user_id: str, subject_id: UUID, *, characters: int
) -> tuple[str, UUID | None] | None:
    """The text of an entry, cut to this number of characters, and its project; None when there is no entry."""
    found = await statements.find_content(connection, user_id=user_id, subject_id=subject_id, characters=characters)
    return None if found is None else (found["content"], found["project_id"])


async def list_decision_statuses(connection: Connection, user_id: str, ids: Sequence[UUID]) -> dict[UUID, str]:
    """The statuses of the ids that are decisions."""
    records = statements.list_decision_statuses(connection, user_id=user_id, ids=ids)
    return {record["id"]: record["status"] async for record in records}
