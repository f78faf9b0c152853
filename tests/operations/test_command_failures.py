"""Commands that fail for a reason outside the program say it in one line, and leave nothing half-written."""

import json
import os
import resource
import stat
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.errors import OperationFailed
from app.operations.backup.create import create_backup
from app.operations.backup.directory_storage import DirectoryStorage
from app.operations.progress import Silent
from app.operations.transfer.export import write_export
from sql.pool import Database
from tests.identity.test_commands import command
from tests.processes import run_to_completion

TIMES = (1e18, -1e18, 253402300800, -62135596801, 1e308, 10**400, "9999-12-31T23:59:59-14:00", "0001-01-01T00:00+14:00")


@pytest.fixture
async def owner(database: Database) -> str:
    await database.pool.execute("INSERT INTO users (id, display_name, role) VALUES ('u', 'U', 'owner')")
    await database.pool.execute("INSERT INTO conversations (user_id, title) VALUES ('u', repeat(md5('x'), 30000))")
    return "u"


@contextmanager
def small_disk() -> Iterator[None]:
    """Files of this process can have 64 KiB, as if the disk were full then."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (64 * 1024, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("passphrase", [None, "correct horse"])
async def test_full_disk_ends_a_backup_in_one_line(
    owner: str, database_url: str, tmp_path: Path, passphrase: str | None
) -> None:
    storage = DirectoryStorage(tmp_path)
    with small_disk(), pytest.raises(OperationFailed, match=r"cannot be written \(File too large\); free some space"):
        await create_backup(database_url, storage, passphrase=passphrase, report=Silent())
    assert os.listdir(tmp_path) == []


async def test_full_disk_ends_an_export_in_one_line(owner: str, database: Database, tmp_path: Path) -> None:
    file = tmp_path / "out.jsonl"
    file.write_text("the export of yesterday")
    async with database.connection() as connection:
        with small_disk(), pytest.raises(OperationFailed, match=r"cannot be written \(File too large\)"):
            await write_export(connection, owner, file, Silent())
    assert os.listdir(tmp_path) == ["out.jsonl"]
    assert file.read_text() == "the export of yesterday"


async def test_export_to_a_directory_or_through_a_link_or_a_pipe(
    owner: str, database: Database, tmp_path: Path
) -> None:
    folder, real, link, pipe = (tmp_path / name for name in ("folder", "real", "link", "pipe"))
    folder.mkdir()
    link.symlink_to(real)
    os.mkfifo(pipe)
    async with database.connection() as connection:
        with pytest.raises(OperationFailed, match=r"folder cannot be written \(Is a directory\)"):
            await write_export(connection, owner, folder, Silent())
        await write_export(connection, owner, link, Silent())
        with ThreadPoolExecutor() as threads:
            reading = threads.submit(pipe.read_bytes)
            await write_export(connection, owner, pipe, Silent())
    assert len(reading.result().splitlines()) == len(real.read_bytes().splitlines()) == 3
    assert link.is_symlink()
    assert stat.S_ISFIFO(os.stat(pipe).st_mode)  # neither a pipe nor a device is replaced by a file


async def test_times_that_cannot_be_stored_are_left_out_of_an_import(
    owner: str, database_url: str, tmp_path: Path
) -> None:
    chats = [
        {"uuid": f"c{number}", "name": "x", "created_at": time, "updated_at": time,
         "chat_messages": [{"uuid": f"m{number}", "sender": "human", "text": "hi", "created_at": time}]}
        for number, time in enumerate(TIMES)
    ]  # fmt: skip
    (tmp_path / "conversations.json").write_text(json.dumps(chats))
    for date in ("9999-12-31", "0001-01-01"):
        (tmp_path / f"{date}.md").write_text(f"---\nstatus: accepted\ndate: {date}\n---\n# A title\n\nText\n")
    code, output = await run_to_completion(
        "import", str(tmp_path), "--decisions", str(tmp_path), "--user", owner, DATABASE_URL=database_url
    )
    assert code == 0, output
    assert f"{len(TIMES)} new, 0 existing" in output
    assert output.count(".md: The time must be between") == 2


async def test_too_many_days_of_a_token_are_refused_in_one_line(owner: str, database_url: str) -> None:
    code, _, errors = await command(database_url, "token add u name --days 99999999")
    assert (code, "Traceback" in errors, "36500" in errors) == (2, False, True), errors


async def test_file_that_cannot_be_written_is_named_in_one_line(owner: str, database_url: str, tmp_path: Path) -> None:
    (tmp_path / "1-title.md").mkdir()
    (tmp_path / "file").write_text("")
    code, output = await run_to_completion(
        "export", "--decisions", str(tmp_path / "file"), "--user", owner, DATABASE_URL=database_url
    )
    assert (code, output.strip()) == (1, f"✗ {tmp_path}/file cannot be written (File exists).")
