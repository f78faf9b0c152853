"""Search results."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import strawberry

from schema.enums import described
from schema.projects import Project
from schema.relations import Info, awaited

if TYPE_CHECKING:
    from schema.decisions import Decision
    from schema.intents import Intent
    from schema.memories import Memory
    from schema.messages import Message
    from schema.specifications import Specification

Searchable = Annotated[
    Annotated["Message", strawberry.lazy("schema.messages")]
    | Annotated["Intent", strawberry.lazy("schema.intents")]
    | Annotated["Specification", strawberry.lazy("schema.specifications")]
    | Annotated["Decision", strawberry.lazy("schema.decisions")]
    | Annotated["Memory", strawberry.lazy("schema.memories")],
    strawberry.union("Searchable", description="A record that `search` can find."),
]


@strawberry.enum(description="The kinds of records to search.")
class SearchKind(Enum):
    MESSAGE = described("message", "Messages.")
    INTENT = described("intent", "Intents.")
    SPECIFICATION = described("specification", "Specifications.")
    DECISION = described("decision", "Decisions.")
    MEMORY = described("memory", "Memories.")


@strawberry.enum(description="What you say about a record that a search found (relevance feedback).")
class HitRating(Enum):
    USEFUL = described("useful", "It answers the query: it comes earlier for similar queries.")
    WRONG = described("wrong", "It does not answer the query: it comes later for similar queries.")
    OUTDATED = described(
        "outdated",
        "It is no longer true: it comes later for all queries, and the assistant does not get it in contexts that only "
        "you see. Nothing is deleted. It counts until the text of the record is changed.",
    )


@strawberry.input(description="The rating of a search hit.")
class RateSearchHitInput:
    id: strawberry.ID = strawberry.field(description="The id of the record that was found.")
    query: str = strawberry.field(description="What was searched for; at most 16 KiB of UTF-8.")
    rating: HitRating | None = strawberry.field(
        default=None,
        description="In place of your ratings of the record that apply to the query; null takes them back.",
    )


@strawberry.type(description="A result of a search.")
class SearchHit:
    node: Searchable = strawberry.field(description="The record that was found.")
    score: float = strawberry.field(
        description="The score of words, meaning and neighbouring messages; higher is better. It orders the hits."
    )
    similarity: float | None = strawberry.field(
        description="The similarity in meaning (cosine, -1 to 1); null when only words were compared."
    )
    snippet: str = strawberry.field(description="Plain text around the best match, about 160 characters at most.")
    occurred_at: datetime = strawberry.field(description="When the record was created or decided.")
    reasons: list[str] = strawberry.field(
        description="Why it matched: `WORDS` it shares with the query, `MEANING`, the `TIME` that the query names, a "
        "`NEIGHBOUR` (a message next to it in its conversation), or `LANGUAGE` (it is in the other language); and, "
        "when you rated it or a record that says the same, `MARKED_USEFUL` (its score is doubled), `MARKED_WRONG` or "
        "`MARKED_OUTDATED` (its score is halved). With `explain`, a candidate that is no hit has `OUTRANKED` or "
        "`BELOW_FLOOR` last."
    )
    rating: HitRating | None = strawberry.field(
        description="Your rating of the record that applies to this query. Nobody else sees it or gets other hits by "
        "it."
    )
    also: list["SearchHit"] = strawberry.field(
        description="The same thing said elsewhere: the message, intent, decision or memory that it was made from or "
        "that was made from it, at most 5, the best first."
    )
    project_id: strawberry.Private[UUID | None]

    @strawberry.field(description="The project of the record; null for a memory that is about the person.")
    def project(self, info: Info) -> Project | None:
        return None if self.project_id is None else awaited(info.context.relations.project(self.project_id))
