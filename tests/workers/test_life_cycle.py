"""Random walks through the life cycle of an intent, compared with a model after each step."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sql.errors import Conflict
from sql.pool import Database
from sql.repositories import intent_claims as claims
from sql.repositories import intents
from sql.repositories.intent_claims import Completion, IntentClaim
from sql.repositories.intents import NewIntent
from sql.repositories.trash import move_to_trash
from sql.statements import Connection

LATER = datetime.now(UTC) + timedelta(days=1)


@dataclass
class Model:
    """The expected row; `claim` is the latest claim, `zombies` are earlier ones. Any of them may be lost."""

    status: str = "pending"
    version: int = 1
    fence: int = 0
    waits: bool = False
    claim: IntentClaim | None = None
    zombies: list[IntentClaim] = field(default_factory=list)
    path: list[str] = field(default_factory=lambda: ["pending"])

    def move(self, status: str) -> None:
        self.status = status
        self.version += 1
        self.path.append(status)

    @property
    def holds(self) -> bool:
        """Whether the latest claim may still write."""
        return self.claim is not None and self.status == "processing" and self.claim.fence == self.fence


class Walk:
    """One intent, its model, and all actions on it."""

    def __init__(self, connection: Connection, intent_id: UUID) -> None:
        self.connection = connection
        self.id = intent_id
        self.model = Model()

    async def claim(self) -> None:
        claimed = await claims.claim_intents(self.connection, "b", actor="bridge", count=1, lease_seconds=60)
        expected = self.model.status == "pending" and not self.model.waits
        assert [each.id for each in claimed] == ([self.id] if expected else [])
        if expected:
            self.model.zombies += [self.model.claim] if self.model.claim else []
            self.model.claim = claimed[0]
            self.model.fence += 1
            self.model.move("processing")

    async def _written(self, wrote: bool, status: str | None) -> None:
        assert wrote is self.model.holds
        if wrote and status is not None:
            self.model.move(status)

    async def complete(self) -> None:
        if self.model.claim is not None:
            done = Completion(self.model.claim, {"text": "done"}, {}, "Done", "it", "success")
            ids = await claims.complete_intents(self.connection, [done], actor="bridge")
            await self._written(ids == {self.id}, "completed")

    async def fail(self) -> None:
        if self.model.claim is not None:
            wrote = await claims.finish_intent(
                self.connection, self.model.claim, status="failed", actor="bridge", error="no"
            )
            await self._written(wrote, "failed")

    async def postpone(self) -> None:
        if self.model.claim is not None:
            wrote = await claims.postpone_intent(
                self.connection, self.model.claim, until=LATER, attempts=1, actor="bridge", reason="later"
            )
            self.model.waits = wrote or self.model.waits
            await self._written(wrote, "pending")

    async def hold(self) -> None:
        if self.model.claim is not None:
            wrote = await claims.mark_intent_awaiting_confirmation(
                self.connection, self.model.claim, actor="bridge", reason="clash"
            )
            await self._written(wrote, "awaiting_confirmation")

    async def report(self) -> None:
        if self.model.claim is not None:
            await self._written(await claims.set_intent_progress(self.connection, self.model.claim, 0.5), None)

    async def wake_zombies(self) -> None:
        for zombie in self.model.zombies:
            done = Completion(zombie, {"text": "from the dead"}, {}, "Done", "it", "success")
            assert await claims.complete_intents(self.connection, [done], actor="zombie") == set()
            assert not await claims.finish_intent(self.connection, zombie, status="failed", actor="zombie")
            assert not await claims.mark_intent_awaiting_confirmation(
                self.connection, zombie, actor="zombie", reason="clash"
            )
            assert not await claims.set_intent_progress(self.connection, zombie, 0.9)
            assert not await claims.lock_claim(self.connection, zombie)

    async def expire(self) -> None:
        await self.connection.execute("UPDATE intents SET lease_until = '2000-01-01' WHERE lease_until IS NOT NULL")
        await claims.release_expired_intents(self.connection, actor="bridge", reason="lost")
        if self.model.status == "processing":
            self.model.move("pending")

    async def come_due(self) -> None:
        await self.connection.execute("UPDATE intents SET next_attempt_at = now() WHERE next_attempt_at IS NOT NULL")
        await claims.wake_due_intents(self.connection, datetime.now(UTC))
        self.model.waits = False

    async def cancel(self) -> None:
        act = intents.mark_intent_cancelled(self.connection, self.id, actor="ann", reason="changed my mind")
        if self.model.status in ("completed", "failed"):
            with pytest.raises(Conflict):
                await act
        elif self.model.status == "cancelled":
            act.close()  # there is no such transition
        else:
            await act
            self.model.fence += 1
            self.model.waits = False
            self.model.move("cancelled")

    async def retry(self) -> None:
        if self.model.status in ("failed", "cancelled"):
            row = await intents.lock_intent(self.connection, "ann", self.id)
            await intents.mark_intent_pending(self.connection, row, actor="ann", reason="again")
            self.model.move("pending")

    async def confirm(self) -> None:
        if self.model.status == "awaiting_confirmation":
            row = await intents.lock_intent(self.connection, "ann", self.id)
            await intents.confirm_intent(self.connection, row, actor="ann")
            self.model.move("pending")

    async def check(self) -> None:
        """The row, its history and its events match the model."""
        row = await self.connection.fetchrow("SELECT * FROM intents WHERE id = $1", self.id)
        assert row is not None
        assert (row["status"], row["version"], row["fence"]) == (
            self.model.status,
            self.model.version,
            self.model.fence,
        )
        assert (row["claimed_by"] is not None) == (self.model.status == "processing")
        steps = await self.connection.fetch(
            "SELECT from_status, to_status, actor FROM intent_transitions WHERE intent_id = $1 ORDER BY id", self.id
        )
        assert [step["to_status"] for step in steps] == self.model.path
        assert [step["from_status"] for step in steps] == [None, *self.model.path[:-1]]
        assert all(step["actor"] for step in steps)
        moved = await self.connection.fetchval(
            "SELECT count(*) FROM events WHERE subject_id = $1 AND kind = 'intent_updated' "
            "AND payload ->> 'status' <> payload ->> 'previousStatus'",
            self.id,
        )
        assert moved == len(self.model.path) - 1
        notified = await self.connection.fetchval("SELECT count(*) FROM notifications WHERE intent_id = $1", self.id)
        assert notified == self.model.path.count("completed")


STEPS = (
    "claim",
    "complete",
    "fail",
    "postpone",
    "hold",
    "report",
    "expire",
    "wake_zombies",
    "come_due",
    "cancel",
    "retry",
    "confirm",
)


@pytest.fixture
async def ann(database: Database) -> str:
    async with database.connection() as connection:
        await connection.execute("INSERT INTO users VALUES ('ann', 'Ann', 'owner')")
    return "ann"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(["claim", "expire", "claim", "wake_zombies", "complete"])
@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=25))
async def test_random_walks_through_the_life_cycle_match_the_model(
    database: Database, ann: str, steps: list[str]
) -> None:
    async with database.transaction() as connection:
        await connection.execute("DELETE FROM intents")
        new = NewIntent(user_id=ann, description="do it", actor=ann, intent_type="task")
        row, _ = await intents.insert_intent(connection, new)
    async with database.connection() as connection:
        walk = Walk(connection, row.id)
        for step in steps:
            await getattr(walk, step)()
            await walk.check()


EVERY = ("pending", "awaiting_confirmation", "processing", "completed", "failed", "cancelled")
LEGAL = {
    ("pending", "awaiting_confirmation"), ("pending", "processing"), ("pending", "cancelled"),
    ("awaiting_confirmation", "pending"), ("awaiting_confirmation", "cancelled"),
    ("processing", "awaiting_confirmation"), ("processing", "pending"), ("processing", "completed"),
    ("processing", "failed"), ("processing", "cancelled"), ("completed", "pending"), ("failed", "pending"),
    ("cancelled", "pending"),
}  # fmt: skip
WRITE = """
UPDATE intents SET status = $2, actor = 'test', claimed_by = CASE WHEN $2 = 'processing' THEN 'b' END,
                   lease_until = CASE WHEN $2 = 'processing' THEN now() END WHERE id = $1
