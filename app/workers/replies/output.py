"""Publishes the text of a reply as it is written, and saves it regularly."""

from time import perf_counter

import structlog

from app.language.catalogue import message_of
from app.live.bus.bus import Bus
from app.live.replies import ReplyPublisher
from app.retry import DATABASE_UNAVAILABLE
from app.workers.failures import ClaimLost
from app.workers.replies.job import ReplyJob
from sql.pool import Database
from sql.repositories.reply_claims import save_reply

log = structlog.get_logger()

SAVE_SECONDS = 0.25


class ReplyOutput:
    """The text of replies for their subscribers and the table."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus
        self._publisher = ReplyPublisher(bus)

    async def append(self, job: ReplyJob, text: str) -> None:
        """Publish the next piece and save the text a few times a second. Raises ClaimLost."""
        draft = job.draft
        self._publisher.publish(job.claim.id, job.claim.fence, len(draft.text), text, "streaming")
        draft.text += text
        if perf_counter() - draft.saved_at > SAVE_SECONDS:
            await self.save(job)

    async def append_rest(self, job: ReplyJob) -> None:
        """Append the end of a text that was stopped or broke off. Raises ClaimLost."""
        if rest := job.draft.unchecked(cut=True):
            await self.append(job, rest)

    async def save(self, job: ReplyJob) -> None:
        """Save the text so far; skipped while the database is unavailable. Raises ClaimLost."""
        try:
            async with self._database.connection() as connection:
                status = await save_reply(connection, job.claim, job.draft.text)
        except DATABASE_UNAVAILABLE as failure:
            log.debug("the reply's text was not saved", message=str(job.claim.id), reason=message_of(failure))
        else:
            if status is None:
                raise ClaimLost
            if status == "stopped":
                job.stop.set()
        job.draft.saved_at = perf_counter()

    def publish_end(self, job: ReplyJob, ended: str | None) -> None:
        """Tell subscribers that the reply has ended with this status; nothing when the claim was lost (None)."""
        if ended is not None:
            self._publisher.publish(job.claim.id, job.claim.fence, len(job.draft.text), "", ended)
            self._bus.announce(job.claim.user_id)
