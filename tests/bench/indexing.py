"""The indexer with the offline embedder: messages per second, memory, and recall of the index

Rate: existing messages are embedded and added to the statistics and the HNSW index. Memory: the growth of a process
by its first embedding. Recall: the index with a filter that keeps 1 % of 200,000 rows, compared with exact search.
"""

import asyncio
import random
import sys
from time import perf_counter

from app.live.bus.bus import Bus
from app.memory.indexing.indexer import Indexer
from sql.repositories.embedding_models import create_index, register_model
from sql.repositories.nearest import SearchFilter, list_nearest, list_scopes
from sql.service_rows import EmbeddingModelRow
from sql.statements import Connection
from tests.bench.figures import Figure
from tests.bench.retrieval import opened_api
from tests.processes import ROOT

MESSAGES = 10_000
ROWS, KEPT, QUERIES, DIMENSION = 200_000, 100, 50, 64
SENTENCE = "the cache of our billing service is slow since we moved it to another region and nobody knows why"
MEMORY = """
import asyncio, psutil
from app.models.embedders.local import StaticEmbedder
def resident():
    return psutil.Process().memory_info().rss / 1024 ** 2
before = resident()
embedder = StaticEmbedder()
texts = ["what was said about the cache, number %d" % number for number in range(1000)]
asyncio.run(embedder.embed_passages(texts))
print(resident() - before)
"""
GROW = """
WITH made AS (
    INSERT INTO search_entries (subject_id, user_id, scope_id, project_id, kind, occurred_at, content, keys, length,
                                embedded_with)
    SELECT uuidv7(), p.user_id, p.id, p.id, 'message', now(), 'x', '{}', 1, $3
    FROM generate_series(1, $1::int) AS n JOIN projects AS p ON p.user_id = 'user-' || n % $2
    RETURNING subject_id, user_id, scope_id, project_id, kind, occurred_at, random() AS seed)
INSERT INTO embeddings (subject_id, model_id, chunk, user_id, scope_id, project_id, kind, occurred_at, by_index,
                        embedding)
SELECT subject_id, $3, 0, user_id, scope_id, project_id, kind, occurred_at, true,
       (SELECT array_agg(sin(seed * d * 7919) + 0.5 * sin(floor(seed * 300) * d))
        FROM generate_series(1, 64) AS d)::halfvec
FROM made
"""


async def measure() -> list[Figure]:
    return [
        Figure("messages embedded and indexed", await _rate(), "/s", at_least=2000),
        Figure("resident memory added by the offline embedder", await _memory(), "MB", at_most=80),
        Figure("recall@10 of the index, 1 % of 200,000 rows kept", await _recall(), "", at_least=0.97, note="exact"),
    ]


async def _rate() -> float:
    async with opened_api() as api:
        async with api.database.connection() as connection:
            await connection.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
            conversation = await connection.fetchval(
                "INSERT INTO conversations (user_id, title) VALUES ('ann', 't') RETURNING id"
            )
            random.seed(1)
            texts = [" ".join(random.choices(SENTENCE.split(), k=15)) + f" {number}" for number in range(MESSAGES)]
            await connection.executemany(
                "INSERT INTO messages (user_id, conversation_id, content, message_type) VALUES ('ann', $1, $2, 'user')",
                [(conversation, text) for text in texts],
            )
        indexer = Indexer(api.database, Bus("memory://"), api.memory.models, poll_seconds=1)
        await indexer.switch_model()  # load the model and create its index before measuring
        began = perf_counter()
        done = await indexer.catch_up()
        return done / (perf_counter() - began)


async def _memory() -> float:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MEMORY, cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    output, _ = await process.communicate()
    return float(output)


async def _recall() -> float:
    async with opened_api() as api, api.database.connection() as connection:
        await connection.execute("SET maintenance_work_mem = '512MB'")
        model = await register_model(connection, "made", DIMENSION)
        users = [(f"user-{number}",) for number in range(KEPT)]
        await connection.executemany("INSERT INTO users VALUES ($1, $1, 'member')", users)
        await connection.execute("SET session_replication_role = replica")
        await connection.execute(GROW, ROWS, KEPT, model.id)
        await connection.execute("SET session_replication_role = DEFAULT")
        await connection.execute(
            "INSERT INTO search_statistics SELECT scope_id, count(*), 1 FROM search_entries GROUP BY scope_id"
        )
        await connection.execute("ANALYZE")
        await create_index(connection, model)
        random.seed(2)
        shares = [await _share_found(connection, model) for _ in range(QUERIES)]
        return sum(shares) / len(shares)


async def _share_found(connection: Connection, model: EmbeddingModelRow) -> float:
    """How many of the ten nearest rows of one user the index finds."""
    user, vector = f"user-{random.randrange(KEPT)}", [random.gauss(0, 1) for _ in range(DIMENSION)]
    scopes = await list_scopes(connection, user, SearchFilter())
    exact = await list_nearest(connection, scopes, model, vector, SearchFilter(), 10)
    found = await list_nearest(connection, scopes, model, vector, SearchFilter(), 10, exact_rows=0)
    return len({each.subject_id for each in exact} & {each.subject_id for each in found}) / len(exact)
