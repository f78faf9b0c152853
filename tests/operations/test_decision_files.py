"""Decisions as Markdown files: exported as MADR, imported from MADR and Nygard's form, without duplicates."""

from pathlib import Path

import pytest

from app.operations.transfer.records.documents import read_document
from app.operations.transfer.records.files import FilesReport, export_decisions, import_decisions
from sql.repositories.decision_reads import list_accepted_decisions
from sql.repositories.projects import get_default_project, insert_project
from sql.statements import Connection
from tests.decided import decide

NYGARD = """# 3. Use Docker for deployment

Date: 2021-02-12

## Status

Accepted

## Context

Servers differ.

## Decision

We will ship images.

## Consequences

Builds take longer.
"""
MADR = """---
status: "superseded by ADR-0003"
date: 2020-05-06
decision-makers: ann
---
# Deploy with Ansible

## Context and Problem Statement

How do we deploy?

## Considered Options

* Ansible
* Shell scripts

## Decision Outcome

Chosen option: "Ansible", because it is declarative.

### Consequences

* Good, because it repeats.

## Pros and Cons of the Options

### Shell scripts

Bad, because nobody reads them.
"""


@pytest.fixture
async def filled(connection: Connection) -> Connection:
    await connection.execute(
        "INSERT INTO users (id, display_name, role) VALUES ('ann', 'Ann', 'owner'), ('ben', 'Ben', 'member')"
    )
    await decide(
        connection, "Use PostgreSQL", "PostgreSQL", "MySQL", topic="database", rationale="# pgvector\nis there",
        context="Where?\n## Decision Outcome\nno heading", consequences="We run it.", tags=["db", "x y"],
    )  # fmt: skip
    await decide(connection, "セッションは30分で切れる", kind="value", value="30分", topic='session "timeout"')
    await decide(connection, "Old way", topic="way", kind="rule")
    old = (await list_accepted_decisions(connection, "ann"))[-1]
    await decide(connection, "New way", topic="way", kind="rule", supersedes=[old.id])
    return connection


async def load(connection: Connection, user: str, directory: Path) -> FilesReport:
    return await import_decisions(connection, user, (await get_default_project(connection, user)).id, directory)


async def save(connection: Connection, user: str, directory: Path) -> list[str]:
    await export_decisions(connection, user, (await get_default_project(connection, user)).id, directory)
    return sorted(path.name for path in directory.iterdir())  # noqa: ASYNC240 - a few files


async def shown(connection: Connection, user: str) -> list[tuple[object, ...]]:
    rows = await connection.fetch(
        "SELECT d.number, d.title, d.kind, d.topic, d.value, d.context, d.rationale, d.consequences, d.status, d.tags, "
        "(SELECT array_agg((label, rejection_reason, id = d.chosen_option_id) ORDER BY place) FROM decision_options "
        "WHERE decision_id = d.id) AS options, (SELECT number FROM decisions WHERE id = d.superseded_by) AS by_number "
        "FROM decisions AS d WHERE user_id = $1 ORDER BY number",
        user,
    )
    return [tuple(row) for row in rows]


async def test_files_have_stable_names_and_come_back_without_duplicates(filled: Connection, tmp_path: Path) -> None:
    names = await save(filled, "ann", tmp_path)
    assert names == ["0001-use-postgresql.md", "0002-セッションは30分で切れる.md", "0003-old-way.md", "0004-new-way.md"]
    before = await shown(filled, "ann")
    report = await load(filled, "ann", tmp_path)
    assert (report.added, report.changed, report.known, report.left_out) == (0, 0, 4, [])
    assert await shown(filled, "ann") == before
    assert (await load(filled, "ben", tmp_path)).added == 4
    again = await load(filled, "ben", tmp_path)
    assert (again.added, again.changed, again.known) == (0, 0, 4)
    assert await shown(filled, "ben") == before


async def test_an_edited_file_changes_the_decision_and_a_new_title_renames_its_file(
    filled: Connection, tmp_path: Path
) -> None:
    await save(filled, "ann", tmp_path)
    path = tmp_path / "0001-use-postgresql.md"
    path.write_text(path.read_text().replace("# Use PostgreSQL", "# Use PostgreSQL 18"))
    assert (await load(filled, "ann", tmp_path)).changed == 1
    assert "0001-use-postgresql-18.md" in await save(filled, "ann", tmp_path)
    assert not path.exists()


async def test_foreign_files_are_imported_once_with_their_links(filled: Connection, tmp_path: Path) -> None:
    (tmp_path / "0002-deploy-with-ansible.md").write_text(MADR)
    (tmp_path / "0003-use-docker.md").write_text(NYGARD)
    (tmp_path / "README.md").write_text("# Our decisions")
    (tmp_path / "broken.md").write_bytes(b"\xff\xfe")
    report = await load(filled, "ben", tmp_path)
    assert (report.added, sorted(name for name, _ in report.left_out)) == (2, ["README.md", "broken.md"])
    assert (await load(filled, "ben", tmp_path)).known == 2
    ansible, docker = await shown(filled, "ben")
    assert ansible[0:2] == (2, "Deploy with Ansible")
    assert ansible[8:] == (
        "superseded", [], [("Ansible", None, True), ("Shell scripts", "Bad, because nobody reads them.", False)], 3,
    )  # fmt: skip
    assert ansible[6] == "it is declarative."
    assert docker[0:2] == (3, "Use Docker for deployment")
    assert docker[5:9] == ("Servers differ.", "We will ship images.", "Builds take longer.", "accepted")
    day = await filled.fetchval("SELECT decided_at::date::text FROM decisions WHERE user_id = 'ben' AND number = 3")
    assert day == "2021-02-12"


