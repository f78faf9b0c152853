"""Turns a context into a prompt, and stores the context of an answer."""

from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

from app.models.ports import Prompt, Recollection, Turn
from sql.repositories.contexts import AssembledContext, ContextItem, save_context
from sql.repositories.memories import mark_memories_used
from sql.statements import Connection


def to_prompt(context: AssembledContext, *, moment: str, purpose: Literal["reply", "work"] = "reply") -> Prompt:
    """The prompt with all items of the context. `moment` is the current time of the user in words."""
    return Prompt(
        system="\n".join(item.text for item in context.of("system")),
        profile=[item.text for item in context.of("profile")],
        summary=next((item.text for item in context.of("summary")), None),
        recollections=[_to_recollection(item) for item in context.of("decision", "semantic")],
        turns=[_to_turn(item) for item in context.of("working", "user")],
        moment=moment,
        purpose=purpose,
    )


def _to_recollection(item: ContextItem) -> Recollection:
    said_at = item.said_at or datetime.fromtimestamp(0, UTC)
    return Recollection(item.kind or item.layer, str(item.source_id), said_at, item.text, item.score or 0.0)


def _to_turn(item: ContextItem) -> Turn:
    return Turn("assistant" if item.speaker == "assistant" else "user", item.text)


async def store_context(connection: Connection, user_id: str, subject_id: UUID, context: AssembledContext) -> None:
    """Store the context that an answer was made from and count the use of its memories. Call in a transaction."""
    await save_context(connection, user_id, subject_id, context)
    used = [item.source_id for item in context.items if item.kind == "memory" and item.source_id]
    if used:
        await mark_memories_used(connection, user_id, used)
