"""One pass over a new document, before it is validated, in time linear in its size.

Each fragment is measured once, whatever spreads it how often, and what it measures is added up at the spreads.
A page size that comes from a variable is known only when the operation runs, so a cost is a sum with open places:
`Cost.of(variables)` fills them in, again visiting each fragment once.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLCompositeType,
    GraphQLError,
    GraphQLField,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    NamedTypeNode,
    NonNullTypeNode,
    OperationDefinitionNode,
    SelectionSetNode,
    TypeNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    is_composite_type,
    is_list_type,
)

from app.graphql.limits.policy import DocumentLimits, check_limit

# How long a list is taken to be that has no pages: a guess on the safe side of what is usual.
UNPAGED = 5
# Introspection is bounded by the schema. These let the full query through once, and not twice.
INTROSPECTION = ("__schema", "__type")
INTROSPECTED = {"types": 10}
INTROSPECTED_LIST = 3


class Price(NamedTuple):
    """Points: of everything, and of what calls a model or searches."""

    points: int = 1
    scarce: int = 0


class PageSize(NamedTuple):
    """The page size that the first of these variables gives which is not null."""

    variables: tuple[str, ...]
    absent: int

    def of(self, variables: dict[str, Any]) -> int:
        for name in self.variables:
            size = variables.get(name)
            if isinstance(size, (int, float)):
                return max(int(size), 0)
        return self.absent


Factor = int | PageSize


@dataclass(eq=False, slots=True)
class Cost:
    """A price, and costs that count several times."""

    points: int = 0
    scarce: int = 0
    parts: list[tuple[Factor, "Cost"]] = field(default_factory=list)

    def add(self, factor: Factor, part: "Cost") -> None:
        if part.parts:
            self.parts.append((factor, part))
        elif isinstance(factor, int):
            self.points += factor * part.points
            self.scarce += factor * part.scarce
        elif part.points:
            self.parts.append((factor, part))

    def of(self, variables: dict[str, Any]) -> Price:
        """The price with these variables."""
        return self._of(variables, {})

    def _of(self, variables: dict[str, Any], known: dict[int, Price]) -> Price:
        if (price := known.get(id(self))) is None:
            points, scarce = self.points, self.scarce
            for factor, part in self.parts:
                times = factor if isinstance(factor, int) else factor.of(variables)
                each = part._of(variables, known)
                points += times * each.points
                scarce += times * each.scarce
            price = known[id(self)] = Price(points, scarce)
        return price


@dataclass(slots=True)
class Measure:
    """What a selection set holds, fragments included: `depth` in levels of fields, the rest counted.

    `rows` is the cost of one element of each list directly in the set: how many there are, the field above knows.
    """

    depth: int = 0
    aliases: int = 0
    directives: int = 0
    root_fields: int = 0
    spreads: int = 0
    cost: Cost = field(default_factory=Cost)
    rows: Cost = field(default_factory=Cost)

    def add_counts(self, other: "Measure", *, deeper: int = 0) -> None:
        self.depth = max(self.depth, other.depth + deeper)
        self.aliases += other.aliases
        self.directives += other.directives
        self.spreads += other.spreads

    def include(self, fragment: "Measure") -> None:
        """The fragment's selections as if they stood here."""
        self.add_counts(fragment)
        self.root_fields += fragment.root_fields
        self.cost.add(1, fragment.cost)
        self.rows.add(1, fragment.rows)

    def element(self) -> Cost:
        """The cost of one object with these selections."""
        cost = Cost()
        cost.add(1, self.cost)
        cost.add(UNPAGED, self.rows)
        return cost


PriceOf = Callable[[GraphQLField], Price]


