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

Variables = dict[str, Any]
Response = dict[str, Any]


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
        return Operation(document, node, operation_name)

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
    ) -> AsyncGenerator[Response, None]:
        """Run a subscription: one response an event. `context_for` makes a context, fresh for each event.

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
            yield {"errors": [format_error(error) for error in executor]}
            return
        source = create_source_event_stream(executor)
        if isawaitable(source):
            source = await source
        if isinstance(source, ExecutionResult):
            yield _to_response(source)
            return
        async with aclosing(cast(AsyncGenerator[Any, None], source)) as events:
            async for response in _responses(executor, events, context_for):
                yield response


async def _responses(
    executor: OperationExecutor[Any], events: AsyncIterable[Any], context_for: Callable[[], object]
) -> AsyncGenerator[Response, None]:
    try:
        async for event in events:
            per_event = executor.build_per_event_executor(event)
            per_event.context_value = context_for()
            result = per_event.execute_operation(False)
            yield _to_response(cast(ExecutionResult, await result if isawaitable(result) else result))
    except Exception as error:
        # The source failed, not a field of one event: this is the subscription's last word.
        yield {"errors": [format_failure(error)]}


def _to_response(result: ExecutionResult) -> Response:
    """A result without a path in its errors never began: the variables were refused."""
    errors = [format_error(error) for error in result.errors or ()]
    if not errors:
        return {"data": result.data}
    if result.data is None and all(error.path is None for error in result.errors or ()):
        return {"errors": errors}
    return {"data": result.data, "errors": errors}
