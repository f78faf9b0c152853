"""A memory that only says what an accepted decision says is merged into the decision."""

from types import SimpleNamespace
from typing import Any

import pytest

from app.language.topics import topic_key
from app.memory.extraction.restated import restates
from sql.repositories.trash import move_to_trash, restore
from tests.decided import decide_with
from tests.memory.conftest import Memory
from tests.memory.test_extraction import extractor, kept


def decision(title: str, kind: str, topic: str, *labels: str, value: str | None = None) -> Any:
    """A decision with these options, the first of which is the chosen one."""
    options = [{"id": str(place), "label": label, "rejectionReason": None} for place, label in enumerate(labels)]
    return SimpleNamespace(
        title=title, kind=kind, topic=topic, topic_key=topic_key(topic), options=options,
        chosen_option_id="0" if labels else None, value=value, rationale=None,
    )  # fmt: skip


DATABASE = decision("DBはPostgreSQLに決めました", "choice", "データベース", "PostgreSQL", "MySQL")
BILLING = decision("Use PostgreSQL for billing", "choice", "billing database", "PostgreSQL")
TIMEOUT = decision("The session timeout is 30 minutes", "value", "session timeout", value="30 minutes")
FRIDAYS = decision("We never deploy on Fridays", "rule", "deployment")
MOBILE = decision("The mobile app is out of scope for v1", "scope", "mobile app")
SAME = [
    (DATABASE, "We use PostgreSQL."),
    (DATABASE, "We decided to use Postgres for the database, not MySQL."),
    (DATABASE, "We chose PostgreSQL over MySQL"),
    (DATABASE, "データベースはMySQLではなくPostgreSQLを使う"),
    (BILLING, "We decided to use PostgreSQL for billing."),
    (TIMEOUT, "セッションのタイムアウトは30分です"),
    (TIMEOUT, "session timeout: 1800 s"),
    (FRIDAYS, "金曜日にはデプロイしない"),
    (MOBILE, "スマホアプリは対象外"),
]
OTHER = [
    (DATABASE, "We use MySQL"),
    (DATABASE, "We decided against PostgreSQL"),
    (DATABASE, "PostgreSQLは使わない"),
    (DATABASE, "MySQL instead of PostgreSQL"),
    (DATABASE, "We use PostgreSQL and MySQL"),
    (DATABASE, "We use PostgreSQL 16"),
    (DATABASE, "We will use PostgreSQL for analytics"),
    (DATABASE, "PostgreSQL is slow on Mondays"),
    (BILLING, "We use PostgreSQL for orders"),
    (TIMEOUT, "The session timeout is 20 minutes"),
    (TIMEOUT, "The session timeout is not 30 minutes"),
    (FRIDAYS, "We deploy on Fridays"),
    (FRIDAYS, "We never deploy on Mondays"),
    (MOBILE, "The mobile app is in scope"),
    (MOBILE, "The mobile app is written in Kotlin"),
]


@pytest.mark.parametrize(("decided", "content"), SAME)
def test_a_statement_that_says_nothing_new_restates_the_decision(decided: Any, content: str) -> None:
    assert restates(content, decided)


@pytest.mark.parametrize(("decided", "content"), OTHER)
def test_a_statement_that_says_more_or_something_else_does_not(decided: Any, content: str) -> None:
    assert not restates(content, decided)


async def sources(memory: Memory) -> list[tuple[str, Any]]:
    rows = await memory.fetch("SELECT source_kind, source_id FROM decision_sources ORDER BY place")
    return [tuple(row) for row in rows]


async def test_what_restates_a_decision_becomes_its_source_and_no_memory(memory: Memory) -> None:
    await decide_with(memory.database, "Use PostgreSQL", "PostgreSQL", "MySQL", topic="database")
    (said,) = await memory.say("We use PostgreSQL. We use NATS for the job queue.")
    await extractor(memory).process_batch()
    assert await kept(memory) == ["We use NATS for the job queue."]
    assert await sources(memory) == [("message", said)]


async def test_an_older_memory_is_merged_into_a_decision_and_returns_when_that_is_deleted(memory: Memory) -> None:
    (said,) = await memory.say("We use PostgreSQL. I prefer PostgreSQL.")
    await extractor(memory).process_batch()
    await memory.index()
    assert await kept(memory) == ["We use PostgreSQL.", "I prefer PostgreSQL."]
    decided = await decide_with(memory.database, "DBはPostgreSQLにする", "PostgreSQL", topic="データベース")
    await extractor(memory).process_batch()
    assert await kept(memory) == ["I prefer PostgreSQL."]
    merged = await memory.value("SELECT id FROM memories WHERE archived")
    assert await sources(memory) == [("message", said), ("memory", merged)]
    async with memory.database.transaction() as connection:
        await move_to_trash(connection, "ann", "decision", decided, actor="ann")
    assert await kept(memory) == ["We use PostgreSQL.", "I prefer PostgreSQL."]
    async with memory.database.transaction() as connection:
        await restore(connection, "ann", decided)
    assert await kept(memory) == ["I prefer PostgreSQL."]
