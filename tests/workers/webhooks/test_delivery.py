"""Deliveries to a receiver with faults: each event at least once, in order per subject, and signed."""

import asyncio
import random
from collections import defaultdict
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest

from app.clock import SystemClock
from app.operations.backup.restore import adapt_history
from app.workers.webhooks.results import Result
from app.workers.webhooks.retention import DeliveryRetention
from sql.repositories.webhook_deliveries import DeliveryClaim
from sql.repositories.webhooks import replay_deliveries, rotate_secret
from tests.fakes.webhook_receiver import CLOSES, HANGS, OK, Answer, Received, Receiver, receiver
from tests.workers.webhooks.conftest import Hooks, add_project
from tests.workers.webhooks.test_requests import signs


def versions(requests: list[Received]) -> dict[str, list[Any]]:
    """The versions of each subject in the order in which they were accepted."""
    found = defaultdict[str, list[Any]](list)
    for request in requests:
        found[request.data["data"]["subjectId"]].append(request.data["data"]["payload"]["version"])
    return dict(found)


async def test_event_arrives_signed_with_its_details(hooks: Hooks, target: Receiver) -> None:
    webhook = await hooks.add(target.url)
    async with hooks.sending(clock=SystemClock()):
        intent = await hooks.change()
        await hooks.until_ended(1)
    [request] = target.received
    [delivery] = await hooks.deliveries()
    assert request.headers["webhook-id"] == str(delivery["id"])
    assert request.headers["content-type"] == "application/json"
    content = request.verify(hooks.secrets[webhook])
    assert content["type"] == "intent.created"
    assert content["timestamp"] == delivery["occurred_at"].isoformat()
    assert content["data"] == {
        "projectId": str(hooks.project),
        "webhookId": str(webhook),
        "kind": "INTENT_CREATED",
        "subjectId": str(intent),
        "causedBy": None,
        "cursor": content["data"]["cursor"],
        "payload": {"conversationId": None, "status": "pending", "version": 1, "previousStatus": None},
    }
    assert (delivery["status"], delivery["attempts"], delivery["http_status"]) == ("succeeded", 1, 204)


async def test_events_from_before_the_webhook_and_of_other_kinds_and_projects_are_not_sent(
    hooks: Hooks, target: Receiver
) -> None:
    await hooks.change(3)
    other = await add_project(hooks.workshop, "other")
    await hooks.add(target.url, kinds=["intent_updated"])
    async with hooks.sending():
        await hooks.change(2, project=other)
        await hooks.change(2)
        await hooks.until_ended(1)
    assert [request.data["type"] for request in target.received] == ["intent.updated"]
    assert len(await hooks.deliveries()) == 1


async def test_receiver_with_faults_gets_every_event_in_order_per_subject(hooks: Hooks) -> None:
    chance, subjects, changes = random.Random(7), 6, 5
    faults = [CLOSES, HANGS, Answer(500), Answer(301, {"location": "http://127.0.0.1:9/"}), Answer(429), Answer(404)]
    async with receiver(lambda request: chance.choice([OK, *faults])) as target:
        await hooks.add(target.url)
        async with hooks.sending(webhook_timeout=0.3):
            for _ in range(subjects):
                await hooks.change(changes)
            await hooks.until_ended(subjects * changes, step=timedelta(minutes=10))
        assert {row["status"] for row in await hooks.deliveries()} == {"succeeded"}
        assert list(versions(target.accepted).values()) == [list(range(1, changes + 1))] * subjects
        ids = defaultdict[str, set[bytes]](set)
        for request in target.received:
            ids[request.headers["webhook-id"]].add(request.body)
        assert len(ids) == subjects * changes
        assert all(len(bodies) == 1 for bodies in ids.values())


async def test_receiver_that_restarts_misses_nothing(hooks: Hooks, target: Receiver) -> None:
    await hooks.add(target.url)
    async with hooks.sending():
        await hooks.change(3)
        await hooks.until_ended(3)
        await target.stop()
        await hooks.change(3)
        await hooks.until_attempts(4)
        [row] = [row for row in await hooks.deliveries() if row["error_key"]]
        assert (row["status"], row["error_key"]) == ("pending", "webhook.failed_connection")
        [webhook] = await hooks.fetch("SELECT failing_since FROM webhooks")
        assert webhook["failing_since"] is not None
        await target.start()
        await hooks.until_ended(6, step=timedelta(minutes=1))
    assert list(versions(target.accepted).values()) == [[1, 2, 3], [1, 2, 3]]
    assert (await hooks.fetch("SELECT failing_since FROM webhooks"))[0]["failing_since"] is None


