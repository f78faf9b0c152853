"""A webhook with a long backlog: further events wait in their table while it has as many deliveries as it may have."""

from sql.repositories.webhook_deliveries import COLLECTED, MAX_PENDING
from tests.fakes.webhook_receiver import Receiver
from tests.workers.webhooks.conftest import Hooks
from tests.workers.webhooks.test_delivery import versions
from tests.workers.webhooks.test_left_records import collect

# Events of `subjects` records in turn, each with its number as the version.
EVENTS = """
INSERT INTO events (user_id, scope_id, project_id, kind, subject_id, payload)
SELECT 'ann', $1::uuid, $1::uuid, 'intent_updated', lpad(to_hex(n % $3::int), 32, '0')::uuid,
       jsonb_build_object('version', n)
FROM generate_series(1, $2::int) AS n
"""


async def test_webhook_with_a_full_backlog_goes_on_after_it_drains_and_loses_nothing(
    hooks: Hooks, target: Receiver
) -> None:
    await hooks.add(target.url)
    count, left = MAX_PENDING + 300, 60
    await hooks.execute(EVENTS, hooks.project, count, 40)
    await collect(hooks)
    await collect(hooks)
    deliveries = await hooks.deliveries()
    assert MAX_PENDING <= len(deliveries) < MAX_PENDING + COLLECTED
    # As if the oldest ones had been sent.
    sent = [row["id"] for row in deliveries[:-left]]
    await hooks.execute("UPDATE webhook_deliveries SET status = 'succeeded', ended_at = now() WHERE id = ANY($1)", sent)
    async with hooks.sending(webhook_concurrency_per_receiver=16):
        await hooks.until_ended(count)
    rows = await hooks.deliveries()
    assert [row["payload"]["version"] for row in rows] == list(range(1, count + 1))
    assert {row["status"] for row in rows} == {"succeeded"}
    found = versions(target.accepted)
    assert sorted(number for each in found.values() for number in each) == list(range(len(sent) + 1, count + 1))
    assert all(each == sorted(each) for each in found.values())


async def test_full_backlog_does_not_grow(hooks: Hooks, target: Receiver) -> None:
    await hooks.add(target.url)
    await hooks.execute(EVENTS, hooks.project, MAX_PENDING + 2 * COLLECTED, 40)
    for _ in range(3):
        await collect(hooks)
    before = len(await hooks.deliveries())
    assert before < MAX_PENDING + COLLECTED
    await hooks.execute("UPDATE webhook_deliveries SET next_attempt_at = now() + interval '1 day'")  # all failed
    await collect(hooks)
    assert len(await hooks.deliveries()) == before


async def test_backlog_that_was_just_made_is_sent_at_once(hooks: Hooks, target: Receiver) -> None:
    """The statistics of the table do not know it yet, and a statement may take five seconds."""
    await hooks.add(target.url)
    await hooks.execute(EVENTS, hooks.project, MAX_PENDING, MAX_PENDING)
    await collect(hooks)
    async with hooks.sending():
        await hooks.until_ended(20)
    assert sorted(row["payload"]["version"] for row in await hooks.deliveries("succeeded"))[:10] == list(range(1, 11))
