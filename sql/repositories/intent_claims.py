"""Claims of intent bridges on intents, and writes under the fence of a claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sql.rows import IntentRow, JsonObject
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class IntentClaim:
    """An intent that a bridge has claimed. Every write checks the fence.

    `checked_at`: when it was last compared with earlier records; `confirmed`: the user has confirmed it.
    """

    intent: IntentRow
    fence: int
    claimed_at: datetime
    checked_at: datetime | None = None
    confirmed: bool = False

    @property
    def id(self) -> UUID:
        return self.intent.id

    @property
    def user_id(self) -> str:
        return self.intent.user_id


async def claim_intents(
    connection: Connection, bridge_id: str, *, actor: str, count: int, lease_seconds: float, after: str = ""
) -> list[IntentClaim]:
    """Claim an equal share from each user in turn, starting after the user `after`; the most urgent intents first."""
    claims = []
    records = statements.claim_intents(
        connection, bridge_id=bridge_id, actor=actor, lease_seconds=lease_seconds, after=after, count=count
    )
    async for record in records:
        fields = dict(record)
        held = {name: fields.pop(name) for name in ("fence", "claimed_at", "checked_at", "confirmed")}
        claims.append((fields.pop("turn"), IntentClaim(IntentRow(**fields), **held)))
    claims.sort(key=lambda each: (each[0], -each[1].intent.priority, each[1].id))
    return [claim for _, claim in claims]


async def wake_due_intents(connection: Connection, now: datetime) -> set[str]:
    """Make intents claimable when their `next_attempt_at` is reached; returns their users."""
    return {record["user_id"] async for record in statements.wake_due_intents(connection, now=now)}


async def renew_intents(
    connection: Connection, bridge_id: str, ids: Sequence[UUID], lease_seconds: float
) -> dict[UUID, int]:
    """The fence of each intent that this bridge still holds."""
    records = statements.renew_intents(connection, bridge_id=bridge_id, ids=ids, lease_seconds=lease_seconds)
    return {record["id"]: record["fence"] async for record in records}


async def set_intent_classification(
    connection: Connection,
    claim: IntentClaim,
    *,
    intent_type: str,
    classification: JsonObject,
    due_at: datetime | None,
) -> bool:
    """Store the type. Returns whether the claim is still held, as do all writes below."""
    written = await statements.set_intent_classification(
        connection,
        id=claim.id,
        fence=claim.fence,
        intent_type=intent_type,
        classification=classification,
        due_at=due_at,
    )
    return written is not None


async def mark_intent_checked(connection: Connection, claim: IntentClaim) -> bool:
    """The intent contradicts nothing of what was recorded until it was claimed."""
    checked = await statements.mark_intent_checked(
        connection, id=claim.id, fence=claim.fence, checked_at=claim.claimed_at
    )
    return checked is not None


async def mark_intent_awaiting_confirmation(
    connection: Connection,
    claim: IntentClaim,
    *,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
    metadata: JsonObject | None = None,
) -> bool:
    """Wait until the user confirms it or resolves its contradictions. `metadata` is merged into that of the intent."""
    written = await statements.mark_intent_awaiting_confirmation(
        connection,
        id=claim.id,
        fence=claim.fence,
        actor=actor,
        reason=reason,
        reason_key=reason_key,
        reason_params=reason_params,
        metadata=metadata or {},
    )
    return written is not None


async def hand_intent_to_person(
    connection: Connection,
    claim: IntentClaim,
    *,
    metadata: JsonObject,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
) -> bool:
    """Make it a to-do of its user. `metadata` is merged into that of the intent."""
    written = await statements.hand_intent_to_person(
        connection,
        id=claim.id,
        fence=claim.fence,
        metadata=metadata,
        actor=actor,
        reason=reason,
        reason_key=reason_key,
        reason_params=reason_params,
    )
    return written is not None


async def set_intent_progress(connection: Connection, claim: IntentClaim, progress: float) -> bool:
    """`progress` in 0..1."""
    written = await statements.set_intent_progress(connection, id=claim.id, fence=claim.fence, progress=progress)
    return written is not None


async def lock_claim(connection: Connection, claim: IntentClaim) -> bool:
    """Whether the claim is still held; if so, it is locked until the transaction ends."""
    return await statements.lock_claim(connection, id=claim.id, fence=claim.fence) is not None


@dataclass(frozen=True, slots=True)
class Completion:
    """A result to store, and its notification; `metadata` is merged into the intent's metadata."""

    claim: IntentClaim
    result: JsonObject
    metadata: JsonObject
    title: str
    message: str
    notification_type: str
    key: str | None = None
    params: JsonObject | None = None


async def complete_intents(connection: Connection, completions: Sequence[Completion], *, actor: str) -> set[UUID]:
    """Store the results and notify; returns the ids of the intents whose claims were still held."""
    records = statements.complete_intents(
        connection,
        ids=[each.claim.id for each in completions],
        fences=[each.claim.fence for each in completions],
        results=[each.result for each in completions],
        metadata=[each.metadata for each in completions],
        titles=[each.title for each in completions],
        messages=[each.message for each in completions],
        keys=[each.key for each in completions],
        params=[each.params for each in completions],
        kinds=[each.notification_type for each in completions],
        actor=actor,
    )
    return {record["id"] async for record in records}


async def finish_intent(
    connection: Connection,
    claim: IntentClaim,
    *,
    status: Literal["completed", "failed"],
    actor: str,
    result: JsonObject | None = None,
    error: str | None = None,
    error_key: str | None = None,
    error_params: JsonObject | None = None,
    metadata: JsonObject | None = None,
) -> bool:
    """End a claimed intent. `metadata` is merged into the intent's metadata."""
    written = await statements.finish_intent(
        connection,
        id=claim.id,
        fence=claim.fence,
        status=status,
        result=result,
        error=error,
        error_key=error_key,
        error_params=error_params,
        metadata=metadata or {},
        actor=actor,
        reason=error,
        reason_key=error_key,
        reason_params=error_params,
    )
    return written is not None


async def postpone_intent(
    connection: Connection,
    claim: IntentClaim,
    *,
    until: datetime,
    attempts: int,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
    error: str | None = None,
    error_key: str | None = None,
    error_params: JsonObject | None = None,
) -> bool:
    written = await statements.postpone_intent(
        connection,
        id=claim.id,
        fence=claim.fence,
        until=until,
        attempts=attempts,
        error=error,
        error_key=error_key,
        error_params=error_params,
        actor=actor,
        reason=reason,
        reason_key=reason_key,
        reason_params=reason_params,
    )
    return written is not None


async def release_intents(
    connection: Connection,
    bridge_id: str,
    *,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
) -> set[str]:
    """Return all claims of the bridge to the queue; returns the users of the intents."""
    records = statements.release_intents(
        connection, bridge_id=bridge_id, actor=actor, reason=reason, reason_key=reason_key, reason_params=reason_params
    )
    return {record["user_id"] async for record in records}


async def release_expired_intents(
    connection: Connection,
    *,
    actor: str,
    reason: str,
    reason_key: str | None = None,
    reason_params: JsonObject | None = None,
) -> set[str]:
    """Return the claims of killed bridges to the queue; returns the users of the intents."""
    records = statements.release_expired_intents(
        connection, actor=actor, reason=reason, reason_key=reason_key, reason_params=reason_params
    )
    return {record["user_id"] async for record in records}
