"""Search by words and by meaning at once, and what is similar to something. Implements resolvers.ports.Searcher."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from app.language.periods import Period, find_period
from app.language.question_words import without_asking
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.search.ranking import REACH, QueryWeights, Ranked, rank, weigh
from app.memory.search.snippets import snippet
from app.models.embedders.ports import Vector
from app.models.ports import Clock
from resolvers.ports import Hit
from sql.pool import Database
from sql.repositories.embedding_models import find_active_model
from sql.repositories.nearest import SearchFilter, list_nearest
from sql.repositories.search import (
    QueryWord,
    Totals,
    describe_query,
    find_content,
    list_candidates,
    list_contents,
    list_lexical,
)
from sql.rows import EmbeddingModelRow
from sql.statements import Connection

FOUND = 100  # candidates by words, and as many by meaning
ANCHORS = 50  # of each, those whose neighbours are looked at
# Entries that are scored by their words; more frequent words than this allows only score what rarer ones have found.
SCORED = 3000
LONGEST_QUERY = 2000


@dataclass(frozen=True, slots=True)
class _Question:
    """A query as it is asked: its words' worth, and its vector where one could be made."""

    words: Sequence[QueryWord]
    totals: Totals
    weights: QueryWeights
    model: EmbeddingModelRow | None
    vector: Vector | None


class Search:
    """Finds a user's entries of every kind through the same statements; nothing is held between two calls."""

    def __init__(self, database: Database, models: EmbeddingModels, clock: Clock, timezone: str) -> None:
        self._database = database
        self._models = models
        self._clock = clock
        self._timezone = timezone

    async def search(self, user_id: str, query: str, within: SearchFilter, count: int) -> list[Hit]:
        """The best hits. Time words narrow the search, and less so until something is found; a given time stands."""
        period = None
        if within.since is None and within.until is None:
            period = find_period(query, self._clock.now(), self._timezone)
        if period is not None:
            found = await self._search_in(user_id, period, within, count)
            if found:
                return found
        return await self._search(user_id, query, within, count)

    async def _search_in(self, user_id: str, period: Period, within: SearchFilter, count: int) -> list[Hit]:
        for span in (period, period.widened()):
            found = await self._search(user_id, span.rest, replace(within, since=span.since, until=span.until), count)
            if found:
                return found
        return []

    async def similar(self, user_id: str, subject_id: UUID, count: int) -> list[Hit]:
        """What comes nearest to an entry; empty for one that is not entered, such as a reply being written."""
        async with self._database.connection() as connection:
            content = await find_content(connection, user_id, subject_id)
        if content is None:
            return []
        hits = await self._search(user_id, content, SearchFilter(), count + 1, without=subject_id)
        return hits[:count]

    async def _search(
        self, user_id: str, query: str, within: SearchFilter, count: int, without: UUID | None = None
    ) -> list[Hit]:
        question = await self._ask(user_id, query[:LONGEST_QUERY])
        async with self._database.connection() as connection:
            ranked = await _find(connection, user_id, question, within)
            best = [each for each in ranked if each.score > 0 and each.candidate.subject_id != without][:count]
            contents = await list_contents(connection, user_id, [each.candidate.subject_id for each in best])
        return [_to_hit(each, contents, question) for each in best if each.candidate.subject_id in contents]

    async def _ask(self, user_id: str, query: str) -> _Question:
        async with self._database.connection() as connection:
            words, totals = await describe_query(connection, user_id, without_asking(query))
            model = await find_active_model(connection)
        weights = weigh(query, words, totals)
        vector = await self._models.embed_query(model, query, weights.by_word)
        return _Question(words, totals, weights, model if vector else None, vector)


def rare_keys(words: Sequence[QueryWord]) -> list[int]:
    """The rarest terms, as many as hold no more than 3,000 entries together; at least one."""
    keys, entries = list[int](), 0
    for word in sorted(words, key=lambda word: word.documents):
        entries += word.documents
        if keys and entries > SCORED:
            break
        keys.append(word.key)
    return keys


async def _find(connection: Connection, user_id: str, question: _Question, within: SearchFilter) -> list[Ranked]:
    lexical = list[UUID]()
    if question.words:
        keys = rare_keys(question.words)
        lexical = await list_lexical(
            connection,
            user_id,
            keys,
            question.weights.by_key,
            question.totals,
            within,
            FOUND,
            slope=question.weights.balance.slope,
        )
    near = list[UUID]()
    if question.model is not None and question.vector is not None:
        found = await list_nearest(connection, user_id, question.model, question.vector, within, FOUND)
        near = [each.subject_id for each in found]
    candidates = await list_candidates(
        connection,
        user_id,
        [*lexical, *near],
        [*lexical[:ANCHORS], *near[:ANCHORS]],
        reach=REACH,
        weights=question.weights.by_key,
        totals=question.totals,
        slope=question.weights.balance.slope,
        model=question.model,
        vector=question.vector,
        within=within,
    )
    return rank(candidates, question.weights)


def _to_hit(ranked: Ranked, contents: dict[UUID, str], question: _Question) -> Hit:
    candidate = ranked.candidate
    return Hit(
        kind=candidate.kind,
        subject_id=candidate.subject_id,
        score=ranked.score,
        similarity=candidate.similarity,
        content=contents[candidate.subject_id],
        snippet=snippet(contents[candidate.subject_id], question.weights.by_word),
        occurred_at=candidate.occurred_at,
    )
