"""The intent bridge: claims intents, classifies and processes them, stores the result and notifies, each once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, Literal, TypeVar, cast

import structlog

from app.clock import zone_of
from app.live.bus.bus import Bus
from app.memory.context.assembler import Wanted
from app.memory.context.prompt import keep_context, to_prompt
from app.memory.services import MemoryServices
from app.models.factory import Models
from app.models.ports import FEW_TURNS, AssistantError, Clock, IntentKind, Prompt, Turn
from app.retry import DATABASE_UNAVAILABLE, backoff_seconds, retry_while_unavailable
from app.settings import Settings
from app.workers.failures import ClaimLost, taken_up_too_often, unexpected
from app.workers.intents.contradictions.gate import Gate
from app.workers.intents.contradictions.local_judge import LocalJudge
from app.workers.intents.contradictions.ports import Judge
from app.workers.intents.contradictions.prior_records import PriorRecordFinder
from app.workers.intents.handlers import load_handlers
from app.workers.intents.handlers.protocol import CannotDo, Handler, HandlerContext, Keep, Outcome
from app.workers.intents.store import Completing
from app.workers.notifier import shortened, title_for
from app.workers.prompts import moment_of
from app.workers.turns import to_turns
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories import intent_claims as claims
from sql.repositories.intent_claims import Completion, IntentClaim
from sql.repositories.intents import waits_until
from sql.repositories.messages import list_turns_before
from sql.repositories.notifications import insert_notification
from sql.rows import IntentRow, JsonObject
from sql.statements import Connection

log = structlog.get_logger()

ACTOR = "intent-bridge"
Result = TypeVar("Result")


def build_judge(minds: Models) -> Judge:
    """Claude when a key is configured, else the local rules."""
    if minds.client is None:
        return LocalJudge()
    from app.workers.intents.contradictions.claude_judge import ClaudeJudge

    return ClaudeJudge(minds.client, LocalJudge())


class IntentBridge:
    """Implements app.workers.loop.JobSource for intents."""

    kind: Literal["intent"] = "intent"

    def __init__(
        self,
        database: Database,
        bus: Bus,
        minds: Models,
        settings: Settings,
        clock: Clock,
        memory: MemoryServices,
        handlers: Mapping[IntentKind, Handler] | None = None,
    ) -> None:
        self._database = database
        self._memory = memory
        self._bus = bus
        self._minds = minds
        self._settings = settings
        self._clock = clock
        self._handlers = load_handlers() if handlers is None else handlers
        self._completing = Completing(database, actor=ACTOR)
        self._served = ""  # the user whose turn was last
        self._gate = Gate(
            database,
            PriorRecordFinder(database, memory.nearest),
            build_judge(minds),
            actor=ACTOR,
            threshold=settings.worker_contradiction_threshold,
        )

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[IntentClaim]:
        claimed = await claims.claim_intents(
            connection,
            bridge_id,
            actor=ACTOR,
            count=count,
            lease_seconds=self._settings.worker_lease_seconds,
            behind=self._served,
        )
        if claimed:
            self._served = claimed[-1].user_id
        return claimed

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        standing = await claims.renew_intents(connection, bridge_id, ids, self._settings.worker_lease_seconds)
        return {intent_id: (fence, False) for intent_id, fence in standing.items()}

    async def free_expired(self, connection: Connection) -> set[str]:
        reason = "The bridge that worked on it was lost."
        woken = await claims.wake_due_intents(connection)
        return woken | await claims.release_expired_intents(connection, actor=ACTOR, reason=reason)

    async def hand_over(self, connection: Connection, bridge_id: str) -> set[str]:
        reason = "The bridge that worked on it stopped."
        return await claims.release_intents(connection, bridge_id, actor=ACTOR, reason=reason)

    async def work(self, claim: IntentClaim, stop: asyncio.Event) -> Awaitable[None] | None:
        done = await self._accounted_for(claim, self._work_out(claim))
        return None if done is None else self._accounted_for(claim, self._store(*done))

    async def _accounted_for(self, claim: IntentClaim, doing: Awaitable[Result]) -> Result | None:
        """What comes of it, or None with what went wrong on record."""
        try:
            return await doing
        except ClaimLost:
            log.info("an intent was taken away while it was processed", intent=str(claim.id))
        except CannotDo as refusal:
            await self._fail(claim, refusal.reason)
        except AssistantError as failure:
            await self._retry_or_fail(claim, failure)
        except ResonantError:
            raise  # not ours to explain; the lease brings the intent back
        except Exception as failure:
            await self._fail(claim, unexpected(failure, "intent", claim.id).reason)
        return None

    async def _work_out(self, claim: IntentClaim) -> tuple[Completion, Keep | None] | None:
        """What is to be stored; None when the intent waits instead, for its time or for the user."""
        began = perf_counter()
        if claim.intent.attempts > claim.intent.max_attempts:
            raise taken_up_too_often(claim.intent.attempts - 1)
        if claim.intent.intent_type is None:
            claim = await self._classified(claim)
            if await self._too_early(claim):
                return None
        if await self._is_held(claim):
            return None
        outcome = await self._handle(claim)
        return self._completion(claim, outcome, perf_counter() - began), outcome.keep

    def _local_now(self, intent: IntentRow) -> datetime:
        return self._clock.now().astimezone(zone_of(intent.metadata, self._settings.server_timezone))

    async def _classified(self, claim: IntentClaim) -> IntentClaim:
        """The claim with a type: what a client left open is decided now, and kept."""
        intent = claim.intent
        recent = await self._said_before(intent)
        found = await self._minds.classifier.classify_intent(intent.description, recent, self._local_now(intent))
        due_at = intent.due_at or found.due_at
        kind: IntentKind = "task" if found.intent_type == "reminder" and due_at is None else found.intent_type
        classification: JsonObject = {
            "intentType": kind,
            "confidence": found.confidence,
            "reason": found.reason,
            "classifier": found.classifier,
        }
        await self._write(
            lambda c: claims.classify_intent(c, claim, intent_type=kind, classification=classification, due_at=due_at)
        )
        self._bus.announce(intent.user_id)
        return replace(claim, intent=replace(intent, intent_type=kind, classification=classification, due_at=due_at))

    async def _said_before(self, intent: IntentRow) -> list[Turn]:
        """The last few messages of the intent's conversation, when it has one."""
        if (conversation := intent.conversation_id) is None:
            return []
        before = (intent.user_id, conversation, intent.id)
        return to_turns(
            await retry_while_unavailable(self._database.connection, lambda c: list_turns_before(c, *before, FEW_TURNS))
        )

    async def _too_early(self, claim: IntentClaim) -> bool:
        """A reminder that turns out to be for later goes back until then; that was no attempt."""
        due = waits_until(claim.intent.intent_type, claim.intent.due_at)
        if due is None or due <= self._clock.now():
            return False
        await self._postpone(claim, due, claim.intent.attempts - 1, "It waits until it is due.")
        return True

    async def _is_held(self, claim: IntentClaim) -> bool:
        """Whether it now waits for the user's word instead of being done."""
        kind = cast(IntentKind, claim.intent.intent_type)
        handler = self._handlers[kind]
        question = handler.asks_first(self._settings, again=claim.intent.attempts > 1)
        if handler.checked and not claim.checked and await self._gate.finds_clashes(claim, kind):
            held = True
        elif held := question is not None and not claim.confirmed:
            await self._gate.wait_for_confirmation(claim, question or "")
        if held:
            self._bus.announce(claim.user_id)
        return held

    async def _write(self, act: Callable[[Connection], Awaitable[bool]]) -> None:
        """Write under the fence, when the database is there. Raises ClaimLost."""
        if not await retry_while_unavailable(self._database.connection, act):
            raise ClaimLost

    async def _handle(self, claim: IntentClaim) -> Outcome:
        intent = claim.intent
        desk = HandlerContext(
            assistant=self._minds.assistant,
            now=self._local_now(intent),
            prompt=lambda system: self._prompt(intent, system),
            report=lambda progress: self._report(claim, progress),
            announce=lambda: self._bus.announce(claim.user_id),
            claim=claim,
            database=self._database,
            settings=self._settings,
            calls=self._minds.calls,
        )
        return await self._handlers[cast(IntentKind, intent.intent_type)].handle(intent, desk)

    async def _prompt(self, intent: IntentRow, system: str) -> Prompt:
        wanted = Wanted(
            user_id=intent.user_id,
            system=system,
            asked=intent.description,
            asked_at=intent.created_at,
            asked_id=intent.id,
            came_from=intent.source_message_id,
        )
        context = await self._memory.assembler.assemble(wanted)
        await retry_while_unavailable(
            self._database.transaction, lambda c: keep_context(c, intent.user_id, intent.id, context)
        )
        return to_prompt(context, moment=moment_of(self._local_now(intent)), purpose="work")

    async def _report(self, claim: IntentClaim, progress: float) -> None:
        """Tell how far it is; with the database away nobody could see it anyway. Raises ClaimLost."""
        try:
            async with self._database.connection() as connection:
                if not await claims.set_intent_progress(connection, claim, progress):
                    raise ClaimLost
        except DATABASE_UNAVAILABLE as failure:
            log.debug("progress could not be told", intent=str(claim.id), reason=failure.message)
        self._bus.announce(claim.user_id)

    def _completion(self, claim: IntentClaim, outcome: Outcome, seconds: float) -> Completion:
        result: JsonObject = {
            "text": outcome.text,
            "handler": claim.intent.intent_type,
            "assistant": self._minds.assistant.name,
            "model": outcome.model,
            "usage": dict(outcome.usage),
            "context": [{"kind": record.kind, "id": record.subject_id} for record in outcome.context],
            "durationMs": round(seconds * 1000),
            **outcome.details,
        }
        return Completion(
            claim=claim,
            result=result,
            kept=outcome.metadata,
            title=title_for(outcome.occasion, claim.intent.description),
            message=shortened(claim.intent.description),
            notification_type="info" if outcome.occasion == "reminder" else "success",
        )

    async def _store(self, completion: Completion, keep: Keep | None) -> None:
        """Store the result and notify, together or not at all."""
        if keep is None:
            await self._completing.complete(completion)
        else:
            await retry_while_unavailable(
                self._database.transaction, lambda c: self._keep_and_complete(c, completion, keep)
            )
        self._bus.announce(completion.claim.user_id)

    async def _keep_and_complete(self, connection: Connection, completion: Completion, keep: Keep) -> None:
        """What the handler keeps beside the result is kept with it or not at all."""
        if not await claims.hold_claim(connection, completion.claim):
            raise ClaimLost
        completion.result.update(await keep(connection))
        await claims.complete_intents(connection, [completion], actor=ACTOR)

    async def _fail(self, claim: IntentClaim, reason: str) -> None:
        async def store(connection: Connection) -> None:
            if await claims.finish_intent(connection, claim, status="failed", error=reason, actor=ACTOR):
                message = f"{shortened(claim.intent.description)}: {reason}"
                await self._notify(connection, claim, "failed", message, "error")

        await retry_while_unavailable(self._database.transaction, store)
        self._bus.announce(claim.user_id)

    async def _notify(self, connection: Connection, claim: IntentClaim, occasion: str, message: str, kind: str) -> None:
        intent = claim.intent
        await insert_notification(
            connection,
            intent.user_id,
            title=title_for(occasion, intent.description),
            message=message,
            notification_type=kind,
            intent_id=intent.id,
            source_message_id=intent.source_message_id,
            occurrence=f"intent:{intent.id}:{claim.fence}",
        )

    async def _retry_or_fail(self, claim: IntentClaim, failure: AssistantError) -> None:
        attempts = claim.intent.attempts
        if not failure.retryable or attempts >= claim.intent.max_attempts:
            await self._fail(claim, failure.reason)
            return
        until = self._clock.now() + timedelta(seconds=backoff_seconds(attempts, failure.retry_after))
        await self._postpone(claim, until, attempts, "It is tried again later.", failure.reason)

    async def _postpone(
        self, claim: IntentClaim, until: datetime, attempts: int, reason: str, error: str | None = None
    ) -> None:
        await retry_while_unavailable(
            self._database.connection,
            lambda c: claims.postpone_intent(
                c, claim, until=until, attempts=attempts, actor=ACTOR, reason=reason, error=error
            ),
        )
        self._bus.announce(claim.user_id)
