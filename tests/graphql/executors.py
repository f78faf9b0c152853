"""Executors of the schema, with and without compiled operations."""

from app.graphql.compiled import CompiledOperations
from app.graphql.documents import Documents
from app.graphql.executor import Executor
from app.graphql.limits.policy import DocumentLimits
from resolvers.root import schema


def make_executor(limits: DocumentLimits | None = None, *, compiled: bool = True) -> Executor:
    """An executor like that of the backend, without rate limits."""
    limits = limits or DocumentLimits()
    compiler = CompiledOperations(schema._schema) if compiled else None
    return Executor(schema._schema, limits, documents=Documents(schema._schema, limits, compiler=compiler))
