"""Commands that get the login of a service, to which row-level security applies: they refuse instead of seeing less."""

import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from sql.pool import Database
from tests.logins import Login, logins
from tests.operations.test_backup import CONVERSATION
from tests.processes import run_to_completion

REFUSED = "✗ The login in DATABASE_URL may not do this"


@pytest.fixture
async def login(database_url: str, database: Database) -> AsyncIterator[Login]:
    """Logins for a database with a user who has one conversation."""
    await database.pool.execute("INSERT INTO users (id, display_name, role) VALUES ('u', 'U', 'owner')")
    await database.pool.execute(CONVERSATION)
    await database.pool.execute("INSERT INTO intents (user_id, description, actor) VALUES ('u', 'x', 'u')")
    async with logins(database_url) as make:
        yield make


async def run(address: str, *command: str) -> tuple[int, str]:
    code, output = await run_to_completion(*command, DATABASE_URL=address, AUTH_MODE="token")
    return code, " ".join(output.split())


def commands(folder: Path) -> list[Sequence[str]]:
    own = str(folder / "own.jsonl")
    return [
        ("export", str(folder / "new.jsonl"), "--user", "u"),
        ("import", own, "--user", "u"),
        ("project", "list", "--user", "u"),
        ("files", "move", "--to", "database"),
        ("backup", "--to", str(folder / "backups")),
    ]


async def test_commands_on_all_data_refuse_the_login_of_a_service(
    login: Login, database_url: str, tmp_path: Path
) -> None:
    code, output = await run(database_url, "export", str(tmp_path / "own.jsonl"), "--user", "u")
    assert (code, "5 rows" in output) == (0, True), output
    backend, bridge = await login("resonant_api"), await login("resonant_bridge")
    given = [(backend, command) for command in commands(tmp_path)] + [(bridge, commands(tmp_path)[0])]
    for address, command in given:
        code, output = await run(address, *command)
        assert (code, REFUSED in output, "Traceback" in output) == (1, True, False), (command, output)
    assert set(os.listdir(tmp_path)) <= {"own.jsonl", "backups"}


async def test_doctor_counts_everything_with_the_login_of_a_service(login: Login, database_url: str) -> None:
    _, output = await run(await login("resonant_api"), "doctor")
    assert "none yet for 3 texts" in output, output
    assert "1 jobs are waiting for a bridge" in output, output
    code, output = await run(await login("resonant_bridge"), "reembed")
    assert (code, "3 texts have a vector" in output) == (0, True), output
