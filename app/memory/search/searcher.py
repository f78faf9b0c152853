"""Search by words and meaning, and the entries nearest to a text. Implements resolvers.ports.Searcher."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from app.language.periods import Period, find_period
from app.language.text import without_asking
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.search.groups import group_hits
from app.memory.search.hits import Found, SearchOptions, load_found, to_hits
from app.memory.search.languages import keep_places
from app.memory.search.query import Query
from app.memory.search.ranking import REACH, Ranked, prefer_user, rank, weigh
from app.memory.search.ratings import apply_ratings, lowered
from app.memory.search.reasons import is_above_floor, is_answerable
from app.memory.search.synonyms import synonyms_of, with_synonyms
from app.memory.search.translations import (
    SHARE,
    SHARE_WITH_MEANING,
    Dictionary,
    Translations,
    text_of,
    weigh_translations,
)
from app.models.ports import Clock
from resolvers.ports import Hit, HitReason
from sql.pool import Database
from sql.repositories.accounts import find_timezone
from sql.repositories.embedding_models import find_active_model
from sql.repositories.nearest import NearestEntry, SearchFilter, list_nearest, list_scopes
from sql.repositories.search import (
    Candidate,
    describe_query,
    describe_words,
    find_content,
    list_candidates,
    list_lexical,
)
from sql.repositories.search_groups import list_assistant_messages
from sql.repositories.search_ratings import SearchedQuery
from sql.statements import Connection

MAX_CANDIDATES = 100  # candidates by words, and as many by meaning
MAX_FOREIGN = 50  # candidates of any language by meaning alone, and as many more by translated words
MAX_ANCHORS = 50  # of each, the candidates whose neighbours are included
MAX_QUERY_CHARACTERS = 2000
SPEAKERS = 60  # the best candidates, among which messages of the user come before those of the assistant
GROUPED = 3  # candidates that are joined to groups, for each hit that is wanted
LEAST_GROUPED = 30


class Search:
    """Searches the entries of all kinds of a user. Stateless."""

    def __init__(
        self,
        database: Database,
        models: EmbeddingModels,
        clock: Clock,
        timezone: str,
        dictionary: Dictionary,
    ) -> None:
        self._database = database
        self._dictionary = dictionary
        self._models = models
        self._clock = clock
        self._timezone = timezone

    async def search(
        self,
        user_id: str,
        query: str,
        within: SearchFilter,
        count: int,
        *,
        timezone: str | None = None,
        joined: bool = False,
        explain: bool = False,
        rated: bool = False,
    ) -> list[Hit]:
        """The best hits. A time in the query limits the search, unless `within` has one or nothing is found.

        "Yesterday" is a day in `timezone`, else in the time zone of the user, else in that of the server.
        """
        options = SearchOptions(count, joined=joined, explain=explain, rated=rated)
        period, now = None, self._clock.now()
        if within.since is None and within.until is None and find_period(query, now, self._timezone) is not None:
            period = find_period(query, now, timezone or await self._timezone_of(user_id))
        if period is not None:
            found = await self._search_in_period(user_id, period, within, replace(options, timed=True))
            if found:
                return found
        return await self._search(user_id, query, within, options)

    async def read_query(self, user_id: str, query: str) -> SearchedQuery:
        """The query as ratings of its hits are stored with it."""
        return (await self._prepare(user_id, query[:MAX_QUERY_CHARACTERS], SearchFilter())).searched

    async def _timezone_of(self, user_id: str) -> str:
        async with self._database.connection() as connection:
            return await find_timezone(connection, user_id) or self._timezone

    async def _search_in_period(
        self, user_id: str, period: Period, within: SearchFilter, options: SearchOptions
    ) -> list[Hit]:
        for span in (period, period.widened()):
            found = await self._search(user_id, span.rest, replace(within, since=span.since, until=span.until), options)
            if any("BELOW_FLOOR" not in each.reasons for each in found):
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
        hits = await self._search(user_id, content, within, SearchOptions(count + 1, excluded=subject_id))
        return hits[:count]

    async def search_words(
        self, connection: Connection, user_id: str, query: str, within: SearchFilter, count: int
    ) -> list[Hit]:
        """The best hits by words alone, on this connection: no embedder may work during a transaction."""
        query = query[:MAX_QUERY_CHARACTERS]
        scopes = await list_scopes(connection, user_id, within)
        words, totals = await describe_query(connection, scopes, without_asking(query))
        prepared = Query(query, scopes, words, totals, weigh(query, words, totals))
        found = await _best(connection, user_id, prepared, within, SearchOptions(count))
        return await to_hits(found, prepared.weights, timed=False)

    async def _search(self, user_id: str, query: str, within: SearchFilter, options: SearchOptions) -> list[Hit]:
        prepared = await self._prepare(user_id, query[:MAX_QUERY_CHARACTERS], within)
        async with self._database.connection() as connection:
            found = await _best(connection, user_id, prepared, within, options)
        return await to_hits(found, prepared.weights, timed=options.timed)

    async def _prepare(self, user_id: str, query: str, within: SearchFilter) -> Query:
        async with self._database.connection() as connection:
            scopes = await list_scopes(connection, user_id, within)
            words, totals = await describe_query(connection, scopes, without_asking(query))
            forms = synonyms_of(query)
            others = await describe_words(connection, scopes, " ".join(forms)) if forms else []
            model = await find_active_model(connection)
        weights = with_synonyms(weigh(query, words, totals), forms, others)
        vector, translations = await asyncio.gather(
            self._models.embed_query(model, query, weights.by_word), self._dictionary.translate(query, words)
        )
        synonyms = [word for word in others if not weights.by_key.keys().isdisjoint(word.keys) and word.documents > 0]
        prepared = Query(query, scopes, words, totals, weights, synonyms=synonyms)
        if model is not None and vector is not None:
            across = self._models.across_languages(model, vector)
            if across is not None:
                weights = replace(weights, meaning=weights.balance.across)
            prepared = replace(prepared, weights=weights, model=model, vector=vector, across=across)
        return await self._with_translations(prepared, translations) if translations else prepared

    async def _with_translations(self, query: Query, translations: Translations) -> Query:
        """The query with the translations of its words that occur."""
        async with self._database.connection() as connection:
            words = await describe_words(connection, query.scopes, text_of(translations))
        share = SHARE if query.across is None else SHARE_WITH_MEANING
        added = weigh_translations(query.weights, translations, words, query.totals, share)
        if not added:
            return query
        weights = replace(query.weights, by_key={**query.weights.by_key, **added})
        used = [word for word in words if word.documents > 0 and not added.keys().isdisjoint(word.keys)]
        return replace(query, weights=weights, translations=used)


async def _find(
    connection: Connection, user_id: str, query: Query, within: SearchFilter, *, rated: bool
) -> list[Ranked]:
    """The candidates, best first."""
    near, foreign = await _nearest(connection, query, within)
    ranked = rank(await _candidates(connection, query, within, near, foreign), query.weights)
    messages = [each.candidate.subject_id for each in ranked[:SPEAKERS] if each.candidate.kind == "message"]
    if messages:
        ranked = prefer_user(ranked, await list_assistant_messages(connection, user_id, messages))
    if rated:
        ranked = await apply_ratings(connection, user_id, query.searched, ranked)
        unwanted = lowered(ranked)
        foreign = {each: near for each, near in foreign.items() if each not in unwanted}
    translated = bool(query.translations)
    return keep_places(ranked, query.weights, foreign, translated=translated) if foreign or translated else ranked


async def _nearest(connection: Connection, query: Query, within: SearchFilter) -> tuple[list[UUID], dict[UUID, float]]:
    """The entries nearest to the vector, and those of any language with their similarities."""
    near, foreign = list[UUID](), dict[UUID, float]()
    if query.model is not None and query.vector is not None:
        found = await list_nearest(connection, query.scopes, query.model, query.vector, within, MAX_CANDIDATES)
        near = [each.subject_id for each in found]
    if query.model is not None and query.across is not None:
        found = await list_nearest(connection, query.scopes, query.model, query.across, within, MAX_FOREIGN)
        foreign = {each.subject_id: each.similarity for each in found}
    return near, foreign


async def _candidates(
    connection: Connection,
    query: Query,
    within: SearchFilter,
    near: Sequence[UUID],
    foreign: Mapping[UUID, float],
) -> list[Candidate]:
    """The entries that share words with the query, the near ones, and the messages next to the best of them."""
    weights, slope = query.weights.by_key, query.weights.balance.slope
    lexical = list[UUID]()
    if keys := query.keys:
        count = MAX_CANDIDATES + (MAX_FOREIGN if query.translations else 0)
        lexical = await list_lexical(connection, query.scopes, keys, weights, query.totals, within, count, slope=slope)
    return await list_candidates(
        connection,
        query.scopes,
        [*lexical, *near, *foreign],
        [*lexical[:MAX_ANCHORS], *near[:MAX_ANCHORS]],
        reach=REACH,
        weights=weights,
        totals=query.totals,
        slope=slope,
        model=query.model,
        vector=query.vector,
        within=within,
    )


async def _best(
    connection: Connection, user_id: str, query: Query, within: SearchFilter, options: SearchOptions
) -> Found:
    ranked = await _find(connection, user_id, query, within, rated=options.rated)
    ranked = [each for each in ranked if each.score > 0 and each.candidate.subject_id != options.excluded]
    above = ranked
    if options.joined:
        answerable = is_answerable(ranked, [*query.words, *query.synonyms], query.weights, query.totals)
        above = [each for each in ranked if answerable and is_above_floor(each, query.weights)]
    groups = await group_hits(
        connection, user_id, above[: max(GROUPED * options.count, LEAST_GROUPED)], joined=options.joined
    )
    lost = list[tuple[Ranked, HitReason]]()
    if options.explain:
        kept = {each.candidate.subject_id for each in above}
        lost += [(group.head, "OUTRANKED") for group in groups[options.count :]]
        lost += [(each, "BELOW_FLOOR") for each in ranked if each.candidate.subject_id not in kept]
    return await load_found(connection, user_id, groups[: options.count], lost[: options.count])


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
