"""The intent bridge: claims intents and processes each in four steps: classify, check, handle, store."""

import asyncio
from collections.abc import Awaitable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from time import perf_counter
from typing import Any, Literal, TypeVar, cast
from zoneinfo import ZoneInfo

import structlog

from app.clock import zone_of
from app.files.store import FileStore
from app.intent_types import IntentType
from app.language.catalogue import stored_text
from app.live.bus.bus import Bus
from app.memory.services import MemoryServices
from app.models.factory import Models, ModelSource
from app.models.ports import AssistantError, Clock
from app.settings import Settings
from app.workers.failures import ClaimLost, too_many_attempts, unexpected
from app.workers.intents.check import IntentChecker
from app.workers.intents.classify import IntentClassifier
from app.workers.intents.contradictions.local_judge import LocalJudge
from app.workers.intents.contradictions.ports import Judge
from app.workers.intents.contradictions.prior_records import PriorRecordFinder
from app.workers.intents.handle import HandlerRunner
from app.workers.intents.handlers import load_handlers
from app.workers.intents.handlers.base import CannotHandle, Handler, HandOver, NeedsAnswer, Outcome
from app.workers.intents.store import IntentStore
from app.workers.notifier import Notifier
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories import intent_claims as claims
from sql.repositories.intent_claims import IntentClaim
from sql.repositories.person_intents import (
    mark_due_intents,
    mark_overdue_intents,
    missed_occurrences,
    set_overdue_time,
)
from sql.statements import Connection

log = structlog.get_logger()

ACTOR = "intent-bridge"
MORNING = time(9)
WORKER_LOST = stored_text("intent.worker_lost")
WORKER_STOPPED = stored_text("intent.worker_stopped")
Result = TypeVar("Result")


def build_judge(models: Models) -> Judge:
    """Claude when a key is configured, else the local rules."""
    if models.client is None:
        return LocalJudge()
    # Delayed: it imports the Anthropic SDK, which takes 50 MB and over a second.
    from app.workers.intents.contradictions.claude_judge import ClaudeJudge

    return ClaudeJudge(models.client, LocalJudge())


def overdue_time(due_at: datetime, zone: ZoneInfo) -> datetime:
    """When the user is told that work is overdue: on the morning after the day on which it was due."""
    return datetime.combine(due_at.astimezone(zone).date() + timedelta(days=1), MORNING, zone)


@dataclass(frozen=True, slots=True)
class _Steps:
    """The steps that depend on the models."""

    classifier: IntentClassifier
    checker: IntentChecker
    runner: HandlerRunner


