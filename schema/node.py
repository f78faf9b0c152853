"""The Node interface."""

import strawberry


@strawberry.interface(description="A record with an id; `node(id:)` finds it.")
class Node:
    id: strawberry.ID = strawberry.field(description="An opaque id that never changes.")
