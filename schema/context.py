"""Contexts: what the assistant was given, piece by piece, and why."""

from enum import Enum
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.enums import described
from schema.relations import Info
from schema.search import Searchable


@strawberry.enum(description="The parts of a context, in the order in which the assistant reads them.")
class ContextLayer(Enum):
    SYSTEM = described("system", "The assistant's instructions.")
    PROFILE = described("profile", "What is always known of the user; never dropped.")
    SUMMARY = described("summary", "The summary of the conversation so far; the first to be dropped.")
    DECISION = described("decision", "Choice points and specifications that bear on what is asked.")
    SEMANTIC = described("semantic", "What was said, wished or remembered that bears on what is asked.")
    WORKING = described("working", "The conversation before.")
    USER = described("user", "What is asked.")


@strawberry.type(description="One piece of a context.")
class ContextItem:
    layer: ContextLayer = strawberry.field(description="Which part it belongs to.")
    text: str = strawberry.field(description="The text as the assistant was given it.")
    token_count: int = strawberry.field(description="What it costs, estimated.")
    score: float | None = strawberry.field(description="How well it matches what is asked; null where nothing matched.")
    reason: str = strawberry.field(description="Why it is there, in a sentence.")
    key: str | None = strawberry.field(description=key_of("reason"))
    params: JSON | None = strawberry.field(description=params_of("key"))
    source_kind: strawberry.Private[str | None]
    source_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The row it comes from; null when it comes from none, or the row is gone.")
    async def source(self, info: Info) -> Searchable | None:
        if self.source_kind is None or self.source_id is None:
            return None
        return await info.context.relations.searchable(self.source_kind, self.source_id)


@strawberry.type(description="What the assistant is given to answer with.")
class AssembledContext:
    items: list[ContextItem] = strawberry.field(description="In the order in which the assistant reads them.")
    token_count: int = strawberry.field(
        description="What all items cost, estimated: 10 each, 2 for a CJK character, 0.5 for any other."
    )
    token_budget: int = strawberry.field(description="What they may cost.")
    dropped_layers: list[ContextLayer] = strawberry.field(
        description="From which layers something had to go because of the budget."
    )
    failed_layers: list[ContextLayer] = strawberry.field(
        description="Which layers could not be read; the answer was given without them."
    )
    assembled_in_ms: float = strawberry.field(description="How long it took to put together, in milliseconds.")
