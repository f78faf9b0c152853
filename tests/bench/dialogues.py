"""Dialogues without a model, in Japanese and English, through the real tools

The table shows by kind how many messages led to what they should, to something else that was done, or to nothing.
"""

import shutil
from pathlib import Path
from tempfile import mkdtemp

from rich.console import Console
from rich.table import Table

from app.database.connect import prepare_database
from app.database.embedded import EmbeddedDatabase
from sql.pool import Database, create_pool
from tests.bench.figures import Figure
from tests.conftest import create_database
from tests.dialogues.player import FILES, load_dialogues, open_stage, play, summary

HANDED = "handed.toml"


async def measure() -> list[Figure]:
    home = Path(mkdtemp(prefix="resonant-dialogues-"))
    server = EmbeddedDatabase(home, say=lambda line: None)
    server.start()
    try:
        url = await create_database(server, "dialogues")
        await prepare_database(url)
        pool = await create_pool(
            url, application="bench", min_size=1, max_size=2, statement_timeout=30, acquire_timeout=30
        )
        database = Database(pool, acquire_timeout=30)
        rows = await _played(database, FILES)
        handed = await _played(database, (HANDED,))
        await database.close()
    finally:
        server.stop()
        shutil.rmtree(home)
    _show(rows)
    total = sum(right + wrong + missed for _, right, wrong, missed in rows)
    return [
        Figure("messages of a day understood, of 34", sum(row[1] for row in handed), "", at_least=26),
        Figure("messages of the dialogues understood", sum(row[1] for row in rows) / total, "", at_least=0.85),
        Figure("wrong actions done", sum(row[2] for row in rows) / total, "", at_most=0.02),
    ]


async def _played(database: Database, files: tuple[str, ...]) -> list[tuple[str, int, int, int]]:
    stage = open_stage(database)
    return summary([(dialogue, await play(stage, dialogue)) for dialogue in load_dialogues(files)])


def _show(rows: list[tuple[str, int, int, int]]) -> None:
    table = Table("kind", "right", "wrong", "missed", title="Messages without a model")
    for kind, *counts in rows:
        table.add_row(kind, *map(str, counts))
    Console().print(table)
