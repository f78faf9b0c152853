"""Access without a credential: it may only sign in or claim ownership."""

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

PUBLIC_MUTATIONS = frozenset({"signIn", "claimOwnership"})
MAX_TOKENS = 100
# Anybody may send such a document, and a long one takes long to parse. A name and a password have 4 kB at most.
MAX_CHARACTERS = 8 * 1024


class NotSignedIn(Unauthenticated, AttributeError):
    """Sign in first."""


class AnonymousViewer:
    """Takes the place of the viewer; reading any attribute raises NotSignedIn."""

    def __getattr__(self, name: str) -> Any:
        raise NotSignedIn  # an AttributeError, so that `getattr` with a default works, in logging for example


class AnonymousAccess:
    """The access of a request without a credential."""

    kind = "nobody"
    credential_id = None

    def __init__(self, address: str | None) -> None:
        self.address = address
        self.viewer: UserRow = AnonymousViewer()  # type: ignore[assignment] # deliberately has no field of a UserRow


def only_signs_in(query: str) -> bool:
    """Whether the document is one mutation with one root field, and that field is public."""
    if len(query) > MAX_CHARACTERS:
        return False
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
    return (
        len(selections) == 1 and isinstance(selections[0], FieldNode) and selections[0].name.value in PUBLIC_MUTATIONS
    )
