"""Formats errors for clients: expected failures with code, key and params, all others masked with the id in the log."""

from typing import Any
from uuid import uuid4

import structlog
from graphql import GraphQLError

from app.language.catalogue import message_of
from sql.errors import BadUserInput, ResonantError

log = structlog.get_logger()


def _cause_of(error: GraphQLError) -> Exception | None:
    """The exception that a resolver raised; None when graphql-core refused the request."""
    cause: Exception | None = error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause


def _described(failure: ResonantError) -> tuple[str, dict[str, Any]]:
    """The English sentence and the extensions of an expected failure."""
    return message_of(failure), {"code": failure.code, "key": failure.key, "params": failure.params}


def _extensions_for(error: GraphQLError) -> tuple[str, dict[str, Any]]:
    cause = _cause_of(error)
    if isinstance(cause, ResonantError):
        return _described(cause)
    # Without a path nothing was resolved yet: a scalar refused the client's variable, and its message says why.
    if cause is None or error.path is None:
        return _described(BadUserInput("query.invalid", detail=error.message))
    return _masked(cause, path=error.path)


def _masked(cause: Exception, **where: Any) -> tuple[str, dict[str, Any]]:
    error_id = str(uuid4())
    log.error("request failed unexpectedly", error_id=error_id, **where, exc_info=cause)
    message, extensions = _described(ResonantError(error_id=error_id))
    return message, {**extensions, "errorId": error_id}


def format_error(error: GraphQLError) -> dict[str, Any]:
    """The error as the GraphQL specification shapes it, with `extensions`; no detail of an unexpected failure."""
    message, extensions = _extensions_for(error)
    formatted: dict[str, Any] = {"message": message, "extensions": extensions}
    if error.locations:
        formatted["locations"] = [{"line": at.line, "column": at.column} for at in error.locations]
    if error.path is not None:
        formatted["path"] = list(error.path)
    return formatted


def format_failure(failure: Exception) -> dict[str, Any]:
    """A failure of the whole request, with the same extensions and masking as the failure of a field."""
    message, extensions = _described(failure) if isinstance(failure, ResonantError) else _masked(failure)
    return {"message": message, "extensions": extensions}