"""


@pytest.mark.parametrize("before", EVERY)
async def test_the_table_accepts_exactly_the_legal_transitions(database: Database, ann: str, before: str) -> None:
    for after in EVERY:
        async with database.connection() as connection:
            intent = await connection.fetchval(
                "INSERT INTO intents (user_id, description, actor, status, claimed_by, lease_until) VALUES "
                "('ann', 'x', 'ann', $1, CASE WHEN $1 = 'processing' THEN 'b' END, "
                "CASE WHEN $1 = 'processing' THEN now() END) RETURNING id",
                before,
            )
            try:
                await connection.execute(WRITE, intent, after)
                went = True
            except asyncpg.CheckViolationError:
                went = False
            assert went is (before == after or (before, after) in LEGAL), (before, after)


async def test_deleting_an_intent_or_a_user_deletes_the_dependent_rows(database: Database, ann: str) -> None:
    async with database.connection() as connection:
        for number in range(2):
            new = NewIntent(user_id=ann, description=f"do {number}", actor=ann, intent_type="task")
            await intents.insert_intent(connection, new)
        claimed = await claims.claim_intents(connection, "b", actor="bridge", count=2, lease_seconds=60)
        done = [Completion(each, {"text": "done"}, {}, "Done", "it", "success") for each in claimed]
        await claims.complete_intents(connection, done, actor="bridge")
        count = "SELECT (SELECT count(*) FROM intent_transitions), (SELECT count(*) FROM notifications), count(*)"
        kept = f"{count} FROM memory_work"
        assert tuple(await connection.fetchrow(kept) or ()) == (6, 2, 2)
        await move_to_trash(connection, ann, "intent", claimed[0].id, actor=ann)
        assert tuple(await connection.fetchrow(kept) or ()) == (3, 1, 2)  # a worker that claims it finds nothing
        await connection.execute("DELETE FROM users")
        assert tuple(await connection.fetchrow(kept) or ()) == (0, 0, 0)


async def test_a_renewal_returns_each_claim_and_writes_the_lease_only_after_a_part_of_it(
    database: Database, ann: str
) -> None:
    async with database.connection() as connection:
        new = NewIntent(user_id=ann, description="do it", actor=ann, intent_type="task")
        row, _ = await intents.insert_intent(connection, new)
        await claims.claim_intents(connection, "b", actor="bridge", count=1, lease_seconds=60)
        left = "SELECT extract(epoch FROM lease_until - now())::float8 FROM intents"
        before = await connection.fetchval("SELECT lease_until FROM intents")
        assert await claims.renew_intents(connection, "b", [row.id], 60) == {row.id: 1}
        assert await connection.fetchval("SELECT lease_until FROM intents") == before
        await connection.execute("UPDATE intents SET lease_until = now() + interval '30 seconds'")
        assert await claims.renew_intents(connection, "another", [row.id], 60) == {}
        assert await connection.fetchval(left) <= 30
        assert await claims.renew_intents(connection, "b", [row.id], 60) == {row.id: 1}
        assert await connection.fetchval(left) > 50
