"""Webhooks of a database that was restored from a backup: each unread event, and none from before the webhook."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg

from app.operations.backup.restore import adapt_history
from sql.repositories.webhook_deliveries import collect_deliveries
from tests.fakes.webhook_receiver import Receiver
from tests.workers.webhooks.conftest import Hooks
from tests.workers.webhooks.test_delivery import versions
from tests.workers.webhooks.test_left_records import add_conversation, collect, make_private


async def restore(hooks: Hooks) -> None:
    """As a restore from a backup, on a server with lower transaction numbers."""
    for table, column in (("events", "xid"), ("webhooks", "after_xid"), ("webhook_deliveries", "xid")):
        await hooks.execute(f"UPDATE {table} SET {column} = (({column}::text)::bigint + 900000000000)::text::xid8")  # noqa: S608
    await hooks.execute(
        "UPDATE trash_rows SET content = content || jsonb_build_object('after_xid', "
        "((content->>'after_xid')::bigint + 900000000000)::text) WHERE table_name = 'webhooks'"
    )
    async with hooks.workshop.services.database.transaction() as connection:
        await adapt_history(connection)


async def subjects(hooks: Hooks) -> list[UUID]:
    """What there are deliveries of, in the order of the events."""
    await collect(hooks)
    return [row["subject_id"] for row in await hooks.deliveries()]


async def test_webhook_that_read_nothing_sends_nothing_from_before_it(hooks: Hooks, target: Receiver) -> None:
    await hooks.change(6)
    await hooks.add(target.url)
    await restore(hooks)
    assert await subjects(hooks) == []
    after = await hooks.change()
    assert await subjects(hooks) == [after]


async def test_webhook_that_read_nothing_sends_what_happened_between_its_creation_and_the_backup(
    hooks: Hooks, target: Receiver
) -> None:
    await hooks.change(3)
    await hooks.add(target.url)
    waiting = await hooks.change(2)
    await restore(hooks)
    assert await subjects(hooks) == [waiting] * 2
    async with hooks.sending():
        await hooks.until_ended(2)
    assert versions(target.accepted) == {str(waiting): [1, 2]}


async def read_out_of_order(
    hooks: Hooks, database_url: str, webhook: UUID, write: Callable[[], Awaitable[UUID]]
) -> tuple[UUID, UUID]:
    """The subject of `write`, which is unread, and that of a read event with a higher id and a lower xid."""
    connection: Any = await asyncpg.connect(database_url)
    try:
        async with connection.transaction():
            await connection.execute("SELECT pg_current_xact_id()")
            unread = await write()
            read: UUID = await connection.fetchval(
                "INSERT INTO intents (user_id, project_id, description, actor, assignee, assignee_id) "
                "VALUES ('ann', $1, 'x', 'test', 'person', 'ann') RETURNING id",
                hooks.project,
            )
    finally:
        await connection.close()
    await hooks.execute(
        "UPDATE webhooks SET (after_xid, after_id) = (SELECT xid, id FROM events WHERE subject_id = $2) WHERE id = $1",
        webhook, read,
    )  # fmt: skip
    order = "SELECT array_agg(subject_id ORDER BY id) = array_agg(subject_id ORDER BY xid, id) FROM events"
    assert [row[0] for row in await hooks.fetch(order)] == [False]
    return unread, read


async def test_unread_event_with_a_lower_id_than_a_read_one_is_sent_once(
    hooks: Hooks, database_url: str, target: Receiver
) -> None:
    await hooks.change()  # before the webhook
    webhook = await hooks.add(target.url)
    unread, _ = await read_out_of_order(hooks, database_url, webhook, hooks.change)
    last = await hooks.change()
    await restore(hooks)
    assert await subjects(hooks) == [unread, last]
    async with hooks.sending():
        await hooks.until_ended(2, step=timedelta(seconds=1))
    assert {request.data["data"]["subjectId"] for request in target.accepted} == {str(unread), str(last)}


async def test_unread_event_of_another_kind_is_not_sent_and_one_that_left_says_only_that(
    hooks: Hooks, database_url: str, target: Receiver
) -> None:
    async def write() -> UUID:
        conversation = await add_conversation(hooks)
        await make_private(hooks, conversation)
        return conversation

    webhook = await hooks.add(target.url, kinds=["conversation_updated"])
    unread, _ = await read_out_of_order(hooks, database_url, webhook, write)
    await restore(hooks)
    await collect(hooks)
    [row] = await hooks.deliveries()
    assert (row["subject_id"], row["payload"]) == (unread, {"left": True})


async def test_webhook_in_the_trash_continues_after_it_is_restored_from_there(hooks: Hooks, target: Receiver) -> None:
    await hooks.change(2)
    await hooks.add(target.url, kinds=["intent_created"])
    known = await hooks.change()
    await collect(hooks)
    unread = await hooks.change()
    await hooks.fetch("SELECT move_to_trash('ann', 'project', $1)", hooks.project)
    await restore(hooks)
    await hooks.fetch("SELECT restore_from_trash(id, 'ann') FROM trash WHERE record_id = $1", hooks.project)
    found = await subjects(hooks)
    assert found[:2] == [known, unread]
    after = await hooks.change()
    assert (await subjects(hooks))[-1] == after


async def test_pending_deliveries_are_sent_before_later_ones_of_their_subject(hooks: Hooks, target: Receiver) -> None:
    await hooks.add(target.url)
    intent = await hooks.change(3)
    async with hooks.workshop.services.database.connection() as connection:
        await collect_deliveries(connection, hooks.clock.at)
    await restore(hooks)
    await hooks.execute("UPDATE intents SET version = version + 1, priority = 9 WHERE id = $1", intent)
    async with hooks.sending():
        await hooks.until_ended(4)
    assert versions(target.accepted) == {str(intent): [1, 2, 3, 4]}
