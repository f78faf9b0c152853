"""Protocols between the live transports and the GraphQL executor. app/graphql implements the operation side."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, Literal, Protocol

from starlette.requests import HTTPConnection

from resolvers.ports import EventFeed
from sql.rows import UserRow

Variables = dict[str, Any]
Response = dict[str, Any]
Errors = list[dict[str, Any]]


class Operation(Protocol):
    """A validated operation, ready to execute."""

    @property
    def kind(self) -> Literal["query", "mutation", "subscription"]: ...

    @property
    def text(self) -> str: ...

    @property
    def name(self) -> str | None: ...


class Refusal(Protocol):
    """Reason why a document cannot be executed."""

    def response(self) -> Response: ...


class ResumePoint(Protocol):
    """The cursor of a subscription, and its variables without the cursor."""

    @property
    def cursor(self) -> str | None: ...

    @property
    def variables(self) -> Variables: ...


class ResumeArgument(Protocol):
    """The argument of a subscription that carries its cursor."""

    def point(self, variables: Variables | None) -> ResumePoint | None:
        """None when the given value is not a cursor."""


class OperationRunner(Protocol):
    """Prepares and executes operations. A response without `data` means that the operation did not run or failed."""

    async def prepare_for(self, context: object, query: str, operation_name: str | None) -> Any:
        """An Operation. Raises `refused`, or ResonantError when too many documents of the viewer were refused."""

    @property
    def refused(self) -> type[Exception]:
        """The exception type that `prepare_for` raises; its instances have the shape of Refusal."""

    def is_resumable(self, operation: Any) -> bool:
        """Whether the subscription takes a cursor. One without a cursor ends."""

    def is_same_for_all(self, operation: Any) -> bool:
        """Whether the response of the subscription to an event is the same for all who see the event."""

    def resume_argument(self, operation: Any) -> ResumeArgument | None:
        """None when the cursor argument cannot be determined."""

    def failure(self, error: Exception) -> Response:
        """The response to an operation that failed: expected errors with their code, all others masked."""

    def cost_of(self, operation: Any, variables: Variables | None) -> dict[str, int]:
        """The value of `extensions.cost`."""

    async def execute(self, operation: Any, variables: Variables | None, context: object) -> Response: ...

    async def admit(self, operation: Any, variables: Variables | None, context: object) -> None:
        """Charge the cost of a subscription, once per client. Raises ResonantError."""

    def subscribe(
        self, operation: Any, variables: Variables | None, context_for: Callable[[], object]
    ) -> AsyncGenerator[tuple[str | None, Response], None]:
        """For each event its cursor, if it has one, and the response."""


class Access(Protocol):
    """The identity of a client, valid while the credential that it presented is valid."""

    @property
    def viewer(self) -> UserRow:
        """The user, as found by the last check."""

    async def check(self, since: float | None = None) -> None:
        """Check the credential again, before each operation and each delivered event. Raises Unauthenticated.

        A result from `since` or later, on the clock of the event loop, is used again.
        """

    def is_checked_since(self, since: float) -> bool:
        """Whether `check(since)` uses an earlier result."""

    def on_revoked(self, callback: Callable[[str], None]) -> AbstractContextManager[None]:
        """While the block runs, call back with the reason as soon as the access is no longer valid."""


Authenticate = Callable[[HTTPConnection, dict[str, Any]], Awaitable[Access]]
"""Authenticates from the connection and the payload of connection_init. Raises Unauthenticated."""


class ContextFor(Protocol):
    """Creates the resolver context for one operation or one event; `events` replaces the default feed."""

    def __call__(self, access: Any, events: EventFeed | None = None) -> object: ...


class GraphQLRequest(Protocol):
    """A request whose fields have been checked."""

    @property
    def query(self) -> str: ...

    @property
    def operation_name(self) -> str | None: ...

    @property
    def variables(self) -> Variables | None: ...

    @property
    def wants_cost(self) -> bool: ...


class Sink(Protocol):
    """Receives the responses of one subscription for one client."""

    @property
    def access(self) -> Access:
        """The access of the client."""

    def put(self, cursor: str | None, payload: str) -> None:
        """Send the next response, JSON text; never waits."""

    async def wait_until_sent(self) -> None:
        """Wait until the client has received everything so far (backpressure)."""

    def end(self, errors: Errors | None) -> None:
        """Complete the subscription, or fail it with the errors."""

    def close_unauthorized(self, reason: str) -> None:
        """Close the connection, because the access is no longer valid."""
