"""The message bridge: claims pending replies, has them written and ends them."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, Literal, TypeVar

import structlog

from app.deferred_imports import imported
from app.files.store import FileStore
from app.live.bus.bus import Bus
from app.memory.services import MemoryServices
from app.models.factory import Models, ModelSource
from app.models.ports import AssistantError, Clock
from app.retry import retry_while_unavailable
from app.settings import Settings
from app.tools.runner import ToolRunner
from app.workers.failures import ClaimLost, too_many_attempts, unexpected
from app.workers.prompts import MAX_TURNS, up_to
from app.workers.replies.endings import ReplyEndings
from app.workers.replies.job import Draft, ReplyJob, ReplyWriter
from app.workers.replies.output import ReplyOutput
from app.workers.replies.tasks import run_until
from sql.errors import ResonantError
from sql.pool import Database
from sql.repositories import reply_claims as claims
from sql.repositories.accounts import find_timezone
from sql.repositories.messages import list_turns_before
from sql.repositories.reply_claims import ReplyClaim
from sql.statements import Connection

log = structlog.get_logger()

Result = TypeVar("Result")


class MessageBridge:
    """Implements app.workers.loop.JobSource for replies."""

    kind: Literal["message"] = "message"

    def __init__(
        self,
        database: Database,
        bus: Bus,
        models: ModelSource,
        settings: Settings,
        clock: Clock,
        memory: MemoryServices,
        runner: ToolRunner,
        files: FileStore | None = None,
    ) -> None:
        """Without `files`, objects are read with the usual AWS variables."""
        self._database = database
        self._bus = bus
        self._models = models
        self._settings = settings
        self._clock = clock
        self._memory = memory
        self._runner = runner
        self._output = ReplyOutput(database, bus)
        self._files = files or FileStore()
        self._latest: tuple[Models, ReplyWriter] | None = None

    async def _writer_with(self, models: Models) -> ReplyWriter:
        """The writer that uses these models; the same one until they are replaced."""
        if self._latest is None or self._latest[0] is not models:
            writers = await imported("app.workers.replies.writers")
            writer = writers.new_writer(
                self._database,
                self._bus,
                models,
                self._settings,
                self._clock,
                self._runner,
                self._output,
                self._files,
                self._memory.assembler,
            )
            self._latest = (models, writer)
        return self._latest[1]

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
        """Have the reply written; its writer does what the message asks for."""
        before = (claim.user_id, claim.conversation_id, claim.id)
        turns = up_to(
            claim.reply_to, await self._retry(lambda c: list_turns_before(c, *before, MAX_TURNS, path=claim.id))
        )
        if not turns:
            return  # the message was deleted while its reply waited; the reply is deleted with it
        timezone = await self._retry(lambda c: find_timezone(c, claim.user_id))
        job = ReplyJob(claim, turns, stop, Draft(claim.kept, claim.spent), timezone)
        models = await self._models.current()
        endings = ReplyEndings(
            self._database,
            self._bus,
            self._output,
            models.assistant,
            max_attempts=self._settings.worker_max_attempts,
        )
        if claim.attempts > self._settings.worker_max_attempts:
            await endings.retry_or_fail(job, too_many_attempts(claim.attempts - 1))
            return
        try:
            await self._reply(job, await self._writer_with(models), endings)
        except ClaimLost:
            log.info("a reply was deleted or claimed by another worker", message=str(claim.id))

    async def _retry(self, act: Callable[[Connection], Awaitable[Result]]) -> Result:
        return await retry_while_unavailable(self._database.connection, act)

    async def _reply(self, job: ReplyJob, writer: ReplyWriter, endings: ReplyEndings) -> None:
        error = None
        try:
            await run_until(job.stop, writer.write(job))
        except AssistantError as failure:
            error = None if job.is_complete_after(failure) else failure
        except (ResonantError, ClaimLost):
            raise
        except Exception as failure:
            error = unexpected(failure, "reply", job.claim.id)
        await self._output.append_rest(job)
        if job.stop.is_set():
            await self._output.save(job)
        if error is None:
            await endings.finish(job)
        else:
            await endings.retry_or_fail(job, error)
