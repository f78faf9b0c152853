"""Connections: keyset cursors, page sizes, and lists that change while one pages through them."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.resolvers.conftest import Api

LISTS = {
    "conversations": "conversations(first: $first, after: $after)",
    "messages": "messages(first: $first, after: $after)",
    "newest intents": "intents(first: $first, after: $after)",
    "oldest intents": "intents(first: $first, after: $after, orderBy: OLDEST)",
    "intents by priority": "intents(first: $first, after: $after, orderBy: PRIORITY)",
    "notifications": "notifications(first: $first, after: $after)",
}


def query_of(field: str) -> str:
    return (
        f"query($first: Int, $after: String) {{ page: {field} {{ edges {{ cursor node {{ id }} }} "
        "pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }"
    )


async def fill(api: Api, rows: int) -> None:
    pool = api.database.pool
    for number in range(rows):
        conversation = await pool.fetchval(
            "INSERT INTO conversations (user_id, title, updated_at) "
            "VALUES ('ann', $1, now() + $2 * interval '1 second') RETURNING id",
            f"number {number}",
            number % 3,
        )
        await pool.execute(
            "INSERT INTO messages (user_id, conversation_id, content, message_type) VALUES ('ann', $1, 'x', 'user')",
            conversation,
        )
        await pool.execute(
            "INSERT INTO intents (user_id, description, priority, actor) VALUES ('ann', 'x', $1, 'ann')", number % 4
        )
        await pool.execute(
            "INSERT INTO notifications (user_id, title, message, notification_type) VALUES ('ann', 't', 'm', 'info')"
        )


async def read_all(api: Api, field: str, size: int) -> list[str]:
    seen: list[str] = []
    after: str | None = None
    while True:
        page: dict[str, Any] = (await api.data(query_of(field), first=size, after=after))["page"]
        assert len(page["edges"]) <= size
        seen += [edge["node"]["id"] for edge in page["edges"]]
        assert page["pageInfo"]["hasPreviousPage"] == (after is not None)
        if not page["pageInfo"]["hasNextPage"]:
            return seen
        after = page["pageInfo"]["endCursor"]


@pytest.mark.parametrize("field", LISTS.values(), ids=LISTS.keys())
async def test_pages_of_any_size_add_up_to_the_whole_list(api: Api, field: str) -> None:
    await fill(api, 23)
    whole = [edge["node"]["id"] for edge in (await api.data(query_of(field), first=100))["page"]["edges"]]
    assert len(set(whole)) == 23
    for size in (1, 7, 22, 23, 24):
        assert await read_all(api, field, size) == whole


async def test_the_default_page_has_twenty_rows(api: Api) -> None:
    await fill(api, 21)
    page = (await api.data(query_of(LISTS["messages"])))["page"]
    assert len(page["edges"]) == 20
    assert page["pageInfo"]["hasNextPage"]


async def test_messages_page_backwards_from_the_end(api: Api) -> None:
    await fill(api, 12)
    query = """query($last: Int, $before: String) { messages(last: $last, before: $before) {
        edges { node { id } } pageInfo { hasNextPage hasPreviousPage startCursor } } }"""
    whole = [edge["node"]["id"] for edge in (await api.data(query_of(LISTS["messages"])))["page"]["edges"]]
    first = (await api.data(query, last=5))["messages"]
    assert [edge["node"]["id"] for edge in first["edges"]] == whole[-5:]
    assert first["pageInfo"]["hasPreviousPage"]
    assert not first["pageInfo"]["hasNextPage"]
    second = (await api.data(query, last=50, before=first["pageInfo"]["startCursor"]))["messages"]
    assert [edge["node"]["id"] for edge in second["edges"]] == whole[:-5]
    assert not second["pageInfo"]["hasPreviousPage"]
    assert second["pageInfo"]["hasNextPage"]


@pytest.mark.parametrize(
    "arguments", ["first: 0", "first: 101", "first: -1", "last: 0", "last: 101", "first: 1, last: 1"]
)
async def test_a_page_size_out_of_range_is_refused(api: Api, arguments: str) -> None:
    assert await api.code(f"{{ messages({arguments}) {{ edges {{ cursor }} }} }}") == "BAD_USER_INPUT"


@pytest.mark.parametrize("field", LISTS.values(), ids=LISTS.keys())
@pytest.mark.parametrize(
    "cursor", ["", "garbage", "é", "AAAA", "aW52YWxpZA", "💥", "a" * 5000, "dH9_f39_f39_f39_f39_f39_f39_f39_f38"]
)
async def test_a_cursor_of_garbage_is_bad_input_without_internals(api: Api, field: str, cursor: str) -> None:
    response = await api(query_of(field), after=cursor)
    [error] = response["errors"]
    assert error["extensions"] == {"code": "BAD_USER_INPUT", "key": "cursor.not_of_list", "params": {}}


async def test_a_cursor_of_another_list_is_refused(api: Api) -> None:
    await fill(api, 2)
    cursor = (await api.data(query_of(LISTS["conversations"])))["page"]["pageInfo"]["endCursor"]
    assert await api.code(query_of(LISTS["messages"]), after=cursor) == "BAD_USER_INPUT"


CHANGING = {
    "conversations": ("conversations", "INSERT INTO conversations (user_id, title) VALUES ('ann', 't')"),
    "messages": (
        "messages",
        "WITH c AS (INSERT INTO conversations (user_id, title) VALUES ('ann', 't') RETURNING id) INSERT INTO messages "
        "(user_id, conversation_id, content, message_type) SELECT 'ann', id, 'x', 'user' FROM c",
    ),
    **dict.fromkeys(
        ("newest intents", "oldest intents", "intents by priority"),
        (
            "intents",
            "INSERT INTO intents (user_id, description, priority, actor) VALUES ('ann', 'x', random() * 10, 'ann')",
        ),
    ),
    "notifications": (
        "notifications",
        "INSERT INTO notifications (user_id, title, message, notification_type) VALUES ('ann', 't', 'm', 'info')",
    ),
}


@pytest.mark.parametrize("name", LISTS)
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
async def test_rows_that_stay_are_seen_once_while_others_come_and_go(api: Api, name: str, data: st.DataObject) -> None:
    pool, (table, insert) = api.database.pool, CHANGING[name]
    await pool.execute("TRUNCATE intents, notifications, messages, conversations CASCADE")
    rows = [await pool.fetchval(f"{insert} RETURNING id") for _ in range(data.draw(st.integers(1, 18)))]
    doomed = data.draw(st.lists(st.sampled_from(rows), unique=True, max_size=6))
    kept = {str(row) for row in rows if row not in doomed}
    seen: list[str] = []
    after: str | None = None
    more = True
    while more:
        page: dict[str, Any] = (await api.data(query_of(LISTS[name]), first=data.draw(st.integers(1, 4)), after=after))[
            "page"
        ]
        seen += [edge["node"]["id"] for edge in page["edges"]]
        after, more = page["pageInfo"]["endCursor"], page["pageInfo"]["hasNextPage"]
        if len(seen) < 60 and data.draw(st.booleans()):
            await pool.execute(insert)
        if data.draw(st.booleans()) and doomed:
            await pool.execute(f"DELETE FROM {table} WHERE id = $1", doomed.pop())  # noqa: S608 - a name of ours
    assert len(seen) == len(set(seen))
    assert kept <= set(seen)
