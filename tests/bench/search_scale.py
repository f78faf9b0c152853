"""Search and context assembly at 100,000 rows of one user and 1,000,000 of a thousand others

The database generates the rows: terms of a vocabulary by Zipf's law, vectors around five thousand centres. The index is
built before the measurement. One in ten rows of the user is a memory, one in fifty a specification. The vectors have
the dimension of the embedder that EMBEDDER chooses. ROWS sets the size as a fraction of the full size.
"""

import os
import random
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter

from app.clock import SystemClock
from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from app.memory.services import open_memory
from app.models.factory import build_embedder
from app.settings import Settings
from sql.pool import create_pool
from sql.repositories.embedding_models import create_index, find_active_model
from sql.repositories.nearest import EXACT_ROWS, SearchFilter, list_nearest, list_scopes
from sql.service_rows import EmbeddingModelRow
from sql.statements import Connection
from tests.bench.figures import Figure, p50, p95
from tests.resolvers.conftest import Api, CountingDatabase, RecordedAnnouncements

SETTINGS = Settings(_env_file=None)
SHARE = float(os.environ.get("ROWS", "1"))
MINE, OTHERS, USERS = int(100_000 * SHARE), int(1_000_000 * SHARE), 1000
WORDS, VOCABULARY = 12, 20_000
WARM_UP, ROUNDS = 20, 200
NEAREST = 100
SEARCH = "query($words: String!) { search(query: $words, first: 10) { score snippet node { __typename } } }"
PREVIEW = "query($words: String!) { previewContext(content: $words) { tokenCount failedLayers assembledInMs } }"
SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstvz" for vowel in "aeiou"]

CENTRES = """
INSERT INTO centres
SELECT n, (SELECT array_agg(sin(n * 12.9898 + d * 78.233) * 43758.5453
                            - floor(sin(n * 12.9898 + d * 78.233) * 43758.5453) - 0.5)
           FROM generate_series(1, $1::int) AS d)::halfvec AS centre
FROM generate_series(1, 5000) AS n
"""
MY_ENTRIES = """
INSERT INTO search_entries (subject_id, user_id, scope_id, project_id, kind, conversation_id, place, occurred_at,
                            content, keys, weights, length, embedded_with)
SELECT uuidv7(), 'me', scope_id, project_id, 'message', conversations.id, n, now() - make_interval(secs => n * 30),
       made.content, made.keys,
       ('{' || (SELECT string_agg(dimension || ':1', ',') FROM
                (SELECT DISTINCT search_dimension(key) AS dimension FROM unnest(made.keys) AS key) AS d)
        || '}/536870912')::sparsevec, 12, $2
FROM generate_series(1, $1::int) AS n
JOIN conversations ON conversations.user_id = 'me'
JOIN LATERAL (
    SELECT string_agg(word, ' ') AS content, array_agg(DISTINCT key) AS keys
    FROM generate_series(1, 12) AS w
    JOIN LATERAL (SELECT 1 + floor(power(20000, random()) + 0 * n * w)::int % 20000 AS pick) AS p ON true
    JOIN vocabulary ON vocabulary.n = p.pick
) AS made ON true
"""
OTHER_ENTRIES = """
INSERT INTO search_entries (subject_id, user_id, scope_id, project_id, kind, conversation_id, place, occurred_at,
                            content, keys, length, embedded_with)
SELECT uuidv7(), conversations.user_id, scope_id, project_id, 'message', conversations.id, n,
       now() - make_interval(secs => n),
       'what another user said',
       (SELECT array_agg(DISTINCT hashint8extended(floor(power(20000, random()) + 0 * n * w)::bigint, n % $3))
        FROM generate_series(1, 12) AS w),
       12, $2
FROM generate_series(1, $1::int) AS n JOIN conversations ON conversations.user_id = 'user-' || n % $3
"""
TEN_ENTRIES = """
INSERT INTO search_entries (subject_id, user_id, scope_id, project_id, kind, occurred_at, content, keys, length,
                            embedded_with)
SELECT uuidv7(), 'few', id, id, 'memory', now(), 'one of ten', '{}', 1, $1
FROM projects CROSS JOIN generate_series(1, 10) WHERE user_id = 'few'
"""
VECTORS = """
INSERT INTO embeddings (subject_id, model_id, chunk, user_id, scope_id, project_id, kind, conversation_id, occurred_at,
                        by_index, embedding)
SELECT entry.subject_id, $1, 0, entry.user_id, entry.scope_id, entry.project_id, entry.kind, entry.conversation_id,
       entry.occurred_at, entry.user_id = 'me',
       one.centre + one.centre + other.centre
FROM (SELECT *, 1 + floor(random() * 5000)::int AS a, 1 + floor(random() * 5000)::int AS b FROM search_entries) AS entry
JOIN centres AS one ON one.n = entry.a JOIN centres AS other ON other.n = entry.b
"""
ROWS_AND_STATISTICS = """
INSERT INTO term_statistics (scope_id, key, documents)
SELECT scope_id, key, count(*) FROM search_entries, unnest(keys) AS key WHERE user_id = 'me' GROUP BY 1, 2;
INSERT INTO search_statistics SELECT scope_id, count(*), sum(length) FROM search_entries GROUP BY 1;
UPDATE search_entries SET kind = CASE WHEN place % 10 = 0 THEN 'memory' ELSE 'specification' END,
                          conversation_id = NULL, place = NULL
WHERE user_id = 'me' AND (place % 10 = 0 OR place % 50 = 1);
INSERT INTO messages (id, user_id, scope_id, project_id, conversation_id, content, message_type)
SELECT subject_id, user_id, scope_id, project_id, conversation_id, content, 'user' FROM search_entries
WHERE user_id = 'me' AND kind = 'message';
INSERT INTO memories (id, user_id, scope_id, project_id, content, kind, tags)
SELECT subject_id, user_id, scope_id, project_id, content, 'longterm',
       ARRAY[(ARRAY['fact', 'decision', 'preference'])[1 + length(content) % 3]]
FROM search_entries WHERE user_id = 'me' AND kind = 'memory';
INSERT INTO specifications (id, user_id, project_id, title, content, author)
SELECT subject_id, user_id, project_id, left(content, 30), content, 'me' FROM search_entries
WHERE user_id = 'me' AND kind = 'specification';
"""


