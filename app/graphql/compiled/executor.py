"""Compiled operations: from rows to the response without walking the selection set a field at a time.

A `Plan` belongs to one operation. For each selection set, and each class of object that turns up there, it writes a
small Python function that makes the part of the response which those objects show, and keeps it:

    def build(objects, later):
        built = []
        sources3, places3 = later[field3]
        for o in objects:
            v1 = o['content']
            if v1.__class__ is not str: v1 = slow1(v1)
            o2 = {'content': v1, 'intents': None}
            sources3.append(view4(o)); places3.append(o2)
            built.append(o2)
        return built

A field that is a plain attribute is read there and then; of a view (resolvers/views.py) the column is read from the
row, and the object is never made. A field with a resolver leaves its place open and puts its object on the list of
what is to be asked `later`. When a whole level is built, the resolvers of all its objects are called, everything they
await is awaited together, so loaders see all keys at once, and the answers are built into the open places. A resolver
that is `together` (schema/relations.py) is called once, with the keys of all the objects.

There are no errors in a plan, and no nulls where none may be. Whatever goes wrong, and whatever is not covered, raises;
then the standard executor runs the operation from its beginning, but for a root field that has failed already. That is
why only operations that change nothing are compiled, and why authorisation, errors, nulls and their paths are those of
the standard executor: they are its own. A resolver sees the same `info` for all objects of a level, so `info.path` has
no indices.

Of rows that a statement reads for a plan only those columns are fetched that the plan has once read (sql/columns.py),
and times that are only shown are fetched as they are to be shown.
"""

import asyncio
import math
from collections import defaultdict
from collections.abc import Callable, Coroutine, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from inspect import isawaitable
from itertools import islice
from types import SimpleNamespace
from typing import Any, Union, cast

import structlog
from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLField,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionNode,
    SelectionSetNode,
    VariableNode,
    is_abstract_type,
    is_leaf_type,
    is_list_type,
    is_non_null_type,
)
from graphql.execution.values import VariableValues, get_argument_values, get_variable_values
from graphql.pyutils import Path
from strawberry.schema.schema_converter import get_arguments
from strawberry.types.info import Info

from resolvers.views import Column, Computed, EnumColumn, IdColumn, SameRow, Views
from schema.relations import Keys
from sql.columns import Columns, reading_only

Open = tuple[list[Any], list[dict[str, Any]]]
"""The objects that a resolver is to be asked for, or their keys; the part of the response where each is built in."""
Later = defaultdict["Field", Open]
Complete = Union["LeafComplete", "ObjectComplete", "ListComplete"]
Build = Callable[[Sequence[Any], Later], list[Any]]

NO_VARIABLES = VariableValues({}, {})
MISSING = object()
# Of these a resolver may be given the same object in each run.
UNCHANGING = (str, bool, int, float, Enum, datetime)
# Each variable in a condition doubles the plans.
MOST_PLANS = 16
# What the test of a value's class is to be, for the scalars whose values mostly leave as they are.
AS_IT_IS = {
    "String": "{v}.__class__ is not str",
    "ID": "{v}.__class__ is not str",
    "Boolean": "{v}.__class__ is not bool",
    "Int": "{v}.__class__ is not int or not -2147483648 <= {v} <= 2147483647",
}

log = structlog.get_logger()


class NotCovered(Exception):
    """The standard executor has to run this."""


