"""The message bridge: reads what a message asks for, raises intents from it, and streams the reply."""

import asyncio
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Literal
from uuid import uuid4

import structlog

from app.assistant.factory import Minds
from app.assistant.ports import AssistantError, Clock, Finished, Piece, Prompt, RaisedIntent, Turn
from app.bridges.backoff import delay_before
from app.bridges.clock import zone_of
from app.bridges.prompts import ANSWER, with_time
from app.bridges.wording import shortened, title_for
from app.live.bus import Bus
from app.live.replies import ReplyPublisher
from app.memory.recall import recall
from app.settings import Settings
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories import reply_claims as claims
from sql.repositories.intents import NewIntent, insert_intent
from sql.repositories.notifications import insert_notification
from sql.repositories.reply_claims import ReplyClaim
from sql.rows import JsonObject, MessageRow
from sql.statements import Connection

log = structlog.get_logger()

ACTOR = "message-bridge"
SAVE_SECONDS = 0.25
MAX_TURNS = 40
MAX_TURN_CHARACTERS = 60_000


@dataclass(slots=True)
class Draft:
    """The reply so far."""

    text: str = ""
    finished: Finished | None = None
    saved_at: float = 0.0
    began_at: float = 0.0

    def metadata(self, assistant: str) -> JsonObject:
        """What is kept of how the reply was made."""
        made: JsonObject = {"assistant": assistant, "durationMs": round((perf_counter() - self.began_at) * 1000)}
        if self.finished is not None:
            made["model"] = self.finished.model
            made["stopReason"] = self.finished.stop_reason
            made["usage"] = dict(self.finished.usage)
        return made