async def measure() -> list[Figure]:
    async with opened_api() as api:
        words = await fill(api)
        random.seed(7)
        # One term in three is among the most common, as in real queries.
        queries = [
            " ".join(random.choice(words[: 50 if random.random() < 0.33 else 5000]) for _ in range(6))
            for _ in range(WARM_UP + ROUNDS)
        ]
        searches = await timed(api, SEARCH, queries)
        contexts = await timed(api, PREVIEW, queries)
        least = min([await of_few(api) for _ in range(ROUNDS)])
        recall, nearest = await recall_of_index(api)
        size = f"{MINE:,} + {OTHERS:,} rows"
    return [
        Figure("`search`, p50", p50(searches), "ms", note=size),
        Figure("`search`, p95", p95(searches), "ms", at_most=40, note=size),
        Figure("`previewContext`, p50", p50(contexts), "ms", note=size),
        Figure("`previewContext`, p95", p95(contexts), "ms", at_most=60, note=size),
        Figure(f"recall@{NEAREST} of the index against exact search", recall, "", at_least=0.97, note=size),
        Figure("query of the index, p95", p95(nearest), "ms", note=size),
        Figure("fewest rows found for a user who has ten", least, "", at_least=10, note="of 10"),
    ]


async def recall_of_index(api: Api) -> tuple[float, list[float]]:
    """The share of the exact nearest rows that the index finds, and its milliseconds for each query."""
    shares, took = [], []
    async with api.database.connection() as connection:
        model = await active_model(connection)
        scopes = await list_scopes(connection, "me", SearchFilter())
        centres = await connection.fetch(
            "SELECT centre::real[] AS centre FROM centres ORDER BY hashint4(n) LIMIT $1", ROUNDS
        )
        for each in centres:
            query = [value + random.gauss(0, 0.2) for value in each["centre"]]
            found = []
            for exact_rows in (EXACT_ROWS, MINE + OTHERS):
                began = perf_counter()
                rows = await list_nearest(
                    connection, scopes, model, query, SearchFilter(), NEAREST, exact_rows=exact_rows
                )
                found.append({row.subject_id for row in rows})
                if exact_rows == EXACT_ROWS:
                    took.append((perf_counter() - began) * 1000)
            shares.append(len(found[0] & found[1]) / len(found[1]))
    return sum(shares) / len(shares), took


async def active_model(connection: Connection) -> EmbeddingModelRow:
    model = await find_active_model(connection)
    if model is None:
        raise AssertionError("there is no model")
    return model


async def of_few(api: Api) -> int:
    """How many rows a search returns for a user who has ten rows."""
    async with api.database.connection() as connection:
        model = await active_model(connection)
        vector = [random.gauss(0, 1) for _ in range(model.dimension)]
        scopes = await list_scopes(connection, "few", SearchFilter())
        return len(await list_nearest(connection, scopes, model, vector, SearchFilter(), 10))


