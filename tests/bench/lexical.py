"""Lexical ranking at 100,000 rows of one user: term keys with a sparse vector, the sparse vector alone, and a tsvector

All three use the same formula and the same idf. The keys select the entries with a rare term of the query, and the
sparse vector scores them. The sparse vector alone scores all entries of the user and is the reference. The tsvector
selects by the same rare terms and is scored in SQL term by term, because ts_rank has no idf. ROWS sets the size as a
fraction of the full size.
"""

import random
from collections.abc import Awaitable, Callable
from time import perf_counter
from uuid import UUID

from app.memory.search.query import rare_keys
from app.memory.search.ranking import weigh
from sql.repositories.nearest import SearchFilter, list_scopes
from sql.repositories.search import QueryWord, Totals, describe_query, list_lexical, sparse_literal
from sql.statements import Connection
from tests.bench.figures import Figure, p50, p95
from tests.bench.search_scale import MINE, add_vocabulary, made_rows, opened_api

WARM_UP, ROUNDS, COUNT = 10, 100, 100
SLOPE = 0.2
TSVECTOR = """
ALTER TABLE search_entries ADD COLUMN terms tsvector;
UPDATE search_entries
SET terms = to_tsvector('simple', (SELECT string_agg('k' || to_hex(key), ' ') FROM unnest(keys) AS key));
CREATE INDEX search_entries_by_terms ON search_entries USING gin (terms) WITH (fastupdate = off);
"""
BY_VECTOR = """
SELECT subject_id FROM search_entries WHERE user_id = 'me'
ORDER BY (weights <#> (SELECT $1::text::sparsevec)) / (1 + 0.6 * (1 - $2::float8 + $2::float8 * length / $3::float8)),
         subject_id DESC
LIMIT $4
"""
BY_TSVECTOR = """
SELECT subject_id FROM search_entries WHERE terms @@ $1::text::tsquery AND user_id || '' = 'me'
ORDER BY (SELECT sum(wanted.weight * 1.6 * cardinality(term.positions) / (0.6 + cardinality(term.positions)))
          FROM unnest(terms) AS term JOIN unnest($2::text[], $3::float8[]) AS wanted (lexeme, weight) USING (lexeme))
             / (1 + 0.6 * (1 - $4::float8 + $4::float8 * length / $5::float8)) DESC, subject_id DESC
LIMIT $6
"""
Find = Callable[[Connection, list[UUID], list[QueryWord], Totals, str], Awaitable[list[UUID]]]


async def measure() -> list[Figure]:
    async with opened_api() as api, api.database.connection() as connection:
        words = await add_vocabulary(connection)
        await made_rows(connection, others=0, model=None)
        await connection.execute(TSVECTOR)
        await connection.execute("VACUUM ANALYZE search_entries")
        random.seed(7)
        queries = [
            " ".join(random.choice(words[: 50 if random.random() < 0.33 else 5000]) for _ in range(6))
            for _ in range(WARM_UP + ROUNDS)
        ]
        ways: dict[str, Find] = {"keys and sparsevec (ours)": by_keys, "sparsevec alone": by_vector,
                                 "tsvector, ranked in SQL": by_tsvector}  # fmt: skip
        results = {name: [await timed(connection, find, query) for query in queries] for name, find in ways.items()}
        ours, theirs = [
            await connection.fetchval("SELECT pg_relation_size($1::text::regclass) / 1e6::float8", index)
            for index in ("search_entries_by_key", "search_entries_by_terms")
        ]
    best = [found for _, found in results["sparsevec alone"]]
    figures = list[Figure]()
    for name, runs in results.items():
        took = [milliseconds for milliseconds, _ in runs[WARM_UP:]]
        agreed = [len(set(found[:10]) & set(all_[:10])) / 10 for (_, found), all_ in zip(runs, best, strict=True)]
        figures += [
            Figure(f"{name}, p50", p50(took), "ms", note=f"{MINE:,} rows"),
            Figure(f"{name}, p95", p95(took), "ms", note=f"{sum(agreed) / len(agreed):.3f} of the best ten"),
        ]
    return [*figures, Figure("GIN index of the keys", ours, "MB", note=f"{theirs:.3g} MB of the tsvector")]


async def timed(connection: Connection, find: Find, query: str) -> tuple[float, list[UUID]]:
    """Milliseconds without parsing the query, and the ids that were found."""
    scopes = await list_scopes(connection, "me", SearchFilter())
    words, totals = await describe_query(connection, scopes, query)
    began = perf_counter()
    found = await find(connection, scopes, words, totals, query)
    return (perf_counter() - began) * 1000, found


async def by_keys(
    connection: Connection, scopes: list[UUID], words: list[QueryWord], totals: Totals, query: str
) -> list[UUID]:
    weights = weigh(query, words, totals).by_key
    return await list_lexical(connection, scopes, rare_keys(words), weights, totals, SearchFilter(), COUNT, slope=SLOPE)


async def by_vector(
    connection: Connection, _: list[UUID], words: list[QueryWord], totals: Totals, query: str
) -> list[UUID]:
    weights = sparse_literal(weigh(query, words, totals).by_key)
    records = await connection.fetch(BY_VECTOR, weights, SLOPE, totals.average, COUNT)
    return [record["subject_id"] for record in records]


async def by_tsvector(
    connection: Connection, _: list[UUID], words: list[QueryWord], totals: Totals, query: str
) -> list[UUID]:
    weights = weigh(query, words, totals).by_key
    rare = " | ".join(lexeme(key) for key in rare_keys(words))
    records = await connection.fetch(
        BY_TSVECTOR, rare, [lexeme(key) for key in weights], list(weights.values()), SLOPE, totals.average, COUNT
    )
    return [record["subject_id"] for record in records]


def lexeme(key: int) -> str:
    return f"k{key & (2**64 - 1):x}"