class IntentBridge:
    """Implements app.workers.loop.JobSource for intents."""

    kind: Literal["intent"] = "intent"

    def __init__(
        self,
        database: Database,
        bus: Bus,
        models: ModelSource,
        settings: Settings,
        clock: Clock,
        memory: MemoryServices,
        handlers: Mapping[str, Handler] | None = None,
        files: FileStore | None = None,
    ) -> None:
        """Without `files`, objects are read with the usual AWS variables."""
        self._database = database
        self._bus = bus
        self._models = models
        self._notifier = Notifier()
        self._files = files or FileStore()
        self._settings = settings
        self._clock = clock
        self._memory = memory
        self._handlers = load_handlers() if handlers is None else handlers
        self._store = IntentStore(database, bus, self._notifier, self._types, clock, settings, actor=ACTOR)
        self._latest: tuple[Models, _Steps] | None = None
        self._last_user = ""  # the last user who was served; the next claim starts after this user

    @property
    def _types(self) -> dict[str, IntentType]:
        return {name: handler.intent_type for name, handler in self._handlers.items()}

    def _steps_with(self, models: Models) -> _Steps:
        """The steps that use these models; the same ones until they are replaced."""
        if self._latest is None or self._latest[0] is not models:
            self._latest = (models, self._new_steps(models))
        return self._latest[1]

    def _new_steps(self, models: Models) -> _Steps:
        database, bus, clock, settings = self._database, self._bus, self._clock, models.settings or self._settings
        finder, judge = PriorRecordFinder(database, self._memory.nearest), build_judge(models)
        return _Steps(
            IntentClassifier(database, bus, models.classifier, self._types, settings, clock),
            IntentChecker(database, bus, self._notifier, finder, judge, settings, actor=ACTOR),
            HandlerRunner(database, self._files, bus, models, settings, clock, self._memory),
        )

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[IntentClaim]:
        claimed = await claims.claim_intents(
            connection,
            bridge_id,
            actor=ACTOR,
            count=count,
            lease_seconds=self._settings.worker_lease_seconds,
            after=self._last_user,
        )
        if claimed:
            self._last_user = claimed[-1].user_id
        return claimed

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        fences = await claims.renew_intents(connection, bridge_id, ids, self._settings.worker_lease_seconds)
        return {intent_id: (fence, False) for intent_id, fence in fences.items()}

    async def release_expired(self, connection: Connection) -> set[str]:
        due = await claims.wake_due_intents(connection, self._clock.now()) | await self._notify_of_due(connection)
        return due | await claims.release_expired_intents(connection, actor=ACTOR, **WORKER_LOST.as_reason())

    async def _notify_of_due(self, connection: Connection) -> set[str]:
        """Notify the users of unfinished work that is due or overdue; returns them.

        After downtime, what is overdue already is reported as that only.
        """
        now = self._clock.now()
        async with connection.transaction():
            due = await mark_due_intents(connection, now)
            for intent, account in due:
                zone = zone_of(account, intent.metadata, self._settings.server_timezone)
                overdue_at = overdue_time(cast(datetime, intent.due_at), zone)
                if overdue_at <= now and intent.recurrence is None:
                    await self._notifier.notify_of_overdue(connection, intent)
                else:
                    await self._notifier.notify_of_due(connection, intent, missed_occurrences(intent, zone, now))
                    if overdue_at > now:
                        await set_overdue_time(connection, intent.id, overdue_at)
            late = await mark_overdue_intents(connection, now)
            for intent in late:
                await self._notifier.notify_of_overdue(connection, intent)
        return {intent.user_id for intent in (*(intent for intent, _ in due), *late)}

    async def release(self, connection: Connection, bridge_id: str) -> set[str]:
        return await claims.release_intents(connection, bridge_id, actor=ACTOR, **WORKER_STOPPED.as_reason())

    async def process(self, claim: IntentClaim, stop: asyncio.Event) -> Awaitable[None] | None:
        """Classify, check and handle the intent; the returned awaitable stores the result."""
        began, models = perf_counter(), await self._models.current()
        steps = self._steps_with(models)
        handled = await self._or_store_failure(claim, steps, self._run_steps(claim, steps))
        if handled is None:
            return None
        completion = self._store.complete(*handled, assistant=models.assistant.name, seconds=perf_counter() - began)
        return self._or_store_failure(claim, steps, completion)

    async def _run_steps(self, claim: IntentClaim, steps: _Steps) -> tuple[IntentClaim, Outcome] | None:
        """The first three steps; None when the intent waits until it is due or for the user."""
        if claim.intent.attempts > claim.intent.max_attempts:
            raise too_many_attempts(claim.intent.attempts - 1)
        if claim.intent.intent_type is None:
            claim = await steps.classifier.classify(claim)
            if await self._store.postpone_until_due(claim):
                return None
        handler = self._handlers[cast(str, claim.intent.intent_type)]
        if await steps.checker.must_wait(claim, handler):
            return None
        return claim, await steps.runner.handle(claim, handler)

    async def _or_store_failure(self, claim: IntentClaim, steps: _Steps, step: Awaitable[Result]) -> Result | None:
        """The result of the step, or None after its failure was stored."""
        try:
            return await step
        except ClaimLost:
            log.info("an intent was cancelled or claimed by another worker", intent=str(claim.id))
        except CannotHandle as refusal:
            await self._store.fail(claim, refusal)
        except HandOver as handed:
            await self._store.hand_over(claim, handed)
        except NeedsAnswer as question:
            await steps.checker.ask(claim, question)
        except AssistantError as failure:
            await self._store.retry_or_fail(claim, failure)
        except ResonantError:
            raise  # the loop logs it; the intent is claimed again when its lease expires
        except Exception as failure:
            await self._store.fail(claim, unexpected(failure, "intent", claim.id))
        return None