async def test_subject_that_fails_holds_back_only_itself(hooks: Hooks) -> None:
    bad = set[str]()

    def decide(request: Received) -> Answer:
        return Answer(500) if request.data["data"]["subjectId"] in bad else OK

    async with receiver(decide) as target:
        await hooks.add(target.url)
        bad.add(str(await hooks.change(3)))
        async with hooks.sending():
            good = await hooks.change(3)
            await hooks.until_ended(3)
            await hooks.until_attempts(4)
        assert list(versions(target.accepted)) == [str(good)]
        assert len(target.received) == 4
        bad.clear()
        async with hooks.sending():
            await hooks.until_ended(6, step=timedelta(minutes=1))


async def test_retries_grow_until_the_delivery_is_dead_and_a_replay_has_the_same_id(hooks: Hooks) -> None:
    async with receiver(lambda request: Answer(503)) as target:
        webhook = await hooks.add(target.url)
        started, first = hooks.clock.at, await hooks.change(2)
        pauses = list[float]()
        async with hooks.sending():
            status = "pending"
            while status == "pending":
                await hooks.until_attempts(len(pauses) + 1)
                [row, later] = await hooks.deliveries()
                assert later["attempts"] == 0 or row["status"] == "dead"
                pauses.append((row["next_attempt_at"] - hooks.clock.at).total_seconds())
                status = row["status"]
                if status == "pending":
                    hooks.clock.at = row["next_attempt_at"]
        ended = hooks.clock.at
        assert 7 <= pauses[0] <= 10
        assert all(10 * 2**n * 0.7 - 1 <= pause <= 10 * 2**n for n, pause in enumerate(pauses[:10]))
        assert max(pauses) <= 4 * 3600
        assert timedelta(days=2.8) < ended - started <= timedelta(days=3)
        assert row["error_key"] == "webhook.failed_status"
        target.decide = lambda request: OK
        async with hooks.sending():
            # The later one of the subject goes on.
            await hooks.until_ended(2, step=timedelta(minutes=1))
            async with hooks.workshop.services.database.transaction() as connection:
                assert await replay_deliveries(connection, webhook, None) == 1
            await hooks.until_ended(2)
        accepted = target.accepted
        assert [request.data["data"]["subjectId"] for request in accepted] == [str(first)] * 2
        assert accepted[1].headers["webhook-id"] == target.received[0].headers["webhook-id"]
        assert accepted[1].body == target.received[0].body


class BrokenClient:
    """A client with a defect."""

    async def send(self, claim: DeliveryClaim, headers: dict[str, str], body: bytes, now: datetime) -> Result:
        raise RuntimeError("a defect of a library, with a secret in its text")

    async def close(self) -> None:
        return None


async def test_unexpected_failure_of_the_client_counts_as_a_failed_attempt(hooks: Hooks, target: Receiver) -> None:
    await hooks.add(target.url)
    async with hooks.sending(client=BrokenClient()):
        await hooks.change()
        await hooks.until_attempts(1)
        [row] = await hooks.deliveries()
        assert (row["status"], row["error_key"]) == ("pending", "webhook.failed_unexpected")
        assert row["error_params"] == {"id": str(row["id"])}
        assert "secret" not in row["error"]
        assert 7 <= (row["next_attempt_at"] - hooks.clock.at).total_seconds() <= 10
        await hooks.until_ended(1, step=timedelta(hours=1))
        assert (await hooks.deliveries())[0]["status"] == "dead"


async def test_secret_that_cannot_sign_counts_as_a_failed_attempt(hooks: Hooks, target: Receiver) -> None:
    await hooks.add(target.url)
    await hooks.execute("UPDATE webhook_secrets SET secret = 'whsec_a'")
    async with hooks.sending():
        await hooks.change()
        await hooks.until_attempts(1)
    assert [row["error_key"] for row in await hooks.deliveries()] == ["webhook.failed_unexpected"]
    assert target.received == []


async def test_receiver_that_is_gone_disables_the_webhook_until_it_is_enabled_again(hooks: Hooks) -> None:
    async with receiver(lambda request: Answer(410)) as target:
        webhook = await hooks.add(target.url)
        async with hooks.sending():
            await hooks.change(2)
            await hooks.until_attempts(1)
            [row] = await hooks.fetch("SELECT * FROM webhooks")
            assert (row["enabled"], row["disabled_reason_key"]) == (False, "webhook.gone")
            await hooks.change()
            target.decide = lambda request: OK
            await hooks.execute("UPDATE webhooks SET enabled = true WHERE id = $1", webhook)
            await hooks.until_ended(3)
        assert len(target.received) == 4


def given(answer: Answer, request: Received) -> Answer:
    return answer


