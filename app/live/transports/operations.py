"""Steps that both live transports share: prepare, execute with a deadline, report the cost, continue the trace."""

import asyncio
from contextvars import ContextVar
from typing import Any

import orjson

from app.live.ports import Access, Errors, GraphQLRequest, OperationRunner, Response, Sink, Variables
from sql.errors import ResonantError, TimedOut

traceparent: ContextVar[str | None] = ContextVar("traceparent", default=None)
"""W3C Trace Context that the client sent with an operation on a socket, not validated.

None when the headers of the connection carry it, as over HTTP.
"""


class PreparationFailed(Exception):
    """The document cannot be executed."""

    def __init__(self, errors: Errors) -> None:
        super().__init__(errors)
        self.errors = errors


async def prepare(runner: OperationRunner, context: object, request: GraphQLRequest) -> Any:
    """The requested operation. Raises PreparationFailed."""
    try:
        return await runner.prepare_for(context, request.query, request.operation_name)
    except runner.refused as refused:
        raise PreparationFailed(refused.response()["errors"]) from None  # type: ignore[attr-defined]
    except ResonantError as refusal:
        raise PreparationFailed(runner.failure(refusal)["errors"]) from None


async def execute_with_deadline(
    runner: OperationRunner,
    operation: Any,
    variables: Variables | None,
    context: object,
    *,
    seconds: float,
    wants_cost: bool,
) -> Response:
    """The response, or a TIMEOUT error. Cancelling the task cancels the running SQL statement."""
    try:
        async with asyncio.timeout(seconds):
            response = await runner.execute(operation, variables, context)
    except TimeoutError:
        response = runner.failure(TimedOut("request.timeout", seconds=seconds))
    if wants_cost:
        response["extensions"] = {"cost": runner.cost_of(operation, variables)}
    return response


class CostReportingSink:
    """Adds `extensions.cost`, the cost charged for the subscription, to the first response."""

    def __init__(self, sink: Sink, cost: dict[str, int]) -> None:
        self._sink = sink
        self._extensions = f',"extensions":{{"cost":{orjson.dumps(cost).decode()}}}}}'

    @classmethod
    def wrap_if_wanted(cls, sink: Sink, runner: OperationRunner, operation: Any, request: GraphQLRequest) -> Sink:
        return cls(sink, runner.cost_of(operation, request.variables)) if request.wants_cost else sink

    @property
    def access(self) -> Access:
        return self._sink.access

    def put(self, cursor: str | None, payload: str) -> None:
        if self._extensions:
            payload, self._extensions = payload[:-1] + self._extensions, ""
        self._sink.put(cursor, payload)

    async def wait_until_sent(self) -> None:
        await self._sink.wait_until_sent()

    def end(self, errors: Errors | None) -> None:
        self._sink.end(errors)

    def close_unauthorized(self, reason: str) -> None:
        self._sink.close_unauthorized(reason)
