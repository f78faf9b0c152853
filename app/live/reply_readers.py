"""Who may read a reply while it is written: its conversation may become private, and members may leave."""

import asyncio
from uuid import UUID

from sql.errors import NotFound
from sql.pool import ALL_USERS, Database, current_user
from sql.repositories.messages import NO_MESSAGE
from sql.repositories.reply_claims import ReplyReaders, find_reply_readers

AUTHOR_SECONDS = 1.0  # between two checks of the author, whose access ends only with their membership


class ReplyAudiences:
    """Reads who sees a reply. Callers that wait at the same time share one statement, which begins after their call."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._next: dict[UUID, asyncio.Task[ReplyReaders]] = {}

    async def read(self, message_id: UUID) -> ReplyReaders:
        lookup = self._next.get(message_id)
        if lookup is None:
            lookup = self._next[message_id] = asyncio.create_task(self._look_up(message_id), name="readers of a reply")
        return await asyncio.shield(lookup)

    async def _look_up(self, message_id: UUID) -> ReplyReaders:
        current_user.set(ALL_USERS)
        await asyncio.sleep(0)
        del self._next[message_id]
        async with self._database.connection() as connection:
            return await find_reply_readers(connection, message_id)


class ReplyAccess:
    """The access of one subscriber to one reply, checked before text that did not come from the table."""

    def __init__(self, audiences: ReplyAudiences, viewer_id: str, message_id: UUID) -> None:
        self._audiences = audiences
        self._viewer_id = viewer_id
        self._message_id = message_id
        self._is_author = False
        self._checked_at = float("-inf")

    async def check(self) -> None:
        """Raises NotFound when the viewer does not see the reply any more."""
        now = asyncio.get_running_loop().time()
        if self._is_author and now - self._checked_at < AUTHOR_SECONDS:
            return
        readers = await self._audiences.read(self._message_id)
        if self._viewer_id not in readers.users:
            raise NotFound(NO_MESSAGE)
        self._is_author, self._checked_at = readers.author == self._viewer_id, now