async def test_retry_after_is_respected_up_to_a_day(hooks: Hooks) -> None:
    for asked, wanted in (("3600", 3600.0), ("999999999", 86400.0), ("-5", 0.0), ("soon", 0.0)):
        answer = Answer(503, {"retry-after": asked})
        async with receiver(partial(given, answer)) as target:
            await hooks.execute("DELETE FROM webhooks")
            await hooks.add(target.url)
            async with hooks.sending():
                await hooks.change()
                await hooks.until_attempts(1)
            [row] = await hooks.deliveries()
            pause = (row["next_attempt_at"] - hooks.clock.at).total_seconds()
            assert wanted == pause or (wanted == 0.0 and 7 <= pause <= 10), asked


async def test_redirect_is_not_followed_and_the_reason_names_its_target(hooks: Hooks, target: Receiver) -> None:
    async with receiver(lambda request: Answer(308, {"location": target.url})) as redirecting:
        await hooks.add(redirecting.url)
        async with hooks.sending():
            await hooks.change()
            await hooks.until_attempts(1)
    [row] = await hooks.deliveries()
    assert (row["error_key"], row["http_status"]) == ("webhook.failed_redirect", 308)
    assert row["error_params"] == {"status": 308, "location": target.url}
    assert target.received == []


@pytest.mark.parametrize("state", ["archived", "disabled"])
async def test_webhook_waits_while_it_is_disabled_or_its_project_archived(
    hooks: Hooks, target: Receiver, state: str
) -> None:
    webhook = await hooks.add(target.url, kinds=["intent_created"])
    probe = await hooks.add(target.url, project=await add_project(hooks.workshop, "other"))
    wait, resume = {
        "archived": ("projects SET archived_at = now() WHERE id", "projects SET archived_at = NULL WHERE id"),
        "disabled": ("webhooks SET enabled = false WHERE project_id", "webhooks SET enabled = true WHERE project_id"),
    }[state]
    await hooks.execute(f"UPDATE {wait} = $1", hooks.project)
    async with hooks.sending():
        await hooks.change(project=(await hooks.fetch("SELECT project_id FROM webhooks WHERE id = $1", probe))[0][0])
        await hooks.change()
        await hooks.until_ended(1)
        assert await hooks.fetch("SELECT FROM webhook_deliveries WHERE webhook_id = $1", webhook) == []
        await hooks.execute(f"UPDATE {resume} = $1", hooks.project)
        await hooks.until_ended(2)
    assert len(target.accepted) == 2


async def test_private_records_never_arrive_and_a_record_that_leaves_says_only_that(
    hooks: Hooks, target: Receiver
) -> None:
    await hooks.add(target.url)
    talk = "INSERT INTO conversations (user_id, title, project_id, visibility) VALUES ('ann', $1, $2, $3) RETURNING id"
    [private] = await hooks.fetch(talk, "secret plan", hooks.project, "private")
    [shared] = await hooks.fetch(talk, "open plan", hooks.project, "project")
    say = "INSERT INTO messages (user_id, conversation_id, content, message_type) VALUES ('ann', $1, 'hello', 'user')"
    for conversation in (private["id"], shared["id"]):
        await hooks.execute(say, conversation)
    leave = "UPDATE conversations SET visibility = 'private', title = 'secret title' WHERE id = $1"
    await hooks.execute(leave, shared["id"])
    await hooks.execute("UPDATE conversations SET title = 'secret again' WHERE id = $1", shared["id"])
    async with hooks.sending():
        await hooks.change()
        await hooks.until_ended(4)
    text = " ".join(request.body.decode() for request in target.received)
    assert str(private["id"]) not in text
    assert "secret" not in text
    types = [request.data["type"] for request in target.received]
    assert sorted(types) == ["conversation.created", "conversation.updated", "intent.created", "message.created"]
    left = target.received[types.index("conversation.updated")].data["data"]
    assert (left["subjectId"], left["payload"]) == (str(shared["id"]), {"left": True})


async def test_both_secrets_sign_for_a_day_after_a_rotation(hooks: Hooks, target: Receiver) -> None:
    webhook = await hooks.add(target.url)
    old, new = hooks.secrets[webhook], "whsec_" + "A" * 43 + "="
    async with hooks.workshop.services.database.transaction() as connection:
        await rotate_secret(connection, webhook, new)
    async with hooks.sending():
        await hooks.change()
        await hooks.until_ended(1)
        hooks.clock.at += timedelta(hours=25)
        await hooks.change()
        await hooks.until_ended(2)
    first, second = target.received
    assert first.verify(old) == first.verify(new)
    assert len(first.headers["webhook-signature"].split()) == 2
    assert signs(new, second)
    assert not signs(old, second)


