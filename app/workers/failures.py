"""Failures of claimed work, and writes that fail when the claim was lost."""

from collections.abc import Awaitable, Callable
from uuid import uuid4

import structlog

from app.models.ports import AssistantError
from app.retry import Open, retry_while_unavailable
from sql.statements import Connection

log = structlog.get_logger()


class ClaimLost(Exception):
    """The work was stopped, cancelled, deleted or claimed by another worker; its result must not be stored."""


def unexpected(failure: Exception, kind: str, subject: object) -> AssistantError:
    """Log an unexpected failure under a new id; the returned failure shows the user this id and nothing else."""
    error_id = str(uuid4())
    log.error("work failed unexpectedly", kind=kind, subject=str(subject), error_id=error_id, exc_info=failure)
    return AssistantError("server.unexpected", retryable=False, error_id=error_id)


def too_many_attempts(attempts: int) -> AssistantError:
    """The failure of work whose worker died at each of its attempts."""
    return AssistantError("work.too_many_attempts", retryable=False, count=attempts)


async def write_under_fence(open_connection: Open, write: Callable[[Connection], Awaitable[bool]]) -> None:
    """Write as soon as the database is available. Raises ClaimLost when `write` returns false: the fence was old."""
    if not await retry_while_unavailable(open_connection, write):
        raise ClaimLost