class Field:
    """A field of a selection set: where its value comes from, and what becomes of it."""

    def __init__(self, plan: "Plan", parent: GraphQLObjectType, key: str, nodes: list[FieldNode]) -> None:
        definition = plan.schema.get_field(parent, nodes[0].name.value)
        if definition is None or nodes[0].name.value.startswith("__"):
            raise NotCovered(nodes[0].name.value)
        self.key = key
        self.definition: GraphQLField = definition
        self.strawberry: Any = definition.extensions.get("strawberry-definition")
        if self.strawberry is None:
            raise NotCovered(key)
        self.attribute: str | None = self.strawberry.python_name if self.strawberry.is_basic_field else None
        # By which attribute of their parents the resolver can be asked for all of them at once.
        self.together_by: str | None = None
        if self.attribute is None and not self._is_guarded():
            self.together_by = getattr(self.strawberry.base_resolver.wrapped_func, "together_by", None)
        self.complete = _completer(plan, definition.type, nodes)
        self._plan, self._parent, self._nodes = plan, parent, nodes
        self._variables = tuple(name for each in nodes[0].arguments or () for name in _variables_in(each.value))
        self._given: tuple[tuple[Any, ...], dict[str, Any]] | None = None

    def resolver(self, variables: VariableValues, context: object) -> Callable[[Any], Any]:
        """The resolver as a function of the object, its arguments filled in."""
        info = self._info(variables, context)
        field, resolver = self.strawberry, self.strawberry.base_resolver
        if self._is_guarded():
            resolve = cast(Callable[..., Any], self.definition.resolve)
            arguments = get_argument_values(self.definition, self._nodes[0], variables)
            return lambda source: resolve(source, info, **arguments)
        named = self._arguments(variables, Info(info, field))
        function = resolver.wrapped_func
        if resolver.self_parameter:
            return lambda source: function(source, **named)
        return lambda source: function(**named)

    def _is_guarded(self) -> bool:
        """Whether there is more to the field than its resolver."""
        field, resolver = self.strawberry, self.strawberry.base_resolver
        return bool(
            field.extensions or field.permission_classes or resolver.parent_parameter or resolver.root_parameter
        )

    def _arguments(self, variables: VariableValues, info: Info) -> dict[str, Any]:
        """The arguments as the resolver takes them; those of the last time, when they come of the same variables."""
        field, parameter = self.strawberry, self.strawberry.base_resolver.info_parameter
        key = tuple(variables.coerced.get(name, MISSING) for name in self._variables)
        if self._given is not None and self._given[0] == key:
            return {**self._given[1], parameter.name: info} if parameter else self._given[1]
        converter = self._plan.schema._strawberry_schema.schema_converter  # type: ignore[attr-defined]
        _, named = get_arguments(
            field=field,
            source=None,
            info=info,
            kwargs=get_argument_values(self.definition, self._nodes[0], variables),
            config=converter.config,
            scalar_registry=converter.scalar_registry,
        )
        if all(value is None or value is info or isinstance(value, UNCHANGING) for value in named.values()):
            self._given = key, {name: value for name, value in named.items() if value is not info}
        return named

    def _info(self, variables: VariableValues, context: object) -> GraphQLResolveInfo[Any]:
        plan = self._plan
        return GraphQLResolveInfo(
            field_name=self._nodes[0].name.value,
            field_nodes=self._nodes,
            return_type=self.definition.type,
            parent_type=self._parent,
            path=Path(None, self.key, self._parent.name),
            schema=plan.schema,
            fragments=plan.fragments,
            root_value=None,
            operation=plan.operation,
            variable_values=variables,
            context=context,
            is_awaitable=cast(Any, isawaitable),
            abort_signal=None,
            async_helpers=cast(Any, None),
        )


class Selection:
    """The merged fields that one object type shows in one place."""

    def __init__(self, plan: "Plan", type_: GraphQLObjectType, sets: Sequence[Sequence[SelectionNode]]) -> None:
        self.type = type_
        self._columns = plan.columns
        merged: dict[str, list[FieldNode]] = {}
        for selections in sets:
            for node in plan.fields_of(selections, type_):
                merged.setdefault((node.alias or node.name).value, []).append(node)
        self.fields: list[Field | str] = [
            key if nodes[0].name.value == "__typename" else Field(plan, type_, key, nodes)
            for key, nodes in merged.items()
        ]
        self._builders: dict[tuple[Any, Any], Build] = {}

    def build(self, objects: Sequence[Any], later: Later, kind: Any = None) -> list[Any]:
        """What the objects show. `kind` is their class, or the view that `objects` are the rows of."""
        if not objects:
            return []
        if kind is None:
            kind = objects[0].__class__
            if hasattr(kind, "reads"):
                objects = [each.row for each in objects]
        record = objects[0].__class__
        builder = self._builders.get((kind, record))
        if builder is None:
            builder = self._builders[kind, record] = _Writer(record, self._columns).function(self, kind)
        return builder(objects, later)


