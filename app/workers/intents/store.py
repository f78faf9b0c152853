"""Step 4: stores the result of an intent, or why there is none, together with its notification."""

import asyncio
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, cast

from app.clock import zone_of
from app.intent_types import IntentType
from app.language.catalogue import Error, to_stored_text
from app.language.text import language_of, shortened
from app.live.bus.bus import Bus
from app.models.ports import AssistantError, Clock
from app.retry import backoff_seconds, retry_while_unavailable
from app.settings import Settings
from app.tools.hand_over import MAX_RELATED, REASON, related_json
from app.workers.failures import ClaimLost
from app.workers.intents.classify import zone_of_intent
from app.workers.intents.handlers.base import HandOver, Outcome, StoreMore
from app.workers.notifier import Notifier, OccasionName, occasion_of_due, render_notification
from sql.pool import Database
from sql.repositories import intent_claims as claims
from sql.repositories.accounts import find_timezone
from sql.repositories.intent_claims import Completion, IntentClaim
from sql.repositories.intents import earliest_attempt_at
from sql.repositories.person_intents import insert_next_occurrence, missed_occurrences
from sql.rows import IntentRow, JsonObject
from sql.sentences import Keyed, Sentence, sentence
from sql.statements import Connection

MAX_BATCH = 200
MAX_WRITERS = 2  # one statement is prepared while the other waits for the disk


class ResultWriter:
    """Batches result writes (group commit): results that arrive during a write are stored by the next statement."""

    def __init__(self, database: Database, *, actor: str) -> None:
        self._database = database
        self._actor = actor
        self._waiting: list[tuple[Completion, asyncio.Future[bool]]] = []
        self._writers = 0
        self._tasks: set[asyncio.Task[None]] = set()

    async def complete(self, completion: Completion) -> None:
        """Return when the result and its notification are stored. Raises ClaimLost."""
        stored = asyncio.get_running_loop().create_future()
        self._waiting.append((completion, stored))
        if self._writers < MAX_WRITERS:
            self._writers += 1
            task = asyncio.create_task(self._write_waiting())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        if not await stored:
            raise ClaimLost

    async def _write_waiting(self) -> None:
        try:
            while self._waiting:
                batch, self._waiting = self._waiting[:MAX_BATCH], self._waiting[MAX_BATCH:]
                await self._write(batch)
        finally:
            # Not in the task's done callback: a result that arrives before it would wait for a writer for ever.
            self._writers -= 1

    async def _write(self, batch: list[tuple[Completion, "asyncio.Future[bool]"]]) -> None:
        completions = [completion for completion, _ in batch]
        try:
            # A single statement, so no transaction is needed.
            stored = await retry_while_unavailable(
                self._database.connection, lambda c: claims.complete_intents(c, completions, actor=self._actor)
            )
        except Exception as failure:
            await self._write_each(batch, failure)
            return
        for completion, waiting in batch:
            if not waiting.done():  # its task may have been cancelled meanwhile
                waiting.set_result(completion.claim.id in stored)

    async def _write_each(self, batch: list[tuple[Completion, "asyncio.Future[bool]"]], failure: Exception) -> None:
        """Write the results of a failed batch one by one, so that one bad result does not fail the others."""
        if len(batch) > 1:
            for each in batch:
                await self._write([each])
            return
        for _, waiting in batch:
            if not waiting.done():
                waiting.set_exception(failure)


