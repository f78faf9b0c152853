"""GraphQL over server-sent events: the graphql-sse protocol, its reference client, and Last-Event-ID."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from structlog.testing import capture_logs

from tests.live.backend import Served, open_served
from tests.node_scripts import run_node
from tests.timeouts import TIMEOUT

ADDED = "subscription($after: String) { notificationAdded(after: $after) { cursor notification { title } } }"
STREAM = {"accept": "text/event-stream"}


@pytest.fixture
async def served(database_url: str) -> AsyncIterator[Served]:
    async with open_served(database_url) as opened:
        yield opened


class Events:
    """Reads an open stream event by event."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.aiter_lines()

    async def next(self) -> dict[str, str]:
        """The fields of the next event; empty when the stream has ended."""
        event: dict[str, str] = {}
        async with asyncio.timeout(TIMEOUT):
            async for line in self._lines:
                if line.startswith(":"):
                    continue
                if not line and event:
                    return event
                if line:
                    name, _, value = line.partition(":")
                    event[name] = value.removeprefix(" ")
        return event

    async def title(self) -> str:
        data = json.loads((await self.next())["data"])["data"]
        title: str = data["notificationAdded"]["notification"]["title"]
        return title


@asynccontextmanager
async def streaming(
    served: Served, query: str = ADDED, method: str = "POST", headers: dict[str, str] | None = None, **variables: Any
) -> AsyncIterator[Events]:
    body: dict[str, Any] = {"query": query, "variables": variables}
    in_query = {**body, "variables": json.dumps(variables)}
    sent: dict[str, Any] = {"params": in_query} if method == "GET" else {"json": body}
    async with served.http.stream(method, "/graphql", headers={**STREAM, **(headers or {})}, **sent) as response:
        yield Events(response)


async def test_event_id_is_the_cursor(served: Served) -> None:
    async with streaming(served, after=await served.latest_cursor()) as events:
        assert events.response.headers["content-type"] == "text/event-stream; charset=utf-8"
        await served.notify("設計 one\nline")
        event = await events.next()
        added = json.loads(event["data"])["data"]["notificationAdded"]
        assert event["event"] == "next"
        assert event["id"] == added["cursor"]
        assert added["notification"]["title"] == "設計 one\nline"


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_reconnecting_with_last_event_id_delivers_missed_events(served: Served, method: str) -> None:
    async with streaming(served, method=method, after=await served.latest_cursor()) as events:
        await served.notify("seen")
        last = (await events.next())["id"]
    for number in range(3):
        await served.notify(f"missed {number}")
    async with streaming(served, method=method, headers={"last-event-id": last}) as events:
        assert [await events.title() for _ in range(3)] == ["missed 0", "missed 1", "missed 2"]
        await served.notify("live")
        assert await events.title() == "live"


async def test_last_event_id_overrides_the_cursor_argument(served: Served) -> None:
    async with streaming(served, after=await served.latest_cursor()) as events:
        for number in range(3):
            await served.notify(f"{number}")
        first, second, _ = [(await events.next())["id"] for _ in range(3)]
    async with streaming(served, headers={"last-event-id": second}, after=first) as events:
        assert await events.title() == "2"


async def test_cost_is_in_the_first_event_only(served: Served) -> None:
    asked = {"query": ADDED, "extensions": {"cost": True}}
    async with served.http.stream("POST", "/graphql", headers=STREAM, json=asked) as response:
        events = Events(response)
        coming = asyncio.create_task(events.next())
        while not coming.done():  # nobody says when the stream has begun to follow
            await served.notify("again")
            await asyncio.wait([coming], timeout=0.1)
        await served.notify("once more")
        first, second = [json.loads(event["data"]) for event in (await coming, await events.next())]
        assert first["extensions"]["cost"]["allowed"] == 10_000
        assert first["extensions"]["cost"]["requested"] > 0
        assert first["data"]["notificationAdded"]["notification"]["title"] == "again"
        assert set(second) == {"data"}


async def test_queries_and_mutations_are_one_result_and_the_end(served: Served) -> None:
    async with streaming(served, "{ viewer { role } }") as events:
        assert await events.next() == {"event": "next", "data": '{"data":{"viewer":{"role":"OWNER"}}}'}
        assert await events.next() == {"event": "complete", "data": ""}
        assert await events.next() == {}


@pytest.mark.parametrize(
    ("query", "variables", "code"),
    [
        ("{", {}, "BAD_USER_INPUT"),
        ("subscription { nope }", {}, "BAD_USER_INPUT"),
        (ADDED, {"after": "nonsense"}, "BAD_USER_INPUT"),
        (ADDED, {"after": 7}, "BAD_USER_INPUT"),
        ('subscription { messageChanged(conversationId: "x") { kind } }', {}, "NOT_FOUND"),
        ('subscription { replyStreamed(messageId: "x") { text } }', {}, "NOT_FOUND"),
    ],
)
async def test_refused_operation_is_reported_in_an_event(
    served: Served, query: str, variables: dict[str, Any], code: str
) -> None:
    async with streaming(served, query, **variables) as events:
        assert events.response.status_code == 200
        assert json.loads((await events.next())["data"])["errors"][0]["extensions"]["code"] == code
        assert (await events.next())["event"] == "complete"