class _Writer:
    """Writes the function that builds one selection from objects of one class."""

    def __init__(self, record: Any, columns: Columns) -> None:
        """`record` is the class of the objects, or of the rows that they show."""
        self._row = getattr(record, "kind", None)  # None when they are no records
        self._narrowed = hasattr(record, "narrowed")
        self._columns = columns
        self._names: dict[str, Any] = {"datetime": datetime, "UTC": UTC}
        self._before: list[str] = []
        self._parts: dict[str, str] = {}
        self._lines: list[str] = []

    def function(self, selection: Selection, kind: Any) -> Build:
        built = self._object(selection, kind)
        before = "".join(f"    {line}\n" for line in self._before)
        names, values = ", ".join(["o", *self._parts]), ", ".join(["objects", *self._parts.values()])
        values = f"zip({values})" if self._parts else values
        body = "".join(f"        {line}\n" for line in self._lines)
        source = f"def build(objects, later):\n    built = []\n{before}    for {names} in {values}:\n{body}"
        source += f"        built.append({built})\n    return built\n"
        exec(source, self._names)  # noqa: S102 - the source is ours: names and numbers, and keys as literals
        return cast(Build, self._names["build"])

    def _name(self, value: Any) -> str:
        name = f"n{len(self._names)}"
        self._names[name] = value
        return name

    def _object(self, selection: Selection, kind: Any) -> str:
        """The lines that build one object; the name of what is built."""
        origin = selection.type.extensions["strawberry-definition"].origin
        if kind is not type(None) and not issubclass(kind, origin):
            raise NotCovered(f"{kind} is no {selection.type.name}")
        built, parts, asked = self._name(None), [], []
        for field in selection.fields:
            if isinstance(field, str):
                parts.append(f"{field!r}: {selection.type.name!r}")
            elif field.attribute is None:
                parts.append(f"{field.key!r}: None")
                asked.append(field)
            else:
                parts.append(f"{field.key!r}: {self._attribute(field, field.attribute, kind)}")
        self._lines.append(f"{built} = {{{', '.join(parts)}}}")
        for field in asked:
            self._ask_later(field, kind, built)
        return built

    def _ask_later(self, field: Field, kind: Any, built: str) -> None:
        sources, places, view = self._name(None), self._name(None), hasattr(kind, "reads")
        self._before.append(f"{sources}, {places} = later[{self._name(field)}]")
        if field.together_by is not None:
            read = kind.reads[field.together_by] if view else None
            source = self._read(read, field.together_by)
            source = f"str({source})" if isinstance(read, IdColumn) else source
        else:
            source = f"{self._name(kind)}(o)" if view else "o"
        self._lines += [f"{sources}.append({source})", f"{places}.append({built})"]

    def _attribute(self, field: Field, attribute: str, kind: Any) -> str:
        """The lines that read an attribute and complete it; the name of the result."""
        read = kind.reads[attribute] if hasattr(kind, "reads") else None
        complete = field.complete
        if isinstance(read, SameRow) and isinstance(complete, ObjectComplete):
            return self._object(complete.selection_of(read.view), read.view)
        is_time = isinstance(complete, LeafComplete) and complete.is_time
        if is_time and isinstance(read, Column) and self._row is not None:
            self._columns.note_time(self._row, read.name)
            if self._narrowed:
                return self._time(read.name, complete)
        value = self._name(None)
        if not isinstance(complete, LeafComplete):
            # The same part of all objects is built in one go.
            self._parts[value] = f"{self._name(complete)}.all([{self._read(read, attribute)} for o in objects], later)"
            return value
        self._lines.append(f"{value} = {self._read(read, attribute, note=not is_time)}")
        if not isinstance(read, (IdColumn, EnumColumn)):
            test = complete.test.format(v=value)
            self._lines.append(f"if {test}: {value} = {self._name(complete)}({value}, later)")
        elif isinstance(read, EnumColumn):
            names = self._name(complete.names)
            self._lines.append(f"{value} = {names}.get({value}) or {self._name(complete)}({value}, later)")
        else:
            slow = f"{self._name(complete)}(None, later)"
            self._lines.append(f"{value} = {slow} if {value} is None else str({value})")
        return value

    def _time(self, name: str, complete: Complete) -> str:
        """The lines that read a time which PostgreSQL has written; the name of the result."""
        value = self._name(None)
        self._lines.append(f"{value} = o['{name}_text']")
        test = f"{value} is None or len({value}) != 32 or {value}[19:26] == '.000000'"
        self._lines.append(
            f"if {test}: {value} = {self._name(complete)}({value} and datetime.fromisoformat({value}), later)"
        )
        return value

    def _read(self, read: Any, attribute: str, *, note: bool = True) -> str:
        if read is None:
            return f"o.{attribute}"
        if isinstance(read, (Column, IdColumn, EnumColumn)):
            if self._row is None:
                return f"o.{read.name}"
            if note:
                self._columns.note(self._row, read.name)
            return f"o[{read.name!r}]"
        function = read.function if isinstance(read, Computed) else read.view
        return f"{self._name(function)}(o)"


