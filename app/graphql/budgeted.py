"""The standard executor of graphql-core, with a budget for the size of the response."""

from typing import Any

from graphql import GraphQLError, GraphQLLeafType
from graphql.execution.executor_throwing_on_incremental import ExecutorThrowingOnIncremental

from app.graphql.size import size_of
from sql.budget import budget

# An estimate for the key and a short value.
BYTES_PER_LEAF = 24
LONG_TYPES = (str, dict, list)


class BudgetedExecutor(ExecutorThrowingOnIncremental):
    """Counts the values of the response while it is built, and stops when they exceed the budget."""

    @staticmethod
    def complete_leaf_value(return_type: GraphQLLeafType, result: Any) -> Any:
        coerced = ExecutorThrowingOnIncremental.complete_leaf_value(return_type, result)
        size = size_of(coerced) if coerced.__class__ in LONG_TYPES else 0
        budget.get().add_answered(BYTES_PER_LEAF + size)
        return coerced

    def handle_field_error(self, raw_error: Exception, *where: Any) -> None:
        if budget.get().exceeded is not None:
            # Not a null in the place of each field, which would only cause more failures.
            raise raw_error if isinstance(raw_error, GraphQLError) else GraphQLError("", original_error=raw_error)
        super().handle_field_error(raw_error, *where)
