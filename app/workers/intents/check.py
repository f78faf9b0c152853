"""Step 2: an intent that contradicts an earlier record, or that needs confirmation, waits for the user."""

from collections.abc import Sequence
from datetime import timedelta

from app.language.catalogue import to_stored_text
from app.language.text import language_of, shortened
from app.live.bus.bus import Bus
from app.retry import retry_while_unavailable
from app.settings import Settings
from app.workers.failures import ClaimLost, write_under_fence
from app.workers.intents.contradictions.ports import Candidate, Contradiction, Judge, PriorRecord
from app.workers.intents.contradictions.prior_records import PriorRecordFinder
from app.workers.intents.handlers.base import Handler, NeedsAnswer
from app.workers.notifier import Notifier
from sql.pool import Database
from sql.repositories import intent_claims as claims
from sql.repositories.contradictions import NewContradiction, insert_contradiction
from sql.repositories.intent_claims import IntentClaim
from sql.rows import ContradictionRow, JsonObject
from sql.sentences import Keyed
from sql.statements import Connection

MAX_CONTRADICTIONS = 3
OVERLAP = timedelta(seconds=10)  # a transaction commits later than the time that it stores


class IntentChecker:
    """Compares each intent with earlier records, and asks for the confirmation that its handler requires.

    An intent that was compared before is compared with the decisions that were accepted or changed since then.
    """

    def __init__(
        self,
        database: Database,
        bus: Bus,
        notifier: Notifier,
        finder: PriorRecordFinder,
        judge: Judge,
        settings: Settings,
        *,
        actor: str,
    ) -> None:
        self._database = database
        self._bus = bus
        self._notifier = notifier
        self._finder = finder
        self._judge = judge
        self._settings = settings
        self._actor = actor

    async def must_wait(self, claim: IntentClaim, handler: Handler) -> bool:
        """Whether the intent now waits for the user. Raises ClaimLost, and CannotHandle when the handler refuses it."""
        question = handler.confirmation_question(self._settings, again=claim.intent.attempts > 1)
        missing = handler.missing(claim.intent)
        if missing is not None:
            await self._await_confirmation(claim, missing)
            waits = True
        elif handler.intent_type.checked and await self._contradicts(claim, handler.intent_type.name):
            waits = True
        elif question is not None and not claim.confirmed:
            await self._await_confirmation(claim, question)
            waits = True
        else:
            waits = False
        if waits:
            self._bus.announce(claim.user_id)
        return waits

    async def _contradicts(self, claim: IntentClaim, kind: str) -> bool:
        """Compare the intent with earlier records; it waits for the user when a contradiction is likely enough."""
        again = claim.checked_at is not None
        records = await self._records(claim)
        if again and not records:
            return False
        found = await self._judge.judge(Candidate(claim.intent.description, kind), records)
        if again:
            found = [each for each in found if each.record is not None]  # its wording was settled before
        threshold = self._settings.worker_contradiction_threshold
        contradictions = [each for each in found if each.confidence >= threshold][:MAX_CONTRADICTIONS]
        if not contradictions:
            await write_under_fence(self._database.connection, lambda c: claims.mark_intent_checked(c, claim))
            return False
        await retry_while_unavailable(
            self._database.transaction, lambda c: self._hold_contradicted(c, claim, contradictions)
        )
        return True

    async def _records(self, claim: IntentClaim) -> list[PriorRecord]:
        if claim.checked_at is None:
            return await self._finder.find(claim.intent)
        return await self._finder.find_changed(claim.intent, since=claim.checked_at - OVERLAP)

    async def _hold_contradicted(
        self, connection: Connection, claim: IntentClaim, contradictions: Sequence[Contradiction]
    ) -> None:
        """Mark the intent as awaiting confirmation, store its contradictions and notify of each, in one transaction."""
        if not await claims.mark_intent_awaiting_confirmation(
            connection, claim, actor=self._actor, **contradictions[0].explanation.as_reason()
        ):
            raise ClaimLost
        for each in contradictions:
            row = await insert_contradiction(connection, claim.user_id, claim.id, _to_new(each))
            await self._notifier.notify_of_intent(
                connection,
                claim,
                "contradiction",
                subject=shortened(claim.intent.description),
                explanation=each.explanation.param,
                links=_links(row, each),
            )

    async def ask(self, claim: IntentClaim, question: NeedsAnswer) -> None:
        """The intent waits until the user answers the question of its handler. Raises ClaimLost."""
        await self._await_confirmation(claim, question, question.metadata)
        self._bus.announce(claim.user_id)

    async def _await_confirmation(
        self, claim: IntentClaim, question: Keyed, metadata: JsonObject | None = None
    ) -> None:
        description = claim.intent.description
        reason = to_stored_text(question, language_of(description))

        async def hold(connection: Connection) -> None:
            if not await claims.mark_intent_awaiting_confirmation(
                connection, claim, actor=self._actor, metadata=metadata, **reason.as_reason()
            ):
                raise ClaimLost
            await self._notifier.notify_of_intent(
                connection, claim, "confirmation", intent=shortened(description), reason=reason.param
            )

        await retry_while_unavailable(self._database.transaction, hold)


def _to_new(found: Contradiction) -> NewContradiction:
    record = found.record
    return NewContradiction(
        kind=found.kind,
        confidence=found.confidence,
        explanation=found.explanation.text,
        key=found.explanation.key,
        params=found.explanation.params,
        judge=found.judge,
        with_kind=record.kind if record else None,
        with_id=record.id if record else None,
    )


def _links(row: ContradictionRow, found: Contradiction) -> JsonObject:
    """The rows that the notification links to: the contradiction and the record that it contradicts."""
    links: JsonObject = {"contradictionId": str(row.id), "kind": row.kind}
    if found.record is not None:
        links["conflictsWith"] = {"kind": found.record.kind, "id": str(found.record.id)}
    return links
