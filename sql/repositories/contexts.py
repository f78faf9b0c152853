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
class LeftOutRecord:
    """A record that was retrieved for a layer but not given: a `duplicate`, above the `limit`, or over the `budget`."""

    layer: str
    kind: str
    source_id: UUID
    reason: str
    score: float | None = None


@dataclass(frozen=True, slots=True)
class CitationRow:
    """A record that a reply cites under a number."""

    message_id: UUID
    number: int
    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class AssembledContext:
    """Items in reading order, with the layers that the token budget dropped or shortened, and those that failed.

    `sources` are the numbers (number, kind, id) under which records were given, `cited` those that the reply cites.
    """

    items: Sequence[ContextItem]
    token_count: int
    token_budget: int
    dropped_layers: Sequence[str]
    failed_layers: Sequence[str]
    assembled_ms: float
    left_out: Sequence[LeftOutRecord] = ()
    sources: Sequence[JsonObject] = ()
    cited: Sequence[int] = ()

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
        left_out=[asdict(each) for each in context.left_out],
        sources=list(context.sources),
    )


async def save_sources(connection: Connection, subject_id: UUID, fence: int, sources: Sequence[JsonObject]) -> None:
    """Store the numbers of the records that a reply was given so far; nothing when the claim is lost."""
    await statements.save_sources(connection, subject_id=subject_id, fence=fence, sources=list(sources))


async def replace_citations(
    connection: Connection, user_id: str, message_id: UUID, citations: Sequence[CitationRow]
) -> None:
    """Store what a reply cites, in the order of its text. Call in a transaction, with the claim held."""
    await statements.delete_citations(connection, message_id=message_id)
    if citations:
        await statements.insert_citations(
            connection,
            message_id=message_id,
            user_id=user_id,
            numbers=[each.number for each in citations],
            kinds=[each.kind for each in citations],
            ids=[each.id for each in citations],
        )


async def list_citations(connection: Connection, user_id: str, ids: Sequence[UUID]) -> list[CitationRow]:
    """The records that the replies among these messages cite, in the order of their texts."""
    records = statements.list_citations(connection, user_id=user_id, ids=list(ids))
    return [CitationRow(**record) async for record in records]


async def list_cited(connection: Connection, user_id: str, ids: Sequence[UUID]) -> dict[UUID, frozenset[int]]:
    """The numbers that the replies among these messages cite."""
    cited: dict[UUID, set[int]] = {}
    for each in await list_citations(connection, user_id, ids):
        cited.setdefault(each.message_id, set()).add(each.number)
    return {message_id: frozenset(numbers) for message_id, numbers in cited.items()}


async def find_contexts(
    connection: Connection, user_id: str, ids: Sequence[UUID]
) -> list[tuple[UUID, AssembledContext]]:
    found = []
    async for record in statements.find_contexts(connection, user_id=user_id, ids=ids):
        fields = dict(record)
        subject_id, items, left_out = (fields.pop(name) for name in ("subject_id", "items", "left_out"))
        missing = [LeftOutRecord(**{**each, "source_id": UUID(each["source_id"])}) for each in left_out]
        found.append((subject_id, AssembledContext([_to_item(item) for item in items], left_out=missing, **fields)))
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
