"""Search by words and meaning, and the entries nearest to a text. Implements resolvers.ports.Searcher."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.language.periods import Period, find_period
from app.language.text import without_asking
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.search.ranking import REACH, QueryWeights, Ranked, rank, weigh
from app.memory.search.snippets import INDEXED_CHARACTERS, snippet
from app.models.ports import Clock, Vector
from resolvers.ports import Hit
from sql.pool import Database
from sql.repositories.accounts import find_timezone
from sql.repositories.embedding_models import find_active_model
from sql.repositories.nearest import NearestEntry, SearchFilter, list_nearest, list_scopes
from sql.repositories.search import (
    QueryWord,
    Totals,
    describe_query,
    find_content,
    list_candidates,
    list_contents,
    list_decision_statuses,
    list_lexical,
)
from sql.service_rows import EmbeddingModelRow
from sql.statements import Connection

MAX_CANDIDATES = 100  # candidates by words, and as many by meaning
MAX_ANCHORS = 50  # of each, the candidates whose neighbours are included
# The rarest words that together occur in at most this many entries find candidates. More frequent words only add to the
# scores of these candidates.
MAX_LEXICAL_ENTRIES = 3000
MAX_QUERY_CHARACTERS = 2000
LONG_CHARACTERS = 5000  # a snippet of a longer text takes a millisecond or more


@dataclass(frozen=True, slots=True)
class _Query:
    """A query: where it searches, its words with their weights, and its vector, if there is one."""

    scopes: Sequence[UUID]
    words: Sequence[QueryWord]
    totals: Totals
    weights: QueryWeights
    model: EmbeddingModelRow | None
    vector: Vector | None


class Search:
    """Searches the entries of all kinds of a user. Stateless."""

    def __init__(self, database: Database, models: EmbeddingModels, clock: Clock, timezone: str) -> None:
        self._database = database
        self._models = models
        self._clock = clock
        self._timezone = timezone

    async def search(
        self, user_id: str, query: str, within: SearchFilter, count: int, *, timezone: str | None = None
    ) -> list[Hit]:
        """The best hits. A time in the query limits the search, unless `within` has one or nothing is found.

        "Yesterday" is a day in `timezone`, else in the time zone of the user, else in that of the server.
        """
        period, now = None, self._clock.now()
        if within.since is None and within.until is None and find_period(query, now, self._timezone) is not None:
            period = find_period(query, now, timezone or await self._timezone_of(user_id))
        if period is not None:
            found = await self._search_in_period(user_id, period, within, count)
            if found:
                return found
        return await self._search(user_id, query, within, count)

    async def _timezone_of(self, user_id: str) -> str:
        async with self._database.connection() as connection:
            return await find_timezone(connection, user_id) or self._timezone

    async def _search_in_period(self, user_id: str, period: Period, within: SearchFilter, count: int) -> list[Hit]:
        for span in (period, period.widened()):
            found = await self._search(user_id, span.rest, replace(within, since=span.since, until=span.until), count)
            if found:
                return found
        return []

    async def similar(self, user_id: str, subject_id: UUID, count: int) -> list[Hit]:
        """The entries of the same project that are most similar to an entry.

        Empty for one that is not indexed, such as an unfinished reply.
        """
        async with self._database.connection() as connection:
            found = await find_content(connection, user_id, subject_id, characters=MAX_QUERY_CHARACTERS)
        if found is None:
            return []
        content, project_id = found
        within = SearchFilter(project_id=project_id)
        hits = await self._search(user_id, content, within, count + 1, excluded=subject_id)
        return hits[:count]

    async def search_words(
        self, connection: Connection, user_id: str, query: str, within: SearchFilter, count: int
    ) -> list[Hit]:
        """The best hits by words alone, on this connection: no embedder may work during a transaction."""
        query = query[:MAX_QUERY_CHARACTERS]
        scopes = await list_scopes(connection, user_id, within)
        words, totals = await describe_query(connection, scopes, without_asking(query))
        prepared = _Query(scopes, words, totals, weigh(query, words, totals), None, None)
        return await _to_hits(await _best(connection, user_id, prepared, within, count), prepared)

    async def _search(
        self, user_id: str, query: str, within: SearchFilter, count: int, excluded: UUID | None = None
    ) -> list[Hit]:
        prepared = await self._prepare(user_id, query[:MAX_QUERY_CHARACTERS], within)
        async with self._database.connection() as connection:
            best = await _best(connection, user_id, prepared, within, count, excluded)
        return await _to_hits(best, prepared)

    async def _prepare(self, user_id: str, query: str, within: SearchFilter) -> _Query:
        async with self._database.connection() as connection:
            scopes = await list_scopes(connection, user_id, within)
            words, totals = await describe_query(connection, scopes, without_asking(query))
            model = await find_active_model(connection)
        weights = weigh(query, words, totals)
        vector = await self._models.embed_query(model, query, weights.by_word)
        return _Query(scopes, words, totals, weights, model if vector else None, vector)


def rare_keys(words: Sequence[QueryWord]) -> list[int]:
    """The keys of the rarest terms that together occur in at most 3,000 entries; at least one."""
    keys, entries = list[int](), 0
    for word in sorted(words, key=lambda word: word.documents):
        entries += word.documents
        if keys and entries > MAX_LEXICAL_ENTRIES:
            break
        keys += word.keys
    return keys


async def _find(connection: Connection, query: _Query, within: SearchFilter) -> list[Ranked]:
    lexical = list[UUID]()
    if query.words:
        keys = rare_keys(query.words)
        lexical = await list_lexical(
            connection,
            query.scopes,
            keys,
            query.weights.by_key,
            query.totals,
            within,
            MAX_CANDIDATES,
            slope=query.weights.balance.slope,
        )
    near = list[UUID]()
    if query.model is not None and query.vector is not None:
        found = await list_nearest(connection, query.scopes, query.model, query.vector, within, MAX_CANDIDATES)
        near = [each.subject_id for each in found]
    candidates = await list_candidates(
        connection,
        query.scopes,
        [*lexical, *near],
        [*lexical[:MAX_ANCHORS], *near[:MAX_ANCHORS]],
        reach=REACH,
        weights=query.weights.by_key,
        totals=query.totals,
        slope=query.weights.balance.slope,
        model=query.model,
        vector=query.vector,
        within=within,
    )
    return rank(candidates, query.weights)


@dataclass(frozen=True, slots=True)
class _Best:
    """The best entries, the texts of those that still exist, and the statuses of those that are decisions."""

    ranked: Sequence[Ranked]
    contents: Mapping[UUID, str]
    statuses: Mapping[UUID, str]


async def _best(
    connection: Connection,
    user_id: str,
    query: _Query,
    within: SearchFilter,
    count: int,
    excluded: UUID | None = None,
) -> _Best:
    ranked = await _find(connection, query, within)
    best = [each for each in ranked if each.score > 0 and each.candidate.subject_id != excluded][:count]
    ids = [each.candidate.subject_id for each in best]
    contents = await list_contents(connection, user_id, ids, characters=INDEXED_CHARACTERS)
    decisions = [each.candidate.subject_id for each in best if each.candidate.kind == "decision"]
    statuses = await list_decision_statuses(connection, user_id, decisions) if decisions else {}
    return _Best(best, contents, statuses)


async def _to_hits(best: _Best, query: _Query) -> list[Hit]:
    return [
        await _to_hit(each, best.contents[subject_id], query, best.statuses.get(subject_id))
        for each in best.ranked
        if (subject_id := each.candidate.subject_id) in best.contents
    ]


async def _to_hit(ranked: Ranked, content: str, query: _Query, status: str | None) -> Hit:
    candidate = ranked.candidate
    if len(content) > LONG_CHARACTERS:
        await asyncio.sleep(0)  # other requests run between the snippets of 100 long texts
    return Hit(
        kind=candidate.kind,
        subject_id=candidate.subject_id,
        project_id=candidate.project_id,
        score=ranked.score,
        similarity=candidate.similarity,
        content=content,
        snippet=snippet(content, query.weights.by_word),
        occurred_at=candidate.occurred_at,
        status=status,
    )


class Nearest:
    """Embeds a text and queries its nearest entries. Holds no connection while the embedder works."""

    def __init__(self, database: Database, models: EmbeddingModels) -> None:
        self._database = database
        self._models = models

    async def find(
        self,
        user_id: str,
        text: str,
        *,
        within: SearchFilter,
        count: int,
        importance: Mapping[str, float] | None = None,
    ) -> list[NearestEntry]:
        """The entries nearest to the text, nearest first, each with its cosine similarity.

        Empty when no model is active yet, or when the embedder fails, which is logged.
        """
        async with self._database.connection() as connection:
            model = await find_active_model(connection)
        vector = await self._models.embed_query(model, text[:MAX_QUERY_CHARACTERS], importance)
        if model is None or vector is None:
            return []
        async with self._database.connection() as connection:
            scopes = await list_scopes(connection, user_id, within)
            return await list_nearest(connection, scopes, model, vector, within, count)
