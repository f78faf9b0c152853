"""What the live endpoints need of GraphQL; app/graphql fills it in, and nothing here knows of messages or intents."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

from starlette.requests import HTTPConnection

from sql.rows import UserRow

Variables = dict[str, Any]
Response = dict[str, Any]


class Operation(Protocol):
    """An operation that is valid and may be run."""

    @property
    def kind(self) -> Literal["query", "mutation", "subscription"]: ...


class Refusal(Protocol):
    """Why a document cannot be run."""

    def response(self) -> Response: ...


class OperationRunner(Protocol):
    """Prepares and runs operations. A response without `data` says that the operation did not run or has failed."""

    def prepare(self, query: str, operation_name: str | None = None) -> Any:
        """An Operation; raises `refused`."""

    @property
    def refused(self) -> type[Exception]:
        """The exception of `prepare`; it has the shape of Refusal."""

    async def execute(self, operation: Any, variables: Variables | None, context: object) -> Response: ...

    def subscribe(
        self, operation: Any, variables: Variables | None, context_for: Callable[[], object]
    ) -> AsyncGenerator[Response, None]: ...


class Access(Protocol):
    """Who is connected, for as long as what they showed on connecting is good."""

    @property
    def viewer(self) -> UserRow:
        """Them, as the last check found them."""

    async def check(self) -> None:
        """Look again, before each operation and each event that is delivered. Raises Unauthenticated."""

    def watched(self, ended: Callable[[str], None]) -> AbstractContextManager[None]:
        """While the block runs, `ended` is called with the reason as soon as the access is no longer good."""


Authenticate = Callable[[HTTPConnection, dict[str, Any]], Awaitable[Access]]
"""Who connects, from the connection and the payload of connection_init. Raises Unauthenticated."""

ContextFor = Callable[[Any], object]
"""A fresh context of an Access, for one operation or one event."""
