"""Running operations: documents are parsed and validated once, results leave as plain dictionaries."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, AsyncIterable, Callable
from contextlib import aclosing
from dataclasses import dataclass
from inspect import isawaitable
from typing import Any, Literal, cast

from graphql import (
    DocumentNode,
    ExecutionResult,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    execute,
    get_operation_ast,
    parse,
    validate,
)
from graphql.execution import Executor as OperationExecutor
from graphql.execution import create_source_event_stream

from app.graphql.errors import format_error, format_failure
from app.graphql.resuming import ResumeArgument, find_resume_argument

Variables = dict[str, Any]
Response = dict[str, Any]
Delivery = tuple[str | None, Response]
"""The cursor behind which a subscription resumes after this response, when it can be resumed, and the response."""


class RequestRefused(Exception):
    """The document cannot be run: it does not parse, is not valid, or does not say which operation is meant."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors

    def response(self) -> Response:
        """The errors alone, without `data`: nothing was executed."""
        return {"errors": [format_error(error) for error in self.errors]}


@dataclass(frozen=True, slots=True)
class Operation:
    """A valid document and the operation in it that is to run."""

    text: str
    document: DocumentNode
    node: OperationDefinitionNode
    name: str | None

    @property
    def kind(self) -> Literal["query", "mutation", "subscription"]:
        return self.node.operation.value


class Executor:
    """Prepares documents, remembering the latest `cache_size` of them, and runs their operations."""

    refused = RequestRefused

    def __init__(self, schema: GraphQLSchema, *, max_tokens: int, max_errors: int, cache_size: int = 500) -> None:
        self._schema = schema
        self._max_tokens = max_tokens
        self._max_errors = max_errors
        self._cache_size = cache_size
        self._prepared: OrderedDict[str, DocumentNode | list[GraphQLError]] = OrderedDict()

    def _parse_and_validate(self, query: str) -> DocumentNode | list[GraphQLError]:
        try:
            document = parse(query, max_tokens=self._max_tokens)
        except GraphQLError as error:
            return [error]
        except RecursionError:
            return [GraphQLError("The document is nested too deeply.")]
        return validate(self._schema, document, max_errors=self._max_errors) or document

    def _prepare_document(self, query: str) -> DocumentNode:
        prepared = self._prepared.get(query)
        if prepared is None:
            prepared = self._prepared[query] = self._parse_and_validate(query)
            if len(self._prepared) > self._cache_size:
                self._prepared.popitem(last=False)
        else:
            self._prepared.move_to_end(query)
        if isinstance(prepared, list):
            raise RequestRefused(prepared)
        return prepared

    def prepare(self, query: str, operation_name: str | None = None) -> Operation:
        """The operation of this name, or the only one. Raises RequestRefused."""
        document = self._prepare_document(query)
        node = get_operation_ast(document, operation_name)
        if node is None:
            problem = (
                "The document has several operations; say which one with `operationName`."
                if operation_name is None
                else f"The document has no operation named {operation_name!r}."
            )
            raise RequestRefused([GraphQLError(problem)])
        return Operation(query, document, node, operation_name)

    def resume_argument(self, operation: Operation) -> ResumeArgument | None:
        """Where the subscription says behind which cursor it resumes; None when that cannot be told."""
        return find_resume_argument(self._schema, operation.document, operation.node)

    def failure(self, error: Exception) -> Response:
        """The response to an operation that failed as a whole."""
        return {"errors": [format_failure(error)]}

    async def execute(self, operation: Operation, variables: Variables | None, context: object) -> Response:
        """Run a query or mutation. `data` is absent when the variables were refused before anything ran."""
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
