"""The interface of everything that has an id of its own."""

import strawberry


@strawberry.interface(description="Something with an id of its own; `node(id:)` finds it again.")
class Node:
    id: strawberry.ID = strawberry.field(description="An opaque id, the same for as long as the thing exists.")