@pytest.mark.parametrize("text", ["", "no title", "## Status\n\nAccepted", "---\nstatus: x\n"])
def test_a_file_without_a_title_is_no_decision(text: str) -> None:
    assert read_document(text) is None


def test_a_choice_that_names_no_option_keeps_the_options_in_its_context() -> None:
    document = read_document("# Pick\n\n## Considered Options\n\n* A\n* B\n\n## Decision Outcome\n\nLater.\n")
    assert document is not None
    assert [option.label for option in document.options] == ["A", "B"]
    assert document.chosen is None


JAPANESE = """---
ステータス: 承認済み
日付: 2024年5月6日
tags:
  - db
  - 基盤
---
# データベースの選定

## 背景

遅い。

## 検討した選択肢

1. **PostgreSQL**
2. MySQL

## 決定

採用：「PostgreSQL」、理由は速いから。

## 影響

学習が必要。
"""
UNDERLINED = """Use structured logs
===================

Context
-------

```
## not a heading
```

## Decision Drivers

* cost

## Decision

Chosen option: structlog, because it is there.
"""
HEADINGS = """---
status: 'rejected'
---
# ADR-0009: Use NATS

## Considered Options

### NATS

Bad, because new.

### nats

### PostgreSQL
"""
ODD = {
    "0001-a.md": "# 1. Use C#\r\n\r\n* Status: accepted\r\n* Date: 2021/3/4\r\n\r\nOnly a paragraph.\r\n",
    "0001-b.md": "# 30 minutes of idle time\n\n## Status\n\nproposed\n",
    "0007-データベース.md": JAPANESE,
    "0008-logs.MD": UNDERLINED,
    "0009-queue.md": HEADINGS,
    "0010-open.md": "---\nstatus: {proposed | rejected}\n---\n# Open question\n",
    "0011-old.md": "# Old\n\n## Status\n\nSuperseded by [ADR-0007](0007-x.md)\n",
    "null.md": "# x\x00",
}


async def test_odd_files_are_imported_whole_and_only_once(filled: Connection, tmp_path: Path) -> None:
    for name, text in ODD.items():
        (tmp_path / name).write_bytes(text.encode())
    report = await load(filled, "ben", tmp_path)
    assert report.left_out == [("null.md", "the file contains a null character")]
    assert report.renumbered == [("0001-b.md", 1, 2)]
    rows = {row[1]: row for row in await shown(filled, "ben")}
    assert rows["Use C#"][5] == "Only a paragraph."
    assert rows["30 minutes of idle time"][8] == "proposed"
    japanese = rows["データベースの選定"]
    assert (japanese[5:10], japanese[10]) == (
        ("遅い。", "速いから。", "学習が必要。", "accepted", ["db", "基盤"]),
        [("PostgreSQL", None, True), ("MySQL", None, False)],
    )
    logs = rows["Use structured logs"]
    assert logs[5] == "```\n## not a heading\n```\n\n## Decision Drivers\n\n* cost"
    assert (logs[6], logs[10]) == ("it is there.", [("structlog", None, True)])
    assert (rows["Use NATS"][0], rows["Use NATS"][8]) == (9, "rejected")
    assert rows["Use NATS"][10] == [("NATS", "Bad, because new.", None), ("PostgreSQL", None, None)]
    assert rows["Open question"][8] == "proposed"
    assert (rows["Old"][8], rows["Old"][11]) == ("superseded", 7)
    days = await filled.fetch(
        "SELECT decided_at::date::text AS day FROM decisions WHERE user_id = 'ben' ORDER BY number"
    )
    assert {"2021-03-04", "2024-05-06"} <= {row["day"] for row in days}
    assert (await load(filled, "ben", tmp_path)).known == len(ODD) - 1
    written = tmp_path / "written"
    await save(filled, "ben", written)
    before = await shown(filled, "ben")
    again = await load(filled, "ben", written)
    assert (again.added, again.changed, again.known) == (0, 0, len(ODD) - 1)
    assert await shown(filled, "ben") == before


async def test_a_file_of_another_project_is_another_decision(filled: Connection, tmp_path: Path) -> None:
    other = await insert_project(filled, "ann", name="other", slug=None, description=None)
    (tmp_path / "0001-record.md").write_text("# 1. Record decisions\n\nHere.\n")
    assert (await load(filled, "ann", tmp_path)).added == 1
    (tmp_path / "0001-record.md").write_text("# 1. Record decisions\n\nThere.\n")
    there = await import_decisions(filled, "ann", other.id, tmp_path)
    assert (there.added, there.changed, there.renumbered) == (1, 0, [])
    await save(filled, "ann", tmp_path / "written")
    copied = await import_decisions(filled, "ann", other.id, tmp_path / "written")
    assert (copied.added, copied.left_out) == (5, [])
    assert (await import_decisions(filled, "ann", other.id, tmp_path / "written")).known == 5
