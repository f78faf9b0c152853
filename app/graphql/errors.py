"""Formats errors for clients: expected failures with code, key and params, all others masked with the id in the log."""

from typing import Any
from uuid import uuid4

import structlog
from graphql import GraphQLError

from app.language.catalogue import describe
from sql.errors import BadUserInput, ResonantError

log = structlog.get_logger()


def _cause_of(error: GraphQLError) -> Exception | None:
    """The exception that a resolver raised; None when graphql-core refused the request."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _describe(error: GraphQLError) -> dict[str, Any]:
    cause = _cause_of(error)
    if isinstance(cause, ResonantError):
        return describe(cause)
    # Without a path nothing was resolved yet: a scalar refused the client's variable, and its message says why.
    if cause is None or error.path is None:
        return describe(BadUserInput("query.invalid", detail=error.message))
    return _masked(cause, path=error.path)


def _masked(cause: Exception, **where: Any) -> dict[str, Any]:
    error_id = str(uuid4())
    log.error("request failed unexpectedly", error_id=error_id, **where, exc_info=cause)
    masked = describe(ResonantError(error_id=error_id))
    masked["extensions"]["errorId"] = error_id
    return masked


def format_error(error: GraphQLError) -> dict[str, Any]:
    """The error as the GraphQL specification shapes it, with `extensions`; no detail of an unexpected failure."""
    formatted = _describe(error)
    if error.locations:
        formatted["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path is not None:
        formatted["path"] = list(error.path)
    return formatted


def format_failure(failure: Exception) -> dict[str, Any]:
    """A failure of the whole request, with the same extensions and masking as the failure of a field."""
    return describe(failure) if isinstance(failure, ResonantError) else _masked(failure)
