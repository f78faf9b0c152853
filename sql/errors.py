"""The expected failures, and the translation of the driver's errors into them."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, ClassVar

import asyncpg
import orjson

from sql.sentences import Params, fallback


class ResonantError(Exception):
    """An expected failure. Clients get `code`, `key` and `params`; the catalogues have the sentence of each key.

    Keys are stable, lower case and dotted (`intent.changed`). A subclass declares its default key as `key`.
    """

    code: ClassVar[str] = "INTERNAL"
    key: str = "server.unexpected"

    def __init__(self, key: str | None = None, **params: Any) -> None:
        super().__init__(key, params)
        if key is not None:
            self.key = key
        self.params: Params = params

    def __str__(self) -> str:
        return fallback(self)


class BadUserInput(ResonantError):
    """The client sent something that is not valid."""

    code = "BAD_USER_INPUT"
    key = "input.invalid"


class Unauthenticated(ResonantError):
    """The request has no valid credential."""

    code = "UNAUTHENTICATED"
    key = "unauthenticated"


class Forbidden(ResonantError):
    """The viewer's role does not allow this."""

    code = "FORBIDDEN"
    key = "forbidden"


class NotFound(ResonantError):
    """The row does not exist, or it belongs to another user."""

    code = "NOT_FOUND"
    key = "not_found"


class Conflict(ResonantError):
    """The current state of the row does not allow this."""

    code = "CONFLICT"
    key = "conflict"


class QueryTooComplex(ResonantError):
    """The document, or the response to it, exceeds a limit; the key says which."""

    code = "QUERY_TOO_COMPLEX"
    key = "query.too_expensive"


class CursorExpired(ResonantError):
    """The events after this cursor are no longer stored."""

    code = "CURSOR_EXPIRED"
    key = "cursor.expired"


class TimedOut(ResonantError):
    """The work did not finish in time."""

    code = "TIMEOUT"
    key = "database.timeout"


class Unavailable(ResonantError):
    """The database, or another service that is needed, cannot be reached."""

    code = "UNAVAILABLE"
    key = "database.unavailable"


class Closed(Unavailable):
    """The pool was closed, because this process stops; trying again cannot help."""


CONNECTION_ERRORS = (
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.TooManyConnectionsError,
)
# Messages of driver errors that have no class of their own. The same classes also report misuse, which is a bug.
SERVER_CLOSED_IDLE = "cannot switch to state"  # the server ended an idle connection
CONNECTION_CLOSED = "clos"  # "connection is closed", "connection was closed", "closing"


def is_connection_lost(error: Exception) -> bool:
    """Whether the driver reports that the connection to the database was lost or could not be made."""
    if isinstance(error, asyncpg.InterfaceError):
        return CONNECTION_CLOSED in str(error)
    if isinstance(error, asyncpg.InternalClientError):
        return SERVER_CLOSED_IDLE in str(error)
    return isinstance(error, CONNECTION_ERRORS)


@contextmanager
def translate_driver_errors() -> Iterator[None]:
    """Raise the driver's errors as ResonantErrors; others pass through and are masked by the caller."""
    try:
        yield
    except asyncpg.IntegrityConstraintViolationError as error:
        if failure := _violation(error):
            raise failure from error
        raise
    except (asyncpg.QueryCanceledError, TimeoutError) as error:
        raise TimedOut from error
    except (OSError, asyncpg.DeadlockDetectedError) as error:
        raise Unavailable from error
    except Exception as error:
        if is_connection_lost(error):
            raise Unavailable from error
        raise


def _violation(error: asyncpg.IntegrityConstraintViolationError) -> ResonantError | None:
    """The failure that a violated constraint means; None when it means a bug."""
    if isinstance(error, asyncpg.ForeignKeyViolationError):
        return NotFound()
    if isinstance(error, asyncpg.UniqueViolationError):
        return Conflict("row.duplicate")
    return _broken_rule(error.detail)


def _broken_rule(detail: str | None) -> Conflict | None:
    """The rule that a trigger reports as DETAIL = {"key": ..., "params": {...}}; None for any other detail."""
    try:
        rule = orjson.loads(detail or "")
        return Conflict(rule["key"], **rule.get("params", {}))
    except (orjson.JSONDecodeError, TypeError, KeyError):
        return None
