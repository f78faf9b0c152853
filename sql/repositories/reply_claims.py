"""Claims of message bridges on replies, writes under the fence of a claim, and the progress of a reply."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sql.errors import NotFound
from sql.repositories.messages import NO_MESSAGE
from sql.rows import JsonObject
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class ReplyClaim:
    """A reply that a bridge has claimed. Every write checks the fence. `attempts` includes this attempt.

    A reply that is continued has the text so far in `kept` and the token counts so far in `spent`.
    `model` is the one that was chosen for the conversation, None for the default.
    """

    id: UUID
    user_id: str
    conversation_id: UUID
    reply_to: UUID
    fence: int
    attempts: int
    kept: str = ""
    spent: JsonObject = field(default_factory=dict)
    model: str | None = None


async def claim_replies(
    connection: Connection, bridge_id: str, *, count: int, lease_seconds: float
) -> list[ReplyClaim]:
    records = statements.claim_replies(connection, bridge_id=bridge_id, lease_seconds=lease_seconds, count=count)
    return sorted([ReplyClaim(**record) async for record in records], key=lambda claim: claim.id)


async def renew_replies(
    connection: Connection, bridge_id: str, ids: Sequence[UUID], lease_seconds: float
) -> dict[UUID, tuple[int, str]]:
    """Fence and status of each reply that this bridge still holds."""
    records = statements.renew_replies(connection, bridge_id=bridge_id, ids=ids, lease_seconds=lease_seconds)
    return {record["id"]: (record["fence"], record["status"]) async for record in records}


async def save_reply(connection: Connection, claim: ReplyClaim, content: str) -> str | None:
    """Save the text so far; returns the reply's status, or None when the claim is lost."""
    status: str | None = await statements.save_reply(connection, id=claim.id, fence=claim.fence, content=content)
    return status


async def finish_reply(
    connection: Connection,
    claim: ReplyClaim,
    content: str,
    *,
    status: str,
    error: str | None = None,
    error_key: str | None = None,
    error_params: JsonObject | None = None,
    metadata: JsonObject | None = None,
) -> str | None:
    """End the reply; returns its actual status, or None when the claim is lost."""
    ended: str | None = await statements.finish_reply(
        connection,
        id=claim.id,
        fence=claim.fence,
        content=content,
        status=status,
        error=error,
        error_key=error_key,
        error_params=error_params,
        metadata=metadata or {},
    )
    return ended


async def postpone_reply(connection: Connection, claim: ReplyClaim, delay_seconds: float) -> None:
    await statements.postpone_reply(connection, id=claim.id, fence=claim.fence, delay_seconds=delay_seconds)


async def release_replies(connection: Connection, bridge_id: str) -> set[str]:
    """Return all claims of the bridge to the queue; returns the users of the replies."""
    return {record["user_id"] async for record in statements.release_replies(connection, bridge_id=bridge_id)}


async def release_expired_replies(connection: Connection) -> set[str]:
    """Return the claims of killed bridges to the queue; returns the users of the replies."""
    return {record["user_id"] async for record in statements.release_expired_replies(connection)}


async def lock_reply(connection: Connection, claim: ReplyClaim) -> bool:
    """Whether the claim is still held; if so, it is locked until the transaction ends."""
    return await statements.lock_reply(connection, id=claim.id, fence=claim.fence) is not None


async def find_reply_rounds(connection: Connection, claim: ReplyClaim) -> list[JsonObject] | None:
    """The rounds of the reply so far, as app/workers/replies/rounds.py stores them; None when the claim is lost."""
    rounds: list[JsonObject] | None = await statements.find_reply_rounds(connection, id=claim.id, fence=claim.fence)
    return rounds


async def save_reply_rounds(connection: Connection, claim: ReplyClaim, rounds: Sequence[JsonObject]) -> str | None:
    """Store the rounds; returns the reply's status, or None when the claim is lost."""
    status: str | None = await statements.save_reply_rounds(
        connection, id=claim.id, fence=claim.fence, rounds=list(rounds)
    )
    return status


async def mark_intents_extracted(connection: Connection, message_id: UUID) -> bool:
    """True once per message: the caller extracts its intents in the same transaction."""
    return await statements.mark_intents_extracted(connection, id=message_id) is not None


@dataclass(frozen=True, slots=True)
class ReplyProgress:
    """`fence` counts the attempts at the reply; `held` says whether a bridge still writes it."""

    content: str
    status: str
    fence: int
    held: bool

    @property
    def final(self) -> bool:
        """Whether the text is final."""
        return self.status in ("complete", "stopped", "failed") and not self.held


async def get_reply_progress(connection: Connection, user_id: str, message_id: UUID) -> ReplyProgress:
    """Raises NotFound."""
    record = await statements.find_reply_progress(connection, user_id=user_id, id=message_id)
    if record is None:
        raise NotFound(NO_MESSAGE)
    return ReplyProgress(**record)


@dataclass(frozen=True, slots=True)
class ReplyReaders:
    """The author of a reply, and all users who see it."""

    author: str
    users: frozenset[str]


async def find_reply_readers(connection: Connection, message_id: UUID) -> ReplyReaders:
    """Nobody when there is no such reply. Needs a connection for all users."""
    record = await statements.find_reply_readers(connection, id=message_id)
    return ReplyReaders(record["author"], frozenset(record["users"])) if record else ReplyReaders("", frozenset())
