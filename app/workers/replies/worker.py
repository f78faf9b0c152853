"""The message bridge: streams the reply to a message, and has the message read for intents meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from time import perf_counter
from typing import Any, Literal, TypeVar, cast

import structlog

from app.clock import zone_of
from app.live.bus.bus import Bus
from app.live.replies import ReplyPublisher
from app.memory.context.assembler import Wanted
from app.memory.context.prompt import keep_context, to_prompt
from app.memory.services import MemoryServices
from app.models.factory import Models
from app.models.ports import AssistantError, Clock, Piece, Prompt
from app.retry import DATABASE_UNAVAILABLE, backoff_seconds, retry_while_unavailable
from app.settings import Settings
from app.workers.draft import Draft, storable
from app.workers.failures import ClaimLost, taken_up_too_often, unexpected
from app.workers.notifier import shortened, title_for
from app.workers.prompts import ANSWER, moment_of
from app.workers.replies.background import beside
from app.workers.replies.intents import MessageReader
from app.workers.turns import MAX_TURNS, up_to
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories import reply_claims as claims
from sql.repositories.messages import list_turns_before
from sql.repositories.notifications import insert_notification
from sql.repositories.reply_claims import ReplyClaim
from sql.rows import MessageRow
from sql.statements import Connection

log = structlog.get_logger()

SAVE_SECONDS = 0.25
Result = TypeVar("Result")


class MessageBridge:
    """Implements app.workers.loop.JobSource for replies."""

    kind: Literal["message"] = "message"

    def __init__(
        self, database: Database, bus: Bus, minds: Models, settings: Settings, clock: Clock, memory: MemoryServices
    ) -> None:
        self._database = database
        self._memory = memory
        self._bus = bus
        self._publisher = ReplyPublisher(bus)
        self._assistant = minds.assistant
        self._reader = MessageReader(database, bus, minds.classifier, settings, clock)
        self._settings = settings
        self._clock = clock

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[ReplyClaim]:
        return await claims.claim_replies(
            connection, bridge_id, count=count, lease_seconds=self._settings.worker_lease_seconds
        )

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        standing = await claims.renew_replies(connection, bridge_id, ids, self._settings.worker_lease_seconds)
        return {reply_id: (fence, status == "stopped") for reply_id, (fence, status) in standing.items()}

    async def free_expired(self, connection: Connection) -> set[str]:
        return await claims.release_expired_replies(connection)

    async def hand_over(self, connection: Connection, bridge_id: str) -> set[str]:
        return await claims.release_replies(connection, bridge_id)

    async def work(self, claim: ReplyClaim, stop: asyncio.Event) -> None:
        """Answer and raise intents side by side: the answer does not wait for the reading, nor the other way round."""
        before = (claim.user_id, claim.conversation_id, claim.id)
        turns = up_to(claim.reply_to, await self._do(lambda c: list_turns_before(c, *before, MAX_TURNS)))
        if not turns:
            return  # the message was deleted while its reply waited, and the reply goes with it
        if claim.attempts > self._settings.worker_max_attempts:
            await self._fail(claim, Draft(), taken_up_too_often(claim.attempts - 1), turns[-1].content)
            return
        unread = await self._do(lambda c: claims.is_unread(c, claim.reply_to))
        try:
            async with beside(self._reader.read(claim, turns) if unread else _nothing()) as reading:
                await self._reply(claim, turns, stop, reading)
        except ClaimLost:
            log.info("a reply was taken away while it was written", message=str(claim.id))

    async def _do(self, act: Callable[[Connection], Awaitable[Result]]) -> Result:
        return await retry_while_unavailable(self._database.connection, act)

    async def _reply(
        self, claim: ReplyClaim, turns: list[MessageRow], stop: asyncio.Event, reading: asyncio.Task[None]
    ) -> None:
        draft, trouble = Draft(), None
        try:
            await self._answer(claim, await self._prompt(claim, turns), draft, stop)
        except AssistantError as failure:
            trouble = failure
        except (ResonantError, ClaimLost):
            raise
        except Exception as failure:
            trouble = unexpected(failure, "reply", claim.id)
        if stop.is_set():
            await self._save(claim, draft, stop)
        await self._settle(reading, claim)
        if trouble is None:
            await self._finish(claim, draft, "stopped" if stop.is_set() else "complete")
        else:
            await self._fail(claim, draft, trouble, turns[-1].content)

    async def _settle(self, reading: asyncio.Task[None], claim: ReplyClaim) -> None:
        """Wait for the reading while the claim still stands: with the claim gone nobody would do it again."""
        await asyncio.wait([reading])
        failure = reading.exception()
        if isinstance(failure, ClaimLost):
            raise failure
        if failure is not None:
            log.error("a message could not be read for intents", message=str(claim.reply_to), exc_info=failure)

    async def _prompt(self, claim: ReplyClaim, turns: list[MessageRow]) -> Prompt:
        asked = turns[-1]
        zone = zone_of(asked.metadata, self._settings.server_timezone)
        wanted = Wanted(
            user_id=claim.user_id,
            system=ANSWER,
            asked=asked.content,
            asked_at=asked.created_at,
            asked_id=asked.id,
            conversation_id=claim.conversation_id,
            turns=turns[:-1],
        )
        context = await self._memory.assembler.assemble(wanted)
        await retry_while_unavailable(
            self._database.transaction, lambda c: keep_context(c, claim.user_id, claim.id, context)
        )
        return to_prompt(context, moment=moment_of(self._clock.now().astimezone(zone)))

    async def _answer(self, claim: ReplyClaim, prompt: Prompt, draft: Draft, stop: asyncio.Event) -> None:
        """Stream until the answer ends or the user stops it; either way the model call is over on return."""
        async with beside(self._stream(claim, prompt, draft, stop)) as streaming, beside(stop.wait()) as stopping:
            await asyncio.wait([streaming, stopping], return_when=asyncio.FIRST_COMPLETED)
            if streaming.done():
                streaming.result()

    async def _stream(self, claim: ReplyClaim, prompt: Prompt, draft: Draft, stop: asyncio.Event) -> None:
        async with aclosing(cast(Any, self._assistant.answer(prompt))) as parts:
            async for part in parts:
                if isinstance(part, Piece):
                    text = storable(part.text)
                    self._publisher.publish(claim.id, claim.fence, len(draft.text), text, "streaming")
                    draft.text += text
                    if perf_counter() - draft.saved_at > SAVE_SECONDS:
                        await self._save(claim, draft, stop)
                else:
                    draft.finished = part

    async def _save(self, claim: ReplyClaim, draft: Draft, stop: asyncio.Event) -> None:
        """Keep the text so far; a database that is away gets all of it later. Raises ClaimLost."""
        try:
            async with self._database.connection() as connection:
                status = await claims.save_reply(connection, claim, draft.text)
        except DATABASE_UNAVAILABLE as failure:
            log.debug("the text so far could not be saved", message=str(claim.id), reason=failure.message)
        else:
            if status is None:
                raise ClaimLost
            if status == "stopped":
                stop.set()
        draft.saved_at = perf_counter()

    async def _finish(self, claim: ReplyClaim, draft: Draft, status: str) -> None:
        metadata = draft.metadata(self._assistant.name)
        self._tell(
            claim,
            draft,
            await self._do(lambda c: claims.finish_reply(c, claim, draft.text, status=status, metadata=metadata)),
        )

    def _tell(self, claim: ReplyClaim, draft: Draft, ended: str | None) -> None:
        if ended is not None:
            self._publisher.publish(claim.id, claim.fence, len(draft.text), "", ended)
            self._bus.announce(claim.user_id)

    async def _fail(self, claim: ReplyClaim, draft: Draft, failure: AssistantError, about: str) -> None:
        """Try again later while nothing was said yet; else keep what was said, with the reason, and tell the user."""
        if failure.retryable and not draft.text and claim.attempts < self._settings.worker_max_attempts:
            delay = backoff_seconds(claim.attempts, failure.retry_after)
            await self._do(lambda c: claims.postpone_reply(c, claim, delay))
            self._bus.announce(claim.user_id)
            return
        write = retry_while_unavailable(
            self._database.transaction, lambda c: self._write_failure(c, claim, draft, failure, about)
        )
        self._tell(claim, draft, await write)

    async def _write_failure(
        self, connection: Connection, claim: ReplyClaim, draft: Draft, failure: AssistantError, about: str
    ) -> str | None:
        """Store the failure and notify, together or not at all."""
        ended = await claims.finish_reply(
            connection,
            claim,
            draft.text,
            status="failed",
            error=failure.reason,
            metadata=draft.metadata(self._assistant.name),
        )
        if ended == "failed":
            await insert_notification(
                connection,
                claim.user_id,
                title=title_for("reply_failed", about),
                message=failure.reason,
                notification_type="error",
                source_message_id=claim.id,
                occurrence=f"reply-failed:{claim.id}:{claim.fence}",
                metadata={"about": shortened(about)},
            )
        return ended


async def _nothing() -> None:
    """A message that was read before needs no reading."""
