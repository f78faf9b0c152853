"""The failures that a caller may expect, and the one place where the driver's errors become them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import asyncpg


class ResonantError(Exception):
    """Something expected went wrong; the client sees `code`, the message and `extensions`.

    A subclass's docstring is its default message.
    """

    code: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str | None = None, **extensions: Any) -> None:
        super().__init__(message or (type(self).__doc__ or "").strip())
        self.extensions = extensions

    @property
    def message(self) -> str:
        return str(self.args[0])


class BadUserInput(ResonantError):
    """The input is not valid."""

    code = "BAD_USER_INPUT"


class Unauthenticated(ResonantError):
    """Sign in first."""

    code = "UNAUTHENTICATED"


class Forbidden(ResonantError):
    """Your role does not allow this."""

    code = "FORBIDDEN"


class NotFound(ResonantError):
    """There is no such thing, or it is not yours."""

    code = "NOT_FOUND"


class Conflict(ResonantError):
    """The row is not in a state that allows this."""

    code = "CONFLICT"


class CursorExpired(ResonantError):
    """The events after this cursor are no longer kept; load the current state and subscribe without `after`."""

    code = "CURSOR_EXPIRED"


class TimedOut(ResonantError):
    """The database did not answer in time; try again."""

    code = "TIMEOUT"


class Unavailable(ResonantError):
    """The database cannot be reached; try again in a moment."""

    code = "UNAVAILABLE"


AWAY = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)
# What the driver says of an idle connection whose server has just sent its farewell ...
FAREWELL = "cannot switch to state"
# ... and of one that is gone. The same class tells of misuse, which is a bug.
CLOSED = "clos"
# Rules that the database itself holds, and words so that a person can use them.
RULES = frozenset({"intent_transition", "specification_workflow", "choice_decided"})


def is_away(error: Exception) -> bool:
    """Whether the driver says that the database, or the connection to it, has gone."""
    if isinstance(error, asyncpg.InterfaceError):
        return CLOSED in str(error)
    if isinstance(error, asyncpg.InternalClientError):
        return FAREWELL in str(error)
    return isinstance(error, AWAY)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's errors into ours; what has no counterpart passes through and is masked further up."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        if meaning := _violation(error):
            raise meaning from error
        raise
    except (asyncpg.QueryCanceledError, TimeoutError) as error:
        raise TimedOut from error
    except (OSError, asyncpg.DeadlockDetectedError) as error:
        raise Unavailable from error
    except Exception as error:
        if is_away(error):
            raise Unavailable from error
        raise


def _violation(error: asyncpg.IntegrityConstraintViolationError) -> ResonantError | None:
    """What a violated constraint means; None when it means a bug."""
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return NotFound()
    if isinstance(error, asyncpg.UniqueViolationError):
        return Conflict("It exists already.")
    if error.constraint_name in RULES:
        return Conflict(f"{error.args[0][0].upper()}{error.args[0][1:]}.")
    return None
