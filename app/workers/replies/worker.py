"""The message bridge: claims pending replies, streams their text and creates the intents of the user's message."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

import structlog

from app.clock import zone_of
from app.language.catalogue import to_stored_text
from app.language.text import language_of
from app.live.bus.bus import Bus
from app.live.replies import ReplyPublisher
from app.memory.context.assembler import ContextRequest
from app.memory.services import MemoryServices
from app.models.factory import Models
from app.models.ports import AssistantError, Clock, Prompt
from app.retry import backoff_seconds, retry_while_unavailable
from app.settings import Settings
from app.workers.failures import ClaimLost, too_many_attempts, unexpected
from app.workers.notifier import Notifier
from app.workers.prompts import ANSWER, MAX_TURNS, moment_of, store_context, to_prompt, up_to
from app.workers.replies.intents import IntentExtractor
from app.workers.replies.streaming import Draft, ReplyStream, background_task
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories import reply_claims as claims
from sql.repositories.messages import list_turns_before
from sql.repositories.reply_claims import ReplyClaim
from sql.rows import MessageRow
from sql.statements import Connection

log = structlog.get_logger()

Result = TypeVar("Result")


class MessageBridge:
    """Implements app.workers.loop.JobSource for replies."""

    kind: Literal["message"] = "message"

    def __init__(
        self, database: Database, bus: Bus, models: Models, settings: Settings, clock: Clock, memory: MemoryServices
    ) -> None:
        self._database = database
        self._memory = memory
        self._bus = bus
        self._publisher = ReplyPublisher(bus)
        self._assistant = models.assistant
        self._stream = ReplyStream(database, self._publisher, models.assistant)
        self._extractor = IntentExtractor(database, bus, models.classifier, settings, clock)
        self._notifier = Notifier()
        self._settings = settings
        self._clock = clock

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[ReplyClaim]:
        return await claims.claim_replies(
            connection, bridge_id, count=count, lease_seconds=self._settings.worker_lease_seconds
        )

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        held = await claims.renew_replies(connection, bridge_id, ids, self._settings.worker_lease_seconds)
        return {reply_id: (fence, status == "stopped") for reply_id, (fence, status) in held.items()}

    async def release_expired(self, connection: Connection) -> set[str]:
        return await claims.release_expired_replies(connection)

    async def release(self, connection: Connection, bridge_id: str) -> set[str]:
        return await claims.release_replies(connection, bridge_id)

    async def process(self, claim: ReplyClaim, stop: asyncio.Event) -> None:
        """Write the reply and create the message's intents concurrently; neither waits for the other."""
        before = (claim.user_id, claim.conversation_id, claim.id)
        turns = up_to(claim.reply_to, await self._retry(lambda c: list_turns_before(c, *before, MAX_TURNS)))
        if not turns:
            return  # the message was deleted while its reply waited; the reply is deleted with it
        if claim.attempts > self._settings.worker_max_attempts:
            await self._retry_or_fail(claim, Draft(), too_many_attempts(claim.attempts - 1), turns[-1].content)
            return
        needs_extraction = await self._retry(lambda c: claims.awaits_extraction(c, claim.reply_to))
        try:
            async with background_task(
                self._extractor.extract(claim, turns) if needs_extraction else _nothing()
            ) as extraction:
                await self._reply(claim, turns, stop, extraction)
        except ClaimLost:
            log.info("a reply was deleted or claimed by another worker", message=str(claim.id))

    async def _retry(self, act: Callable[[Connection], Awaitable[Result]]) -> Result:
        return await retry_while_unavailable(self._database.connection, act)

    async def _reply(
        self, claim: ReplyClaim, turns: list[MessageRow], stop: asyncio.Event, extraction: asyncio.Task[None]
    ) -> None:
        draft, error = Draft(), None
        try:
            await self._stream.write(claim, await self._prompt(claim, turns), draft, stop)
        except AssistantError as failure:
            error = failure
        except (ResonantError, ClaimLost):
            raise
        except Exception as failure:
            error = unexpected(failure, "reply", claim.id)
        if stop.is_set():
            await self._stream.save(claim, draft, stop)
        await self._wait_for_extraction(extraction, claim)
        if error is None:
            await self._finish(claim, draft, "stopped" if stop.is_set() else "complete")
        else:
            await self._retry_or_fail(claim, draft, error, turns[-1].content)

    async def _wait_for_extraction(self, extraction: asyncio.Task[None], claim: ReplyClaim) -> None:
        """Wait for the intents before the claim ends: without the claim no worker would extract them again."""
        await asyncio.wait([extraction])
        failure = extraction.exception()
        if isinstance(failure, ClaimLost):
            raise failure
        if failure is not None:
            log.error("the intents of a message could not be extracted", message=str(claim.reply_to), exc_info=failure)

    async def _prompt(self, claim: ReplyClaim, turns: list[MessageRow]) -> Prompt:
        message = turns[-1]
        zone = zone_of(message.metadata, self._settings.server_timezone)
        request = ContextRequest(
            user_id=claim.user_id,
            system=ANSWER,
            asked=message.content,
            asked_at=message.created_at,
            asked_id=message.id,
            conversation_id=claim.conversation_id,
            turns=turns[:-1],
            timezone=zone.key if "timezone" in message.metadata else None,
        )
        context = await self._memory.assembler.assemble(request)
        await retry_while_unavailable(
            self._database.transaction, lambda c: store_context(c, claim.user_id, claim.id, context)
        )
        return to_prompt(context, moment=moment_of(self._clock.now().astimezone(zone)))

    async def _finish(self, claim: ReplyClaim, draft: Draft, status: str) -> None:
        metadata = draft.metadata(self._assistant.name, self._assistant.model)
        ended = await self._retry(lambda c: claims.finish_reply(c, claim, draft.text, status=status, metadata=metadata))
        self._publish_end(claim, draft, ended)

    def _publish_end(self, claim: ReplyClaim, draft: Draft, ended: str | None) -> None:
        if ended is not None:
            self._publisher.publish(claim.id, claim.fence, len(draft.text), "", ended)
            self._bus.announce(claim.user_id)

    async def _retry_or_fail(self, claim: ReplyClaim, draft: Draft, failure: AssistantError, asked: str) -> None:
        """Retry later while no text was written and attempts are left; else store the text, the reason and notify."""
        if failure.retryable and not draft.text and claim.attempts < self._settings.worker_max_attempts:
            delay = backoff_seconds(claim.attempts, failure.retry_after)
            await self._retry(lambda c: claims.postpone_reply(c, claim, delay))
            self._bus.announce(claim.user_id)
            return
        ended = await retry_while_unavailable(
            self._database.transaction, lambda c: self._store_failure(c, claim, draft, failure, asked)
        )
        self._publish_end(claim, draft, ended)

    async def _store_failure(
        self, connection: Connection, claim: ReplyClaim, draft: Draft, failure: AssistantError, asked: str
    ) -> str | None:
        """Store the failure and its notification in one transaction."""
        error = to_stored_text(failure, language_of(asked))
        ended = await claims.finish_reply(
            connection,
            claim,
            draft.text,
            status="failed",
            **error.as_error(),
            metadata=draft.metadata(self._assistant.name, self._assistant.model),
        )
        if ended == "failed":
            await self._notifier.notify_of_failed_reply(connection, claim, asked, error, incomplete=bool(draft.text))
        return ended


async def _nothing() -> None:
    """An earlier attempt has extracted the intents."""
