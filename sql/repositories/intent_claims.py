"""How intent bridges claim intents, and write them under the fence of their claim."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sql.rows import IntentRow, JsonObject
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class IntentClaim:
    """An intent that a bridge holds; whatever it writes must name the fence.

    `checked`: it was compared with what stands; `confirmed`: the user has said that it may go on.
    """

    intent: IntentRow
    fence: int
    checked: bool = False
    confirmed: bool = False

    @property
    def id(self) -> UUID:
        return self.intent.id

    @property
    def user_id(self) -> str:
        return self.intent.user_id


async def claim_intents(
    connection: Connection, bridge_id: str, *, actor: str, count: int, lease_seconds: float
) -> list[IntentClaim]:
    """The most urgent first."""
    claims = []
    records = statements.claim_intents(
        connection, bridge_id=bridge_id, actor=actor, lease_seconds=lease_seconds, count=count
    )
    async for record in records:
        fields = dict(record)
        held = {name: fields.pop(name) for name in ("fence", "checked", "confirmed")}
        claims.append(IntentClaim(IntentRow(**fields), **held))
    return sorted(claims, key=lambda claim: (-claim.intent.priority, claim.id))


async def renew_intents(
    connection: Connection, bridge_id: str, ids: Sequence[UUID], lease_seconds: float
) -> dict[UUID, int]:
    """The fence of each intent that is still held by this bridge."""
    records = statements.renew_intents(connection, bridge_id=bridge_id, ids=ids, lease_seconds=lease_seconds)
    return {record["id"]: record["fence"] async for record in records}


async def classify_intent(
    connection: Connection,
    claim: IntentClaim,
    *,
    intent_type: str,
    classification: JsonObject,
    due_at: datetime | None,
) -> bool:
    """Whether the claim still stood. The same holds for all writes below."""
    written = await statements.classify_intent(
        connection,
        id=claim.id,
        fence=claim.fence,
        intent_type=intent_type,
        classification=classification,
        due_at=due_at,
    )
    return written is not None


async def mark_intent_checked(connection: Connection, claim: IntentClaim) -> bool:
    """Nothing stands against it."""
    return await statements.mark_intent_checked(connection, id=claim.id, fence=claim.fence) is not None


async def hold_intent(connection: Connection, claim: IntentClaim, *, actor: str, reason: str) -> bool:
    """Have it wait for the user's word."""
    written = await statements.hold_intent(connection, id=claim.id, fence=claim.fence, actor=actor, reason=reason)
    return written is not None


async def set_intent_progress(connection: Connection, claim: IntentClaim, progress: float) -> bool:
    """`progress` in 0..1."""
    written = await statements.set_intent_progress(connection, id=claim.id, fence=claim.fence, progress=progress)
    return written is not None


async def finish_intent(
    connection: Connection,
    claim: IntentClaim,
    *,
    status: Literal["completed", "failed"],
    actor: str,
    result: JsonObject | None = None,
    error: str | None = None,
    kept: JsonObject | None = None,
) -> bool:
    """`kept` is merged into the intent's metadata."""
    written = await statements.finish_intent(
        connection,
        id=claim.id,
        fence=claim.fence,
        status=status,
        result=result,
        error=error,
        kept=kept or {},
        actor=actor,
        reason=error,
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
    error: str | None = None,
) -> bool:
    written = await statements.postpone_intent(
        connection,
        id=claim.id,
        fence=claim.fence,
        until=until,
        attempts=attempts,
        error=error,
        actor=actor,
        reason=reason,
    )
    return written is not None


async def release_intents(connection: Connection, bridge_id: str, *, actor: str, reason: str) -> set[str]:
    """Hand over all that the bridge holds; whose intents they were."""
    records = statements.release_intents(connection, bridge_id=bridge_id, actor=actor, reason=reason)
    return {record["user_id"] async for record in records}


async def release_expired_intents(connection: Connection, *, actor: str, reason: str) -> set[str]:
    """Free what killed bridges held; whose intents they were."""
    records = statements.release_expired_intents(connection, actor=actor, reason=reason)
    return {record["user_id"] async for record in records}
