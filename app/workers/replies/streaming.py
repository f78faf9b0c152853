"""Streams a reply from the model: publishes each piece, saves the text regularly and stops when the user asks."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from time import perf_counter
from typing import Any, TypeVar

import structlog

from app.language.catalogue import message_of
from app.live.replies import ReplyPublisher
from app.models.answers import read_answer
from app.models.ports import Assistant, Finished, Piece, Prompt
from app.retry import DATABASE_UNAVAILABLE
from app.workers.failures import ClaimLost
from sql.pool import Database
from sql.repositories.reply_claims import ReplyClaim, save_reply
from sql.rows import JsonObject

log = structlog.get_logger()

SAVE_SECONDS = 0.25
Result = TypeVar("Result")


@asynccontextmanager
async def background_task(work: Coroutine[Any, Any, Result]) -> AsyncIterator[asyncio.Task[Result]]:
    """Run the coroutine during the block; at its end the task is cancelled and awaited.

    The block gets the result from the task. A failure that the block does not ask for is ignored.
    """
    task = asyncio.create_task(work)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.exception()


@dataclass(slots=True)
class Draft:
    """The reply so far. Times are those of `perf_counter`, in seconds."""

    text: str = ""
    finished: Finished | None = None
    saved_at: float = 0.0
    began_at: float = field(default_factory=perf_counter)

    def metadata(self, assistant: str, model: str | None) -> JsonObject:
        """The reply's metadata: assistant, duration, the model that wrote text, and its usage when it finished."""
        metadata: JsonObject = {"assistant": assistant, "durationMs": round((perf_counter() - self.began_at) * 1000)}
        if self.text and model is not None:
            metadata["model"] = model
        if self.finished is not None:
            metadata["model"] = self.finished.model
            metadata["stopReason"] = self.finished.stop_reason
            metadata["usage"] = dict(self.finished.usage)
        return metadata


class ReplyStream:
    """Writes one model answer into a draft, its subscribers and the database."""

    def __init__(self, database: Database, publisher: ReplyPublisher, assistant: Assistant) -> None:
        self._database = database
        self._publisher = publisher
        self._assistant = assistant

    async def write(self, claim: ReplyClaim, prompt: Prompt, draft: Draft, stop: asyncio.Event) -> None:
        """Stream until the answer ends or `stop` is set; the model call has ended on return. Raises ClaimLost."""
        async with (
            background_task(self._stream(claim, prompt, draft, stop)) as streaming,
            background_task(stop.wait()) as stopping,
        ):
            await asyncio.wait([streaming, stopping], return_when=asyncio.FIRST_COMPLETED)
            if streaming.done():
                streaming.result()

    async def _stream(self, claim: ReplyClaim, prompt: Prompt, draft: Draft, stop: asyncio.Event) -> None:
        async with aclosing(read_answer(self._assistant, prompt)) as parts:
            async for part in parts:
                if isinstance(part, Piece):
                    self._publisher.publish(claim.id, claim.fence, len(draft.text), part.text, "streaming")
                    draft.text += part.text
                    if perf_counter() - draft.saved_at > SAVE_SECONDS:
                        await self.save(claim, draft, stop)
                else:
                    draft.finished = part

    async def save(self, claim: ReplyClaim, draft: Draft, stop: asyncio.Event) -> None:
        """Save the text so far; skipped while the database is unavailable. Raises ClaimLost."""
        try:
            async with self._database.connection() as connection:
                status = await save_reply(connection, claim, draft.text)
        except DATABASE_UNAVAILABLE as failure:
            log.debug("the reply's text was not saved", message=str(claim.id), reason=message_of(failure))
        else:
            if status is None:
                raise ClaimLost
            if status == "stopped":
                stop.set()
        draft.saved_at = perf_counter()
