"""What a field costs: one point, unless its definition in the schema says otherwise.

    search: ... = strawberry.field(resolver=search, metadata=SEARCHES)

`schema/costs.py` holds what the metadata may be.
"""

from graphql import GraphQLField

from app.graphql.limits.analysis import Price


def price_of(field: GraphQLField) -> Price:
    """The price of selecting the field once."""
    definition = field.extensions.get("strawberry-definition")
    metadata = getattr(definition, "metadata", None) or {}
    points: int = metadata.get("points", 1)
    return Price(points, points if metadata.get("scarce") else 0)
