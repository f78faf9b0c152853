"""Sends the events of projects to their webhooks, until it is cancelled. Any number of processes may run it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any, Protocol

import structlog

from app.deferred_imports import imported
from app.language.catalogue import message_of
from app.live.bus.bus import Bus, BusMessage
from app.models.ports import Clock
from app.retry import poll_forever, retry_while_unavailable
from app.settings import Settings
from app.workers.webhooks.requests import body_of, headers_of
from app.workers.webhooks.results import Result, failure_of
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories import webhook_deliveries as repository
from sql.repositories.webhook_deliveries import DeliveryClaim
from sql.statements import Connection

log = structlog.get_logger()

SHUTDOWN_SECONDS = 2.0
Observe = Callable[[Result, float], None]
"""Gets the result of each attempt and its duration in seconds."""


class Client(Protocol):
    """Sends a request; app.workers.webhooks.client implements it."""

    async def send(self, claim: DeliveryClaim, headers: dict[str, str], body: bytes, now: datetime) -> Result: ...

    async def close(self) -> None: ...


class WebhookSender:
    """Makes deliveries of new events, claims those whose time has come and sends them.

    No connection of the database is held during a request. A claim is not renewed: its lease is longer than a request
    may take, and a worker that is killed costs one lease.
    """

    def __init__(
        self,
        database: Database,
        bus: Bus,
        settings: Settings,
        clock: Clock,
        *,
        client: Client | None = None,
        observe: Observe = lambda result, seconds: None,
    ) -> None:
        self._database = database
        self._bus = bus
        self._settings = settings
        self._clock = clock
        self._client = client
        self._observe = observe
        self._wake = asyncio.Event()
        self._has_webhooks = False
        self._sending: dict[asyncio.Task[None], DeliveryClaim] = {}

    @property
    def lease_seconds(self) -> float:
        return self._settings.webhook_timeout + self._settings.worker_lease_seconds

    async def run(self) -> None:
        """Run until cancelled; then give back what was not sent."""
        try:
            async with self._bus.listening(self._on_bus_message):
                await poll_forever(
                    self._step, name="webhooks", seconds=self._settings.database_poll_seconds, wake=self._wake
                )
        finally:
            await self._shut_down()

    def _on_bus_message(self, message: BusMessage) -> None:
        # Without webhooks a change costs nothing; the first one is found by the next poll.
        if self._has_webhooks and (message.users is None or message.users):
            self._wake.set()

    async def _step(self) -> None:
        async with self._database.connection() as connection:
            self._has_webhooks = await repository.has_webhooks(connection)
            if not self._has_webhooks:
                return
            while await repository.collect_deliveries(connection, self._clock.now()):
                pass
        await self._claim_and_start()

    async def _claim_and_start(self) -> None:
        free = self._settings.webhook_concurrency - len(self._sending)
        if free <= 0:
            return
        async with self._database.transaction() as connection:
            claims = await repository.claim_deliveries(
                connection,
                self._clock.now(),
                lease_seconds=self.lease_seconds,
                count_of_each=self._settings.webhook_concurrency_per_receiver,
                count=free,
            )
        if claims and self._client is None:
            self._client = await self._open_client()
        for claim in claims:
            task = asyncio.create_task(self._deliver(claim), name=f"webhook delivery {claim.id}")
            self._sending[task] = claim
            task.add_done_callback(self._ended)

    async def _open_client(self) -> Client:
        module: Any = await imported("app.workers.webhooks.client")
        client: Client = module.WebhookClient(
            timeout=self._settings.webhook_timeout, allow_private=self._settings.webhook_allow_private
        )
        return client

    def _ended(self, task: asyncio.Task[None]) -> None:
        del self._sending[task]
        self._wake.set()  # the next delivery of the subject may be waiting

    async def _deliver(self, claim: DeliveryClaim) -> None:
        try:
            result = await self._attempt(claim)
            await retry_while_unavailable(self._database.connection, self._storing(claim, result))
        except ResonantError as failure:
            log.warning("a delivery waits until its lease expires", id=str(claim.id), reason=message_of(failure))
        except Exception:
            log.exception("a delivery failed unexpectedly and waits until its lease expires", id=str(claim.id))

    async def _attempt(self, claim: DeliveryClaim) -> Result:
        started = asyncio.get_running_loop().time()
        try:
            result = await self._send(claim)
        except Exception:  # otherwise the request would be repeated after each lease, without end
            log.exception("the request of a delivery failed unexpectedly", id=str(claim.id))
            result = Result(failure="webhook.failed_unexpected", params={"id": str(claim.id)})
        self._observe(result, asyncio.get_running_loop().time() - started)
        return result

    async def _send(self, claim: DeliveryClaim) -> Result:
        if self._client is None:
            raise RuntimeError("the client is opened before a delivery starts")
        now, body = self._clock.now(), body_of(claim)
        return await self._client.send(claim, headers_of(claim, body, now), body, now)

    def _storing(self, claim: DeliveryClaim, result: Result) -> Callable[[Connection], Awaitable[None]]:
        """The write of the result, under the fence of the claim."""

        async def store(connection: Connection) -> None:
            now = self._clock.now()
            if result.succeeded:
                await repository.mark_succeeded(connection, claim, result.http_status or 0, now)
            else:
                failure = failure_of(result, claim, self._settings.webhook_retry_days * 86400)
                await repository.mark_failed(connection, claim, failure, now)

        return store

    async def _shut_down(self) -> None:
        unfinished = dict(self._sending)
        for task in unfinished:
            task.cancel()
        if unfinished:
            done, _ = await asyncio.wait(unfinished, timeout=SHUTDOWN_SECONDS)
            await asyncio.shield(self._release([unfinished[task] for task in done if task.cancelled()]))
        if self._client is not None:
            await self._client.close()

    async def _release(self, claims: list[DeliveryClaim]) -> None:
        """Give back what was claimed and not stored, so that it need not wait for the end of its lease."""
        try:
            async with self._database.connection() as connection:
                await repository.release_deliveries(connection, claims)
        except ResonantError as failure:
            log.warning("deliveries wait until their lease expires", reason=message_of(failure))
