"""What can be found, and a hit."""

from datetime import datetime
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import strawberry

from schema.enums import described

if TYPE_CHECKING:
    from schema.choice_points import ChoicePoint
    from schema.intents import Intent
    from schema.memories import Memory
    from schema.messages import Message
    from schema.specifications import Specification

Searchable = Annotated[
    Annotated["Message", strawberry.lazy("schema.messages")]
    | Annotated["Intent", strawberry.lazy("schema.intents")]
    | Annotated["Specification", strawberry.lazy("schema.specifications")]
    | Annotated["ChoicePoint", strawberry.lazy("schema.choice_points")]
    | Annotated["Memory", strawberry.lazy("schema.memories")],
    strawberry.union("Searchable", description="Anything that `search` finds."),
]


@strawberry.enum(description="Which rows a search is about.")
class SearchKind(Enum):
    MESSAGE = described("message", "What was said.")
    INTENT = described("intent", "What was wished.")
    SPECIFICATION = described("specification", "What was laid down.")
    CHOICE_POINT = described("choice_point", "What was decided, and why.")
    MEMORY = described("memory", "What is remembered.")


@strawberry.type(description="Something found.")
class SearchHit:
    node: Searchable = strawberry.field(description="What was found.")
    score: float = strawberry.field(
        description="Words, meaning and neighbouring turns in one number, which orders the hits; higher is better."
    )
    similarity: float | None = strawberry.field(
        description="How near it is in meaning, as a cosine of -1..1; null when only its words were compared."
    )
    snippet: str = strawberry.field(description="Plain text around the best match, at most some 160 characters.")
    occurred_at: datetime = strawberry.field(description="When it was said, wished, laid down, decided or remembered.")
