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
    token_count: int = strawberry.field(description="The number of tokens; see `AssembledContext.tokenCount`.")
    score: float | None = strawberry.field(
        description="How well it matches the question; null for layers that are not searched."
    )
    reason: str = strawberry.field(description="Why the item is part of the context, in one sentence.")
    key: str | None = strawberry.field(description=key_of("reason"))
    params: JSON | None = strawberry.field(description=params_of("key"))
    number: int | None = strawberry.field(
        description="The number under which the reply can cite it; null for what cannot be cited."
    )
    cited: bool = strawberry.field(description="Whether the reply cites it.")
    source_kind: strawberry.Private[str | None]
    source_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The record that it comes from; null without one, or when it is deleted.")
    async def source(self, info: Info) -> Searchable | None:
        if self.source_kind is None or self.source_id is None:
            return None
        return await info.context.relations.searchable(self.source_kind, self.source_id)


@strawberry.enum(description="Why a record that was retrieved is not part of the context.")
class LeftOutReason(Enum):
    DUPLICATE = described("duplicate", "It says what another item says.")
    LIMIT = described("limit", "The layer has enough records that match better.")
    BUDGET = described("budget", "The token budget had no room for it.")


@strawberry.type(description="A record that was retrieved for a context and is not part of it.")
class LeftOutRecord:
    layer: ContextLayer = strawberry.field(description="The layer that it was retrieved for.")
    score: float | None = strawberry.field(description="How well it matches the question; null without a search.")
    reason: LeftOutReason = strawberry.field(description="Why it was left out.")
    source_kind: strawberry.Private[str]
    source_id: strawberry.Private[UUID]

    @strawberry.field(description="The record; null when it was deleted, or when you may not see it.")
    async def source(self, info: Info) -> Searchable | None:
        return await info.context.relations.searchable(self.source_kind, self.source_id)


@strawberry.type(description="How many records of a layer were retrieved, given to the assistant and cited.")
class ContextLayerCounts:
    layer: ContextLayer = strawberry.field(description="The layer.")
    retrieved: int = strawberry.field(description="The records that were found for it.")
    injected: int = strawberry.field(description="Those of them that the assistant got.")
    cited: int = strawberry.field(description="Those of them that the reply cites.")


@strawberry.type(description="The context that the assistant gets.")
class AssembledContext:
    items: list[ContextItem] = strawberry.field(description="The items, in the order in which the assistant gets them.")
    token_count: int = strawberry.field(
        description="The tokens of all items, as the model counts them where it is known: by its provider, or by the "
        "usage of earlier answers. Otherwise estimated: 10 per item, 2 per CJK character, 0.5 per other character."
    )
    token_budget: int = strawberry.field(description="The largest number of tokens.")
    layers: list[ContextLayerCounts] = strawberry.field(
        description="The layers for which records were retrieved, in the order in which the assistant gets them: "
        "PROFILE, DECISION and SEMANTIC. Only records of the last two can be cited."
    )
    left_out: list[LeftOutRecord] = strawberry.field(
        description="The records that were retrieved and left out, the best ones first in each layer."
    )
    dropped_layers: list[ContextLayer] = strawberry.field(
        description="The layers that lost items, or parts of them, because of the budget."
    )
    failed_layers: list[ContextLayer] = strawberry.field(
        description="The layers that could not be read; the context has none of their items."
    )
    assembled_in_ms: float = strawberry.field(description="The duration of the assembly, in milliseconds.")