async def test_senders_share_the_deliveries_without_sending_one_twice(hooks: Hooks, target: Receiver) -> None:
    await hooks.add(target.url)
    await hooks.add(target.url)
    async with hooks.sending(), hooks.sending(), hooks.sending():
        await asyncio.gather(*(hooks.change(4) for _ in range(8)))
        await hooks.until_ended(64)
    assert len(target.received) == 64
    by_webhook = defaultdict[str, list[Received]](list)
    for request in target.accepted:
        by_webhook[request.data["data"]["webhookId"]].append(request)
    assert all(list(versions(each).values()) == [[1, 2, 3, 4]] * 8 for each in by_webhook.values())


async def test_slow_receiver_delays_no_other_and_holds_no_connection(hooks: Hooks, target: Receiver) -> None:
    """The pool has four connections; the slow receiver gets four requests at a time, and none of them ends."""
    async with receiver(lambda request: HANGS) as slow:
        await hooks.add(slow.url, kinds=["intent_created"])
        await hooks.add(target.url)
        async with hooks.sending():
            await asyncio.gather(*(hooks.change(2) for _ in range(10)))
            await hooks.until_ended(20)
            await hooks.workshop.until(lambda: asyncio.sleep(0, len(slow.received) == 4))
            assert hooks.workshop.services.database.pool.get_size() <= 4
        assert len(slow.received) == 4
    # The claims were given back.
    rows = await hooks.deliveries("pending")
    assert {(row["claimed_until"], row["attempts"]) for row in rows} == {(None, 0)}


async def test_restored_database_continues_after_the_last_event_before_the_backup(
    hooks: Hooks, target: Receiver
) -> None:
    await hooks.add(target.url)
    async with hooks.sending():
        await hooks.change(3)
        await hooks.until_ended(3)
    intent = await hooks.change(2)
    async with hooks.workshop.services.database.transaction() as connection:
        await adapt_history(connection)
    async with hooks.sending():
        await hooks.execute("UPDATE intents SET version = version + 1, priority = 9 WHERE id = $1", intent)
        await hooks.until_ended(6)
    assert list(versions(target.received).values()) == [[1, 2, 3], [1, 2, 3]]


async def test_events_of_the_project_and_of_actions_are_sent_and_notifications_are_not(
    hooks: Hooks, target: Receiver
) -> None:
    await hooks.add(target.url)
    await hooks.execute("UPDATE projects SET name = 'store' WHERE id = $1", hooks.project)
    await hooks.execute(
        "INSERT INTO actions (user_id, project_id, tool, summary, status, actor) "
        "VALUES ('ann', $1, 'search', 's', 'done', 't')",
        hooks.project,
    )
    await hooks.execute(
        "INSERT INTO notifications (user_id, project_id, notification_type, title, message) "
        "VALUES ('ann', $1, 'info', 't', 'c')",
        hooks.project,
    )
    await hooks.execute(
        "INSERT INTO conversations (user_id, project_id, title) VALUES ('ann', $1, 'private')", hooks.project
    )
    await hooks.change()
    async with hooks.sending():
        await hooks.until_ended(3)
    assert sorted(request.data["type"] for request in target.received) == [
        "action.created", "intent.created", "project.updated",
    ]  # fmt: skip
    assert len(await hooks.deliveries()) == 3


async def test_webhook_goes_on_when_the_admin_who_made_it_leaves(hooks: Hooks, target: Receiver) -> None:
    await hooks.execute("INSERT INTO users VALUES ('bob', 'Bob', 'member')")
    await hooks.execute(
        "INSERT INTO project_members (project_id, user_id, role) VALUES ($1, 'bob', 'admin')", hooks.project
    )
    webhook = await hooks.add(target.url, kinds=["intent_created"])
    await hooks.execute("UPDATE webhooks SET user_id = 'bob' WHERE id = $1", webhook)
    await hooks.fetch("SELECT set_member_role($1, 'bob', NULL)", hooks.project)
    async with hooks.sending():
        intent = await hooks.change()
        await hooks.until_ended(1)
    assert [request.data["data"]["subjectId"] for request in target.accepted] == [str(intent)]


async def test_old_deliveries_are_deleted(hooks: Hooks, target: Receiver) -> None:
    await hooks.add(target.url)
    async with hooks.sending():
        await hooks.change(4)
        await hooks.until_ended(4)
    ids: list[UUID] = [row["id"] for row in await hooks.deliveries()]
    for id, status, days in zip(ids, ("succeeded", "succeeded", "dead", "dead"), (8, 6, 31, 29), strict=True):
        await hooks.execute(
            "UPDATE webhook_deliveries SET status = $2, ended_at = now() - make_interval(days => $3) WHERE id = $1",
            id, status, days,
        )  # fmt: skip
    assert await DeliveryRetention(hooks.workshop.services.database).delete() == 2
    assert [row["id"] for row in await hooks.deliveries()] == [ids[1], ids[3]]