class LeafComplete:
    """A scalar or an enumeration, as it is to stand in the response. `test` tells which values need the call."""

    def __init__(self, leaf: GraphQLScalarType | GraphQLEnumType, nullable: bool) -> None:
        self._leaf = leaf
        self._nullable = nullable
        self.test = AS_IT_IS.get(leaf.name, "True") if isinstance(leaf, GraphQLScalarType) else "True"
        self.names: dict[Any, str] = {}
        self.is_time = False
        if isinstance(leaf, GraphQLEnumType):
            self.names = {value.value: name for name, value in leaf.values.items()}
        elif leaf.name == "DateTime":
            # orjson writes a time of UTC as `isoformat` does, and faster.
            self.is_time = True
            self.test = "{v}.__class__ is not datetime or {v}.tzinfo is not UTC"

    def __call__(self, value: Any, later: Later) -> Any:
        if value is None:
            if self._nullable:
                return None
            raise NotCovered("null where none may be")
        if isinstance(value, Exception):
            raise NotCovered("an exception in the place of a value")
        converted = self._leaf.coerce_output_value(value)
        if converted is None or (isinstance(converted, float) and not math.isfinite(converted)):
            raise NotCovered("no value came of the conversion")
        return converted


class ObjectComplete:
    """An object, whose class says what type it has."""

    def __init__(self, plan: "Plan", type_: Any, sets: Sequence[Sequence[SelectionNode]], nullable: bool) -> None:
        self._plan, self._type, self._sets, self._nullable = plan, type_, sets, nullable
        self._selections: dict[Any, Selection] = {}
        self._by_kind: dict[Any, Selection] = {}

    def selection_of(self, kind: Any) -> Selection:
        """The selection for objects of this class or view."""
        selection = self._by_kind.get(kind)
        if selection is None:
            selection = self._by_kind[kind] = self._find(kind)
        return selection

    def _find(self, kind: Any) -> Selection:
        type_ = self._type
        if is_abstract_type(type_):
            name = kind.__strawberry_definition__.name
            type_ = self._plan.schema.get_type(name)
            if not isinstance(type_, GraphQLObjectType) or not self._plan.schema.is_sub_type(self._type, type_):
                raise NotCovered(f"{name} is no {self._type.name}")
        if type_ not in self._selections:
            self._selections[type_] = Selection(self._plan, type_, self._sets)
        return self._selections[type_]

    def __call__(self, value: Any, later: Later) -> Any:
        if value is None:
            if self._nullable:
                return None
            raise NotCovered("null where none may be")
        return self.selection_of(value.__class__).build((value,), later)[0]

    def all(self, values: Sequence[Any], later: Later) -> list[Any]:
        """Many objects: where all are of one class, they are built in one go."""
        kind = values[0].__class__
        if kind is type(None) or any(value.__class__ is not kind for value in values):
            return [self(value, later) for value in values]
        return self.selection_of(kind).build(values, later)


class ListComplete:
    """A list of any of these."""

    def __init__(self, element: Complete, nullable: bool) -> None:
        self._element = element
        self._nullable = nullable

    def all(self, values: Sequence[Any], later: Later) -> list[Any]:
        """Many lists: where all hold rows of one view, their elements are built in one go."""
        element, view = self._element, getattr(values[0], "view", None)
        if (
            not hasattr(view, "reads")
            or not isinstance(element, ObjectComplete)
            or {value.__class__ for value in values} != {Views}
            or {value.view for value in values} != {view}
        ):
            return [self(value, later) for value in values]
        rows = [row for value in values for row in value.rows]
        built = iter(element.selection_of(view).build(rows, later, view))
        return [list(islice(built, len(value.rows))) for value in values]

    def __call__(self, value: Any, later: Later) -> Any:
        if value is None:
            if self._nullable:
                return None
            raise NotCovered("null where none may be")
        element = self._element
        if isinstance(element, ObjectComplete):
            if value.__class__ is Views and hasattr(value.view, "reads"):
                return element.selection_of(value.view).build(value.rows, later, value.view)
            value = list(value)
            if len({each.__class__ for each in value}) == 1 and value[0] is not None:
                return element.selection_of(value[0].__class__).build(value, later)
        elif not isinstance(value, (list, tuple, Views)):
            raise NotCovered("a list of another kind")
        return [element(each, later) for each in value]


