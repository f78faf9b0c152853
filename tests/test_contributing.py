"""The worked examples of CONTRIBUTING.md work: each is applied to a copy of the code and tried there."""

import asyncio
import re
import shutil
import sys
from pathlib import Path

import pytest

from app.database.embedded import EmbeddedDatabase
from tests.conftest import create_database, drop_database
from tests.processes import ROOT

PACKAGES = ("app", "resolvers", "schema", "sql")
EXAMPLES = re.split(r"^## Example ", (ROOT / "CONTRIBUTING.md").read_text(), flags=re.MULTILINE)[1:]

MIGRATE = """
import asyncio, asyncpg, sys
from app.database.connect import prepare_database

async def insert_intent(intent_type):
    connection = await asyncpg.connect(sys.argv[1])
    await connection.execute("INSERT INTO users (id, display_name, role) VALUES ('ada', 'Ada', 'owner')")
    return await connection.fetchval(
        "INSERT INTO intents (user_id, description, intent_type, actor) VALUES ('ada', 'x', $1, 'ada') RETURNING id",
        intent_type,
    )

asyncio.run(prepare_database(sys.argv[1]))
"""
CHECKS = {
    "1": MIGRATE
    + """
from resolvers.root import schema
from sql.pool import create_pool
from sql.repositories.intents import find_intents

async def read():
    id = await insert_intent("task")
    pool = await create_pool(
        sys.argv[1], application="test", min_size=1, max_size=1, statement_timeout=5, acquire_timeout=5)
    async with pool.acquire() as connection:
        [row] = await find_intents(connection, "ada", [id])
        assert row.reopened_at is None
    await pool.close()

asyncio.run(read())
assert "reopenedAt: DateTime" in schema.as_str()
""",
    "2": MIGRATE
    + """
from app.intent_types import INTENT_TYPES
from app.workers.intents.handlers import load_handlers
from resolvers.root import schema

asyncio.run(insert_intent("poem"))
assert load_handlers()["poem"].intent_type is INTENT_TYPES["poem"]
assert re.search(r"enum IntentType \\{[^}]*POEM", schema.as_str())
""",
    "3": """
from app.workers.notifier import render_notification
params = {"intent": "build", "until": "09:00"}
assert render_notification("postponed", "build", **params).message == "build: tried again at 09:00"
assert render_notification("postponed", "ビルドする", **params).title == "延期しました"
""",
}


def apply(diff: str, root: Path) -> None:
    """Apply a diff without line numbers: each hunk must match exactly one place of its file."""
    name, _, body = diff.partition("\n")
    path, hunks = root / name, body.split("@@\n")
    text = path.read_text() if path.exists() else ""
    for hunk in hunks:
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(old) == 1 if old else not text, f"{name} has no such lines:\n{old}"
        text = text.replace(old, new)
    path.write_text(text)


def test_there_are_three_examples() -> None:
    assert [example[0] for example in EXAMPLES] == list(CHECKS)


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example.splitlines()[0])
async def test_worked_example_works_as_written(example: str, tmp_path: Path, server: EmbeddedDatabase) -> None:
    for package in PACKAGES:
        shutil.copytree(ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__"))
    for block in re.findall(r"^```diff\n(.*?)^```$", example, re.MULTILINE | re.DOTALL):
        for diff in block.removeprefix("+++ ").split("\n+++ "):
            apply(diff.rstrip("\n") + "\n", tmp_path)
    name = f"contributing_{example[0]}"
    address = await create_database(server, name)
    check = [sys.executable, "-c", f"import re\n{CHECKS[example[0]]}", address]
    process = await asyncio.create_subprocess_exec(*check, cwd=tmp_path, stderr=asyncio.subprocess.PIPE)
    _, errors = await process.communicate()
    await drop_database(server, name)
    assert process.returncode == 0, errors.decode()
