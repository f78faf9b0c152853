"""Limits and cost of a new document, computed in one pass before validation, in time linear in its size.

Each fragment is analysed once; its result is added at every spread.
"""

from collections.abc import Callable

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
    is_abstract_type,
    is_composite_type,
    is_list_type,
    is_object_type,
)

from app.graphql.limits.measure import NO_NAMES, FieldNames, Measure
from app.graphql.limits.policy import INT_32, DocumentLimits, Factor, OperationCost, PageSize, Price, check_limit

# Introspection is bounded by the schema. These factors allow the full introspection query once, not twice.
INTROSPECTION = ("__schema", "__type")
INTROSPECTED = {"types": 10}
INTROSPECTED_LIST = 3


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
        measure.comparisons += sum(each.comparisons for each in self._fragment_measures.values() if each)
        return measure

    def _selections(
        self, selected: SelectionSetNode, parent: GraphQLCompositeType | None, introspecting: bool = False
    ) -> Measure:
        total, keys, spread, by_type = Measure(), set[str](), set[str](), dict[str, Measure]()
        for node in selected.selections:
            total.directives += len(node.directives or ())
            if isinstance(node, FieldNode):
                # A repeated field counts like an alias: validation compares each pair.
                key = (node.alias or node.name).value
                total.aliases += node.alias is not None or key in keys
                keys.add(key)
                inner_names = self._add_field(total, node, parent, introspecting)
                total.names.add(key, 1 + _weight_of_arguments(node) + inner_names.squared)
            elif isinstance(node, InlineFragmentNode):
                inner = self._composite(node.type_condition.name.value) if node.type_condition else parent
                fragment = self._selections(node.selection_set, inner, introspecting)
                total.include_inline(fragment, _alternative(by_type, parent, inner))
            elif isinstance(node, FragmentSpreadNode):
                total.spreads += 1
                fragment = self._fragment(node.name.value, introspecting)
                total.include(fragment, _alternative(by_type, parent, self._type_of_fragment(node.name.value)))
                if node.name.value not in spread:
                    spread.add(node.name.value)
                    total.names.merge(fragment.names)
        total.add_largest(by_type)
        total.comparisons += total.names.repeated
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

    def _type_of_fragment(self, name: str) -> GraphQLCompositeType | None:
        fragment = self.fragments.get(name)
        return self._composite(fragment.type_condition.name.value) if fragment else None

    def _composite(self, name: str) -> GraphQLCompositeType | None:
        found = self._schema.get_type(name)
        return found if is_composite_type(found) else None

    def _add_field(
        self, total: Measure, node: FieldNode, parent: GraphQLCompositeType | None, introspecting: bool
    ) -> FieldNames:
        """Add the field; returns the fields that it selects."""
        total.root_fields += 1
        name = node.name.value
        definition = self._schema.get_field(parent, name) if parent else None
        price = self._price_of(definition) if definition else Price()
        total.cost.points += price.points
        total.cost.scarce += price.scarce
        if node.selection_set is None:
            total.depth = max(total.depth, 0 if introspecting else 1)
            return NO_NAMES
        named = get_named_type(definition.type) if definition else None
        child_type = named if is_composite_type(named) else None
        inner = self._selections(node.selection_set, child_type, introspecting or name in INTROSPECTION)
        # Type wrappers in introspection form a chain of bounded length, so they do not count as depth.
        total.add_counts(inner, deeper=0 if introspecting else 1)
        total.comparisons += inner.comparisons
        self._add_cost(total, node, definition, inner, introspecting)
        return inner.names

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
                    absent = _int_of(argument.value)
                elif isinstance(argument.value, VariableNode):
                    variables.append(argument.value.name.value)
        return PageSize(tuple(variables), absent) if variables else max(absent, 0)


def _alternative(
    by_type: dict[str, Measure], parent: GraphQLCompositeType | None, inner: GraphQLCompositeType | None
) -> Measure | None:
    """Where the cost of a fragment on one of several object types counts; None for any other fragment."""
    if is_abstract_type(parent) and is_object_type(inner):
        return by_type.setdefault(inner.name, Measure())
    return None


def _weight_of_arguments(node: FieldNode) -> int:
    """The time to compare the arguments of two fields, in comparisons of fields; validation compares them as text."""
    return sum(1 + (each.loc.end - each.loc.start) // 8 for each in node.arguments or () if each.loc)


def _int_of(node: IntValueNode) -> int:
    """The value; 0 when it is no Int, because validation refuses it."""
    value = int(node.value)  # `check_size` bounds the number of digits
    return value if value in INT_32 else 0


def _is_int(node: TypeNode) -> bool:
    named = node.type if isinstance(node, NonNullTypeNode) else node
    return isinstance(named, NamedTypeNode) and named.name.value == "Int"


def _sizes_of(operation: OperationDefinitionNode) -> dict[str, int | None]:
    return {
        each.variable.name.value: _int_of(each.default_value) if isinstance(each.default_value, IntValueNode) else None
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
            for name in ("depth", "aliases", "directives", "root_fields", "spreads", "comparisons"):
                check_limit(limits, name, getattr(measure, name))
            costs[node.name.value if node.name else None] = OperationCost(measure.element(), _sizes_of(node))
    return costs
