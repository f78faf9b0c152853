"""The contexts of replies and intents, and the rows that a context is assembled from."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sql.rows import JsonObject, MessageRow
from sql.statements import Connection, statements


@dataclass(frozen=True, slots=True)
class ContextItem:
    """One piece of a context. `layer` is lower case; `reason` is a sentence that says why the piece is included.

    `reason_key` and `reason_params` name the same sentence for translation. `kind` and `source_id` name the row that it
    comes from, if there is one. `file_id` is the file of that message which the piece is about.
    """

    layer: str
    text: str
    tokens: int
    reason: str
    score: float | None = None
    kind: str | None = None
    source_id: UUID | None = None
    said_at: datetime | None = None
    speaker: str | None = None
    reason_key: str | None = None
    reason_params: JsonObject | None = None
    file_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class AssembledContext:
    """Items in reading order, with the layers that the token budget dropped or shortened, and those that failed."""

    items: Sequence[ContextItem]
    token_count: int
    token_budget: int
    dropped_layers: Sequence[str]
    failed_layers: Sequence[str]
    assembled_ms: float

    def of(self, *layers: str) -> list[ContextItem]:
        return [item for item in self.items if item.layer in layers]


@dataclass(frozen=True, slots=True)
class ProfileMemory:
    """A memory of the user's profile."""

    id: UUID
    content: str
    created_at: datetime


async def save_context(connection: Connection, user_id: str, subject_id: UUID, context: AssembledContext) -> None:
    """Store the context of a reply or an intent; it replaces an earlier one."""
    await statements.save_context(
        connection,
        subject_id=subject_id,
        user_id=user_id,
        items=[asdict(item) for item in context.items],
        token_count=context.token_count,
        token_budget=context.token_budget,
        dropped_layers=list(context.dropped_layers),
        failed_layers=list(context.failed_layers),
        assembled_ms=context.assembled_ms,
    )


async def find_contexts(
    connection: Connection, user_id: str, ids: Sequence[UUID]
) -> list[tuple[UUID, AssembledContext]]:
    found = []
    async for record in statements.find_contexts(connection, user_id=user_id, ids=ids):
        fields = dict(record)
        subject_id, items = fields.pop("subject_id"), fields.pop("items")
        found.append((subject_id, AssembledContext([_to_item(item) for item in items], **fields)))
    return found


def _to_item(item: dict[str, object]) -> ContextItem:
    said_at, source_id, file_id = item.get("said_at"), item.get("source_id"), item.get("file_id")
    return ContextItem(
        **{  # type: ignore[arg-type]
            **item,
            "said_at": datetime.fromisoformat(str(said_at)) if said_at else None,
            "source_id": UUID(str(source_id)) if source_id else None,
            "file_id": UUID(str(file_id)) if file_id else None,
        }
    )


async def list_profile(
    connection: Connection,
    scopes: Sequence[UUID],
    project_id: UUID | None,
    tags: Sequence[str],
    count: int,
    *,
    rated_by: str | None = None,
) -> list[ProfileMemory]:
    """The profile memories in the scopes, and those of the project with one of the tags.

    Without those that the user `rated_by` marked as outdated.
    """
    records = statements.list_profile(
        connection, scopes=scopes, project_id=project_id, tags=list(tags), count=count, rated_by=rated_by
    )
    return [ProfileMemory(**record) async for record in records]


async def find_summary(connection: Connection, user_id: str, conversation_id: UUID) -> str | None:
    summary: str | None = await statements.find_summary(connection, user_id=user_id, conversation_id=conversation_id)
    return summary


async def list_latest_turns(
    connection: Connection, user_id: str, conversation_id: UUID, count: int
) -> list[MessageRow]:
    """The latest messages, oldest first."""
    records = statements.list_latest_turns(connection, user_id=user_id, conversation_id=conversation_id, count=count)
    return [MessageRow(**record) async for record in records][::-1]