class IntentStore:
    """Stores how the processing of an intent ended, each time with its notification or not at all."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        notifier: Notifier,
        types: Mapping[str, IntentType],
        clock: Clock,
        settings: Settings,
        *,
        actor: str,
    ) -> None:
        self._types = types
        self._database = database
        self._bus = bus
        self._notifier = notifier
        self._clock = clock
        self._settings = settings
        self._actor = actor
        self._results = ResultWriter(database, actor=actor)

    async def complete(self, claim: IntentClaim, outcome: Outcome, *, assistant: str, seconds: float) -> None:
        """Store the result of a handler that took `seconds`, and who wrote it. Raises ClaimLost."""
        missed = await self._missed(claim.intent)
        completion = await self._to_completion(claim, outcome, assistant, seconds, missed)
        if outcome.store_more is None and claim.intent.recurrence is None:
            await self._results.complete(completion)
        else:
            await retry_while_unavailable(
                self._database.transaction, lambda c: self._complete_with(c, completion, outcome.store_more)
            )
        self._bus.announce(claim.user_id)

    async def _complete_with(
        self, connection: Connection, completion: Completion, store_more: StoreMore | None
    ) -> None:
        """Store the handler's own rows, the result and the next occurrence in one transaction."""
        if not await claims.lock_claim(connection, completion.claim):
            raise ClaimLost
        if store_more is not None:
            completion.result.update(await store_more(connection))
        await claims.complete_intents(connection, [completion], actor=self._actor)
        await self._insert_next(connection, completion.claim.intent)

    async def _insert_next(self, connection: Connection, intent: IntentRow) -> None:
        """Insert the next occurrence of a recurring intent, in the time zone of its user."""
        if intent.recurrence is not None:
            account = await find_timezone(connection, intent.user_id)
            zone = zone_of(account, intent.metadata, self._settings.server_timezone)
            await insert_next_occurrence(connection, intent, actor=self._actor, zone=zone, now=self._clock.now())

    async def _missed(self, intent: IntentRow) -> int:
        """How many times of a recurring reminder passed while nothing ran."""
        if intent.recurrence is None or intent.intent_type != "reminder":
            return 0
        zone = await zone_of_intent(self._database, intent, self._settings)
        return missed_occurrences(intent, zone, self._clock.now())

    async def _to_completion(
        self, claim: IntentClaim, outcome: Outcome, assistant: str, seconds: float, missed: int
    ) -> Completion:
        result: JsonObject = {
            "text": outcome.text,
            "handler": claim.intent.intent_type,
            "assistant": assistant,
            "model": outcome.model,
            "usage": dict(outcome.usage),
            "context": [{"kind": record.kind, "id": record.subject_id} for record in outcome.context],
            "durationMs": round(seconds * 1000),
            **outcome.details,
        }
        subject = claim.intent.description
        occasion: OccasionName = self._types[cast(str, claim.intent.intent_type)].notification
        params: dict[str, Any] = {"intent": shortened(subject)}
        if occasion == "reminder":
            occasion, params = await occasion_of_due(claim.intent, missed)
        notification = render_notification(occasion, subject, **params)
        return Completion(
            claim=claim,
            result=result,
            metadata=outcome.metadata,
            key=notification.key,
            params=notification.params,
            title=notification.title,
            message=notification.message,
            notification_type=notification.notification_type,
        )

    async def fail(self, claim: IntentClaim, failure: Keyed) -> None:
        """Store that the intent failed."""
        description = claim.intent.description
        error = to_stored_text(failure, language_of(description))

        async def store(connection: Connection) -> None:
            if await claims.finish_intent(connection, claim, status="failed", actor=self._actor, **error.as_error()):
                await self._notifier.notify_of_intent(
                    connection, claim, "failed", intent=shortened(description), reason=error.param
                )
                await self._insert_next(connection, claim.intent)

        await retry_while_unavailable(self._database.transaction, store)
        self._bus.announce(claim.user_id)

    async def hand_over(self, claim: IntentClaim, handed: HandOver) -> None:
        """Make the intent a to-do of the person, with the records found for it. Raises ClaimLost."""
        description = claim.intent.description
        reason = to_stored_text(REASON, language_of(description))
        related = [related_json(each.kind, each.subject_id, each.text) for each in handed.related[:MAX_RELATED]]

        async def store(connection: Connection) -> None:
            if not await claims.lock_claim(connection, claim):
                raise ClaimLost
            metadata = {"related": related, **handed.metadata}
            if handed.store_more is not None:
                metadata |= await handed.store_more(connection)
            await claims.hand_intent_to_person(
                connection, claim, metadata=metadata, actor=self._actor, **reason.as_reason()
            )
            await self._notifier.notify_of_intent(connection, claim, "handed_over", intent=shortened(description))

        await retry_while_unavailable(self._database.transaction, store)
        self._bus.announce(claim.user_id)

    async def retry_or_fail(self, claim: IntentClaim, failure: AssistantError) -> None:
        """Return the intent to the queue with a delay while attempts are left; else store that it failed."""
        attempts = claim.intent.attempts
        if not failure.retryable or attempts >= claim.intent.max_attempts:
            await self.fail(claim, failure)
            return
        until = self._clock.now() + timedelta(seconds=backoff_seconds(attempts, failure.retry_after))
        await self._postpone(claim, until, attempts, sentence("intent.retry_later"), failure)

    async def postpone_until_due(self, claim: IntentClaim) -> bool:
        """Whether the intent is not due yet and returned to the queue; this does not count as an attempt."""
        due_at = earliest_attempt_at(claim.intent.intent_type, claim.intent.due_at)
        if due_at is None or due_at <= self._clock.now():
            return False
        await self._postpone(claim, due_at, claim.intent.attempts - 1, sentence("intent.waits_until_due"))
        return True

    async def _postpone(
        self,
        claim: IntentClaim,
        until: datetime,
        attempts: int,
        reason: Sentence,
        failure: AssistantError | None = None,
    ) -> None:
        language = language_of(claim.intent.description)
        why = to_stored_text(reason, language).as_reason()
        error: Error | dict[str, None] = {} if failure is None else to_stored_text(failure, language).as_error()
        await retry_while_unavailable(
            self._database.connection,
            lambda c: claims.postpone_intent(
                c, claim, until=until, attempts=attempts, actor=self._actor, **why, **error
            ),
        )
        self._bus.announce(claim.user_id)