def _completer(plan: "Plan", type_: GraphQLOutputType, nodes: list[FieldNode]) -> Complete:
    nullable = not is_non_null_type(type_)
    inner: Any = type_ if nullable else cast(Any, type_).of_type
    if is_list_type(inner):
        return ListComplete(_completer(plan, inner.of_type, nodes), nullable)
    if is_leaf_type(inner):
        return LeafComplete(inner, nullable)
    return ObjectComplete(
        plan, inner, [node.selection_set.selections for node in nodes if node.selection_set], nullable
    )


@dataclass(slots=True)
class Asked:
    """A field of one level, the open places, and what its resolver gave for each, or in one for all."""

    field: Field
    places: list[dict[str, Any]]
    values: list[Any]

    def complete(self, later: Later) -> None:
        """Build the values into their places."""
        key, complete = self.field.key, self.field.complete
        values = self.values if self.field.together_by is None else self.values[0]
        if isinstance(complete, LeafComplete):
            completed = [complete(value, later) for value in values]
        else:
            completed = complete.all(values, later)
        for place, value in zip(self.places, completed, strict=True):
            place[key] = value


class Plan:
    """How to run one query, or answer one event, for one setting of the variables in its @skip and @include."""

    def __init__(
        self,
        schema: GraphQLSchema,
        operation: OperationDefinitionNode,
        fragments: dict[str, FragmentDefinitionNode],
        conditions: dict[str, bool],
    ) -> None:
        """Raises NotCovered when the operation cannot be compiled."""
        self.schema = schema
        self.operation = operation
        self.fragments = fragments
        self._conditions = conditions
        self.columns = Columns()
        root = schema.get_root_type(operation.operation)
        if root is None:
            raise NotCovered("no such root")
        self._root = Selection(self, root, [operation.selection_set.selections])

    def fields_of(self, selections: Sequence[SelectionNode], type_: GraphQLObjectType) -> Iterator[FieldNode]:
        """The fields that the selections ask of the type, in their order, fragments and conditions followed."""
        for node in selections:
            if not self._included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            fragment: Any = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            if fragment.type_condition is None or self._applies(fragment.type_condition.name.value, type_):
                yield from self.fields_of(fragment.selection_set.selections, type_)

    def _included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name not in ("skip", "include"):
                raise NotCovered(f"@{name}")
            [argument] = directive.arguments or ()
            value = argument.value
            given = value.value if isinstance(value, BooleanValueNode) else self._conditions[_variable(value)]
            if given is (name == "skip"):
                return False
        return True

    def _applies(self, name: str, type_: GraphQLObjectType) -> bool:
        condition: Any = self.schema.get_type(name)
        return condition is type_ or (is_abstract_type(condition) and self.schema.is_sub_type(condition, type_))

    async def run(
        self, variables: VariableValues, context: object, failures: dict[str, Exception] | None = None
    ) -> dict[str, Any]:
        """The data of a query's response. Raises NotCovered, or whatever went wrong in a resolver.

        `failures` is then told how the root field has failed, by its key. Of several fields it is told nothing: which
        of their failures the client hears of depends on which came first.
        """
        later: Later = defaultdict(_open)
        built: list[dict[str, Any]] = self._root.build((None,), later)
        await self._answer(later, variables, context, failures)
        return built[0]

    async def run_for(self, event: object, variables: VariableValues, context: object) -> dict[str, Any]:
        """The data of a subscription's response to an event, which is the value of its one field. Raises as `run`."""
        later: Later = defaultdict(_open)
        [field] = self._root.fields
        if isinstance(field, str):
            raise NotCovered("a subscription to nothing but __typename")
        data = {field.key: field.complete(event, later)}
        await self._answer(later, variables, context)
        return data

    async def _answer(
        self,
        later: Later,
        variables: VariableValues,
        context: object,
        failures: dict[str, Exception] | None = None,
    ) -> None:
        """Ask level by level for what is still open, and build the answers into their places."""
        with reading_only(self.columns):
            while later:
                level, later = later, defaultdict(_open)
                asked = self._ask(level, variables, context)
                try:
                    await _settle(asked)
                except Exception as failure:
                    if failures is not None and len(asked) == 1 and not isinstance(failure, KeyError):
                        failures[asked[0].field.key] = failure
                    raise
                failures = None
                for each in asked:
                    each.complete(later)

    def _ask(self, level: Later, variables: VariableValues, context: object) -> list["Asked"]:
        asked: list[Asked] = []
        try:
            for field, (sources, places) in level.items():
                if not places:
                    continue
                if field.together_by is not None:
                    sources = [SimpleNamespace(**{field.together_by: Keys(sources)})]
                asked.append(Asked(field, places, []))
                asked[-1].values.extend(map(field.resolver(variables, context), sources))
        except BaseException:
            _forget(asked)
            raise
        return asked


