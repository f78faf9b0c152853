"""Charges and runs operations; responses are plain dictionaries."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing, nullcontext, suppress
from inspect import isawaitable
from typing import Any, Protocol, Self, cast, runtime_checkable

import orjson
import structlog
from graphql import ExecutionResult, GraphQLResolveInfo, GraphQLSchema, execute
from graphql.execution import Executor as OperationExecutor
from graphql.execution import create_source_event_stream

from app.graphql.budgeted import BudgetedExecutor
from app.graphql.documents import Documents, RequestRefused
from app.graphql.encoding import LARGE, LargeResponse, encode_large
from app.graphql.errors import format_error, format_failure
from app.graphql.limits.policy import DocumentLimits, Price, check_limit
from app.graphql.operation import CompiledRun, Operation, UseStandardExecutor, Variables
from app.graphql.resume import ResumeArgument, find_resume_argument, is_resumable
from app.graphql.viewer_fields import is_same_for_all
from app.retry import retry
from sql.budget import Budget, limited_to
from sql.errors import QueryTooComplex, ResonantError, TimedOut, Unavailable

log = structlog.get_logger()

# Retries of a subscription response after a time-out. An unavailable database is retried without a limit.
MAX_TIMEOUT_RETRIES = 3
RETRY_SECONDS = 0.5
# Validating an invalid document takes up to about 10 ms, as long as reading for about 100 points.
REFUSED = Price(100)

Response = dict[str, Any]
Delivery = tuple[str | None, Response]
"""The cursor to resume after (None when the subscription has none), and the response."""
Charge = Callable[[Any, Price], Awaitable[None]]
"""Charges the price of an operation to the viewer of the context. Raises RateLimited."""


@runtime_checkable
class Renewable(Protocol):
    """A context that caches rows."""

    def with_empty_caches(self) -> Self:
        """The same context with empty caches."""


async def charge_nothing(context: object, price: Price) -> None:
    """No rate limit."""


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
        """The operation of this name, or the only operation. Raises RequestRefused."""
        return self._documents.operation(query, operation_name)

    async def prepare_for(self, context: object, query: str, operation_name: str | None) -> Operation:
        """Like `prepare`, and charges for a refused document. Raises RequestRefused, RateLimited."""
        try:
            return self.prepare(query, operation_name)
        except RequestRefused:
            await self._charge(context, REFUSED)
            raise

    def is_resumable(self, operation: Operation) -> bool:
        """Whether the subscription takes a cursor; one that does not is finite."""
        return is_resumable(self._schema, operation.node)

    def is_same_for_all(self, operation: Operation) -> bool:
        """Whether the response to an event is the same for all who see it."""
        return is_same_for_all(self._schema, operation.document)

    def resume_argument(self, operation: Operation) -> ResumeArgument | None:
        """How the subscription gives the cursor that it resumes from; None when that cannot be determined."""
        return find_resume_argument(self._schema, operation.document, operation.node)

    def failure(self, error: Exception) -> Response:
        """The response to an operation that failed as a whole."""
        return {"errors": [format_failure(error)]}

    def cost_of(self, operation: Operation, variables: Variables | None) -> dict[str, int]:
        """The value of `extensions.cost`."""
        return {"requested": operation.price(variables).points, "allowed": self._limits.cost}

    async def admit(self, operation: Operation, variables: Variables | None, context: object) -> None:
        """Check and charge the cost of the operation. Raises QueryTooComplex, RateLimited."""
        price = operation.price(variables)
        check_limit(self._limits, "cost", price.points)
        await self._charge(context, price)

    async def execute(self, operation: Operation, variables: Variables | None, context: object) -> Response:
        """Run a query or mutation. `data` is absent when it was refused before execution."""
        try:
            await self.admit(operation, variables, context)
        except ResonantError as refusal:
            return {"errors": [format_failure(refusal)]}
        return await self._execute(operation, variables, context)

    async def answer(
        self, operation: Operation, variables: Variables | None, context: object
    ) -> bytes | LargeResponse | Response:
        """Like `execute`; JSON when a compiled operation completed without errors, or when the response is large."""
        try:
            await self.admit(operation, variables, context)
        except ResonantError as refusal:
            return {"errors": [format_failure(refusal)]}
        if (compiled := operation.bind_compiled(variables)) is None:
            return await self._execute_and_encode(operation, variables, context)
        failures: dict[str, Exception] | None = None
        try:
            return await self._run_compiled(compiled, context)
        except QueryTooComplex as refusal:
            return _stopped(refusal)
        except UseStandardExecutor as fallback:
            failures = fallback.failures
        except orjson.JSONEncodeError:
            log.debug("data of a compiled operation cannot be encoded", operation=operation.name)
        # The loaders of the first context may hold rows that lack columns.
        fresh = context.with_empty_caches() if isinstance(context, Renewable) else context
        return await self._execute_and_encode(operation, variables, fresh, failures)

    async def _run_compiled(self, compiled: CompiledRun, context: object) -> bytes | LargeResponse:
        """The response as JSON. Raises UseStandardExecutor, QueryTooComplex, JSONEncodeError."""
        maximum = self._limits.response_bytes
        with limited_to(maximum) as limited:
            response = {"data": await compiled.run(context)}
            if limited.answered >= LARGE:
                large = await encode_large(response, maximum)
                return large or limited.refuse_answer()
            encoded = orjson.dumps(response)
            return encoded if len(encoded) <= maximum else limited.refuse_answer()

    async def _execute_and_encode(self, *arguments: Any) -> LargeResponse | Response:
        """The response, as JSON when it is large."""
        maximum = self._limits.response_bytes
        with limited_to(maximum) as limited:
            response = await self._execute(*arguments, limited=limited)
            if limited.answered < LARGE or limited.exceeded is not None:
                return response
            try:
                return await encode_large(response, maximum) or limited.refuse_answer()
            except QueryTooComplex as refusal:
                return _stopped(refusal)

    async def _execute(
        self,
        operation: Operation,
        variables: Variables | None,
        context: object,
        failures: dict[str, Exception] | None = None,
        *,
        limited: Budget | None = None,
    ) -> Response:
        """`failures` are known exceptions of root fields by response key; these fields are not run again."""
        with nullcontext(limited) if limited else limited_to(self._limits.response_bytes) as limited:
            result = execute(
                self._schema,
                operation.document,
                context_value=context,
                variable_values=variables,
                operation_name=operation.name,
                middleware=[_raise_known(failures)] if failures else None,
                executor_class=BudgetedExecutor,
            )
            result = await result if isawaitable(result) else result
        return _to_response(result) if limited.exceeded is None else _stopped(limited.exceeded)

    async def subscribe(
        self, operation: Operation, variables: Variables | None, context_for: Callable[[], object]
    ) -> AsyncGenerator[Delivery, None]:
        """Run an admitted subscription: yields a cursor and a response per event, each with a new context.

        A subscription that cannot start, or whose source fails, ends with a response that has errors and no data.
        """
        executor = BudgetedExecutor.build(
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
        compiled = operation.bind_compiled(variables)
        try:
            async with aclosing(cast(AsyncGenerator[Any, None], source)) as events:
                async for event in events:
                    response = await _respond_with_retry(
                        event, executor, compiled, context_for, self._limits.response_bytes
                    )
                    yield getattr(event, "cursor", None), response
        except Exception as error:
            # The source failed, not a field of one event, so the subscription ends.
            yield None, {"errors": [format_failure(error)]}


async def _respond_with_retry(
    event: object,
    executor: OperationExecutor[Any],
    compiled: CompiledRun | None,
    context_for: Callable[[], object],
    max_bytes: int,
) -> Response:
    """The response to an event, of at most `max_bytes`.

    Retried while the database is unavailable, so that no event is lost.
    """
    timeouts = 0

    async def attempt() -> Response:
        with limited_to(max_bytes) as limited:
            response = await _respond_to(event, executor, compiled, context_for)
        if limited.exceeded is not None:
            return _stopped(limited.exceeded)
        codes = {error["extensions"]["code"] for error in response.get("errors", ())}
        if codes & {Unavailable.code, TimedOut.code}:
            raise _DatabaseFailed(response, unavailable=Unavailable.code in codes)
        return response

    def pause_after(failure: Exception, attempt: int) -> float | None:
        nonlocal timeouts
        if not isinstance(failure, _DatabaseFailed):
            return None
        timeouts += not failure.unavailable
        return RETRY_SECONDS if failure.unavailable or timeouts <= MAX_TIMEOUT_RETRIES else None

    try:
        return await retry(attempt, pause_after)
    except _DatabaseFailed as failed:
        return failed.response


class _DatabaseFailed(Exception):
    """A response to an event whose errors say that the database was unavailable or too slow."""

    def __init__(self, response: Response, *, unavailable: bool) -> None:
        super().__init__()
        self.response = response
        self.unavailable = unavailable


async def _respond_to(
    event: object, executor: OperationExecutor[Any], compiled: CompiledRun | None, context_for: Callable[[], object]
) -> Response:
    if compiled is not None:
        with suppress(UseStandardExecutor):
            try:
                return {"data": await compiled.run_for(event, context_for())}
            except QueryTooComplex as refusal:
                return _stopped(refusal)
    per_event = executor.build_per_event_executor(event)
    per_event.context_value = context_for()
    result = per_event.execute_operation(False)
    return _to_response(cast(ExecutionResult, await result if isawaitable(result) else result))


def _raise_known(failures: dict[str, Exception]) -> Callable[..., Any]:
    """Middleware that raises the known exception of a root field instead of running its resolver again."""

    def resolve(next_resolver: Callable[..., Any], source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        failure = None if info.path.prev else failures.get(str(info.path.key))
        if failure is not None:
            raise failure
        return next_resolver(source, info, **arguments)

    return resolve


def _stopped(refusal: QueryTooComplex) -> Response:
    """The response to an operation that was stopped while its response was built."""
    return {"data": None, "errors": [format_failure(refusal)]}


def _to_response(result: ExecutionResult) -> Response:
    """The result as a response. Errors without a path mean that the variables were refused: no `data`."""
    errors = [format_error(error) for error in result.errors or ()]
    if not errors:
        return {"data": result.data}
    if result.data is None and all(error.path is None for error in result.errors or ()):
        return {"errors": errors}
    return {"data": result.data, "errors": errors}
