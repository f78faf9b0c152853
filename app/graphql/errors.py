"""What a client sees of an error: expected ones with their code, all others masked behind an id that is in the log."""

from typing import Any
from uuid import uuid4

import structlog
from graphql import GraphQLError

from sql.errors import BadUserInput, ResonantError

log = structlog.get_logger()


def _cause_of(error: GraphQLError) -> Exception | None:
    """The exception that a resolver raised; None when GraphQL itself refused the request."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _extensions_for(error: GraphQLError) -> tuple[str, dict[str, Any]]:
    cause = _cause_of(error)
    if isinstance(cause, ResonantError):
        return cause.message, {**cause.extensions, "code": cause.code}
    # Without a path nothing was resolved yet: a scalar refused the client's variable, and says why.
    if cause is None or error.path is None:
        return error.message, {"code": BadUserInput.code}
    return _masked(cause, path=error.path)


def _masked(cause: Exception, **where: Any) -> tuple[str, dict[str, Any]]:
    error_id = str(uuid4())
    log.error("request failed unexpectedly", error_id=error_id, **where, exc_info=cause)
    message = "Something went wrong here; the log has the details under this errorId."
    return message, {"code": ResonantError.code, "errorId": error_id}


def format_error(error: GraphQLError) -> dict[str, Any]:
    """The error as the GraphQL specification shapes it, with `extensions.code`, and no detail of the unexpected."""
    message, extensions = _extensions_for(error)
    formatted: dict[str, Any] = {"message": message, "extensions": extensions}
    if error.locations:
        formatted["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path is not None:
        formatted["path"] = list(error.path)
    return formatted


def format_failure(failure: Exception) -> dict[str, Any]:
    """A failure of the whole request, with the same codes and masking as that of a field."""
    if isinstance(failure, ResonantError):
        message, extensions = failure.message, {**failure.extensions, "code": failure.code}
    else:
        message, extensions = _masked(failure)
    return {"message": message, "extensions": extensions}
