"""What every resolver of one operation shares: who asks, and what it may ask."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Self

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

    def with_empty_caches(self) -> Self:
        """The same, with loaders that have read nothing yet."""
        return replace(self, relations=self.relations.with_empty_caches())

    @asynccontextmanager
    async def writing(self, *, one_statement: bool = False) -> AsyncIterator[Connection]:
        """A transaction of somebody who may write; when it has committed, the other processes hear of it.

        With `one_statement` the block runs one only, which is its own transaction.
        """
        if self.viewer.role == "viewer":
            raise Forbidden("forbidden.read_only")
        database = self.database
        async with database.for_one_statement() if one_statement else database.transaction() as connection:
            yield connection
        self.announcer.announce(self.viewer.id)


Info = strawberry.Info[Context, None]
