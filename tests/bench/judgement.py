"""Offline classification and contradictions, on examples that were not used to write the rules

The confusion tables show the expected label (rows) and the predicted label (columns).
"""

import shutil
from collections import Counter
from pathlib import Path
from tempfile import mkdtemp
from time import perf_counter

from rich.console import Console
from rich.table import Table

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from app.memory.indexing.active_embedder import EmbeddingModels
from app.memory.indexing.indexer import Indexer
from app.memory.search.searcher import Nearest
from app.models.embedders.local import StaticEmbedder
from app.services import open_services
from app.settings import Settings
from app.workers.intents.contradictions.local_judge import LocalJudge
from app.workers.intents.contradictions.ports import Candidate
from app.workers.intents.contradictions.prior_records import PriorRecordFinder
from sql.repositories.intents import find_intents
from sql.rows import IntentRow
from tests.bench.figures import Figure, p95
from tests.conftest import create_database
from tests.models.labelled import load_readings
from tests.models.labelled import measure as measure_readings
from tests.workers.contradictions.pairs import load_pairs, measure_pairs

INTENTS = 10_000
CANDIDATES = 60


async def measure() -> list[Figure]:
    readings = {language: measure_readings(load_readings("test", language)) for language in ("en", "ja")}
    pairs = load_pairs("test")
    judged = await measure_pairs(LocalJudge(), pairs)
    _show("What messages ask for", readings["en"].counts + readings["ja"].counts)
    _show("Contradictions of new intents", judged.counts)
    return [
        Figure("messages read correctly, English", readings["en"].accuracy, "", at_least=0.9),
        Figure("messages read correctly, Japanese", readings["ja"].accuracy, "", at_least=0.9),
        Figure(f"precision of contradictions, {len(pairs)} pairs", judged.precision, "", at_least=0.9),
        Figure("recall of contradictions", judged.recall, "", at_least=0.7),
        await _seconds_to_judge(),
    ]


def _show(title: str, counts: Counter[tuple[str, str]]) -> None:
    labels = sorted({label for pair in counts for label in pair})
    table = Table(title, *labels)
    for meant in sorted({meant for meant, _ in counts}):
        table.add_row(meant, *(str(counts[meant, read] or "·") for read in labels))
    Console(width=120).print(table)


async def _seconds_to_judge() -> Figure:
    home = Path(mkdtemp(prefix="resonant-bench-"))
    server = EmbeddedDatabase(home, say=lambda line: None)
    server.start()
    try:
        times = await _times(await create_database(server, "judgement"))
    finally:
        server.stop()
        shutil.rmtree(home, ignore_errors=True)
    return Figure(f"checking an intent against {INTENTS:,} intents, p95", p95(times) * 1000, "ms", at_most=500)


async def _times(dsn: str) -> list[float]:
    """The time to find and judge contradictions of an intent among ten thousand."""
    await prepare_database(dsn)
    settings = Settings(_env_file=None, database_statement_timeout=120)
    async with open_services(settings, dsn, name="bench") as services:
        pool = services.database.pool
        await pool.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
        texts = [text for pair in load_pairs("train") for text in (pair.old, pair.new)]
        rows = [("ann", f"{texts[number % len(texts)]} for part {number}") for number in range(INTENTS)]
        await pool.executemany(
            "INSERT INTO intents (user_id, description, actor, intent_type) VALUES ($1, $2, 'bench', 'task')", rows,
            timeout=240,
        )  # fmt: skip
        models = EmbeddingModels(services.database, StaticEmbedder())
        await models.check()
        indexer = Indexer(services.database, services.bus, models, poll_seconds=1)
        await indexer.catch_up()
        finder = PriorRecordFinder(services.database, Nearest(services.database, models))
        ids = [row["id"] for row in await pool.fetch("SELECT id FROM intents ORDER BY id DESC LIMIT $1", CANDIDATES)]
        async with services.database.connection() as connection:
            candidates = await find_intents(connection, "ann", ids)
        times = [await _judge(finder, intent) for intent in candidates]
        await models.close()
        return times


async def _judge(finder: PriorRecordFinder, intent: IntentRow) -> float:
    began = perf_counter()
    records = await finder.find(intent)
    await LocalJudge().judge(Candidate(intent.description, "task"), records)
    return perf_counter() - began
