"""What depends on a decision."""

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.search import Searchable


@strawberry.type(description="A record that was made with a decision, and would have to be reviewed without it.")
class Impact:
    node: Searchable = strawberry.field(description="The record: an intent, specification, decision, memory or reply.")
    reason: str = strawberry.field(description="How it depends on the decision, or on another record that does.")
    key: str | None = strawberry.field(description=key_of("reason"))
    params: JSON | None = strawberry.field(description=params_of("key"))
    distance: int = strawberry.field(description="How many causes are between them: 1 is made directly with it.")


@strawberry.type(description="That `previewReversal` does not list everything that depends on a decision.")
class ReversalNotice:
    text: str = strawberry.field(description="Which limit the list has, as a sentence.")
    key: str | None = strawberry.field(description=key_of("text"))
    params: JSON | None = strawberry.field(description=params_of("key"))
