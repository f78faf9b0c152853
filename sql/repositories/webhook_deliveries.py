"""Deliveries of webhooks, as the workers claim and store them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sql.event_cursor import EventCursor, EventPosition
from sql.rows import JsonObject
from sql.statements import Connection, statements

COLLECTED = 500  # events of one webhook in one statement
MAX_PENDING = 10_000
"""A webhook with so many unfinished deliveries gets no more for now: the events wait in their table."""
SUCCEEDED_DAYS, DEAD_DAYS = 7, 30


@dataclass(frozen=True, slots=True)
class DeliveryClaim:
    """A claimed delivery, with what its request needs. `cursor` is null for a test."""

    id: UUID
    fence: int
    webhook_id: UUID
    project_id: UUID
    url: str
    secrets: Sequence[str]
    attempts: int
    waited_seconds: float
    kind: str
    subject_id: UUID
    caused_by: UUID | None
    cursor: str | None
    payload: JsonObject
    occurred_at: datetime


@dataclass(frozen=True, slots=True)
class KeyedText:
    """A sentence of the catalogue, in English, with its key and parameters."""

    text: str
    key: str
    params: JsonObject


@dataclass(frozen=True, slots=True)
class DeliveryFailure:
    """Why an attempt failed, and what follows: another attempt after `pause` seconds, or none when it is `dead`.

    `gone` is the reason to disable the webhook.
    """

    http_status: int | None
    error: KeyedText
    pause: float
    dead: bool
    gone: KeyedText | None


async def has_webhooks(connection: Connection) -> bool:
    """Whether there is an enabled webhook."""
    return bool(await statements.has_webhooks(connection))


async def collect_deliveries(connection: Connection, now: datetime) -> bool:
    """Insert deliveries of new events; whether there may be more."""
    events: int = await statements.collect_deliveries(connection, now=now, count=COLLECTED, most=MAX_PENDING)
    return events == COLLECTED


async def claim_deliveries(
    connection: Connection, now: datetime, *, lease_seconds: float, count_of_each: int, count: int
) -> list[DeliveryClaim]:
    """Claim deliveries whose time has come, in a transaction; at most `count_of_each` of a webhook at a time."""
    # The second statement sees what another worker claimed before the first one got the lock.
    locked = [record["id"] async for record in statements.lock_webhooks_with_work(connection, now=now)]
    if not locked:
        return []
    records = statements.claim_deliveries(
        connection,
        webhook_ids=locked,
        now=now,
        lease_seconds=lease_seconds,
        count_of_each=count_of_each,
        count=count,
    )
    return [_to_claim(dict(record)) async for record in records]


def _to_claim(record: JsonObject) -> DeliveryClaim:
    stream, xid, event_id = record.pop("stream"), record.pop("xid"), record.pop("event_id")
    cursor = None if event_id is None else EventCursor(stream, EventPosition(xid, event_id)).encode()
    return DeliveryClaim(cursor=cursor, **record)


async def mark_succeeded(connection: Connection, claim: DeliveryClaim, http_status: int, now: datetime) -> None:
    """Under the fence of the claim."""
    await statements.mark_delivery_succeeded(
        connection, id=claim.id, fence=claim.fence, http_status=http_status, now=now
    )


async def mark_failed(connection: Connection, claim: DeliveryClaim, failure: DeliveryFailure, now: datetime) -> None:
    """Under the fence of the claim."""
    await statements.mark_delivery_failed(
        connection,
        id=claim.id,
        fence=claim.fence,
        http_status=failure.http_status,
        error=failure.error.text,
        error_key=failure.error.key,
        error_params=failure.error.params,
        next_attempt_at=now + timedelta(seconds=failure.pause),
        pause=failure.pause,
        dead=failure.dead,
        gone=failure.gone and failure.gone.text,
        gone_key=failure.gone and failure.gone.key,
        now=now,
    )


async def release_deliveries(connection: Connection, claims: Sequence[DeliveryClaim]) -> None:
    """Give claims back that were not processed."""
    await statements.release_deliveries(
        connection, ids=[claim.id for claim in claims], fences=[claim.fence for claim in claims]
    )


async def delete_old_deliveries(connection: Connection, count: int) -> int:
    """Delete at most `count` deliveries that ended long ago; returns how many."""
    deleted: int = await statements.delete_old_deliveries(
        connection, succeeded_days=SUCCEEDED_DAYS, dead_days=DEAD_DAYS, count=count
    )
    return deleted


async def adapt_to_server(connection: Connection) -> None:
    """For a restored database, before its events lose their transaction numbers."""
    await statements.adapt_webhooks_to_server(connection)
