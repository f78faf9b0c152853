"""The context that all resolvers of an operation share."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Self
from uuid import UUID

import strawberry

from resolvers.checks import Limits
from resolvers.loading import Loader
from resolvers.ports import (
    Accounts,
    Announcer,
    ContextPreviewer,
    EventFeed,
    Gate,
    ModelConfigurator,
    ReplyFeed,
    Searcher,
    Tools,
    TypedTask,
)
from schema.assistant import AssistantInfo
from schema.relations import Relations
from sql.errors import Forbidden
from sql.pool import Database
from sql.rows import UserRow
from sql.statements import Connection


@dataclass(slots=True)
class Context:
    """One per operation, and per event of a subscription, because `relations` caches.

    `title_of` makes the title of a conversation from the content of its first message. `topic_key` is
    the form of a topic that is the same in all languages. `read_typed_task` reads a line of text, with the current time
    and the name of the time zone.
    """

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
    title_of: Callable[[str], str]
    tools: Tools
    topic_key: Callable[[str], str]
    read_typed_task: Callable[[str, datetime, str], Awaitable[TypedTask]]
    gate: Gate
    relations: Relations
    configurator: ModelConfigurator | None = None
    """Where a local owner enters the model; None when people sign in."""
    models: Sequence[str] = ()
    """The models that can answer, the default one first; none when offline."""
    origin: str = ""
    """The origin of the page that sent the request, for links to it; empty for events."""
    timezone: str = "UTC"
    """The time zone of users who have set none."""
    reversals: Loader[UUID, Any] | None = None
    """What depends on decisions: for each id the output of `preview_reversal`, or the ResonantError that it raised."""

    def require_person(self) -> None:
        """Raises Forbidden for a request with a token: programs may not do what only a person may.

        In AUTH_MODE=local every program on the machine is the owner.
        """
        if self.is_program:
            raise Forbidden("forbidden.person_only")

    @property
    def is_program(self) -> bool:
        """Whether the request has a token. In AUTH_MODE=local this is not known."""
        return self.accounts.access_kind == "token"

    def with_empty_caches(self) -> Self:
        """A copy whose loaders have empty caches."""
        return replace(self, relations=self.relations.with_empty_caches(), reversals=None)

    @asynccontextmanager
    async def writing(self, *, one_statement: bool = False) -> AsyncIterator[Connection]:
        """A transaction; after its commit the other processes are notified. Raises Forbidden for viewers.

        With `one_statement` the block may run only one statement, which is its own transaction.
        """
        if self.viewer.role == "viewer":
            raise Forbidden("forbidden.read_only")
        database = self.database
        async with database.for_one_statement() if one_statement else database.transaction() as connection:
            yield connection
        self.announcer.announce(self.viewer.id)


Info = strawberry.Info[Context, None]
