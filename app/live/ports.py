"""What the live endpoints need of GraphQL; app/graphql fills it in, and nothing here knows of messages or intents."""

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
    """An operation that is valid and may be run."""

    @property
    def kind(self) -> Literal["query", "mutation", "subscription"]: ...

    @property
    def text(self) -> str: ...

    @property
    def name(self) -> str | None: ...


class Refusal(Protocol):
    """Why a document cannot be run."""

    def response(self) -> Response: ...


class ResumePoint(Protocol):
    """A cursor, and the variables that are left without it."""

    @property
    def cursor(self) -> str | None: ...

    @property
    def variables(self) -> Variables: ...


class ResumeArgument(Protocol):
    """What stands for the cursor in a subscription."""

    def point(self, variables: Variables | None) -> ResumePoint | None:
        """None when the client gives something that is no cursor."""


class OperationRunner(Protocol):
    """Prepares and runs operations. A response without `data` says that the operation did not run or has failed."""

    async def prepare_for(self, context: object, query: str, operation_name: str | None) -> Any:
        """An Operation; raises `refused`, or ResonantError when the viewer has had too many refused."""

    @property
    def refused(self) -> type[Exception]:
        """The exception of `prepare_for`; it has the shape of Refusal."""

    def is_resumable(self, operation: Any) -> bool:
        """Whether the subscription takes a cursor; one that does not ends by itself."""

    def resume_argument(self, operation: Any) -> ResumeArgument | None:
        """None when it cannot be told what stands for the cursor."""

    def failure(self, error: Exception) -> Response:
        """The response to an operation that failed as a whole: the expected with its code, the rest masked."""

    def cost_of(self, operation: Any, variables: Variables | None) -> dict[str, int]:
        """What `extensions.cost` says."""

    async def execute(self, operation: Any, variables: Variables | None, context: object) -> Response: ...

    async def admit(self, operation: Any, variables: Variables | None, context: object) -> None:
        """Charge what a subscription costs, once a client. Raises ResonantError."""

    def subscribe(
        self, operation: Any, variables: Variables | None, context_for: Callable[[], object]
    ) -> AsyncGenerator[tuple[str | None, Response], None]:
        """For each event its cursor, when there is one, and the response."""


class Access(Protocol):
    """Who is connected, for as long as what they showed on connecting is good."""

    @property
    def viewer(self) -> UserRow:
        """Them, as the last check found them."""

    async def check(self, since: float | None = None) -> None:
        """Look again, before each operation and each event that is delivered. Raises Unauthenticated.

        What was found at or after `since`, on the loop's clock, need not be looked up again.
        """

    def watched(self, ended: Callable[[str], None]) -> AbstractContextManager[None]:
        """While the block runs, `ended` is called with the reason as soon as the access is no longer good."""


Authenticate = Callable[[HTTPConnection, dict[str, Any]], Awaitable[Access]]
"""Who connects, from the connection and the payload of connection_init. Raises Unauthenticated."""


class ContextFor(Protocol):
    """A fresh context of an Access, for one operation or one event; `events` takes the place of the usual feed."""

    def __call__(self, access: Any, events: EventFeed | None = None) -> object: ...


class Asked(Protocol):
    """What a request asks for, checked field by field."""

    @property
    def query(self) -> str: ...

    @property
    def operation_name(self) -> str | None: ...

    @property
    def variables(self) -> Variables | None: ...

    @property
    def wants_cost(self) -> bool: ...


class Sink(Protocol):
    """Where the responses of one subscription go."""

    @property
    def access(self) -> Access:
        """Who gets them."""

    def refuse(self, reason: str) -> None:
        """The access has ended, and with it the connection."""

    def put(self, cursor: str | None, payload: str) -> None:
        """Take the next response as JSON; never waits."""

    async def room(self) -> None:
        """Wait until the client has taken what was put."""

    def end(self, errors: Errors | None) -> None:
        """It is over, or has failed."""
