"""Executors of a schema, with and without compiled operations."""

import strawberry

from app.graphql.compiled import CompiledOperations
from app.graphql.documents import Documents
from app.graphql.executor import Executor
from app.graphql.limits.policy import DocumentLimits
from resolvers.root import schema


def make_executor(
    limits: DocumentLimits | None = None, *, compiled: bool = True, schema: strawberry.Schema = schema
) -> Executor:
    """An executor like that of the backend, without rate limits."""
    limits, core = limits or DocumentLimits(), schema._schema
    compiler = CompiledOperations(core) if compiled else None
    return Executor(core, limits, documents=Documents(core, limits, compiler=compiler))
