"""Plans: run a compiled query, or respond to a subscription event, one level of resolvers after the other."""

import asyncio
from collections.abc import Coroutine, Iterator, Sequence
from dataclasses import dataclass
from inspect import isawaitable
from types import SimpleNamespace
from typing import Any, cast

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLObjectType,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionNode,
    VariableNode,
    is_abstract_type,
)
from graphql.execution.values import VariableValues

from app.graphql.compiled.builders import Selection
from app.graphql.compiled.completion import LeafComplete, NotCovered, Pending
from app.graphql.compiled.fields import Field
from schema.relations import Keys
from sql.budget import budget
from sql.columns import Columns, narrowed_to


@dataclass(slots=True)
class Call:
    """The resolver calls of one field of a level: the open places, and one value per place (or one for all)."""

    field: Field
    places: list[dict[str, Any]]
    values: list[Any]

    def complete(self, pending: Pending) -> None:
        """Put the completed values into their places."""
        key, complete = self.field.key, self.field.complete
        values = self.values if self.field.batched_by is None else self.values[0]
        if isinstance(complete, LeafComplete):
            completed = [complete(value, pending) for value in values]
        else:
            completed = complete.all(values, pending)
        for place, value in zip(self.places, completed, strict=True):
            place[key] = value


class Plan:
    """One operation for one setting of the variables in its @skip and @include. Implements Compilation."""

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
        self.columns = Columns()
        self._conditions = conditions
        root = schema.get_root_type(operation.operation)
        if root is None:
            raise NotCovered("no root type")
        self._root = self.select(root, [operation.selection_set.selections])

    def select(self, type_: GraphQLObjectType, sets: Sequence[Sequence[SelectionNode]]) -> Selection:
        """The builder of the merged selection sets. Raises NotCovered."""
        merged: dict[str, list[FieldNode]] = {}
        for selections in sets:
            for node in self._fields_of(selections, type_):
                merged.setdefault((node.alias or node.name).value, []).append(node)
        fields = [
            key if nodes[0].name.value == "__typename" else Field(self, type_, key, nodes)
            for key, nodes in merged.items()
        ]
        return Selection(type_, fields, self.columns)

    def _fields_of(self, selections: Sequence[SelectionNode], type_: GraphQLObjectType) -> Iterator[FieldNode]:
        """The fields selected on the type, in order, with fragments and conditions resolved."""
        for node in selections:
            if not self._is_included(node):
                continue
            if isinstance(node, FieldNode):
                yield node
                continue
            fragment: Any = self.fragments[node.name.value] if isinstance(node, FragmentSpreadNode) else node
            if fragment.type_condition is None or self._applies(fragment.type_condition.name.value, type_):
                yield from self._fields_of(fragment.selection_set.selections, type_)

    def _is_included(self, node: SelectionNode) -> bool:
        for directive in node.directives or ():
            name = directive.name.value
            if name not in ("skip", "include"):
                raise NotCovered(f"@{name}")
            [argument] = directive.arguments or ()
            if self._condition(argument.value) is (name == "skip"):
                return False
        return True

    def _condition(self, value: Any) -> bool:
        if isinstance(value, BooleanValueNode):
            return value.value
        if not isinstance(value, VariableNode):
            raise NotCovered("a condition that is not a Boolean")
        return self._conditions[value.name.value]

    def _applies(self, name: str, type_: GraphQLObjectType) -> bool:
        condition: Any = self.schema.get_type(name)
        return condition is type_ or (is_abstract_type(condition) and self.schema.is_sub_type(condition, type_))

    async def run(
        self, variables: VariableValues, context: object, failures: dict[str, Exception] | None = None
    ) -> dict[str, Any]:
        """The data of a query's response. Raises NotCovered, or the exception of a resolver.

        When the only root field fails, its exception is added to `failures` by response key. With several root
        fields nothing is added: the standard executor reports the failure that happens first.
        """
        pending = Pending(budget.get())
        data: list[dict[str, Any]] = self._root.build((None,), pending)
        await self._resolve(pending, variables, context, failures)
        return data[0]

    async def run_for(self, event: object, variables: VariableValues, context: object) -> dict[str, Any]:
        """The data of a subscription's response to an event, the value of its root field. Raises like `run`."""
        pending = Pending(budget.get())
        [field] = self._root.fields
        if isinstance(field, str):
            raise NotCovered("a subscription that selects only __typename")
        data = {field.key: field.complete(event, pending)}
        await self._resolve(pending, variables, context)
        return data

    async def _resolve(
        self,
        pending: Pending,
        variables: VariableValues,
        context: object,
        failures: dict[str, Exception] | None = None,
    ) -> None:
        """Fill the open places level by level. Loaders see the keys of a whole level at once."""
        with narrowed_to(self.columns):
            while pending:
                level, pending = pending, Pending(pending.budget)
                calls = _call_resolvers(level, variables, context)
                try:
                    await _await_values(calls)
                except Exception as failure:
                    # A KeyError means that a narrowed row lacks a column; the standard executor will not fail.
                    if failures is not None and len(calls) == 1 and not isinstance(failure, KeyError):
                        failures[calls[0].field.key] = failure
                    raise
                failures = None
                for call in calls:
                    call.complete(pending)


def _call_resolvers(level: Pending, variables: VariableValues, context: object) -> list[Call]:
    calls: list[Call] = []
    try:
        for field, (sources, places) in level.items():
            if not places:
                continue
            if field.batched_by is not None:
                sources = [SimpleNamespace(**{field.batched_by: Keys(sources)})]
            calls.append(Call(field, places, []))
            calls[-1].values.extend(map(field.resolver(variables, context), sources))
    except BaseException:
        _discard(calls)
        raise
    return calls


def _discard(calls: list[Call]) -> None:
    """Cancel or close the awaitables of calls that will not be awaited."""
    for call in calls:
        for value in call.values:
            if isinstance(value, asyncio.Future):
                value.cancel()
            elif isawaitable(value):
                cast(Coroutine[Any, Any, Any], value).close()


async def _await_values(calls: list[Call]) -> None:
    """Replace the awaitables among the values by their results, awaited concurrently."""
    pending = [(call.values, index) for call in calls for index, value in enumerate(call.values) if isawaitable(value)]
    if len(pending) == 1:  # needs no task
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
        started = [value for call in calls for value in call.values if isinstance(value, asyncio.Future)]
        for future in started:
            future.cancel()
        await asyncio.gather(*started, return_exceptions=True)
        raise
