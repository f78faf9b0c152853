"""The overview counts everything of one user, by the days of the reader's calendar."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from resolvers.overview import last_days
from tests.resolvers.conftest import Api

OVERVIEW = """
query($days: Int, $timezone: String, $project: ID) {
  overview(days: $days, timezone: $timezone, projectId: $project) {
    start end messages answers completedIntents failedIntents answerSeconds intentSeconds
    inputTokens cachedTokens outputTokens statuses { status count }
  }
}
"""
TOKYO = ZoneInfo("Asia/Tokyo")


async def days_of(api: Api, user: str = "ann", **variables: Any) -> list[dict[str, Any]]:
    days: list[dict[str, Any]] = (await api.data(OVERVIEW, user, **variables))["overview"]
    return days


async def say(api: Api, at: datetime, kind: str = "user", metadata: Any = None, user: str = "ann") -> None:
    await api.database.pool.execute(
        """
        WITH c AS (INSERT INTO conversations (user_id, title) VALUES ($1, 'c') RETURNING id)
        INSERT INTO messages (user_id, conversation_id, content, message_type, metadata, created_at)
        SELECT $1, c.id, 'words', $2, $3, $4 FROM c
        """,
        user,
        kind,
        metadata or {},
        at,
    )


async def work(api: Api, result: Any, *steps: tuple[str, datetime], user: str = "ann") -> None:
    """An intent whose history is these steps, the last of which is where it stands."""
    intent = await api.database.pool.fetchval(
        "INSERT INTO intents (user_id, description, actor) VALUES ($1, 'work', 'test') RETURNING id", user
    )
    async with api.database.transaction() as connection:
        await connection.execute("SET LOCAL session_replication_role = replica")  # a past that no trigger would write
        await connection.execute(
            "UPDATE intents SET status = $2, result = $3, processed_at = $4, created_at = $5 WHERE id = $1",
            intent,
            steps[-1][0],
            result,
            steps[-1][1] if steps[-1][0] in ("completed", "failed") else None,
            steps[0][1],
        )
        await connection.execute("DELETE FROM intent_transitions WHERE intent_id = $1", intent)
        before = None
        for status, at in steps:
            await connection.execute(
                "INSERT INTO intent_transitions (intent_id, user_id, from_status, to_status, actor, at) "
                "VALUES ($1, $2, $3, $4, 'test', $5)",
                intent,
                user,
                before,
                status,
                at,
            )
            before = status


def test_days_are_those_of_the_readers_calendar_whatever_their_length() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    bounds = last_days(2, berlin, datetime(2026, 10, 25, 22, 30, tzinfo=UTC))
    assert [each.isoformat() for each in bounds] == [
        "2026-10-23T22:00:00+00:00",
        "2026-10-24T22:00:00+00:00",
        "2026-10-25T23:00:00+00:00",  # the day on which summer time ends has 25 hours
    ]


async def test_messages_times_and_tokens_are_counted_on_their_day(api: Api) -> None:
    noon = datetime.now(TOKYO).replace(hour=12) - timedelta(days=2)
    usage = {"input_tokens": 10, "cache_creation_input_tokens": 5, "cache_read_input_tokens": 100, "output_tokens": 20}
    await say(api, noon)
    await say(api, noon, "kana", {"durationMs": 1000, "usage": usage})
    await say(api, noon, "kana", {"durationMs": 3000, "usage": usage})
    await say(api, noon, "kana", {"durationMs": "long", "usage": {"input_tokens": "many", "output_tokens": None}})
    await say(api, noon, "kana", {"usage": "none"})
    await say(api, noon - timedelta(days=40))
    await say(api, noon, user="bob")

    days = await days_of(api, days=7, timezone="Asia/Tokyo")
    (day,) = [each for each in days if each["start"] <= noon.astimezone(UTC).isoformat() < each["end"]]
    assert len(days) == 7
    assert sum(each["messages"] for each in days) == day["messages"] == 1
    assert day["answers"] == 4
    assert day["answerSeconds"] == 2
    assert (day["inputTokens"], day["cachedTokens"], day["outputTokens"]) == (30, 200, 40)


async def test_intents_stand_where_they_stood_when_each_day_ended(api: Api) -> None:
    noon = datetime.now(UTC).replace(hour=12) - timedelta(days=2)
    later = noon + timedelta(seconds=8)
    usage = {"usage": {"input_tokens": 7, "output_tokens": 3}}
    long_ago = noon - timedelta(days=300)
    await work(api, usage, ("pending", noon - timedelta(days=1)), ("processing", noon), ("completed", later))
    await work(api, [1], ("pending", long_ago), ("processing", long_ago), ("failed", long_ago), ("cancelled", noon))
    await work(api, None, ("pending", noon), ("processing", noon), ("failed", later), user="bob")

    days = await days_of(api, days=4)
    at = [each["start"] <= noon.isoformat() < each["end"] for each in days].index(True)
    before, day = days[at - 1], days[at]
    assert before["statuses"] == [{"status": "FAILED", "count": 1}, {"status": "PENDING", "count": 1}]
    assert day["statuses"] == [{"status": "CANCELLED", "count": 1}, {"status": "COMPLETED", "count": 1}]
    assert days[-1]["statuses"] == day["statuses"]
    assert (day["completedIntents"], day["failedIntents"], day["intentSeconds"]) == (1, 0, 8)
    assert (day["inputTokens"], day["outputTokens"]) == (7, 3)
    assert (before["completedIntents"], before["intentSeconds"]) == (0, None)


async def test_a_project_has_figures_of_its_own_and_those_of_archived_ones_count_only_there(api: Api) -> None:
    pool, now = api.database.pool, datetime.now(UTC)
    for name, archived in (("menus", None), ("old", now)):
        project = await pool.fetchval(
            "INSERT INTO projects (user_id, name, slug, archived_at) VALUES ('ann', $1, $1, $2) RETURNING id",
            name,
            archived,
        )
        await say(api, now)
        await work(api, None, ("pending", now), ("processing", now), ("failed", now))
        for table in ("conversations", "intents"):
            await pool.execute(
                f"UPDATE {table} SET project_id = $1 WHERE project_id = default_project('ann')",  # noqa: S608
                project,
            )
        for given, expected in ((str(project), 1), (None, 1)):
            day = (await days_of(api, days=1, project=given))[-1]
            found = (day["messages"], day["failedIntents"], sum(each["count"] for each in day["statuses"]))
            assert found == (expected, expected, expected)
    assert await api.code(OVERVIEW, "bob", project=str(project)) == "NOT_FOUND"


async def test_figures_that_no_model_reports_do_not_count_and_break_nothing(api: Api) -> None:
    noon = datetime.now(UTC).replace(hour=12) - timedelta(days=2)
    huge = {"input_tokens": 1e300, "cache_read_input_tokens": -5, "output_tokens": 999_999_999}
    for _ in range(3):
        await say(api, noon, "kana", {"durationMs": 1e300, "usage": huge})
    await say(api, noon, "kana", {"durationMs": 2000, "usage": {"input_tokens": 4}})
    await say(api, noon, "user", {"usage": {"input_tokens": 70}})
    await work(api, {"usage": huge}, ("pending", noon), ("processing", noon), ("completed", noon))
    days = await days_of(api, days=4)
    (day,) = [each for each in days if each["start"] <= noon.isoformat() < each["end"]]
    assert (day["inputTokens"], day["cachedTokens"], day["answerSeconds"]) == (4, 0, 2)
    assert day["outputTokens"] == 2**31 - 1


async def test_days_without_anything_are_there_too(api: Api) -> None:
    assert [(day["messages"], day["answerSeconds"], day["statuses"]) for day in await days_of(api, days=3)] == [
        (0, None, [])
    ] * 3
    assert len(await days_of(api)) == 7


@pytest.mark.parametrize("variables", [{"days": 0}, {"days": 101}, {"timezone": "Mars/Base"}, {"timezone": "../etc"}])
async def test_what_cannot_be_counted_is_refused(api: Api, variables: dict[str, Any]) -> None:
    assert await api.code(OVERVIEW, **variables) == "BAD_USER_INPUT"
