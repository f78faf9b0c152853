"""Running operations: admitted, executed, and their results as plain dictionaries."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from inspect import isawaitable
from typing import Any, Protocol, Self, cast, runtime_checkable

import orjson
import structlog
from graphql import ExecutionResult, GraphQLResolveInfo, GraphQLSchema, execute
from graphql.execution import Executor as OperationExecutor
from graphql.execution import create_source_event_stream

from app.graphql.compiled.executor import Compiled
from app.graphql.documents import Documents, Operation, RequestRefused
from app.graphql.errors import format_error, format_failure
from app.graphql.limits.analysis import Price
from app.graphql.limits.policy import DocumentLimits, check_limit
from app.graphql.resume import ResumeArgument, find_resume_argument, is_resumable
from sql.errors import ResonantError, TimedOut, Unavailable

log = structlog.get_logger()

# A field that takes too long may do so every time; a database that is away comes back.
MOST_TRIES = 3
# To find that a document is not valid takes up to ten milliseconds or so, as long as some hundred points of reading.
REFUSED = Price(100)
PAUSE = 0.5

Variables = dict[str, Any]
Response = dict[str, Any]
Delivery = tuple[str | None, Response]
"""The cursor behind which a subscription resumes after this response, when it can be resumed, and the response."""
Charge = Callable[[Any, Price], Awaitable[None]]
"""Takes the price of an operation from whom its context names. Raises RateLimited."""


@runtime_checkable
class Renewable(Protocol):
    """A context that keeps what was read for it."""

    def afresh(self) -> Self: ...


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

    async def prepare_for(self, context: object, query: str, operation_name: str | None) -> Operation:
        """As `prepare`; reading a document that is refused has its price too. Raises RequestRefused, RateLimited."""
        try:
            return self.prepare(query, operation_name)
        except RequestRefused:
            await self._charge(context, REFUSED)
            raise

    def is_resumable(self, operation: Operation) -> bool:
        """Whether the subscription takes a cursor; one that does not ends by itself."""
        return is_resumable(self._schema, operation.node)

    def resume_argument(self, operation: Operation) -> ResumeArgument | None:
        """Where the subscription says behind which cursor it resumes; None when that cannot be told."""
        return find_resume_argument(self._schema, operation.document, operation.node)

    def failure(self, error: Exception) -> Response:
        """The response to an operation that failed as a whole."""
        return {"errors": [format_failure(error)]}

    def cost_of(self, operation: Operation, variables: Variables | None) -> dict[str, int]:
        """What `extensions.cost` says."""
        return {"requested": operation.price(variables).points, "allowed": self._limits.cost}

    async def admit(self, operation: Operation, variables: Variables | None, context: object) -> None:
        """Check and charge what it costs. Raises QueryTooComplex, RateLimited."""
        price = operation.price(variables)
        check_limit(self._limits, "cost", price.points)
        await self._charge(context, price)

    async def execute(self, operation: Operation, variables: Variables | None, context: object) -> Response:
        """Run a query or mutation. `data` is absent when it was refused before anything ran."""
        try:
            await self.admit(operation, variables, context)
        except ResonantError as refusal:
            return {"errors": [format_failure(refusal)]}
        return await self._execute(operation, variables, context)

    async def answer(self, operation: Operation, variables: Variables | None, context: object) -> bytes | Response:
        """As `execute`; encoded already when it is complete and without errors."""
        try:
            await self.admit(operation, variables, context)
        except ResonantError as refusal:
            return {"errors": [format_failure(refusal)]}
        if operation.plans is not None and (compiled := operation.plans.for_variables(variables)) is not None:
            plan, coerced = compiled
            failures: dict[str, Exception] = {}
            try:
                return orjson.dumps({"data": await plan.run(coerced, context, failures)})
            except Exception as reason:
                # The standard executor meets the same failure, and says where it was. Nothing was changed.
                log.debug("a plan was given up", reason=repr(reason))
            # What the plan's loaders hold may lack columns.
            fresh = context.afresh() if isinstance(context, Renewable) else context
            return await self._execute(operation, variables, fresh, failures)
        return await self._execute(operation, variables, context)

    async def _execute(
        self,
        operation: Operation,
        variables: Variables | None,
        context: object,
        failures: dict[str, Exception] | None = None,
    ) -> Response:
        """`failures` are those that a root field is known to end in, by its key."""
        result = execute(
            self._schema,
            operation.document,
            context_value=context,
            variable_values=variables,
            operation_name=operation.name,
            middleware=[_failing_again(failures)] if failures else None,
        )
        return _to_response(await result if isawaitable(result) else result)

    async def subscribe(
        self, operation: Operation, variables: Variables | None, context_for: Callable[[], object]
    ) -> AsyncGenerator[Delivery, None]:
        """Run a subscription that was admitted: a cursor and a response for each event, with a fresh context for each.

        A subscription that cannot begin, or whose source fails, ends with a response that has errors and no data.
        """
        executor = OperationExecutor.build(
            self._schema,
            operation.document,
            context_value=context_for(),
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
        compiled = None if operation.plans is None else operation.plans.for_variables(variables)
        try:
            async with aclosing(cast(AsyncGenerator[Any, None], source)) as events:
                async for event in events:
                    response = await _respond_in_time(event, executor, compiled, context_for)
                    yield getattr(event, "cursor", None), response
        except Exception as error:
            # The source failed, not a field of one event: this is the subscription's last word.
            yield None, {"errors": [format_failure(error)]}


async def _respond_in_time(
    event: object, executor: OperationExecutor[Any], compiled: Compiled | None, context_for: Callable[[], object]
) -> Response:
    """The response to an event, which must not be lost because the database is away just then."""
    tries = 0
    while True:
        response = await _respond_to(event, executor, compiled, context_for)
        codes = {error["extensions"]["code"] for error in response.get("errors", ())}
        if Unavailable.code not in codes and (TimedOut.code not in codes or tries == MOST_TRIES):
            return response
        tries += 1
        await asyncio.sleep(PAUSE)


async def _respond_to(
    event: object, executor: OperationExecutor[Any], compiled: Compiled | None, context_for: Callable[[], object]
) -> Response:
    if compiled is not None:
        plan, variables = compiled
        try:
            return {"data": await plan.run_for(event, variables, context_for())}
        except Exception as reason:
            log.debug("a plan was given up", reason=repr(reason))
    per_event = executor.build_per_event_executor(event)
    per_event.context_value = context_for()
    result = per_event.execute_operation(False)
    return _to_response(cast(ExecutionResult, await result if isawaitable(result) else result))


def _failing_again(failures: dict[str, Exception]) -> Callable[..., Any]:
    """Lets a root field fail as it did before, without running it again."""

    def resolve(following: Callable[..., Any], source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        failure = None if info.path.prev else failures.get(str(info.path.key))
        if failure is not None:
            raise failure
        return following(source, info, **arguments)

    return resolve


def _to_response(result: ExecutionResult) -> Response:
    """A result without a path in its errors never began: the variables were refused."""
    errors = [format_error(error) for error in result.errors or ()]
    if not errors:
        return {"data": result.data}
    if result.data is None and all(error.path is None for error in result.errors or ()):
        return {"errors": errors}
    return {"data": result.data, "errors": errors}
