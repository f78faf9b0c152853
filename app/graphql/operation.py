"""A prepared operation, and the interface of compiled operations (implemented by app/graphql/compiled)."""

from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from graphql import DocumentNode, OperationDefinitionNode

from app.graphql.limits.policy import OperationCost, Price

MAX_CACHED_PRICES = 100

Variables = dict[str, Any]


class UseStandardExecutor(Exception):
    """A compiled operation cannot complete, so the standard executor has to run it from the start.

    `failures` holds the exception of a root field that has failed already, by response key.
    """

    def __init__(self, failures: dict[str, Exception]) -> None:
        super().__init__()
        self.failures = failures


class CompiledRun(Protocol):
    """A compiled operation with its coerced variables."""

    async def run(self, context: object) -> dict[str, Any]:
        """The data of a query. Raises UseStandardExecutor."""

    async def run_for(self, event: object, context: object) -> dict[str, Any]:
        """The data of a subscription's response to one event. Raises UseStandardExecutor."""


class CompiledOperation(Protocol):
    """An operation that may run without the standard executor."""

    def bind(self, variables: Variables | None) -> CompiledRun | None:
        """The run with these variables; None when the standard executor has to run them."""


class OperationCompiler(Protocol):
    """Compiles the operations of one schema."""

    def compile(self, document: DocumentNode, node: OperationDefinitionNode) -> CompiledOperation | None:
        """None when the operation is never compiled."""


@dataclass(frozen=True, slots=True, eq=False)
class Operation:
    """A valid document and the operation in it that runs."""

    text: str
    document: DocumentNode
    node: OperationDefinitionNode
    name: str | None
    cost: OperationCost
    compiled: CompiledOperation | None
    kind: Literal["query", "mutation", "subscription"]
    _prices: dict[tuple[Any, ...], Price] = field(default_factory=dict)

    def price(self, variables: Variables | None) -> Price:
        """The price with these variables."""
        sizes = tuple((variables or {}).get(name) for name in self.cost.sizes)
        if any(size is not None and not isinstance(size, (int, float)) for size in sizes):
            return self.cost.of(variables)  # no page size, and of any length; coercion refuses it later
        if (price := self._prices.get(sizes)) is None:
            if len(self._prices) >= MAX_CACHED_PRICES:
                self._prices.clear()
            price = self._prices[sizes] = self.cost.of(variables)
        return price

    def bind_compiled(self, variables: Variables | None) -> CompiledRun | None:
        """The compiled run with these variables; None when the standard executor has to run them."""
        return None if self.compiled is None else self.compiled.bind(variables)