def _open() -> Open:
    return [], []


def _variables_in(value: Any) -> Iterator[str]:
    if isinstance(value, VariableNode):
        yield value.name.value
    for part in getattr(value, "values", ()):
        yield from _variables_in(part)
    for part in getattr(value, "fields", ()):
        yield from _variables_in(part.value)


def _variable(value: Any) -> str:
    if not isinstance(value, VariableNode):
        raise NotCovered("a condition that is no Boolean")
    return value.name.value


def _forget(asked: list[Asked]) -> None:
    """End what was begun and will not be awaited."""
    for each in asked:
        for value in each.values:
            if isinstance(value, asyncio.Future):
                value.cancel()
            elif isawaitable(value):
                cast(Coroutine[Any, Any, Any], value).close()


async def _settle(asked: list[Asked]) -> None:
    """Await together whatever the resolvers left to be awaited."""
    pending = [(each.values, index) for each in asked for index, value in enumerate(each.values) if isawaitable(value)]
    if len(pending) == 1:  # needs no task of its own
        [(values, index)] = pending
        values[index] = await values[index]
        return
    for values, index in pending:
        values[index] = asyncio.ensure_future(values[index])
    try:
        for values, index in pending:
            future = values[index]
            values[index] = future.result() if future.done() else await future
    except BaseException:
        begun = [value for each in asked for value in each.values if isinstance(value, asyncio.Future)]
        for future in begun:
            future.cancel()
        await asyncio.gather(*begun, return_exceptions=True)
        raise


Compiled = tuple[Plan, VariableValues]
"""A plan and the coerced variables that it is run with."""


class Plans:
    """The plans of one operation: one for each setting of the variables in its conditions."""

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode, document: DocumentNode) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        places = (operation, *self._fragments.values())
        self._conditions = sorted(set().union(*(_condition_variables(each.selection_set) for each in places)))
        self._plans: dict[tuple[bool, ...], Plan | None] = {}
        self._runs = 0

    def for_variables(self, given: dict[str, Any] | None) -> Compiled | None:
        """The plan and the coerced variables; None when there is no plan, not yet or not at all."""
        self._runs += 1
        kind = self._operation.operation
        if kind is OperationType.MUTATION or (kind is OperationType.QUERY and self._runs == 1):
            return None  # most queries are seen once: compiling is for those that come again
        variables = NO_VARIABLES
        if self._operation.variable_definitions:
            coerced = get_variable_values(self._schema, self._operation.variable_definitions, given or {})
            if isinstance(coerced, list):
                return None
            variables = coerced
        setting = tuple(bool(variables.coerced[name]) for name in self._conditions)
        if setting not in self._plans:
            self._plans[setting] = self._compile(dict(zip(self._conditions, setting, strict=True)))
        plan = self._plans[setting]
        return None if plan is None else (plan, variables)

    def _compile(self, conditions: dict[str, bool]) -> Plan | None:
        if len(self._plans) >= MOST_PLANS:
            return None
        try:
            return Plan(self._schema, self._operation, self._fragments, conditions)
        except NotCovered as reason:
            log.debug("an operation is not compiled", operation=self._operation.name, reason=str(reason))
            return None


def _condition_variables(selected: SelectionSetNode) -> set[str]:
    found: set[str] = set()
    for node in selected.selections:
        for directive in node.directives or ():
            found |= {
                each.value.name.value for each in directive.arguments or () if isinstance(each.value, VariableNode)
            }
        if isinstance(node, (FieldNode, InlineFragmentNode)) and node.selection_set:
            found |= _condition_variables(node.selection_set)
    return found
