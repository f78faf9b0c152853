"""Retrieval through GraphQL `search` with the offline default, compared with plain BM25 and plain vectors

The data sets are not part of the project: EVAL_DIR names their folder (default ../shared/eval); without it nothing is
measured. A collection belongs to one user. Conversations are messages of one conversation, other texts are memories.
Queries with a category, such as the direction of a question across languages, are also shown by category. `EVAL_SETS`
limits the sets, `EMBEDDER` chooses the model.
"""

import json
import os
import shutil
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from math import log, log2
from pathlib import Path
from statistics import fmean
from tempfile import mkdtemp

from app.clock import SystemClock
from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from app.live.bus.bus import Bus
from app.memory.indexing.indexer import Indexer
from app.memory.services import open_memory
from app.models.embedders.local import StaticEmbedder
from app.models.ports import Vector
from app.settings import Settings
from sql.pool import create_pool
from tests.bench.figures import Figure
from tests.resolvers.conftest import Api, CountingDatabase, RecordedAnnouncements

ROOT = Path(__file__).parents[2]
GOALS: dict[str, tuple[float | None, float | None]] = {  # recall@10 and nDCG@10
    "locomo": (0.74, 0.55),
    "jsquad": (0.965, 0.92),
    "jsts": (0.94, 0.80),
    "fastapi-mixed": (0.64, None),
    "tatoeba-ja2en": (0.97, None),
    "tatoeba-en2ja": (0.97, None),
    "gitbugs": (0.72, None),
    "precision-mem": (0.97, 0.94),
}
WORST_DIRECTION = 0.49  # recall@10 of the documents in two languages
PEERS = frozenset({"locomo", "jsquad", "jsts", "gitbugs"})
SEARCH = """
query($words: String!) {
  search(query: $words, first: 10) { node { ... on Message { id } ... on Memory { id } } }
}
"""
SPEAK = """
INSERT INTO messages (user_id, conversation_id, content, message_type)
VALUES ($1, (SELECT id FROM conversations WHERE user_id = $1), $2, 'user') RETURNING id
"""
REMEMBER = "INSERT INTO memories (user_id, content, kind) VALUES ($1, $2, 'longterm') RETURNING id"


@dataclass(frozen=True, slots=True)
class Score:
    """Recall@5, recall@10 and nDCG@10 with binary gains of one query."""

    recall5: float
    recall10: float
    ndcg10: float


@dataclass(frozen=True, slots=True)
class Collection:
    """Texts in order, and for each query the positions of the relevant texts and its category, if it has one."""

    user: str
    documents: Sequence[str]
    queries: Sequence[tuple[str, Sequence[int], str | None]]


def load(name: str) -> list[Collection]:
    folder = Path(os.environ.get("EVAL_DIR", ROOT.parent / "shared/eval"))
    read = [each for file in sorted(folder.glob(f"{name}*.json")) for each in json.loads(file.read_text())]
    return [
        Collection(
            f"{name}-{number}",
            each["documents"],
            [(query["text"], query["relevant"], query.get("category")) for query in each["queries"]],
        )
        for number, each in enumerate(read)
    ]


async def measure() -> list[Figure]:
    wanted = os.environ.get("EVAL_SETS", ",".join(GOALS)).split(",")
    figures = list[Figure]()
    async with opened_api() as api:
        for name in wanted:
            collections = load(name)
            if not collections:
                figures.append(Figure(f"{name}: not in EVAL_DIR, not measured", 0, ""))
                continue
            ours = [await search_scores(api, each, spoken=name == "locomo") for each in collections]
            figures += shown(name, ours, *GOALS[name])
            if name == "fastapi-mixed":
                figures += shown_by_category(name, collections[0], ours[0])
            if name in PEERS and "EVAL_SETS" not in os.environ:
                figures += shown(f"{name}, plain BM25", [await bm25_scores(api, each) for each in collections])
                figures += shown(f"{name}, plain vectors", [await vector_scores(each) for each in collections])
    return figures


def shown_by_category(name: str, collection: Collection, scores: Sequence[Score]) -> list[Figure]:
    by_category = dict[str, list[float]]()
    for (_, _, category), score in zip(collection.queries, scores, strict=True):
        by_category.setdefault(category or "", []).append(score.recall10)
    return [
        Figure(f"{name}, {category}: recall@10", fmean(each), "", at_least=WORST_DIRECTION)
        for category, each in sorted(by_category.items())
    ]


