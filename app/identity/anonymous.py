"""What somebody who has not signed in may ask for: to sign in, and nothing else."""

from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    OperationType,
    parse,
)

from sql.errors import Unauthenticated
from sql.rows import UserRow

OPEN_TO_ANYONE = frozenset({"signIn", "claimOwnership"})
MAX_TOKENS = 100


class NobodyIsThere(Unauthenticated, AttributeError):
    """Sign in first."""


class Nobody:
    """Stands where the viewer would: whatever asks who it is has come too far."""

    def __getattr__(self, name: str) -> Any:
        raise NobodyIsThere  # what only describes a request, as a log does, may ask with `getattr` and a default


class NoAccess:
    """The access of a request that showed no credential."""

    kind = "nobody"
    credential_id = None

    def __init__(self, address: str | None) -> None:
        self.address = address
        self.viewer: UserRow = Nobody()  # type: ignore[assignment] # it has nothing that a UserRow has, on purpose


def asks_to_sign_in(query: str) -> bool:
    """Whether the document is one mutation with one root field, and that field is open to anyone."""
    try:
        document: DocumentNode = parse(query, max_tokens=MAX_TOKENS)
    except (GraphQLError, RecursionError):
        return False
    if len(document.definitions) != 1:
        return False
    [operation] = document.definitions
    if not isinstance(operation, OperationDefinitionNode) or operation.operation is not OperationType.MUTATION:
        return False
    selections = operation.selection_set.selections
    return len(selections) == 1 and isinstance(selections[0], FieldNode) and selections[0].name.value in OPEN_TO_ANYONE
