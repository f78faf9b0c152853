"""The viewer's own data; their time zone decides which day "yesterday" is in a search."""

from datetime import UTC, datetime

import pytest

from app.memory.search.searcher import Search
from app.memory.search.translations import Dictionary
from sql.repositories.nearest import SearchFilter
from tests.fakes.clock import FixedClock
from tests.resolvers.conftest import Api

VIEWER = "{ viewer { displayName timezone } }"
UPDATE = """
mutation($timezone: String, $name: String) {
  updateViewer(input: {timezone: $timezone, displayName: $name}) { displayName timezone }
}
"""
NOW = datetime(2026, 11, 25, 16, 0, tzinfo=UTC)  # already the 26th in Tokyo


async def test_the_time_zone_is_that_of_the_server_until_the_user_sets_one(api: Api) -> None:
    assert (await api.data(VIEWER))["viewer"]["timezone"] == "UTC"
    assert (await api.data(UPDATE, timezone="Asia/Tokyo"))["updateViewer"]["timezone"] == "Asia/Tokyo"
    changed = (await api.data(UPDATE, name=" Ann of Kyoto "))["updateViewer"]
    assert changed == {"displayName": "Ann of Kyoto", "timezone": "Asia/Tokyo"}
    assert (await api.data(VIEWER, user="bob"))["viewer"]["timezone"] == "UTC"
    for wrong in ("Mars/Base", "../etc/passwd", ""):
        assert await api.code(UPDATE, timezone=wrong) == "BAD_USER_INPUT"
    assert await api.code(UPDATE, name=" ") == "BAD_USER_INPUT"
    assert (await api.data(VIEWER))["viewer"] == changed


async def test_the_zone_of_the_device_counts_only_while_the_user_has_chosen_none(api: Api) -> None:
    update = """mutation($input: UpdateViewerInput!) { updateViewer(input: $input) { timezone chosenTimezone } }"""

    async def after(**input: object) -> tuple[str, str | None]:
        seen = (await api.data(update, input=input))["updateViewer"]
        return seen["timezone"], seen["chosenTimezone"]

    assert await after(deviceTimezone="Europe/Berlin") == ("Europe/Berlin", None)
    assert await after(timezone="Asia/Tokyo") == ("Asia/Tokyo", "Asia/Tokyo")
    assert await after(deviceTimezone="America/New_York") == ("Asia/Tokyo", "Asia/Tokyo")
    assert await after(followDevice=True) == ("America/New_York", None)
    assert await after(deviceTimezone="Asia/Seoul", displayName="Ann") == ("Asia/Seoul", None)
    assert await api.code(update, input={"deviceTimezone": "Mars/Base"}) == "BAD_USER_INPUT"


@pytest.mark.parametrize(
    ("zone", "sent", "found"),
    [(None, None, "on the 24th"), ("Asia/Tokyo", None, "on the 25th"), ("Asia/Tokyo", "UTC", "on the 24th")],
)
async def test_yesterday_is_a_day_where_the_user_is(api: Api, zone: str | None, sent: str | None, found: str) -> None:
    if zone is not None:
        await api.data(UPDATE, timezone=zone)
    await api.database.pool.execute(
        "WITH made AS (INSERT INTO conversations (user_id, title) VALUES ('ann', 't') RETURNING id) "
        "INSERT INTO messages (user_id, conversation_id, content, message_type, created_at) SELECT 'ann', id, text, "
        "'user', at::timestamptz FROM made, (VALUES ('tea on the 24th', '2026-11-24T12:00Z'), "
        "('tea on the 25th', '2026-11-25T12:00Z')) AS said (text, at)"
    )
    search = Search(api.database, api.memory.models, FixedClock(NOW), "UTC", Dictionary(None))
    hits = await search.search("ann", "tea yesterday", SearchFilter(), 10, timezone=sent)
    assert [hit.content for hit in hits] == [f"tea {found}"]
