"""What asks the same is executed once; still each client sees every event once, from its own cursor on."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from app.clock import SystemClock
from app.identity.local_mode import LocalAccess, LocalAccounts
from app.live import shared_subscription
from app.live.ports import Access, Errors
from app.live.subscriptions import Subscriptions
from app.memory.services import open_memory
from app.settings import Settings
from app.workers.context_preview import ContextPreview
from resolvers.context import Context, Limits
from resolvers.ports import EventFeed
from resolvers.relations import LoadedRelations
from schema.assistant import AssistantInfo
from sql.rows import UserRow
from tests.graphql.executors import make_executor
from tests.live.conftest import Live
from tests.live.test_hub import cursor_of_now
from tests.live.test_replies import TEXT, begin_reply, write_it
from tests.timeouts import TIMEOUT

ANN, BOB = UserRow("ann", "Ann", "owner"), UserRow("bob", "Bob", "member")
ADDED = "subscription($after: String) { notificationAdded(after: $after) { cursor notification { title } } }"
OF_KINDS = "subscription($kinds: [EventKind!]) { eventAppended(kinds: $kinds) { kind } }"
NEVER = "019f0000-0000-7000-8000-000000000000"


@dataclass
class Kept:
    """A sink that keeps what it gets."""

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
            while len(self.payloads) < count and not self.ended:  # noqa: ASYNC110 - it is told by calls
                await asyncio.sleep(0.01)


@dataclass
class Room:
    """Subscriptions over the real schema; `contexts` counts the executions."""

    live: Live
    contexts: int = 0

    def __post_init__(self) -> None:
        self.executor = make_executor()
        self.memory = open_memory(self.live.database, Settings(_env_file=None, embedder="hashed"), SystemClock())
        self.subscriptions = Subscriptions(self.executor, self.live.hub, self.context_for)

    def context_for(self, access: Access, events: EventFeed | None = None) -> Context:
        self.contexts += 1
        return Context(
            viewer=access.viewer,
            accounts=LocalAccounts(),
            database=self.live.database,
            events=events or self.live.hub,
            replies=self.live.replies,
            announcer=self.live.bus,
            assistant=AssistantInfo(name="Kana", model=None, offline=True),
            limits=Limits(max_content_bytes=1000, max_attempts=5),
            searcher=self.memory.search,
            previewer=ContextPreview(self.live.database, self.memory.assembler, SystemClock()),
            relations=LoadedRelations(self.live.database, access.viewer.id, self.memory.search),
        )

    async def until_live(self, sink: Kept) -> None:
        """Until the sink gets whatever is committed from now on, or has been refused."""
        async with asyncio.timeout(TIMEOUT):
            while not sink.ended and not any(  # noqa: ASYNC110 - nobody else has to know
                each._sink is sink and each._position is not None
                for stream in self.subscriptions._shared.values()
                for each in stream._subscribers
            ):
                await asyncio.sleep(0.005)

    @asynccontextmanager
    async def subscribed(
        self, document: str = ADDED, viewer: UserRow = ANN, last_seen: str | None = None, **variables: Any
    ) -> AsyncIterator[Kept]:
        kept = Kept(LocalAccess(viewer))
        operation = self.executor.prepare(document)
        running = asyncio.create_task(self.subscriptions.run(operation, variables, kept, last_seen))
        await self.until_live(kept)
        try:
            yield kept
        finally:
            running.cancel()
            await asyncio.wait([running])


@pytest.fixture
def room(live: Live) -> Room:
    return Room(live)


async def test_subscribers_of_one_viewer_share_one_execution_and_its_bytes(room: Room) -> None:
    async with room.subscribed() as one, room.subscribed() as other, room.subscribed(after=None) as third:
        begun = room.contexts
        for number in range(5):
            await room.live.notify(f"{number}")
        for each in (one, other, third):
            await each.until(5)
            assert each.titles == ["0", "1", "2", "3", "4"]
        assert room.contexts - begun == 5
        assert all(mine is theirs for mine, theirs in zip(one.payloads, other.payloads, strict=True))
    assert not room.subscriptions._shared


async def test_different_viewers_never_share(room: Room) -> None:
    async with room.subscribed() as ann, room.subscribed(viewer=BOB) as bob:
        assert len(room.subscriptions._shared) == 2
        await room.live.notify("ann's")
        await room.live.notify("bob's", user="bob")
        await ann.until(1)
        await bob.until(1)
        await asyncio.sleep(0.1)
        assert (ann.titles, bob.titles) == (["ann's"], ["bob's"])


async def test_other_variables_and_other_documents_do_not_share(room: Room) -> None:
    async with (
        room.subscribed(OF_KINDS, kinds=["MEMORY_CREATED"]) as none,
        room.subscribed(OF_KINDS, kinds=["NOTIFICATION_CREATED"]) as one,
        room.subscribed(OF_KINDS + " ") as another,
    ):
        assert len(room.subscriptions._shared) == 3
        await room.live.notify("x")
        await one.until(1)
        await another.until(1)
        assert none.payloads == []


@pytest.mark.parametrize("given", ["variable", "document", "last seen"])
async def test_who_returns_gets_what_was_missed_and_then_shares_with_the_others(room: Room, given: str) -> None:
    cursor = await cursor_of_now(room.live)
    for number in range(250):  # more than a page
        await room.live.notify(f"missed {number}")
    literal = ADDED.replace("(after: $after)", f'(after: "{cursor}")').replace("($after: String)", "")
    ways: dict[str, dict[str, Any]] = {
        "variable": {"after": cursor},
        "document": {"document": literal},
        "last seen": {"last_seen": cursor, "after": None},
    }
    async with room.subscribed() as present, room.subscribed(**ways[given]) as returned:
        await returned.until(250)
        await asyncio.sleep(0.2)
        begun = room.contexts
        await room.live.notify("live")
        await returned.until(251)
        await present.until(1)
        assert returned.titles == [*(f"missed {number}" for number in range(250)), "live"]
        assert present.titles == ["live"]
        assert room.contexts - begun == (2 if given == "document" else 1)


async def test_what_is_committed_late_reaches_everybody_once_whenever_they_came(room: Room) -> None:
    """A transaction that is open while clients come and go settles behind what commits meanwhile."""
    cursor = await cursor_of_now(room.live)
    slow = room.live.database.transaction()
    connection = await slow.__aenter__()
    await connection.execute("SELECT append_event('ann', 'memory_created', uuidv7(), NULL, '{}')")
    await room.live.notify("committed behind an open transaction")
    document = "subscription($after: String) { eventAppended(after: $after) { kind } }"
    async with room.subscribed(document) as new, room.subscribed(document, after=cursor) as returned:
        await room.live.notify("live")
        await asyncio.sleep(0.2)
        assert (new.payloads, returned.payloads) == ([], [])
        await slow.__aexit__(None, None, None)
        room.live.bus.announce("ann")
        await new.until(2)
        await returned.until(3)
        kinds = [json.loads(payload)["data"]["eventAppended"]["kind"] for payload in returned.payloads]
        assert kinds == ["MEMORY_CREATED", "NOTIFICATION_CREATED", "NOTIFICATION_CREATED"]
        # The first notification was committed before the new client came.
        assert new.payloads == [returned.payloads[0], returned.payloads[2]]


async def test_clients_that_come_and_go_while_others_write_miss_and_repeat_nothing(room: Room) -> None:
    cursor = await cursor_of_now(room.live)
    chance = random.Random(3)

    async def come_and_go(seen: list[str]) -> None:
        after: str | None = cursor
        while len(seen) < 300:
            async with room.subscribed(after=after) as kept:
                await kept.until(min(chance.randint(1, 60), 300 - len(seen)))
            assert kept.errors is None
            seen += kept.titles
            after = kept.cursors[-1]

    seen: list[list[str]] = [[] for _ in range(4)]
    async with room.subscribed() as staying:
        following = [asyncio.create_task(come_and_go(titles)) for titles in seen]
        for number in range(300):
            await room.live.notify(f"{number}")
        await asyncio.gather(*following)
        await staying.until(300)
    assert all(titles == [f"{number}" for number in range(300)] for titles in (*seen, staying.titles))
    assert not room.subscriptions._shared


async def test_more_than_is_kept_back_for_a_client_that_catches_up_is_read_again(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shared_subscription, "MAX_HELD_BACK", 3)
    cursor = await cursor_of_now(room.live)
    for number in range(400):
        await room.live.notify(f"{number}")
    async with room.subscribed() as present, room.subscribed(after=cursor) as returned:
        for number in range(400, 450):
            await room.live.notify(f"{number}")
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
async def test_what_cannot_be_followed_says_why_and_leaves_the_others_alone(
    room: Room, document: str, variables: dict[str, Any], code: str
) -> None:
    async with room.subscribed() as present, room.subscribed(document, **variables) as refused:
        await refused.until(1)
        assert refused.errors is not None
        assert refused.errors[0]["extensions"]["code"] == code
        await room.live.notify("x")
        await present.until(1)
        assert present.titles == ["x"]


async def test_an_expired_cursor_is_told_to_its_client_alone(room: Room) -> None:
    cursor = await cursor_of_now(room.live)
    await room.live.notify("trimmed")
    await room.live.database.pool.execute(
        "UPDATE event_stream SET (trimmed_xid, trimmed_id) = "
        "(SELECT xid, id FROM events ORDER BY xid DESC, id DESC LIMIT 1)"
    )
    async with room.subscribed() as present, room.subscribed(after=cursor) as late:
        await late.until(1)
        assert late.errors is not None
        assert late.errors[0]["extensions"]["code"] == "CURSOR_EXPIRED"
        assert not present.ended


async def test_a_reply_is_executed_once_for_all_who_follow_it_alike(room: Room) -> None:
    reply = await begin_reply(room.live)
    document = (
        f'subscription($from: Int) {{ replyStreamed(messageId: "{reply}", fromOffset: $from) {{ offset text }} }}'
    )

    def follow(viewer: UserRow, offset: int) -> tuple[Kept, "asyncio.Task[None]"]:
        kept = Kept(LocalAccess(viewer))
        running = room.subscriptions.run(room.executor.prepare(document), {"from": offset}, kept)
        return kept, asyncio.create_task(running)

    (early, first), (leaving, second), (other, third) = follow(ANN, 0), follow(ANN, 0), follow(BOB, 0)
    await third
    assert other.errors is not None
    assert other.errors[0]["extensions"]["code"] == "NOT_FOUND"
    await early.until(1)
    writing = asyncio.create_task(write_it(room.live, reply))
    await leaving.until(5)
    second.cancel()
    (late, fourth), (elsewhere, fifth) = follow(ANN, 0), follow(ANN, 3)
    async with asyncio.timeout(TIMEOUT):
        await asyncio.gather(writing, first, fourth, fifth)
    assert held(early) == held(late) == TEXT
    assert held(elsewhere, TEXT[:3]) == TEXT
    assert all(mine is theirs for mine, theirs in zip(early.payloads, late.payloads, strict=True))
    assert all(mine is theirs for mine, theirs in zip(early.payloads, leaving.payloads, strict=False))
    assert early.ended
    assert late.ended
    assert not room.subscriptions._finite


def held(kept: Kept, text: str = "") -> str:
    """What a client holds that held `text` before these payloads."""
    for payload in kept.payloads:
        piece = json.loads(payload)["data"]["replyStreamed"]
        assert piece["offset"] <= len(text), "a gap"
        text = text[: piece["offset"]] + piece["text"]
    return text
