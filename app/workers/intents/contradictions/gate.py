"""The gate before any work: what clashes with what stands, or must be confirmed, waits for the user's word."""

from collections.abc import Sequence

from app.models.ports import IntentKind
from app.retry import retry_while_unavailable
from app.workers.failures import ClaimLost
from app.workers.intents.contradictions.ports import Candidate, Contradiction, Judge
from app.workers.intents.contradictions.prior_records import PriorRecordFinder
from app.workers.notifier import shortened, title_for
from sql.pool import Database
from sql.repositories import intent_claims as claims
from sql.repositories.contradictions import NewContradiction, insert_contradiction
from sql.repositories.intent_claims import IntentClaim
from sql.repositories.notifications import insert_notification
from sql.rows import ContradictionRow, JsonObject
from sql.statements import Connection

MAX_CLASHES = 3


class Gate:
    """Compares each intent once with what stands; `threshold` in 0..1 is how sure a clash must be to stop it."""

    def __init__(
        self, database: Database, finder: PriorRecordFinder, judge: Judge, *, actor: str, threshold: float
    ) -> None:
        self._database = database
        self._finder = finder
        self._judge = judge
        self._actor = actor
        self._threshold = threshold

    async def finds_clashes(self, claim: IntentClaim, kind: IntentKind) -> bool:
        """Whether the intent now waits because of what it clashes with. Raises ClaimLost."""
        standings = await self._finder.find(claim.intent)
        found = await self._judge.judge(Candidate(claim.intent.description, kind), standings)
        clashes = [clash for clash in found if clash.confidence >= self._threshold][:MAX_CLASHES]
        if not clashes:
            if not await retry_while_unavailable(
                self._database.connection, lambda c: claims.mark_intent_checked(c, claim)
            ):
                raise ClaimLost
            return False
        await retry_while_unavailable(self._database.transaction, lambda c: self._hold(c, claim, clashes))
        return True

    async def _hold(self, connection: Connection, claim: IntentClaim, clashes: Sequence[Contradiction]) -> None:
        """Have it wait, with what it clashes with on record and told of, together or not at all."""
        if not await claims.hold_intent(connection, claim, actor=self._actor, reason=clashes[0].explanation):
            raise ClaimLost
        for clash in clashes:
            row = await insert_contradiction(connection, claim.user_id, claim.id, _to_contradiction(clash))
            await self._notify(connection, claim, "contradiction", clash.explanation, _links(row, clash))

    async def wait_for_confirmation(self, claim: IntentClaim, why: str) -> None:
        """Have it wait until the user lets it go on. Raises ClaimLost."""

        async def hold(connection: Connection) -> None:
            if not await claims.hold_intent(connection, claim, actor=self._actor, reason=why):
                raise ClaimLost
            message = f"{shortened(claim.intent.description)}: {why}"
            await self._notify(connection, claim, "confirmation", message, {})

        await retry_while_unavailable(self._database.transaction, hold)

    async def _notify(
        self, connection: Connection, claim: IntentClaim, occasion: str, message: str, links: JsonObject
    ) -> None:
        intent = claim.intent
        await insert_notification(
            connection,
            intent.user_id,
            title=title_for(occasion, intent.description),
            message=message,
            notification_type="warning",
            intent_id=intent.id,
            source_message_id=intent.source_message_id,
            occurrence=f"intent:{intent.id}:{claim.fence}:{links.get('contradictionId', occasion)}",
            metadata=links,
        )


def _to_contradiction(clash: Contradiction) -> NewContradiction:
    standing = clash.standing
    return NewContradiction(
        kind=clash.kind,
        confidence=clash.confidence,
        explanation=clash.explanation,
        judge=clash.judge,
        with_kind=standing.kind if standing else None,
        with_id=standing.id if standing else None,
    )


def _links(row: ContradictionRow, clash: Contradiction) -> JsonObject:
    """What the notification links beside its intent: the contradiction, and what the intent clashes with."""
    links: JsonObject = {"contradictionId": str(row.id), "kind": row.kind}
    if clash.standing is not None:
        links["conflictsWith"] = {"kind": clash.standing.kind, "id": str(clash.standing.id)}
    return links