class Analysis:
    """Measures the operations of one document. `page_size` is the size of a page when none is given."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, price_of: PriceOf, page_size: int) -> None:
        self._schema = schema
        self._price_of = price_of
        self._page_size = page_size
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._measured: dict[str, Measure | None] = {}

    def measure_operation(self, operation: OperationDefinitionNode) -> Measure:
        """What the operation holds. Raises GraphQLError when a fragment spreads itself."""
        measure = self._selections(operation.selection_set, self._schema.get_root_type(operation.operation))
        measure.directives += len(operation.directives or ())
        measure.directives += sum(len(each.directives or ()) for each in operation.variable_definitions or ())
        return measure

    def _selections(
        self, selected: SelectionSetNode, parent: GraphQLCompositeType | None, introspecting: bool = False
    ) -> Measure:
        total, keys = Measure(), set[str]()
        for node in selected.selections:
            total.directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                # Repeating a field is as good as renaming it: validation compares each pair.
                key = (node.alias or node.name).value
                total.aliases += node.alias is not None or key in keys
                keys.add(key)
                self._add_field(total, node, parent, introspecting)
            elif isinstance(node, InlineFragmentNode):
                condition = node.type_condition
                inner = self._composite(condition.name.value) if condition else parent
                total.include(self._selections(node.selection_set, inner, introspecting))
            elif isinstance(node, FragmentSpreadNode):
                total.spreads += 1
                total.include(self._fragment(node.name.value, introspecting))
        return total

    def _fragment(self, name: str, introspecting: bool) -> Measure:
        fragment = self.fragments.get(name)
        if fragment is None:
            return Measure()  # validation will say so
        if name not in self._measured:
            self._measured[name] = None
            condition = fragment.type_condition.name.value
            measure = self._selections(fragment.selection_set, self._composite(condition), condition.startswith("__"))
            measure.directives += len(fragment.directives or ())
            self._measured[name] = measure
        measured = self._measured[name]
        if measured is None:
            raise GraphQLError(f"Fragment {name!r} spreads itself.", fragment)
        return measured

    def _composite(self, name: str) -> GraphQLCompositeType | None:
        found = self._schema.get_type(name)
        return found if is_composite_type(found) else None

    def _add_field(
        self, total: Measure, node: FieldNode, parent: GraphQLCompositeType | None, introspecting: bool
    ) -> None:
        total.root_fields += 1
        name = node.name.value
        definition = self._schema.get_field(parent, name) if parent else None
        price = self._price_of(definition) if definition else Price()
        total.cost.points += price.points
        total.cost.scarce += price.scarce
        if node.selection_set is None:
            total.depth = max(total.depth, 0 if introspecting else 1)
            return
        named = get_named_type(definition.type) if definition else None
        below = named if is_composite_type(named) else None
        inner = self._selections(node.selection_set, below, introspecting or name in INTROSPECTION)
        # The wrappers of an introspected type are a chain that the schema ends: it is not deep.
        total.add_counts(inner, deeper=0 if introspecting else 1)
        self._add_cost(total, node, definition, inner, introspecting)

    def _add_cost(
        self, total: Measure, node: FieldNode, definition: GraphQLField | None, inner: Measure, introspecting: bool
    ) -> None:
        is_list = definition is not None and is_list_type(get_nullable_type(definition.type))
        paged = definition is not None and ("first" in definition.args or "last" in definition.args)
        if introspecting and is_list:
            total.cost.add(INTROSPECTED.get(node.name.value, INTROSPECTED_LIST), inner.element())
        elif paged and is_list:
            total.cost.add(self._page_of(node), inner.element())
        elif paged:
            total.cost.add(1, inner.cost)
            total.cost.add(self._page_of(node), inner.rows)
        elif is_list:
            total.rows.add(1, inner.element())
        else:
            total.cost.add(1, inner.element())

    def _page_of(self, node: FieldNode) -> Factor:
        variables: list[str] = []
        absent = self._page_size
        for argument in node.arguments or ():
            if argument.name.value in ("first", "last"):
                if isinstance(argument.value, IntValueNode):
                    absent = int(argument.value.value)
                elif isinstance(argument.value, VariableNode):
                    variables.append(argument.value.name.value)
        return PageSize(tuple(variables), absent) if variables else max(absent, 0)


@dataclass(frozen=True, slots=True)
class OperationCost:
    """The cost of an operation; `sizes` are the variables that it depends on, with their defaults."""

    cost: Cost
    sizes: dict[str, int | None]

    def of(self, variables: dict[str, Any] | None) -> Price:
        return self.cost.of({**self.sizes, **(variables or {})})


def _is_int(node: TypeNode) -> bool:
    named = node.type if isinstance(node, NonNullTypeNode) else node
    return isinstance(named, NamedTypeNode) and named.name.value == "Int"


def _sizes_of(operation: OperationDefinitionNode) -> dict[str, int | None]:
    return {
        each.variable.name.value: int(each.default_value.value)
        if isinstance(each.default_value, IntValueNode)
        else None
        for each in operation.variable_definitions or ()
        if _is_int(each.type)
    }


def analyse(
    schema: GraphQLSchema, document: DocumentNode, limits: DocumentLimits, price_of: PriceOf, page_size: int
) -> dict[str | None, OperationCost]:
    """The cost of each operation by its name. Raises QueryTooComplex, or GraphQLError for a fragment cycle."""
    analysis = Analysis(schema, document, price_of, page_size)
    check_limit(limits, "spreads", len(analysis.fragments))
    costs: dict[str | None, OperationCost] = {}
    for node in document.definitions:
        if isinstance(node, OperationDefinitionNode):
            measure = analysis.measure_operation(node)
            for name in ("depth", "aliases", "directives", "root_fields", "spreads"):
                check_limit(limits, name, getattr(measure, name))
            costs[node.name.value if node.name else None] = OperationCost(measure.element(), _sizes_of(node))
    return costs
