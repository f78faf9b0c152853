"""Equal subscriptions share one execution, and each client gets every event once, from its own cursor on."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.asgi import read_typed_task
from app.clock import SystemClock
from app.gate.checks import Gate
from app.identity.local_mode import LocalAccess, LocalAccounts
from app.language.text import title_of
from app.language.topics import topic_key
from app.live import shared_subscription
from app.live.ports import Access, Errors
from app.live.subscriptions import Subscriptions
from app.memory.services import open_memory
from app.models.in_use import ModelInUse
from app.settings import Settings
from app.tools.runner import ToolRunner
from app.workers.replies.context import ContextPreview
from resolvers.checks import Limits
from resolvers.context import Context
from resolvers.ports import EventFeed
from resolvers.relations import LoadedRelations
from schema.assistant import AssistantInfo
from sql.rows import UserRow
from tests.graphql.executors import make_executor
from tests.live.conftest import Live
from tests.live.test_hub import cursor_of_now
from tests.live.test_replies import TEXT, begin_reply, stream_text
from tests.timeouts import TIMEOUT

ANN, BOB = UserRow("ann", "Ann", "owner"), UserRow("bob", "Bob", "member")
ADDED = "subscription($after: String) { notificationAdded(after: $after) { cursor notification { title } } }"
OF_KINDS = "subscription($kinds: [EventKind!]) { eventAppended(kinds: $kinds) { kind } }"
WRITTEN = 120  # notifications, while clients reconnect
NEVER = "019f0000-0000-7000-8000-000000000000"


@dataclass
class RecordingSink:
    """A sink that records its responses."""

    access: Access
    payloads: list[str] = field(default_factory=list)
    cursors: list[str | None] = field(default_factory=list)
    errors: Errors | None = None
    ended: bool = False

    def put(self, cursor: str | None, payload: str) -> None:
        self.cursors.append(cursor)
        self.payloads.append(payload)

    async def wait_until_sent(self) -> None:
        pass

    def close_unauthorized(self, reason: str) -> None:
        raise AssertionError(reason)

    def end(self, errors: Errors | None) -> None:
        self.errors, self.ended = errors, True

    @property
    def titles(self) -> list[str]:
        return [json.loads(payload)["data"]["notificationAdded"]["notification"]["title"] for payload in self.payloads]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(TIMEOUT):
            while len(self.payloads) < count and not self.ended:  # noqa: ASYNC110 - the sink has no event
                await asyncio.sleep(0.01)


@dataclass
class Backend:
    """Subscriptions on the real schema; `contexts` counts the executions."""

    live: Live
    contexts: int = 0

    def __post_init__(self) -> None:
        self.executor = make_executor()
        self.memory = open_memory(self.live.database, Settings(_env_file=None, embedder="hashed"), SystemClock())
        self.subscriptions = Subscriptions(self.executor, self.live.hub, self.context_for)

    def context_for(self, access: Access, events: EventFeed | None = None) -> Context:
        self.contexts += 1
        limits = Limits(max_content_bytes=1000, max_attempts=5)
        tools = ToolRunner(self.live.database, self.memory.search, limits, SystemClock(), timezone="UTC")
        return Context(
            viewer=access.viewer,
            accounts=LocalAccounts(),
            database=self.live.database,
            events=events or self.live.hub,
            replies=self.live.replies,
            announcer=self.live.bus,
            assistant=AssistantInfo(name="Kana", model=None, offline=True),
            limits=limits,
            tools=tools,
            title_of=title_of,
            topic_key=topic_key,
            read_typed_task=read_typed_task,
            gate=Gate(),
            searcher=self.memory.search,
            previewer=ContextPreview(
                self.live.database, self.memory.assembler, SystemClock(), ModelInUse(Settings(_env_file=None))
            ),
            relations=LoadedRelations(self.live.database, access.viewer.id, self.memory.search, tools),
        )

    async def until_live(self, sink: RecordingSink) -> None:
        """Wait until the sink receives live events, or has ended."""
        async with asyncio.timeout(TIMEOUT):
            while not sink.ended and not any(  # noqa: ASYNC110 - production code needs no such event
                each._sink is sink and each._position is not None
                for shared in self.subscriptions._shared.values()
                for each in shared._subscribers
            ):
                await asyncio.sleep(0.005)

    @asynccontextmanager
    async def subscribed(
        self, document: str = ADDED, viewer: UserRow = ANN, last_seen: str | None = None, **variables: Any
    ) -> AsyncIterator[RecordingSink]:
        sink = RecordingSink(LocalAccess(viewer))
        operation = self.executor.prepare(document)
        running = asyncio.create_task(self.subscriptions.run(operation, variables, sink, last_seen))
        await self.until_live(sink)
        try:
            yield sink
        finally:
            running.cancel()
            await asyncio.wait([running])


@pytest.fixture
def backend(live: Live) -> Backend:
    return Backend(live)


async def test_subscribers_of_one_viewer_share_one_execution_and_encoding(backend: Backend) -> None:
    async with backend.subscribed() as one, backend.subscribed() as other, backend.subscribed(after=None) as third:
        before = backend.contexts
        for number in range(5):
            await backend.live.notify(f"{number}")
        for each in (one, other, third):
            await each.until(5)
            assert each.titles == ["0", "1", "2", "3", "4"]
        assert backend.contexts - before == 5
        assert all(mine is theirs for mine, theirs in zip(one.payloads, other.payloads, strict=True))
    assert not backend.subscriptions._shared


async def test_different_viewers_never_share(backend: Backend) -> None:
    async with backend.subscribed() as ann, backend.subscribed(viewer=BOB) as bob:
        assert len(backend.subscriptions._shared) == 2
        await backend.live.notify("ann's")
        await backend.live.notify("bob's", user="bob")
        await ann.until(1)
        await bob.until(1)
        await asyncio.sleep(0.1)
        assert (ann.titles, bob.titles) == (["ann's"], ["bob's"])


async def test_different_variables_or_documents_do_not_share(backend: Backend) -> None:
    async with (
        backend.subscribed(OF_KINDS, kinds=["MEMORY_CREATED"]) as none,
        backend.subscribed(OF_KINDS, kinds=["NOTIFICATION_CREATED"]) as one,
        backend.subscribed(OF_KINDS + " ") as another,
    ):
        assert len(backend.subscriptions._shared) == 3
        await backend.live.notify("x")
        await one.until(1)
        await another.until(1)
        assert none.payloads == []


@pytest.mark.parametrize("given", ["variable", "document", "last seen"])
async def test_resuming_subscriber_replays_then_shares(backend: Backend, given: str) -> None:
    cursor = await cursor_of_now(backend.live)
    await backend.live.notify_all(f"missed {number}" for number in range(250))  # more than a page
    literal = ADDED.replace("(after: $after)", f'(after: "{cursor}")').replace("($after: String)", "")
    ways: dict[str, dict[str, Any]] = {
        "variable": {"after": cursor},
        "document": {"document": literal},
        "last seen": {"last_seen": cursor, "after": None},
    }
    async with backend.subscribed() as present, backend.subscribed(**ways[given]) as returned:
        await returned.until(250)
        await asyncio.sleep(0.2)
        before = backend.contexts
        await backend.live.notify("live")
        await returned.until(251)
        await present.until(1)
        assert returned.titles == [*(f"missed {number}" for number in range(250)), "live"]
        assert present.titles == ["live"]
        assert backend.contexts - before == (2 if given == "document" else 1)


async def test_late_commit_reaches_every_subscriber_once(backend: Backend) -> None:
    """A transaction that stays open settles after transactions that commit in the meantime."""
    cursor = await cursor_of_now(backend.live)
    slow = backend.live.database.transaction()
    connection = await slow.__aenter__()
    await connection.execute(
        "SELECT append_event(id, scope_id, NULL, 'memory_created', uuidv7(), NULL, '{}') FROM users WHERE id = 'ann'"
    )
    await backend.live.notify("committed while another transaction is open")
    document = "subscription($after: String) { eventAppended(after: $after) { kind } }"
    async with backend.subscribed(document) as new, backend.subscribed(document, after=cursor) as returned:
        await backend.live.notify("live")
        await asyncio.sleep(0.2)
        assert (new.payloads, returned.payloads) == ([], [])
        await slow.__aexit__(None, None, None)
        backend.live.bus.announce("ann")
        await new.until(2)
        await returned.until(3)
        kinds = [json.loads(payload)["data"]["eventAppended"]["kind"] for payload in returned.payloads]
        assert kinds == ["MEMORY_CREATED", "NOTIFICATION_CREATED", "NOTIFICATION_CREATED"]
        # The first notification was committed before the new client subscribed.
        assert new.payloads == [returned.payloads[0], returned.payloads[2]]


async def test_reconnecting_clients_miss_and_repeat_nothing_during_writes(backend: Backend) -> None:
    cursor = await cursor_of_now(backend.live)
    chance = random.Random(3)

    async def reconnect(seen: list[str]) -> None:
        after: str | None = cursor
        while len(seen) < WRITTEN:
            async with backend.subscribed(after=after) as sink:
                await sink.until(min(chance.randint(1, WRITTEN // 5), WRITTEN - len(seen)))
            assert sink.errors is None
            seen += sink.titles
            after = sink.cursors[-1]

    seen: list[list[str]] = [[] for _ in range(4)]
    async with backend.subscribed() as staying:
        following = [asyncio.create_task(reconnect(titles)) for titles in seen]
        for number in range(WRITTEN):
            await backend.live.notify(f"{number}")
        await asyncio.gather(*following)
        await staying.until(WRITTEN)
    assert all(titles == [f"{number}" for number in range(WRITTEN)] for titles in (*seen, staying.titles))
    assert not backend.subscriptions._shared


async def test_overflow_of_held_back_responses_is_replayed(backend: Backend, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shared_subscription, "MAX_HELD_BACK", 3)
    cursor = await cursor_of_now(backend.live)
    await backend.live.notify_all(f"{number}" for number in range(400))
    async with backend.subscribed() as present, backend.subscribed(after=cursor) as returned:
        for number in range(400, 450):
            await backend.live.notify(f"{number}")
        await returned.until(450)
        await present.until(50)
        assert returned.titles == [f"{number}" for number in range(450)]


@pytest.mark.parametrize(
    ("document", "variables", "code"),
    [
        (ADDED, {"after": "nonsense"}, "BAD_USER_INPUT"),
        (ADDED, {"after": 7}, "BAD_USER_INPUT"),
        (f'subscription {{ messageChanged(conversationId: "{NEVER}") {{ kind }} }}', {}, "NOT_FOUND"),
        (
            "subscription($kinds: [EventKind!]) { eventAppended(kinds: $kinds) { kind } }",
            {"kinds": ["X"]},
            "BAD_USER_INPUT",
        ),
    ],
)
async def test_refused_subscription_does_not_affect_others(
    backend: Backend, document: str, variables: dict[str, Any], code: str
) -> None:
    async with backend.subscribed() as present, backend.subscribed(document, **variables) as refused:
        await refused.until(1)
        assert refused.errors is not None
        assert refused.errors[0]["extensions"]["code"] == code
        await backend.live.notify("x")
        await present.until(1)
        assert present.titles == ["x"]


async def test_expired_cursor_fails_only_its_own_client(backend: Backend) -> None:
    cursor = await cursor_of_now(backend.live)
    await backend.live.notify("trimmed")
    await backend.live.database.pool.execute(
        "UPDATE event_stream SET (trimmed_xid, trimmed_id) = "
        "(SELECT xid, id FROM events ORDER BY xid DESC, id DESC LIMIT 1)"
    )
    async with backend.subscribed() as present, backend.subscribed(after=cursor) as late:
        await late.until(1)
        assert late.errors is not None
        assert late.errors[0]["extensions"]["code"] == "CURSOR_EXPIRED"
        assert not present.ended


async def test_equal_reply_subscriptions_share_one_execution(backend: Backend) -> None:
    reply = await begin_reply(backend.live)
    document = (
        f'subscription($from: Int) {{ replyStreamed(messageId: "{reply}", fromOffset: $from) {{ offset text }} }}'
    )

    def follow(viewer: UserRow, offset: int) -> tuple[RecordingSink, "asyncio.Task[None]"]:
        sink = RecordingSink(LocalAccess(viewer))
        running = backend.subscriptions.run(backend.executor.prepare(document), {"from": offset}, sink)
        return sink, asyncio.create_task(running)

    (early, first), (leaving, second), (other, third) = follow(ANN, 0), follow(ANN, 0), follow(BOB, 0)
    await third
    assert other.errors is not None
    assert other.errors[0]["extensions"]["code"] == "NOT_FOUND"
    await early.until(1)
    writing = asyncio.create_task(stream_text(backend.live, reply))
    await leaving.until(5)
    second.cancel()
    (late, fourth), (partial, fifth) = follow(ANN, 0), follow(ANN, 3)
    async with asyncio.timeout(TIMEOUT):
        await asyncio.gather(writing, first, fourth, fifth)
    assert text_of(early) == text_of(late) == TEXT
    assert text_of(partial, TEXT[:3]) == TEXT
    assert all(mine is theirs for mine, theirs in zip(early.payloads, late.payloads, strict=True))
    assert all(mine is theirs for mine, theirs in zip(early.payloads, leaving.payloads, strict=False))
    assert early.ended
    assert late.ended
    assert not backend.subscriptions._finite


def text_of(sink: RecordingSink, text: str = "") -> str:
    """The text of a client that had `text` before these payloads."""
    for payload in sink.payloads:
        piece = json.loads(payload)["data"]["replyStreamed"]
        assert piece["offset"] <= len(text), "a gap"
        text = text[: piece["offset"]] + piece["text"]
    return text
