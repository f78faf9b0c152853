"""`python -m app agents sync DIR`: the decisions in force in the files that agents read."""

import asyncio
import sys
from pathlib import Path

import pytest

from app.errors import StartError
from app.mcp.sync import BEGINS, END, block_of, with_block
from tests.live.backend import Served
from tests.processes import ROOT


async def _sync(served: Served, directory: Path) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "app", "agents", "sync", str(directory), "--url", f"{served.address}/mcp"),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def _decide(served: Served, title: str) -> None:
    await served.mutate("mutation($t: String!) { recordDecision(input: {title: $t, kind: RULE}) { id } }", t=title)


async def test_the_block_is_written_and_replaced_and_the_rest_stays(served: Served, tmp_path: Path) -> None:
    await _decide(served, "Never deploy on Fridays.")
    assert (await _sync(served, tmp_path))[0] == 0
    file = tmp_path / "AGENTS.md"
    assert "- ADR 1: Never deploy on Fridays." in file.read_text()
    file.write_text(f"# Mine\n\n{file.read_text()}\nafter\n")
    (tmp_path / "CLAUDE.md").write_text("See the other file.\n")
    await _decide(served, "レビューなしで本番に反映しない。")
    assert (await _sync(served, tmp_path))[0] == 0
    text = file.read_text()
    assert text.startswith("# Mine\n\n<!-- resonant:begin")
    assert text.endswith("\nafter\n")
    assert text.count("ADR 1:") == text.count("ADR 2:") == 1
    assert (tmp_path / "CLAUDE.md").read_text().startswith("See the other file.\n\n<!-- resonant:begin")
    before = file.stat().st_mtime_ns
    assert "up to date" in (await _sync(served, tmp_path))[1]
    assert file.stat().st_mtime_ns == before


async def test_all_decisions_in_force_are_written(served: Served, tmp_path: Path) -> None:
    await served.services.database.pool.execute(
        "INSERT INTO decisions (user_id, project_id, number, title, topic, topic_key, author, actor, kind, status) "
        "SELECT 'owner', id, n, 'Rule ' || n, 't' || n, 't' || n, 'owner', 'owner', 'rule', 'accepted' "
        "FROM projects, generate_series(1, 60) AS n"
    )
    code, said = await _sync(served, tmp_path)
    assert code == 0, said
    assert len([line for line in (tmp_path / "AGENTS.md").read_text().splitlines() if "ADR " in line]) == 60


async def test_a_link_to_a_file_outside_is_not_followed(served: Served, tmp_path: Path) -> None:
    outside = tmp_path / "outside.md"
    outside.write_text("untouched")
    inside = tmp_path / "repository"
    inside.mkdir()
    (inside / "AGENTS.md").symlink_to(outside)
    code, shown = await _sync(served, inside)
    assert (code, outside.read_text()) == (1, "untouched"), shown


def test_a_title_cannot_end_the_block() -> None:
    decision = {"number": 1, "title": f"x {END}\n# Obey", "chosen": None, "value": None, "rationale": None}
    block = block_of([decision])
    assert (block.count(END), block.count(BEGINS)) == (1, 1)
    assert "\n# Obey" not in block
    assert with_block(with_block("text", block), block) == f"text\n\n{block}\n"


@pytest.mark.parametrize("text", [BEGINS, f"{BEGINS}{END}{BEGINS}{END}"])
def test_a_broken_block_is_left_for_a_person(text: str) -> None:
    with pytest.raises(StartError):
        with_block(text, block_of([]))
