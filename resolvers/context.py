"""What every resolver of one operation shares: who asks, and what it may ask."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import strawberry

from resolvers.ports import Accounts, Announcer, ContextPreviewer, EventFeed, ReplyFeed, Searcher
from schema.assistant import AssistantInfo
from schema.relations import Relations
from sql.errors import Forbidden
from sql.pool import Database
from sql.rows import UserRow
from sql.statements import Connection


@dataclass(frozen=True, slots=True)
class Limits:
    """What an input may be: sizes in bytes of UTF-8, and how often an intent is tried."""

    max_content_bytes: int
    max_attempts: int


@dataclass(slots=True)
class Context:
    """Made anew for each operation, and for each event of a subscription, because `relations` caches."""

    viewer: UserRow
    accounts: Accounts
    database: Database
    events: EventFeed
    replies: ReplyFeed
    announcer: Announcer
    searcher: Searcher
    previewer: ContextPreviewer
    assistant: AssistantInfo
    limits: Limits
    relations: Relations

    @asynccontextmanager
    async def writing(self) -> AsyncIterator[Connection]:
        """A transaction of somebody who may write; when it has committed, the other processes hear of it."""
        if self.viewer.role == "viewer":
            raise Forbidden("Your role reads only.")
        async with self.database.transaction() as connection:
            yield connection
        self.announcer.announce(self.viewer.id)


Info = strawberry.Info[Context, None]
