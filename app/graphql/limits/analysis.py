"""Limits and cost of a new document, computed in one pass before validation, in time linear in its size.

Each fragment is analysed once; its result is added at every spread.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

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

from app.graphql.limits.policy import Cost, DocumentLimits, Factor, OperationCost, PageSize, Price, check_limit

# Assumed length of a list without pages; a cautious estimate.
UNPAGED = 5
# Introspection is bounded by the schema. These factors allow the full introspection query once, not twice.
INTROSPECTION = ("__schema", "__type")
INTROSPECTED = {"types": 10}
INTROSPECTED_LIST = 3


@dataclass(slots=True)
class Measure:
    """Counts of a selection set including its fragments; `depth` is in levels of fields.

    `rows` is the cost of one element of each list directly in the set; the parent field knows the page size.
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
        """Add the fragment's selections as if they were written in this set."""
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
    """Analyses the operations of one document. `page_size` is the default page size."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, price_of: PriceOf, page_size: int) -> None:
        self._schema = schema
        self._price_of = price_of
        self._page_size = page_size
        self.fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        self._fragment_measures: dict[str, Measure | None] = {}

    def measure_operation(self, operation: OperationDefinitionNode) -> Measure:
        """The counts of the operation. Raises GraphQLError when a fragment spreads itself."""
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
                # A repeated field counts like an alias: validation compares each pair.
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
            return Measure()  # validation reports the unknown fragment
        if name not in self._fragment_measures:
            self._fragment_measures[name] = None
            condition = fragment.type_condition.name.value
            measure = self._selections(fragment.selection_set, self._composite(condition), condition.startswith("__"))
            measure.directives += len(fragment.directives or ())
            self._fragment_measures[name] = measure
        finished = self._fragment_measures[name]
        if finished is None:
            raise GraphQLError(f"Fragment {name!r} spreads itself.", fragment)
        return finished

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
        child_type = named if is_composite_type(named) else None
        inner = self._selections(node.selection_set, child_type, introspecting or name in INTROSPECTION)
        # Type wrappers in introspection form a chain of bounded length, so they do not count as depth.
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
