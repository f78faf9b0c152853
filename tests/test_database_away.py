"""An outage of the database during a start or a command is reported in one line, or survived."""

from pathlib import Path

import pytest

from app.asgi import open_backend
from app.database.connect import prepare_database
from app.identity.secrets import create_setup_code
from app.services import open_services
from app.settings import Settings
from sql.errors import Unavailable
from tests.processes import run_to_completion
from tests.tcp_proxy import cuttable_proxy

LONGEST_START = 200


async def start(dsn: str) -> None:
    """Everything that `serve` does with the database before it reports that it serves."""
    settings = Settings(_env_file=None, auth_mode="token", database_poll_seconds=0.2)
    await prepare_database(dsn)
    async with open_services(settings, dsn, name="start") as services:
        await services.memory.models.check()
        async with open_backend(services):
            await create_setup_code(services.database)


async def test_outage_during_the_start_raises_unavailable(database_url: str) -> None:
    outages = 0
    for cut_after in range(1, LONGEST_START):
        async with cuttable_proxy(database_url, cut_after) as (proxy, dsn):
            try:
                await start(dsn)
            except Unavailable:
                outages += 1
        if proxy.sent < cut_after:
            break
    else:
        pytest.fail("the start sends more packets than LONGEST_START")
    assert outages > 5


@pytest.mark.parametrize("cut_after", [4, 12, 24, 48])
@pytest.mark.parametrize("command", ["backup --to", "export"])
async def test_command_reports_an_outage(database_url: str, tmp_path: Path, command: str, cut_after: int) -> None:
    async with cuttable_proxy(database_url, cut_after) as (proxy, dsn):
        code, output = await run_to_completion(*command.split(), str(tmp_path / "kept"), DATABASE_URL=dsn)
    assert proxy.sent >= cut_after
    assert "Traceback" not in output
    assert code == 0 or "✗ " in output


async def test_migration_reports_an_outage(database_url: str) -> None:
    outages = 0
    for cut_after in range(6, LONGEST_START, 2):
        async with cuttable_proxy(database_url, cut_after) as (proxy, dsn):
            code, output = await run_to_completion("migrate", DATABASE_URL=dsn)
        assert "Traceback" not in output
        assert code == 0 or "Cannot start: The database " in output
        outages += code
        if proxy.sent < cut_after:
            break
    assert outages > 1
