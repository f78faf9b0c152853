"""Claims serve users in turn, most urgent intents first; intents that are not due are not claimed."""

from datetime import UTC, datetime
from uuid import UUID

import asyncpg

from sql.repositories.intent_claims import IntentClaim, claim_intents, wake_due_intents
from sql.statements import Connection


async def fill(connection: Connection, user: str, count: int, priority: int = 0) -> list[UUID]:
    await connection.execute("INSERT INTO users VALUES ($1, 'User', 'member') ON CONFLICT DO NOTHING", user)
    rows = await connection.fetch(
        "INSERT INTO intents (user_id, description, actor, priority) "
        "SELECT $1, 'do ' || n, 'test', $3 FROM generate_series(1, $2::int) AS n RETURNING id",
        user, count, priority,
    )  # fmt: skip
    return [row["id"] for row in rows]


async def claim(connection: Connection, count: int, after: str = "") -> list[IntentClaim]:
    return await claim_intents(connection, "b", actor="t", count=count, lease_seconds=60, after=after)


async def test_a_thousand_intents_of_one_user_do_not_starve_the_one_of_another(connection: Connection) -> None:
    await fill(connection, "ann", 1000, priority=10)
    [lonely] = await fill(connection, "bob", 1)
    claimed = await claim(connection, 8)
    assert lonely in [each.id for each in claimed]
    assert len(claimed) == 5, "an even share each; what is left over goes to the next claim"


async def test_the_turn_continues_after_the_last_served_user_and_starts_again(connection: Connection) -> None:
    for user in ("ann", "bob", "cleo"):
        await fill(connection, user, 3)
    served, turns = "", []
    for _ in range(6):
        [one] = await claim(connection, 1, served)
        served = one.user_id
        turns.append(served)
    assert turns == ["ann", "bob", "cleo"] * 2


async def test_all_are_claimed_once_and_none_is_left(connection: Connection) -> None:
    made = [each for user in ("ann", "bob", "cleo") for each in await fill(connection, user, 7)]
    claimed: list[UUID] = []
    while batch := await claim(connection, 5, "bob"):
        assert len(batch) <= 5
        claimed += [each.id for each in batch]
    assert sorted(claimed) == sorted(made)


async def test_of_one_user_the_most_urgent_come_first_and_the_oldest_among_them(connection: Connection) -> None:
    low = await fill(connection, "ann", 2)
    high = await fill(connection, "ann", 2, priority=9)
    assert [each.id for each in await claim(connection, 4)] == high + low


async def test_two_bridges_at_the_same_moment_claim_different_intents(
    connection: Connection, database_url: str
) -> None:
    await fill(connection, "ann", 4)
    other = await asyncpg.connect(database_url)
    async with connection.transaction():
        mine = await claim(connection, 2)
        theirs = await other.fetch(
            "SELECT id FROM intents WHERE status = 'pending' ORDER BY priority DESC, id FOR UPDATE SKIP LOCKED"
        )
    await other.close()
    assert not {each.id for each in mine} & {row["id"] for row in theirs}


async def test_an_intent_that_waits_is_claimed_only_when_it_is_due(connection: Connection) -> None:
    [late] = await fill(connection, "ann", 1)
    [due] = await fill(connection, "ann", 1)
    await connection.execute("UPDATE intents SET next_attempt_at = now() + interval '1 day' WHERE id = $1", late)
    await connection.execute("UPDATE intents SET next_attempt_at = now() - interval '1 day' WHERE id = $1", due)
    assert await claim(connection, 8) == []
    assert await wake_due_intents(connection, datetime.now(UTC)) == {"ann"}
    assert [each.id for each in await claim(connection, 8)] == [due]
