"""Ratings of search hits (relevance feedback): what a user says about a record that a query found."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sql.errors import NotFound
from sql.repositories.nodes import NO_NODE
from sql.repositories.search_index import vector_literal
from sql.statements import Connection, statements

MOST = 20  # ratings of one record by one user
SHARED_TERMS = 0.5  # of the terms of two queries, from which a rating applies to both
# The cosine from which it does. The offline vectors give pairs of English questions that ask the same 0.79 to 0.90, and
# others at most 0.69.
SIMILARITY = 0.75
QUERY_CHARACTERS = 2000


@dataclass(frozen=True, slots=True)
class SearchedQuery:
    """A query with its terms, and its vector of this model, if there is one."""

    text: str
    terms: Sequence[str]
    model_id: int | None = None
    vector: Sequence[float] | None = None

    @property
    def columns(self) -> dict[str, Any]:
        """The parameters of statements."""
        return {
            "query": self.text[:QUERY_CHARACTERS],
            "terms": list(self.terms),
            "model_id": self.model_id,
            "vector": None if self.vector is None else vector_literal(self.vector),
        }


async def list_ratings(
    connection: Connection, user_id: str, subject_ids: Sequence[UUID], query: SearchedQuery
) -> dict[UUID, str]:
    """The rating of each record that counts for the query: useful, wrong or outdated."""
    ratings: dict[UUID, str] = {}
    for record in await _applying(connection, user_id, subject_ids, query):
        ratings.setdefault(record["subject_id"], record["rating"])
    return ratings


async def replace_rating(
    connection: Connection, user_id: str, subject_id: UUID, query: SearchedQuery, rating: str | None
) -> None:
    """Rate a record for a query, in place of the ratings that apply to it; None takes them back. Raises NotFound."""
    found = await statements.find_content(connection, user_id=user_id, subject_id=subject_id, characters=0)
    if found is None:
        raise NotFound(NO_NODE)
    earlier = [record["id"] for record in await _applying(connection, user_id, [subject_id], query)]
    await statements.delete_ratings(connection, user_id=user_id, ids=earlier)
    if rating is not None:
        await statements.insert_rating(
            connection, user_id=user_id, subject_id=subject_id, rating=rating, **query.columns
        )
        await statements.delete_surplus_ratings(connection, user_id=user_id, subject_id=subject_id, most=MOST)


async def _applying(
    connection: Connection, user_id: str, subject_ids: Sequence[UUID], query: SearchedQuery
) -> list[Any]:
    records = statements.list_ratings(
        connection,
        user_id=user_id,
        subject_ids=subject_ids,
        shared_terms=SHARED_TERMS,
        similarity=SIMILARITY,
        **query.columns,
    )
    return [record async for record in records]
