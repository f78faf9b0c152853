"""Running operations: admitted, executed, and their results as plain dictionaries."""

from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable
from contextlib import aclosing
from inspect import isawaitable
from typing import Any, cast

import orjson
import structlog
from graphql import ExecutionResult, GraphQLSchema, execute
from graphql.execution import Executor as OperationExecutor
from graphql.execution import create_source_event_stream

from app.graphql.analysis import Price
from app.graphql.documents import Documents, Operation, RequestRefused
from app.graphql.errors import format_error, format_failure
from app.graphql.limits import DocumentLimits, check_limit
from app.graphql.resuming import ResumeArgument, find_resume_argument
from sql.errors import ResonantError

log = structlog.get_logger()

Variables = dict[str, Any]
Response = dict[str, Any]
Delivery = tuple[str | None, Response]
"""The cursor behind which a subscription resumes after this response, when it can be resumed, and the response."""
Charge = Callable[[Any, Price], Awaitable[None]]
"""Takes the price of an operation from whom its context names. Raises RateLimited."""


async def charge_nothing(context: object, price: Price) -> None:
    """Everybody may do as much as they like."""


class Executor:
    """Prepares documents and runs their operations within the limits."""

    refused = RequestRefused

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: DocumentLimits | None = None,
        *,
        documents: Documents | None = None,
        charge: Charge = charge_nothing,
    ) -> None:
        self._schema = schema
        self._limits = limits or DocumentLimits()
        self._documents = documents or Documents(schema, self._limits)
        self._charge = charge

    def prepare(self, query: str, operation_name: str | None = None) -> Operation:
        """The operation of this name, or the only one. Raises RequestRefused."""
        return self._documents.operation(query, operation_name)

    def resume_argument(self, operation: Operation) -> ResumeArgument | None:
        """Where the subscription says behind which cursor it resumes; None when that cannot be told."""
        return find_resume_argument(self._schema, operation.document, operation.node)

    def failure(self, error: Exception) -> Response:
        """The response to an operation that failed as a whole."""
        return {"errors": [format_failure(error)]}

    def cost_of(self, operation: Operation, variables: Variables | None) -> dict[str, int]:
        """What `extensions.cost` says."""
        return {"requested": operation.price(variables).points, "allowed": self._limits.cost}

    async def _admit(self, operation: Operation, variables: Variables | None, context: object) -> None:
        price = operation.price(variables)
        check_limit(self._limits, "cost", price.points)
        await self._charge(context, price)

    async def execute(self, operation: Operation, variables: Variables | None, context: object) -> Response:
        """Run a query or mutation. `data` is absent when it was refused before anything ran."""
        try:
            await self._admit(operation, variables, context)
        except ResonantError as refusal:
            return {"errors": [format_failure(refusal)]}
        return await self._execute(operation, variables, context)

    async def answer(self, operation: Operation, variables: Variables | None, context: object) -> bytes | Response:
        """As `execute`; encoded already when it is complete and without errors."""
        try:
            await self._admit(operation, variables, context)
        except ResonantError as refusal:
            return {"errors": [format_failure(refusal)]}
        if operation.plans is not None and (compiled := operation.plans.for_variables(variables)) is not None:
            plan, coerced = compiled
            try:
                return orjson.dumps({"data": await plan.run(coerced, context)})
            except Exception as reason:
                # The standard executor meets the same failure, and says where it was. Nothing was changed.
                log.debug("a plan was given up", reason=repr(reason))
        return await self._execute(operation, variables, context)

    async def _execute(self, operation: Operation, variables: Variables | None, context: object) -> Response:
        result = execute(
            self._schema,
            operation.document,
            context_value=context,
            variable_values=variables,
            operation_name=operation.name,
        )
        return _to_response(await result if isawaitable(result) else result)

    async def subscribe(
        self, operation: Operation, variables: Variables | None, context_for: Callable[[], object]
    ) -> AsyncGenerator[Delivery, None]:
        """Run a subscription: a cursor and a response for each event. `context_for` makes a context, fresh for each.

        A subscription that cannot begin, or whose source fails, ends with a response that has errors and no data.
        """
        context = context_for()
        try:
            await self._admit(operation, variables, context)
        except ResonantError as refusal:
            yield None, {"errors": [format_failure(refusal)]}
            return
        executor = OperationExecutor.build(
            self._schema,
            operation.document,
            context_value=context,
            raw_variable_values=variables,
            operation_name=operation.name,
        )
        if isinstance(executor, list):
            yield None, {"errors": [format_error(error) for error in executor]}
            return
        source = create_source_event_stream(executor)
        if isawaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            yield None, _to_response(source)
            return
        async with aclosing(cast(AsyncGenerator[Any, None], source)) as events:
            async for delivery in _deliveries(executor, events, context_for):
                yield delivery


async def _deliveries(
    executor: OperationExecutor[Any], events: AsyncIterable[Any], context_for: Callable[[], object]
) -> AsyncGenerator[Delivery, None]:
    try:
        async for event in events:
            per_event = executor.build_per_event_executor(event)
            per_event.context_value = context_for()
            result = per_event.execute_operation(False)
            response = _to_response(cast(ExecutionResult, await result if isawaitable(result) else result))
            yield getattr(event, "cursor", None), response
    except Exception as error:
        # The source failed, not a field of one event: this is the subscription's last word.
        yield None, {"errors": [format_failure(error)]}


def _to_response(result: ExecutionResult) -> Response:
    """A result without a path in its errors never began: the variables were refused."""
    errors = [format_error(error) for error in result.errors or ()]
    if not errors:
        return {"data": result.data}
    if result.data is None and all(error.path is None for error in result.errors or ()):
        return {"errors": errors}
    return {"data": result.data, "errors": errors}