class MessageBridge:
    """Implements app.bridges.loop.Trade for replies."""

    kind: Literal["message"] = "message"

    def __init__(self, database: Database, bus: Bus, minds: Minds, settings: Settings, clock: Clock) -> None:
        self._database = database
        self._bus = bus
        self._publisher = ReplyPublisher(bus)
        self._minds = minds
        self._settings = settings
        self._clock = clock

    async def claim(self, connection: Connection, bridge_id: str, count: int) -> list[ReplyClaim]:
        return await claims.claim_replies(
            connection, bridge_id, count=count, lease_seconds=self._settings.lease_seconds
        )

    async def renew(self, connection: Connection, bridge_id: str, ids: list[Any]) -> dict[Any, tuple[int, bool]]:
        standing = await claims.renew_replies(connection, bridge_id, ids, self._settings.lease_seconds)
        return {reply_id: (fence, status == "stopped") for reply_id, (fence, status) in standing.items()}

    async def free_expired(self, connection: Connection) -> set[str]:
        return await claims.release_expired_replies(connection)

    async def hand_over(self, connection: Connection, bridge_id: str) -> set[str]:
        return await claims.release_replies(connection, bridge_id)

    async def work(self, claim: ReplyClaim, stop: asyncio.Event) -> None:
        """Answer and raise intents side by side: the answer does not wait for the reading, nor the other way round."""
        async with self._database.connection() as connection:
            turns = await claims.list_turns_before(connection, claim, MAX_TURNS)
            unread = await claims.is_unread(connection, claim.reply_to)
        if not turns:
            return  # the message was deleted while its reply waited, and the reply goes with it
        reading = asyncio.create_task(self._read(claim, turns) if unread else _nothing())
        try:
            await self._reply(claim, turns, stop, reading)
        finally:
            reading.cancel()

    async def _reply(
        self, claim: ReplyClaim, turns: list[MessageRow], stop: asyncio.Event, reading: asyncio.Task[None]
    ) -> None:
        draft = Draft(began_at=perf_counter())
        try:
            await self._stream(claim, await self._prompt(claim, turns), draft)
            await self._settle(reading, claim)
        except asyncio.CancelledError:
            if not stop.is_set():
                raise
            await self._save(claim, draft)
            await self._settle(reading, claim)
            await self._finish(claim, draft, "stopped")
        except AssistantError as failure:
            await self._settle(reading, claim)
            await self._fail(claim, draft, failure, turns[-1].content)
        except ResonantError:
            raise  # the database is away, and the lease brings the reply back
        except Exception:
            error_id = str(uuid4())
            log.exception("a reply failed unexpectedly", message=str(claim.id), error_id=error_id)
            reason = f"Something went wrong here; the log has the details under {error_id}."
            await self._fail(claim, draft, AssistantError(reason, retryable=False), turns[-1].content)
        else:
            await self._finish(claim, draft, "complete")

    async def _settle(self, reading: asyncio.Task[None], claim: ReplyClaim) -> None:
        """Wait for the reading while the claim still stands: with the claim gone nobody would do it again."""
        await asyncio.wait([reading])
        if failure := reading.exception():
            log.error("a message could not be read for intents", message=str(claim.reply_to), exc_info=failure)

    async def _prompt(self, claim: ReplyClaim, turns: list[MessageRow]) -> Prompt:
        asked = turns[-1]
        zone = zone_of(asked.metadata, self._settings.timezone)
        return Prompt(
            system=with_time(ANSWER, self._clock.now().astimezone(zone)),
            turns=to_turns(turns),
            recollections=await recall(self._database, claim.user_id, asked.content, before=asked.id),
        )

    async def _stream(self, claim: ReplyClaim, prompt: Prompt, draft: Draft) -> None:
        answer = self._minds.assistant.answer(prompt)
        try:
            async for part in answer:
                if isinstance(part, Piece):
                    self._publisher.publish(claim.id, claim.fence, len(draft.text), part.text, "streaming")
                    draft.text += part.text.replace("\x00", "\ufffd")
                    if perf_counter() - draft.saved_at > SAVE_SECONDS:
                        await self._save(claim, draft)
                else:
                    draft.finished = part
        finally:
            await answer.aclose()  # type: ignore[attr-defined]

    async def _save(self, claim: ReplyClaim, draft: Draft) -> None:
        async with self._database.connection() as connection:
            await claims.save_reply(connection, claim, draft.text)
        draft.saved_at = perf_counter()

    async def _finish(self, claim: ReplyClaim, draft: Draft, status: str) -> None:
        async with self._database.connection() as connection:
            ended = await claims.finish_reply(
                connection, claim, draft.text, status=status, metadata=draft.metadata(self._minds.assistant.name)
            )
        self._tell(claim, draft, ended)

    def _tell(self, claim: ReplyClaim, draft: Draft, ended: str | None) -> None:
        if ended is not None:
            self._publisher.publish(claim.id, claim.fence, len(draft.text), "", ended)
            self._bus.announce(claim.user_id)

    async def _fail(self, claim: ReplyClaim, draft: Draft, failure: AssistantError, about: str) -> None:
        """Try again later while nothing was said yet; else keep what was said, with the reason, and tell the user."""
        if failure.retryable and not draft.text and claim.attempts < self._settings.max_attempts:
            async with self._database.connection() as connection:
                await claims.postpone_reply(connection, claim, delay_before(claim.attempts, failure.retry_after))
            self._bus.announce(claim.user_id)
            return
        async with self._database.transaction() as connection:
            ended = await claims.finish_reply(
                connection,
                claim,
                draft.text,
                status="failed",
                error=failure.reason,
                metadata=draft.metadata(self._minds.assistant.name),
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
        self._tell(claim, draft, ended)

    async def _read(self, claim: ReplyClaim, turns: list[MessageRow]) -> None:
        """Raise the intents of the user's message, once: the mark and the intents are written together."""
        asked = turns[-1]
        now = self._clock.now().astimezone(zone_of(asked.metadata, self._settings.timezone))
        reading = await self._minds.classifier.read_message(asked.content, to_turns(turns[:-1]), now)
        async with self._database.transaction() as connection:
            # A bridge that lost its claim may still raise them: what was read was read. Only twice it must not be.
            if not await claims.mark_message_read(connection, asked.id):
                return
            for raised in reading.intents:
                await insert_intent(connection, self._to_intent(claim, raised, reading.classifier, asked))
        if reading.intents:
            self._bus.announce(claim.user_id)

    def _to_intent(self, claim: ReplyClaim, raised: RaisedIntent, classifier: str, asked: MessageRow) -> NewIntent:
        kept: JsonObject = {name: asked.metadata[name] for name in ("timezone", "language") if name in asked.metadata}
        return NewIntent(
            user_id=claim.user_id,
            description=raised.description,
            actor=ACTOR,
            reason=raised.reason,
            intent_type=raised.intent_type,
            classification={
                "intentType": raised.intent_type,
                "confidence": raised.confidence,
                "reason": raised.reason,
                "classifier": classifier,
            },
            priority=raised.priority,
            due_at=raised.due_at,
            max_attempts=self._settings.max_attempts,
            metadata=kept,
            conversation_id=claim.conversation_id,
            source_message_id=asked.id,
        )


async def _nothing() -> None:
    """A message that was read before needs no reading."""


def to_turns(rows: list[MessageRow]) -> list[Turn]:
    """The latest turns that fit into 60,000 characters, oldest first; the last is always there."""
    turns: list[Turn] = []
    room = MAX_TURN_CHARACTERS
    for row in reversed(rows):
        room -= len(row.content)
        if turns and room < 0:
            break
        turns.append(Turn("assistant" if row.message_type in ("kana", "yuno") else "user", row.content))
    return turns[::-1]
