"""Contexts: what the assistant gets, item by item, with the reasons."""

from enum import Enum
from uuid import UUID

import strawberry
from strawberry.scalars import JSON

from schema.catalogue import key_of, params_of
from schema.costs import LONG_TEXT
from schema.enums import described
from schema.relations import Info
from schema.search import Searchable


@strawberry.enum(description="The layers of a context, in the order in which the assistant gets them.")
class ContextLayer(Enum):
    SYSTEM = described("system", "The assistant's instructions.")
    PROFILE = described("profile", "Preferences of the user; never dropped.")
    SUMMARY = described("summary", "The summary of the conversation so far; dropped first.")
    DECISION = described("decision", "Decisions and specifications that match the question.")
    SEMANTIC = described("semantic", "Messages, intents and memories that match the question.")
    WORKING = described("working", "The earlier messages of the conversation.")
    USER = described("user", "The current question.")


@strawberry.type(description="An item of a context.")
class ContextItem:
    layer: ContextLayer = strawberry.field(description="The layer of the item.")
    text: str = strawberry.field(metadata=LONG_TEXT, description="The text as the assistant gets it.")
    token_count: int = strawberry.field(description="The estimated number of tokens.")
    score: float | None = strawberry.field(
        description="How well it matches the question; null for layers that are not searched."
    )
    reason: str = strawberry.field(description="Why the item is part of the context, in one sentence.")
    key: str | None = strawberry.field(description=key_of("reason"))
    params: JSON | None = strawberry.field(description=params_of("key"))
    source_kind: strawberry.Private[str | None]
    source_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The record that it comes from; null without one, or when it is deleted.")
    async def source(self, info: Info) -> Searchable | None:
        if self.source_kind is None or self.source_id is None:
            return None
        return await info.context.relations.searchable(self.source_kind, self.source_id)


@strawberry.type(description="The context that the assistant gets.")
class AssembledContext:
    items: list[ContextItem] = strawberry.field(description="The items, in the order in which the assistant gets them.")
    token_count: int = strawberry.field(
        description="The estimated tokens of all items: 10 per item, 2 per CJK character, 0.5 per other character."
    )
    token_budget: int = strawberry.field(description="The largest number of tokens.")
    dropped_layers: list[ContextLayer] = strawberry.field(
        description="The layers that lost items, or parts of them, because of the budget."
    )
    failed_layers: list[ContextLayer] = strawberry.field(
        description="The layers that could not be read; the context has none of their items."
    )
    assembled_in_ms: float = strawberry.field(description="The duration of the assembly, in milliseconds.")
