"""How work ends when it does not come to its end."""

from uuid import uuid4

import structlog

from app.models.ports import AssistantError

log = structlog.get_logger()


class ClaimLost(Exception):
    """It was stopped, cancelled, deleted or taken over: nothing that is done now counts."""


def unexpected(failure: Exception, kind: str, subject: object) -> AssistantError:
    """What the user hears of it; the log has the rest under the same id."""
    error_id = str(uuid4())
    log.error("work failed unexpectedly", kind=kind, subject=str(subject), error_id=error_id, exc_info=failure)
    return AssistantError(f"Something went wrong here; the log has the details under {error_id}.", retryable=False)


def taken_up_too_often(times: int) -> AssistantError:
    """Work whose bridge dies each time must not be taken up for ever."""
    return AssistantError(f"It was taken up {times} times and never came to an end.", retryable=False)