@pytest.mark.parametrize(
    "query",
    [
        "{ notifications { edges { node { title } } } }",
        "subscription { notificationAdded { cursor notification { title } } }",
    ],
)
async def test_unexpected_resolver_failure_is_masked_with_an_error_id(served: Served, query: str) -> None:
    await served.services.database.pool.execute("ALTER TABLE notifications RENAME COLUMN is_read TO seen_already")
    with capture_logs() as logged:
        async with streaming(served, query) as events:
            coming = asyncio.create_task(events.next())
            while not coming.done():  # there is no signal that the subscription is live
                await served.notify("again")
                await asyncio.wait([coming], timeout=0.1)
            data = (await coming)["data"]
    [error] = json.loads(data)["errors"]
    error_id = error["extensions"]["errorId"]
    expected = {"code": "INTERNAL", "key": "server.unexpected", "params": {"error_id": error_id}, "errorId": error_id}
    assert error["extensions"] == expected
    [failed, *_] = [line for line in logged if line.get("error_id") == error_id]
    assert "is_read" in str(failed["exc_info"])
    assert not [hint for hint in ("is_read", "does not exist", "SELECT", "asyncpg", "Traceback", ".py") if hint in data]


async def test_mutation_by_get_is_refused(served: Served) -> None:
    async with streaming(served, "mutation { markNotificationsRead }", "GET") as events:
        assert events.response.status_code == 405
        [error] = json.loads(await events.response.aread())["errors"]
        assert error["extensions"]["key"] == "request.post_required"


@pytest.mark.parametrize("body", ["[]", "nonsense", '{"query": 1}', "{}"])
async def test_malformed_request_is_refused_with_400(served: Served, body: str) -> None:
    response = await served.http.post("/graphql", content=body, headers={**STREAM, "content-type": "application/json"})
    assert response.status_code == 400
    assert response.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


async def test_client_that_accepts_both_gets_json_for_queries_and_streams_for_subscriptions(
    served: Served,
) -> None:
    both = {"accept": "application/graphql-response+json, application/json, text/event-stream"}
    response = await served.http.post("/graphql", json={"query": "{ viewer { role } }"}, headers=both)
    assert response.headers["content-type"].startswith("application/")
    async with streaming(served, headers=both, after=await served.latest_cursor()) as events:
        await served.notify("streamed")
        assert await events.title() == "streamed"


async def test_connections_over_the_limit_are_refused(database_url: str) -> None:
    async with (
        open_served(database_url, live_max_connections=1) as served,
        streaming(served),
        streaming(served) as refused,
    ):
        assert refused.response.status_code == 503
        [error] = json.loads(await refused.response.aread())["errors"]
        assert error["extensions"] == {"code": "UNAVAILABLE", "key": "live.too_many_connections", "params": {}}


async def test_disconnecting_frees_the_stream(served: Served) -> None:
    before = len(asyncio.all_tasks())
    for _ in range(5):
        async with streaming(served):
            await asyncio.sleep(0.05)
    async with asyncio.timeout(TIMEOUT):
        while len(asyncio.all_tasks()) > before:  # noqa: ASYNC110 - the server ends them asynchronously
            await asyncio.sleep(0.02)


@pytest.mark.node
async def test_reference_client_subscribes_resumes_and_ends(served: Served) -> None:
    url = f"{served.address}/graphql"

    async def follow(count: int, **variables: Any) -> list[dict[str, Any]]:
        printed = await run_node("sse_subscribe.mjs", url, ADDED, json.dumps(variables), str(count))
        return [json.loads(line) for line in printed.splitlines()][1:]

    following = asyncio.create_task(follow(2))
    await asyncio.sleep(2.0)
    for number in range(4):
        await served.notify(f"{number}")
    *seen, end = await following
    added = [result["data"]["notificationAdded"] for result in seen]
    assert [each["notification"]["title"] for each in added] == ["0", "1"]
    assert end == {"ended": False}
    *rest, _ = await follow(2, after=added[-1]["cursor"])
    assert [result["data"]["notificationAdded"]["notification"]["title"] for result in rest] == ["2", "3"]
    refused, end = await follow(1, after="nonsense")
    assert refused["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"


@pytest.mark.node
async def test_reference_client_gets_queries_and_errors(served: Served) -> None:
    url = f"{served.address}/graphql"
    printed = await run_node("sse_subscribe.mjs", url, "{ viewer { role } }", "{}", "5")
    lines = [json.loads(line) for line in printed.splitlines()]
    assert lines[1:] == [{"data": {"viewer": {"role": "OWNER"}}}, {"ended": True}]
    printed = await run_node("sse_subscribe.mjs", url, "{ nope }", "{}", "5")
    lines = [json.loads(line) for line in printed.splitlines()]
    assert lines[1]["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert lines[2] == {"ended": True}
