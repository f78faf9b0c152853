"""The interface of the package: compiles operations and binds their variables."""

from typing import Any

import structlog
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLSchema,
    InlineFragmentNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)
from graphql.execution.values import VariableValues, get_variable_values

from app.graphql.compiled.completion import NotCovered
from app.graphql.compiled.plans import Plan
from app.graphql.operation import CompiledOperation, CompiledRun, UseStandardExecutor, Variables
from sql.errors import QueryTooComplex

NO_VARIABLES = VariableValues({}, {})
# Each variable in a condition doubles the number of plans.
MAX_PLANS = 16

log = structlog.get_logger()


class CompiledOperations:
    """Implements app.graphql.operation.OperationCompiler."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema

    def compile(self, document: DocumentNode, node: OperationDefinitionNode) -> CompiledOperation | None:
        """Plans are made when the operation is bound. Mutations are never compiled: a fallback would run them twice."""
        return None if node.operation is OperationType.MUTATION else Plans(self._schema, node, document)


class Plans:
    """The plans of one operation: one per setting of the variables in its @skip and @include.

    Implements app.graphql.operation.CompiledOperation.
    """

    def __init__(self, schema: GraphQLSchema, operation: OperationDefinitionNode, document: DocumentNode) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = {
            node.name.value: node for node in document.definitions if isinstance(node, FragmentDefinitionNode)
        }
        sets = (node.selection_set for node in (operation, *self._fragments.values()))
        self._conditions = sorted(set().union(*map(_condition_variables, sets)))
        self._plans: dict[tuple[bool, ...], Plan | None] = {}
        self._bound = 0

    def bind(self, variables: Variables | None) -> CompiledRun | None:
        found = self.plan_for(variables)
        return None if found is None else PlanRun(*found)

    def plan_for(self, given: Variables | None) -> tuple[Plan, VariableValues] | None:
        """The plan and the coerced variables. None on a query's first run, or when it cannot be compiled."""
        self._bound += 1
        if self._operation.operation is OperationType.QUERY and self._bound == 1:
            return None  # most queries run once, so compiling waits for the second run
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
        if len(self._plans) >= MAX_PLANS:
            return None
        try:
            return Plan(self._schema, self._operation, self._fragments, conditions)
        except NotCovered as reason:
            log.debug("operation not compiled", operation=self._operation.name, reason=str(reason))
            return None


class PlanRun:
    """Implements app.graphql.operation.CompiledRun."""

    __slots__ = ("_plan", "_variables")

    def __init__(self, plan: Plan, variables: VariableValues) -> None:
        self._plan = plan
        self._variables = variables

    async def run(self, context: object) -> dict[str, Any]:
        failures: dict[str, Exception] = {}
        try:
            return await self._plan.run(self._variables, context, failures)
        except QueryTooComplex:
            raise  # the standard executor would build the same response
        except Exception as reason:
            log.debug("compiled operation falls back to the standard executor", reason=repr(reason))
            raise UseStandardExecutor(failures) from reason

    async def run_for(self, event: object, context: object) -> dict[str, Any]:
        try:
            return await self._plan.run_for(event, self._variables, context)
        except QueryTooComplex:
            raise  # the standard executor would build the same response
        except Exception as reason:
            log.debug("compiled subscription falls back to the standard executor", reason=repr(reason))
            raise UseStandardExecutor({}) from reason


def _condition_variables(selected: SelectionSetNode) -> set[str]:
    names: set[str] = set()
    for node in selected.selections:
        for directive in node.directives or ():
            names |= {
                each.value.name.value for each in directive.arguments or () if isinstance(each.value, VariableNode)
            }
        if isinstance(node, (FieldNode, InlineFragmentNode)) and node.selection_set:
            names |= _condition_variables(node.selection_set)
    return names
