"""Prepares documents: checks the size, parses, analyses and validates each once, then caches it."""

import hashlib
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from sys import getsizeof
from typing import Any

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from app.graphql.errors import format_error
from app.graphql.limits.analysis import analyse
from app.graphql.limits.policy import DocumentLimits, OperationCost, check_size, price_of
from app.graphql.operation import Operation, OperationCompiler
from app.language.catalogue import message_of
from sql.errors import BadUserInput, Forbidden, ResonantError

# Memory of a cached document besides its text: a token with its node and its cost takes up to 1 kB, and the same again
# for the compiled plans.
BYTES_PER_TOKEN = 2048
MAX_CACHED_BYTES = 50 * 1024 * 1024
# Equal errors are reported once, so more are looked for than are reported.
MAX_FOUND_PER_REPORTED = 10


class RequestRefused(Exception):
    """The document cannot run: it exceeds a limit, does not parse, is not valid, or the operation is ambiguous."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors

    def response(self) -> dict[str, Any]:
        """The errors without `data`, because nothing was executed."""
        return {"errors": [format_error(error) for error in self.errors]}


@dataclass(slots=True)
class Prepared:
    """A valid document, its operations by requested name, and the memory that they take, in bytes."""

    text: str
    document: DocumentNode
    costs: dict[str | None, OperationCost]
    size: int
    operations: dict[str | None, Operation] = field(default_factory=dict)


class Documents:
    """Prepares documents for one schema. `trusted`: the SHA-256 of all accepted documents; None accepts any."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: DocumentLimits,
        *,
        page_size: int = 20,
        introspection: bool = True,
        suggestions: bool = True,
        trusted: Collection[str] | None = None,
        compiler: OperationCompiler | None = None,
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._page_size = page_size
        self._suggestions = suggestions
        self._compiler = compiler
        self._rules: tuple[type[ASTValidationRule], ...] = tuple(specified_rules)
        if not introspection:
            self._rules = (*self._rules, NoSchemaIntrospectionCustomRule)
        self._trusted = None if trusted is None else frozenset(trusted)
        self._cached: OrderedDict[str, Prepared] = OrderedDict()
        self._cached_bytes = 0

    def operation(self, query: str, name: str | None) -> Operation:
        """The operation of this name, or the only operation. Raises RequestRefused."""
        prepared = self._cached.get(query)
        if prepared is None:
            prepared = self._prepare(query)
        else:
            self._cached.move_to_end(query)
        operation = prepared.operations.get(name)
        if operation is None:
            operation = prepared.operations[name] = self._choose(prepared, name)
        return operation

    def _prepare(self, query: str) -> Prepared:
        try:
            prepared = self._check(query)
        except GraphQLError as error:
            raise RequestRefused([error]) from None
        except ResonantError as error:
            raise _refused(error) from None
        except RecursionError:
            raise _refused(BadUserInput("query.nested_too_deeply")) from None
        self._cached[query] = prepared
        self._cached_bytes += prepared.size
        while self._cached_bytes > MAX_CACHED_BYTES and len(self._cached) > 1:
            self._cached_bytes -= self._cached.popitem(last=False)[1].size
        return prepared

    def _check(self, query: str) -> Prepared:
        if self._trusted is not None and document_hash(query) not in self._trusted:
            raise Forbidden("query.not_trusted")
        tokens = check_size(self._limits, query)
        document = parse(query, max_tokens=self._limits.tokens + 1)
        costs = analyse(self._schema, document, self._limits, price_of, self._page_size)
        errors = validate(
            self._schema,
            document,
            self._rules,
            max_errors=self._limits.errors * MAX_FOUND_PER_REPORTED,
            hide_suggestions=not self._suggestions,
        )
        if errors:
            raise RequestRefused(distinct_errors(errors)[: self._limits.errors])
        # Strings in the document are held once more by their tokens.
        return Prepared(query, document, costs, tokens * BYTES_PER_TOKEN + 3 * getsizeof(query))

    def _choose(self, prepared: Prepared, name: str | None) -> Operation:
        node = get_operation_ast(prepared.document, name)
        if node is None:
            if name is None:
                raise _refused(BadUserInput("query.operation_name_missing"))
            raise _refused(BadUserInput("query.operation_unknown", name=name))
        compiled = None if self._compiler is None else self._compiler.compile(prepared.document, node)
        cost = prepared.costs[node.name.value if node.name else None]
        return Operation(prepared.text, prepared.document, node, name, cost, compiled, node.operation.value)


def distinct_errors(errors: list[GraphQLError]) -> list[GraphQLError]:
    """Each message once, in the order of the first, with the places of all."""
    by_message: dict[str, list[GraphQLError]] = {}
    for error in errors:
        by_message.setdefault(error.message, []).append(error)
    return [
        same[0] if len(same) == 1 else GraphQLError(message, [node for each in same for node in each.nodes or ()])
        for message, same in by_message.items()
    ]


def _refused(error: ResonantError) -> RequestRefused:
    return RequestRefused([GraphQLError(message_of(error), original_error=error)])


def document_hash(query: str) -> str:
    """The SHA-256 in hexadecimal by which a document is listed as trusted."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()