async def timed(api: Api, document: str, queries: list[str]) -> list[float]:
    took = []
    for query in queries:
        began = perf_counter()
        data = await api.data(document, "me", words=query)
        took.append((perf_counter() - began) * 1000)
        if "search" in data and len(data["search"]) != 10:
            raise AssertionError(f"{len(data['search'])} hits of 10")
        if data.get("previewContext", {}).get("failedLayers"):
            raise AssertionError("a layer failed")
    return took[WARM_UP:]


def vocabulary() -> list[str]:
    """Generated words, the most common first."""
    random.seed(1)
    words = {"".join(random.choices(SYLLABLES, k=random.randint(2, 4))) + "k" for _ in range(VOCABULARY * 2)}
    return sorted(words)[:VOCABULARY]


async def fill(api: Api) -> list[str]:
    """Create all rows and their index. Returns the vocabulary."""
    async with api.database.connection() as connection:
        embedder = build_embedder(SETTINGS)
        await connection.execute(
            "INSERT INTO embedding_models (name, dimension, active) VALUES ($1, $2, true)",
            embedder.name,
            await embedder.probe(),
        )
        model = await active_model(connection)
        words = await add_vocabulary(connection)
        await made_rows(connection, others=OTHERS, model=model)
        await create_index(connection, model)
        await connection.execute("RESET statement_timeout")
    return words


async def add_vocabulary(connection: Connection) -> list[str]:
    """Insert the users, and the words with their keys into a temporary table."""
    words = vocabulary()
    random.shuffle(words)
    await connection.execute("SET statement_timeout = 0")
    await connection.execute("SET maintenance_work_mem = '2GB'")
    users = ["me", "few", *(f"user-{number}" for number in range(USERS))]
    await connection.executemany("INSERT INTO users VALUES ($1, $1, 'member')", [(user,) for user in users])
    await connection.execute(
        "INSERT INTO conversations (user_id, title, visibility) SELECT id, 't', 'project' FROM users"
    )
    await connection.execute("CREATE TEMP TABLE vocabulary (n int PRIMARY KEY, word text, key bigint)")
    await connection.copy_records_to_table(
        "vocabulary", records=[(number, word, None) for number, word in enumerate(words)]
    )
    scope = await connection.fetchval("SELECT scope_id FROM conversations WHERE user_id = 'me'")
    await connection.execute("UPDATE vocabulary SET key = search_key($1, (SELECT term FROM search_words(word)))", scope)
    await connection.execute("ANALYZE vocabulary")
    return words


async def made_rows(connection: Connection, *, others: int, model: EmbeddingModelRow | None) -> None:
    """Insert the entries and their statistics, and vectors when there is a model."""
    await connection.execute("SET session_replication_role = replica")  # no triggers: the rows are complete
    model_id = None if model is None else model.id
    # Built after all rows: updating it per entry would take longer than everything else.
    by_key = await connection.fetchval("SELECT pg_get_indexdef('search_entries_by_key'::regclass)")
    await connection.execute("DROP INDEX search_entries_by_key")
    await connection.execute(MY_ENTRIES, MINE, model_id)
    await connection.execute(OTHER_ENTRIES, others, model_id, USERS)
    await connection.execute(TEN_ENTRIES, model_id)
    await connection.execute(ROWS_AND_STATISTICS)
    await connection.execute(by_key)
    if model is not None:
        await connection.execute("CREATE UNLOGGED TABLE centres (n int, centre halfvec)")
        await connection.execute(CENTRES, model.dimension)
        await connection.execute("CREATE UNIQUE INDEX ON centres (n)")
        await connection.execute(VECTORS, model_id)
    await connection.execute("SET session_replication_role = DEFAULT")
    await connection.execute("VACUUM ANALYZE")  # autovacuum is off during the inserts


@asynccontextmanager
async def opened_api() -> AsyncIterator[Api]:
    home = Path(mkdtemp(prefix="resonant-bench-"))
    options = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off", "max_wal_size": "4GB"}
    embedded = EmbeddedDatabase(home, say=lambda line: None, options=options)
    try:
        dsn = embedded.start()
        await prepare_database(dsn)
        pool = await create_pool(
            dsn, application="bench", min_size=1, max_size=4, statement_timeout=60, acquire_timeout=5
        )
        database = CountingDatabase(pool, acquire_timeout=5)
        yield Api(database, RecordedAnnouncements(), open_memory(database, SETTINGS, SystemClock()))
        await database.close()
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)
