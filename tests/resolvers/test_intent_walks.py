"""Random walks of a user and a bridge through one intent, over the API, compared step by step with a model."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sql.repositories.contradictions import NewContradiction, insert_contradiction
from tests.resolvers.conftest import Api
from tests.resolvers.test_contradictions import CONFIRM, RESOLVE, WHY
from tests.resolvers.test_intents import CANCEL, RETRY, create, move

UPDATE = """mutation($id: ID!, $expectedVersion: Int, $priority: Int, $description: String, $metadata: JSON) {
  updateIntent(input: {id: $id, expectedVersion: $expectedVersion, priority: $priority, description: $description,
                       metadata: $metadata}) { id } }"""
SHOWN = """query($id: ID!) { intent(id: $id) {
  status version priority attempts error result processedAt history { fromStatus toStatus } contradictions { status }
} }"""
OPEN = ("pending", "awaiting_confirmation")
ENDED = ("completed", "failed", "cancelled")


@dataclass
class Walk:
    """One intent, and what the model says of it. Each step tells whether the API must refuse it with CONFLICT."""

    api: Api
    id: str
    status: str = "pending"
    version: int = 1
    priority: int = 0
    clashes: int = 0
    settled: int = 0
    steps: int = 0

    def _moved(self, status: str) -> None:
        self.status = status
        self.version += 1
        self.steps += 1

    async def _ask(self, mutation: str, allowed: bool, **variables: Any) -> bool:
        """Ask for it; whether it was done, which must be what the model says."""
        response = await self.api(mutation, id=self.id, **variables)
        codes = [error["extensions"]["code"] for error in response.get("errors", ())]
        assert codes == ([] if allowed else ["CONFLICT"]), (mutation, self.status, response)
        return allowed

    async def bridge_claims(self) -> None:
        await self._bridge("processing", self.status == "pending")

    async def bridge_completes(self) -> None:
        await self._bridge("completed", self.status == "processing")

    async def bridge_fails(self) -> None:
        await self._bridge("failed", self.status == "processing")

    async def bridge_is_lost(self) -> None:
        await self._bridge("pending", self.status == "processing")

    async def bridge_asks(self) -> None:
        await self._bridge("awaiting_confirmation", self.status == "processing")

    async def bridge_finds_a_clash(self) -> None:
        if self.status == "processing":
            await self._bridge("awaiting_confirmation", True)
            found = NewContradiction("policy_shift", 0.9, "it reverses it", "local rules")
            async with self.api.database.transaction() as connection:
                await insert_contradiction(connection, "ann", UUID(self.id), found)
            self.clashes += 1

    async def _bridge(self, status: str, possible: bool) -> None:
        if possible:
            await move(self.api, self.id, status)
            self._moved(status)

    async def confirm(self) -> None:
        if await self._ask(CONFIRM, self.status == "awaiting_confirmation" and not self.clashes):
            self._moved("pending")

    async def approve(self) -> None:
        await self._resolve("APPROVED", "pending")

    async def reject(self) -> None:
        await self._resolve("REJECTED", "cancelled")

    async def _resolve(self, resolution: str, status: str) -> None:
        """Resolve the first contradiction: the intent continues after the last one, or is cancelled at once."""
        rows = await self.api.database.pool.fetch(
            "SELECT id FROM contradictions WHERE status = 'pending' AND intent_id = $1 ORDER BY id", UUID(self.id)
        )
        assert len(rows) == self.clashes
        if rows:
            given = {"id": str(rows[0]["id"]), "resolution": resolution, "rationale": WHY}
            await self.api.data(RESOLVE, input=given)
            self.settled += self.clashes if status == "cancelled" else 1
            self.clashes = 0 if status == "cancelled" else self.clashes - 1
            if not self.clashes:
                self._moved(status)

    async def cancel(self) -> None:
        if await self._ask(CANCEL, self.status not in ENDED, reason="changed my mind"):
            self.settled, self.clashes = self.settled + self.clashes, 0
            self._moved("cancelled")

    async def retry(self) -> None:
        if await self._ask(RETRY, self.status in ("failed", "cancelled")):
            self._moved("pending")

    async def update(self) -> None:
        """From the version that stands."""
        if await self._ask(
            UPDATE, self.status in OPEN, expectedVersion=self.version, priority=(self.priority + 1) % 11
        ):
            self.priority = (self.priority + 1) % 11
            self.version += 1

    async def update_from_an_old_version(self) -> None:
        await self._ask(UPDATE, False, expectedVersion=self.version - 1, priority=(self.priority + 1) % 11)

    async def note(self) -> None:
        """Metadata may be changed at any time."""
        await self._ask(UPDATE, True, expectedVersion=self.version, metadata={"seen": self.version})
        self.version += 1

    async def reword(self) -> None:
        """Other words are checked anew."""
        if await self._ask(UPDATE, self.status in OPEN, description=f"other words {self.version}"):
            self.settled, self.clashes = self.settled + self.clashes, 0
            waited = self.status == "awaiting_confirmation"
            self.status = "pending"
            self.version += 1
            self.steps += waited

    async def check(self) -> None:
        shown = (await self.api.data(SHOWN, id=self.id))["intent"]
        assert (shown["status"], shown["version"], shown["priority"]) == (
            self.status.upper(),
            self.version,
            self.priority,
        )
        history = shown["history"]
        assert len(history) == self.steps + 1
        assert [each["fromStatus"] for each in history] == [None, *(each["toStatus"] for each in history[:-1])]
        assert history[-1]["toStatus"] == self.status.upper()
        open_ones = [each for each in shown["contradictions"] if each["status"] == "PENDING"]
        assert (len(open_ones), len(shown["contradictions"])) == (self.clashes, self.clashes + self.settled)


STEPS = tuple(name for name, step in vars(Walk).items() if callable(step) and name[0] != "_" and name != "check")


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(["bridge_claims", "bridge_finds_a_clash", "confirm", "approve", "bridge_claims", "bridge_asks", "confirm"])
@example(["bridge_claims", "bridge_finds_a_clash", "reword", "confirm", "bridge_claims", "bridge_completes", "retry"])
@example(["update", "update_from_an_old_version", "cancel", "retry", "note", "bridge_claims", "update"])
@given(st.lists(st.sampled_from(STEPS), min_size=1, max_size=20))
async def test_whatever_a_user_and_a_bridge_do_the_intent_is_what_the_model_says(api: Api, steps: list[str]) -> None:
    walk = Walk(api, await create(api, intentType="TASK"))
    for step in steps:
        await getattr(walk, step)()
        await walk.check()


def test_the_walks_take_every_step_a_user_can() -> None:
    assert {"confirm", "retry", "cancel", "update", "update_from_an_old_version", "approve", "reject"} <= set(STEPS)


@pytest.mark.parametrize("ended", ENDED)
async def test_terminal_means_terminal_for_the_work(api: Api, ended: str) -> None:
    walk = Walk(api, await create(api, intentType="TASK"))
    await move(api, walk.id, "processing", ended)
    for status in {"processing", "awaiting_confirmation", *ENDED} - {ended}:
        with pytest.raises(Exception, match=f"cannot go from {ended} to {status}"):
            await move(api, walk.id, status)
