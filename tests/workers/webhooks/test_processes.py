"""Senders as processes of their own: killed between a request and its result, and with a login that owns nothing."""

import asyncio
import signal
from contextlib import AsyncExitStack

import asyncpg
import pytest

from app.services import open_services
from tests.fakes.webhook_receiver import HANGS, OK, Answer, Received, Receiver
from tests.logins import logins
from tests.processes import program
from tests.timeouts import TIMEOUT
from tests.workers.webhooks.conftest import Hooks
from tests.workers.webhooks.test_delivery import versions

EXPIRED = "UPDATE webhook_deliveries SET claimed_until = '2000-01-01' WHERE claimed_until IS NOT NULL"


async def test_delivery_whose_process_is_killed_before_it_stored_the_result_is_sent_again(
    hooks: Hooks, database_url: str, target: Receiver
) -> None:
    """The receiver has accepted the first request; the process is killed before the answer arrives."""
    accepted = asyncio.Event()

    def decide(request: Received) -> Answer:
        first = not accepted.is_set()
        accepted.set()
        return HANGS if first else OK

    target.decide = decide
    await hooks.add(target.url)
    environment = {"DATABASE_URL": database_url, "DATABASE_POLL_SECONDS": "0.1", "WEBHOOK_ALLOW_PRIVATE": "true"}
    async with AsyncExitStack() as stack:
        first = await stack.enter_async_context(program("intent-bridge", **environment))
        await hooks.change(2)
        await accepted.wait()
        await first.stop(signal.SIGKILL)
        [claimed, waiting] = await hooks.deliveries()
        assert (claimed["status"], claimed["fence"], waiting["attempts"]) == ("pending", 1, 0)
        await hooks.execute(EXPIRED)
        await stack.enter_async_context(program("message-bridge", **environment))
        await hooks.until_ended(2)
    ids = [request.headers["webhook-id"] for request in target.received]
    assert ids == [str(claimed["id"])] * 2 + [str(waiting["id"])]
    assert list(versions(target.accepted).values()) == [[1, 2]]
    assert [row["attempts"] for row in await hooks.deliveries()] == [2, 1]


async def test_whenever_senders_are_killed_every_event_arrives_in_order(
    hooks: Hooks, database_url: str, target: Receiver
) -> None:
    await hooks.add(target.url)
    environment = {"DATABASE_URL": database_url, "DATABASE_POLL_SECONDS": "0.1", "WEBHOOK_ALLOW_PRIVATE": "true"}
    rounds, subjects, changes = 5, 4, 5
    async with AsyncExitStack() as stack:
        sender = await stack.enter_async_context(program("intent-bridge", **environment))
        for _ in range(rounds):
            received = len(target.received)
            await asyncio.gather(*(hooks.change(changes) for _ in range(subjects)))
            async with asyncio.timeout(TIMEOUT):
                while len(target.received) <= received:  # noqa: ASYNC110 - the receiver has no event
                    await asyncio.sleep(0.01)
            await sender.stop(signal.SIGKILL)
            await hooks.execute(EXPIRED)
            sender = await stack.enter_async_context(program("intent-bridge", **environment))
        await hooks.until_ended(rounds * subjects * changes)
    for found in versions(target.accepted).values():
        # A repeated delivery arrives before the next one of its subject.
        assert found == sorted(found)
        assert set(found) == set(range(1, changes + 1))
    assert len(versions(target.accepted)) == rounds * subjects


async def test_login_of_a_bridge_may_send_and_that_of_the_backend_may_not_read_secrets(
    hooks: Hooks, database_url: str, target: Receiver
) -> None:
    await hooks.add(target.url)
    async with logins(database_url) as login:
        settings = hooks.workshop.services.settings
        async with open_services(settings, await login("resonant_bridge"), name="bridges") as services:
            hooks.workshop.services = services
            async with hooks.sending():
                await hooks.change(2)
                await hooks.until_ended(2)
        backend = await asyncpg.connect(await login("resonant_api"))
        try:
            assert await backend.fetchval("SELECT count(id) FROM webhook_secrets") == 0  # of no user
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await backend.fetchval("SELECT secret FROM webhook_secrets")
        finally:
            await backend.close()
    assert len(target.accepted) == 2
