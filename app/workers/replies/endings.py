"""Ends the attempt at a reply: complete, stopped, failed with a notification, or postponed."""

from typing import Any

from app.language.catalogue import to_stored_text
from app.language.text import language_of
from app.live.bus.bus import Bus
from app.models.ports import Assistant, AssistantError
from app.retry import backoff_seconds, retry_while_unavailable
from app.workers.notifier import Notifier
from app.workers.replies.job import ReplyJob
from app.workers.replies.output import ReplyOutput
from sql.pool import Database
from sql.repositories import reply_claims as claims
from sql.repositories.contexts import replace_citations
from sql.statements import Connection


class ReplyEndings:
    """Stores how attempts end, under the fence of their claim."""

    def __init__(
        self, database: Database, bus: Bus, output: ReplyOutput, assistant: Assistant, *, max_attempts: int
    ) -> None:
        self._database = database
        self._bus = bus
        self._output = output
        self._assistant = assistant
        self._notifier = Notifier()
        self._max_attempts = max_attempts

    async def finish(self, job: ReplyJob) -> None:
        """Store the reply as complete, or as stopped when the user stopped it."""
        status = "stopped" if job.stop.is_set() else "complete"
        metadata = job.draft.metadata(self._assistant.name)
        ended = await retry_while_unavailable(
            self._database.transaction, lambda c: self._store_end(c, job, status=status, metadata=metadata)
        )
        self._output.publish_end(job, ended)

    async def retry_or_fail(self, job: ReplyJob, failure: AssistantError) -> None:
        """Retry later while attempts are left and no text would be lost; else store the text, the reason and notify.

        A reply whose rounds are stored is continued after them; only the text of the broken round is written again.
        """
        may_retry = failure.retryable and (job.draft.resumable or not job.has_new_text)
        if may_retry and job.claim.attempts < self._max_attempts:
            delay = backoff_seconds(job.claim.attempts, failure.retry_after)
            await retry_while_unavailable(
                self._database.connection, lambda c: claims.postpone_reply(c, job.claim, delay)
            )
            self._bus.announce(job.claim.user_id)
            return
        ended = await retry_while_unavailable(
            self._database.transaction, lambda c: self._store_failure(c, job, failure)
        )
        self._output.publish_end(job, ended)

    async def _store_end(self, connection: Connection, job: ReplyJob, **ending: Any) -> str | None:
        """End the reply and store what it cites. Call in a transaction."""
        draft = job.draft
        ended = await claims.finish_reply(connection, job.claim, draft.text, **ending)
        # Without a scanner the text is the one that was kept, with the citations that it has.
        if ended is not None and draft.scanner is not None:
            citations = draft.sources.citations_in(draft.text, job.claim.id)
            await replace_citations(connection, job.claim.user_id, job.claim.id, citations)
        return ended

    async def _store_failure(self, connection: Connection, job: ReplyJob, failure: AssistantError) -> str | None:
        """Store the failure and its notification in one transaction."""
        asked, draft = job.message.content, job.draft
        error = to_stored_text(failure, language_of(asked))
        ended = await self._store_end(
            connection,
            job,
            status="failed",
            **error.as_error(),
            metadata=draft.metadata(self._assistant.name),
        )
        if ended == "failed":
            await self._notifier.notify_of_failed_reply(
                connection, job.claim, asked, error, incomplete=bool(draft.text)
            )
        return ended