def shown(
    what: str, collections: Sequence[Sequence[Score]], recall: float | None = None, ndcg: float | None = None
) -> list[Figure]:
    scores = [score for collection in collections for score in collection]
    return [
        Figure(f"{what}: recall@5", fmean(score.recall5 for score in scores), ""),
        Figure(f"{what}: recall@10", fmean(score.recall10 for score in scores), "", at_least=recall),
        Figure(f"{what}: nDCG@10", fmean(score.ndcg10 for score in scores), "", at_least=ndcg),
    ]


def judged(found: Sequence[int], relevant: Sequence[int]) -> Score:
    wanted = set(relevant)
    gain = sum(1 / log2(rank + 2) for rank, each in enumerate(found[:10]) if each in wanted)
    ideal = sum(1 / log2(rank + 2) for rank in range(min(10, len(wanted))))
    return Score(len(wanted & set(found[:5])) / len(wanted), len(wanted & set(found[:10])) / len(wanted), gain / ideal)


def best(scores: Sequence[float]) -> list[int]:
    return sorted(range(len(scores)), key=lambda place: (-scores[place], place))[:10]


@asynccontextmanager
async def opened_api() -> AsyncIterator[Api]:
    """The whole schema on a separate database."""
    home = Path(mkdtemp(prefix="resonant-bench-"))
    embedded = EmbeddedDatabase(home, say=lambda line: None, options={"fsync": "off"})
    try:
        dsn = embedded.start()
        await prepare_database(dsn)
        pool = await create_pool(
            dsn, application="bench", min_size=1, max_size=4, statement_timeout=60, acquire_timeout=5
        )
        database = CountingDatabase(pool, acquire_timeout=5)
        memory = open_memory(database, Settings(_env_file=None), SystemClock())
        yield Api(database, RecordedAnnouncements(), memory)
        await database.close()
    finally:
        embedded.stop()
        shutil.rmtree(home, ignore_errors=True)


async def search_scores(api: Api, collection: Collection, *, spoken: bool) -> list[Score]:
    places = await _store(api, collection, SPEAK if spoken else REMEMBER)
    scores = []
    for text, relevant, _ in collection.queries:
        data = await api.data(SEARCH, user=collection.user, words=text)
        scores.append(judged([places[hit["node"]["id"]] for hit in data["search"]], relevant))
    return scores


async def _store(api: Api, collection: Collection, statement: str) -> dict[str, int]:
    """Insert the documents for their user and index them. Returns the document of each id."""
    async with api.database.connection() as connection:
        await connection.execute("INSERT INTO users VALUES ($1, $1, 'member')", collection.user)
        await connection.execute("INSERT INTO conversations (user_id, title) VALUES ($1, 't')", collection.user)
        ids = [await connection.fetchval(statement, collection.user, text) for text in collection.documents]
    indexer = Indexer(api.database, Bus("memory://"), api.memory.models, poll_seconds=1)
    await indexer.catch_up()
    await indexer.switch_model()
    return {str(row_id): place for place, row_id in enumerate(ids)}


async def bm25_scores(api: Api, collection: Collection) -> list[Score]:
    """BM25 with k1 = 1.2 and b = 0.75, over the terms of our lexical search."""
    documents = [Counter(await _terms(api, text)) for text in collection.documents]
    average = fmean(sum(words.values()) for words in documents)
    frequency = Counter(term for words in documents for term in words)
    idf = {term: log(1 + (len(documents) - count + 0.5) / (count + 0.5)) for term, count in frequency.items()}
    scores = []
    for text, relevant, _ in collection.queries:
        query = set(await _terms(api, text))
        scores.append(judged(best([_bm25(query, words, idf, average) for words in documents]), relevant))
    return scores


async def _terms(api: Api, text: str) -> list[str]:
    async with api.database.connection() as connection:
        return [row["term"] for row in await connection.fetch("SELECT term FROM search_words($1)", text)]


def _bm25(query: set[str], words: Mapping[str, int], idf: Mapping[str, float], average: float) -> float:
    norm = 1.2 * (0.25 + 0.75 * sum(words.values()) / average)
    return sum(idf[term] * words[term] * 2.2 / (words[term] + norm) for term in query if term in words)


async def vector_scores(collection: Collection) -> list[Score]:
    """The same vectors by cosine similarity alone, without weights for the terms of the query."""
    embedder = StaticEmbedder()
    vectors = await embedder.embed_passages(collection.documents)
    scores = []
    for text, relevant, _ in collection.queries:
        query = await embedder.embed_query(text)
        scores.append(judged(best([_cosine(query, vector) for vector in vectors]), relevant))
    return scores


def _cosine(one: Vector, other: Vector) -> float:
    """Both vectors have length one."""
    return sum(a * b for a, b in zip(one, other, strict=True))
