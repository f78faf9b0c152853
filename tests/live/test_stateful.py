"""Hypothesis searches for an order of commits, rollbacks and reconnects in which a client gets wrong events."""

import asyncio
import json
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

import asyncpg
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from app.database.embedded import EmbeddedDatabase
from app.identity.local_mode import LocalAccess
from sql.rows import UserRow
from tests.conftest import TEMPLATE, create_database, drop_database
from tests.live.conftest import open_live
from tests.live.test_sharing import Backend, RecordingSink
from tests.timeouts import TIMEOUT

DOCUMENT = "subscription($after: String) { eventAppended(after: $after) { cursor payload } }"
UNSETTLED = """
SELECT (payload->>'n')::int AS n FROM events WHERE user_id = $1 AND xid >= pg_snapshot_xmin(pg_current_snapshot())
"""
SLOTS = st.integers(0, 2)


@dataclass
class Following:
    """One client and all its connections. `before` was committed when it subscribed without a cursor.

    Of those events, the unsettled ones come after its first cursor, so it gets them when it resumes from there.
    """

    before: set[int]
    unsettled: set[int] = field(default_factory=set)
    sinks: list[RecordingSink] = field(default_factory=list)
    running: asyncio.Task[None] | None = None

    @property
    def cursor(self) -> str | None:
        cursors = [cursor for sink in self.sinks for cursor in sink.cursors]
        return cursors[-1] if cursors else None

    @property
    def seen(self) -> list[int]:
        payloads = [payload for sink in self.sinks for payload in sink.payloads]
        return [json.loads(payload)["data"]["eventAppended"]["payload"]["n"] for payload in payloads]


class LiveMachine(RuleBasedStateMachine):
    """Transactions in slots commit in any order, while clients subscribe, disconnect and resume."""

    url: str
    runner: asyncio.Runner

    def __init__(self) -> None:
        super().__init__()
        self.user = uuid4().hex
        self.open: dict[int, tuple[Any, Any]] = {}
        self.written: dict[int, list[int]] = {}
        self.committed: set[int] = set()
        self.count = 0
        self.clients: list[Following] = []
        self._run(self._set_up())

    def _run(self, coroutine: Any) -> Any:
        return self.runner.run(coroutine)

    async def _set_up(self) -> None:
        self.stack = open_live(self.url, poll_seconds=0.05)
        self.backend = Backend(await self.stack.__aenter__())
        self.access = LocalAccess(UserRow(self.user, "x", "owner"))
        pool = self.backend.live.database.pool
        await pool.execute("INSERT INTO users VALUES ($1, 'x', 'member')", self.user)
        await pool.execute("DELETE FROM events WHERE user_id = $1", self.user)  # of the default project

    @rule(slot=SLOTS)
    def write(self, slot: int) -> None:
        """Begin a transaction, or write more in it."""
        self._run(self._write(slot))

    async def _write(self, slot: int) -> None:
        if slot not in self.open:
            connection = await asyncpg.connect(self.url)
            transaction = connection.transaction()
            await transaction.start()
            self.open[slot], self.written[slot] = (connection, transaction), []
        self.count += 1
        await self.open[slot][0].execute(
            "SELECT append_event(id, scope_id, NULL, 'memory_created', uuidv7(), NULL, "
            "jsonb_build_object('n', $2::int)) FROM users WHERE id = $1",
            self.user,
            self.count,
        )
        self.written[slot].append(self.count)

    @rule(slot=SLOTS, commits=st.booleans(), announced=st.booleans())
    def end(self, slot: int, commits: bool, announced: bool) -> None:
        if slot in self.open:
            self._run(self._end(slot, commits, announced))

    async def _end(self, slot: int, commits: bool, announced: bool) -> None:
        connection, transaction = self.open.pop(slot)
        if commits:
            await transaction.commit()
            self.committed |= set(self.written[slot])
        else:
            await transaction.rollback()
        await connection.close()
        if announced:
            self.backend.live.bus.announce(self.user)

    @rule(announced=st.booleans())
    def commit_while_another_is_open(self, announced: bool) -> None:
        self.write(0)
        self.write(1)
        self.end(1, True, announced)

    @rule()
    def subscribe(self) -> None:
        """A new client without a cursor."""
        if len(self.clients) < 4:
            following = Following(set(self.committed))
            self.clients.append(following)
            self._run(self._connect(following))

    @rule(which=st.integers(0, 3), delayed=st.booleans())
    def disconnect(self, which: int, delayed: bool) -> None:
        if which < len(self.clients):
            self._run(self._disconnect(self.clients[which], 0.05 if delayed else 0))

    @rule(which=st.integers(0, 3))
    def reconnect(self, which: int) -> None:
        if which < len(self.clients) and self.clients[which].running is None:
            following = self.clients[which]
            if following.cursor is None:  # without a cursor it starts at the present again
                following.before = set(self.committed)
            self._run(self._connect(following))

    async def _connect(self, following: Following) -> None:
        sink = RecordingSink(self.access)
        variables = {"after": following.cursor}
        following.sinks.append(sink)
        operation = self.backend.executor.prepare(DOCUMENT)
        following.running = asyncio.create_task(self.backend.subscriptions.run(operation, variables, sink))
        if following.cursor is None:
            following.unsettled = {
                row["n"] for row in await self.backend.live.database.pool.fetch(UNSETTLED, self.user)
            }
            await self.backend.until_live(sink)  # events committed before this are not delivered to it

    async def _disconnect(self, following: Following, after: float) -> None:
        await asyncio.sleep(after)
        if following.running is not None:
            following.running.cancel()
            await asyncio.wait([following.running])
            following.running = None

    def teardown(self) -> None:
        try:
            self._run(self._verify())
        finally:
            self._run(self.stack.__aexit__(None, None, None))

    async def _verify(self) -> None:
        for slot in list(self.open):
            await self._end(slot, commits=True, announced=False)
        for following in self.clients:
            if following.running is None:
                if following.cursor is None:
                    following.before = set(self.committed)
                await self._connect(following)
        rows = await self.backend.live.database.pool.fetch(
            "SELECT (payload->>'n')::int AS n FROM events WHERE user_id = $1 ORDER BY xid, id", self.user
        )
        truth = [row["n"] for row in rows]
        for following in self.clients:
            async with asyncio.timeout(TIMEOUT):
                while not following.before.union(following.seen).issuperset(truth):  # noqa: ASYNC110 - the sinks have no event
                    await asyncio.sleep(0.01)
            await self._disconnect(following, 0.02)
            resumed = any(sink.cursors for sink in following.sinks[:-1])
            late = following.unsettled.intersection(following.seen) if resumed else set[int]()
            expected = [number for number in truth if number not in following.before or number in late]
            assert following.seen == expected
        assert not self.backend.subscriptions._shared


def test_no_interleaving_loses_repeats_or_reorders_events(server: EmbeddedDatabase) -> None:
    with asyncio.Runner() as runner:
        name = f"stateful_{uuid4().hex}"
        url = runner.run(create_database(server, name, TEMPLATE))
        machine = type("Machine", (LiveMachine,), {"url": url, "runner": runner})
        try:
            run_state_machine_as_test(
                machine,
                settings=settings(
                    max_examples=12,
                    stateful_step_count=25,
                    deadline=None,
                    database=None,
                    suppress_health_check=list(HealthCheck),
                ),
            )
        finally:
            runner.run(drop_database(server, name))
