"""Documents: sized up, parsed, analysed and validated once, then remembered."""

import hashlib
from collections import OrderedDict
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Literal

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoSchemaIntrospectionCustomRule,
    OperationDefinitionNode,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from app.graphql.compiled.executor import Plans
from app.graphql.errors import format_error
from app.graphql.limits.analysis import OperationCost, Price, analyse
from app.graphql.limits.cost import price_of
from app.graphql.limits.policy import DocumentLimits, check_size, count_tokens
from sql.errors import Forbidden, ResonantError

# A parsed document takes about a kilobyte a token, so what is remembered is counted in tokens.
REMEMBERED_TOKENS = 50_000
REMEMBERED_COSTS = 100
NOT_TRUSTED = "Only the documents of this server's own web client are accepted here."


class RequestRefused(Exception):
    """The document cannot be run: it asks for too much, does not parse, is not valid, or leaves open what to run."""

    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__("; ".join(error.message for error in errors))
        self.errors = errors

    def response(self) -> dict[str, Any]:
        """The errors alone, without `data`: nothing was executed."""
        return {"errors": [format_error(error) for error in self.errors]}


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """A valid document and the operation in it that is to run."""

    text: str
    document: DocumentNode
    node: OperationDefinitionNode
    name: str | None
    cost: OperationCost
    plans: Plans | None
    kind: Literal["query", "mutation", "subscription"]
    _prices: dict[tuple[Any, ...], Price] = field(default_factory=dict)

    def price(self, variables: dict[str, Any] | None) -> Price:
        """What it costs with these variables."""
        sizes = tuple((variables or {}).get(name) for name in self.cost.sizes)
        if any(isinstance(size, (list, dict)) for size in sizes):
            return self.cost.of(variables)  # no page size; the variables are refused later
        if (price := self._prices.get(sizes)) is None:
            if len(self._prices) >= REMEMBERED_COSTS:
                self._prices.clear()
            price = self._prices[sizes] = self.cost.of(variables)
        return price


@dataclass(slots=True)
class Prepared:
    """A valid document, its operations by the name that asks for them, and how many tokens it has."""

    text: str
    document: DocumentNode
    costs: dict[str | None, OperationCost]
    tokens: int
    operations: dict[str | None, Operation] = field(default_factory=dict)


class Documents:
    """Prepares documents for one schema. `trusted` holds the SHA-256 of all that are accepted."""

    def __init__(
        self,
        schema: GraphQLSchema,
        limits: DocumentLimits,
        *,
        page_size: int = 20,
        introspection: bool = True,
        suggestions: bool = True,
        trusted: Collection[str] | None = None,
        compiled: bool = True,
    ) -> None:
        self._schema = schema
        self._limits = limits
        self._page_size = page_size
        self._suggestions = suggestions
        self._compiled = compiled
        self._rules: tuple[type[ASTValidationRule], ...] = tuple(specified_rules)
        if not introspection:
            self._rules = (*self._rules, NoSchemaIntrospectionCustomRule)
        self._trusted = None if trusted is None else frozenset(trusted)
        self._remembered: OrderedDict[str, Prepared] = OrderedDict()
        self._tokens = 0

    def operation(self, query: str, name: str | None) -> Operation:
        """The operation of this name, or the only one. Raises RequestRefused."""
        prepared = self._remembered.get(query)
        if prepared is None:
            prepared = self._prepare(query)
        else:
            self._remembered.move_to_end(query)
        found = prepared.operations.get(name)
        if found is None:
            found = prepared.operations[name] = self._choose(prepared, name)
        return found

    def _prepare(self, query: str) -> Prepared:
        try:
            prepared = self._checked(query)
        except GraphQLError as error:
            raise RequestRefused([error]) from None
        except ResonantError as error:
            raise RequestRefused([GraphQLError(error.message, original_error=error)]) from None
        except RecursionError:
            raise RequestRefused([GraphQLError("The document is nested too deeply.")]) from None
        self._remembered[query] = prepared
        self._tokens += prepared.tokens
        while self._tokens > REMEMBERED_TOKENS and len(self._remembered) > 1:
            self._tokens -= self._remembered.popitem(last=False)[1].tokens
        return prepared

    def _checked(self, query: str) -> Prepared:
        if self._trusted is not None and hash_of(query) not in self._trusted:
            raise Forbidden(NOT_TRUSTED)
        check_size(self._limits, query)
        document = parse(query)
        costs = analyse(self._schema, document, self._limits, price_of, self._page_size)
        errors = validate(
            self._schema,
            document,
            self._rules,
            max_errors=self._limits.errors,
            hide_suggestions=not self._suggestions,
        )
        if errors:
            raise RequestRefused(errors[: self._limits.errors])
        return Prepared(query, document, costs, count_tokens(query))

    def _choose(self, prepared: Prepared, name: str | None) -> Operation:
        node = get_operation_ast(prepared.document, name)
        if node is None:
            problem = (
                "The document has several operations; say which one with `operationName`."
                if name is None
                else f"The document has no operation named {name!r}."
            )
            raise RequestRefused([GraphQLError(problem)])
        plans = Plans(self._schema, node, prepared.document) if self._compiled else None
        cost = prepared.costs[node.name.value if node.name else None]
        return Operation(prepared.text, prepared.document, node, name, cost, plans, node.operation.value)


def hash_of(query: str) -> str:
    """The name of a document in the list of the trusted ones: its SHA-256 in hexadecimal."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()
