"""What an action changed, whether it can still be undone, and the undo itself.

The `undo` of an action is {"changes": [{"kind", "id", "before", "after"}]}: `before` is the content to restore, null
for a record that the action made; `after` is the digest of the content that the action left, null for a record that it
moved to the trash.
"""

from collections import defaultdict
from collections.abc import Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

import orjson

from app.language.catalogue import stored_text
from app.tools.tool import Change, ToolContext
from sql.errors import Conflict
from sql.repositories.actions import allow_any_transition
from sql.repositories.contents import (
    Content,
    list_contents,
    restore_decision,
    restore_intent,
    restore_memory,
    restore_specification,
)
from sql.repositories.trash import move_to_trash
from sql.repositories.trash import restore as restore_from_trash
from sql.rows import ActionRow, JsonObject
from sql.statements import Connection

SUBJECT_CHANGED = "action.subject_changed"


async def change_of(context: ToolContext, kind: str, record_id: UUID) -> Change:
    """A change of a record that the caller has locked and has not changed yet."""
    if not context.records_changes:
        return Change(kind, record_id)
    contents = await list_contents(context.connection, kind, context.user_id, [record_id])
    content = contents.get(record_id)
    return Change(kind, record_id, None if content is None else {**content.shown, **content.kept})


async def undo_of(connection: Connection, user_id: str, changes: Sequence[Change]) -> JsonObject | None:
    """The `undo` of an action that has just made these changes; None when it changed nothing."""
    contents = await _contents(connection, user_id, [(each.kind, each.id) for each in changes])
    made: list[JsonObject] = [
        {"kind": each.kind, "id": str(each.id), "before": each.before, "after": _digest(contents.get(each.id))}
        for each in changes
    ]
    return {"changes": made} if made else None


async def are_undoable(connection: Connection, user_id: str, actions: Sequence[ActionRow]) -> list[bool]:
    """Whether each action is DONE and what it changed is as the action left it."""
    changes = {action.id: _changes(action) for action in actions if action.status == "done"}
    wanted = [(each["kind"], UUID(each["id"])) for made in changes.values() for each in made]
    contents = await _contents(connection, user_id, wanted)
    return [
        bool(changes.get(action.id))
        and all(each["after"] == _digest(contents.get(UUID(each["id"]))) for each in changes[action.id])
        for action in actions
    ]


async def undo(connection: Connection, user_id: str, action: ActionRow) -> None:
    """Restore what a locked action changed, for this user. Raises Conflict when that changed since."""
    changes = _changes(action)
    if action.status != "done" or not changes:
        raise Conflict("action.not_undoable", status=action.status.upper())
    if not (await are_undoable(connection, user_id, [action]))[0]:
        raise Conflict(SUBJECT_CHANGED)
    await allow_any_transition(connection, True)
    for each in reversed(changes):
        await _restore(connection, user_id, each)
    await allow_any_transition(connection, False)


async def _restore(connection: Connection, user_id: str, change: JsonObject) -> None:
    kind, record_id, before = change["kind"], UUID(change["id"]), change["before"]
    if change["after"] is None:
        await restore_from_trash(connection, user_id, record_id)
    elif before is None:
        await move_to_trash(connection, user_id, kind, record_id, actor=user_id)
    elif kind == "intent":
        reason = stored_text("action.undone").as_reason()
        await restore_intent(connection, user_id, record_id, before, actor=user_id, **reason)
    elif kind == "decision":
        reason = stored_text("action.undone").as_reason()
        await restore_decision(connection, user_id, record_id, before, actor=user_id, **reason)
    elif kind == "memory":
        await restore_memory(connection, user_id, record_id, before)
    elif kind == "specification":
        await restore_specification(connection, user_id, record_id, before, author=user_id)
    else:
        raise ValueError(f"a record of the kind {kind} cannot be restored")


def _changes(action: ActionRow) -> list[JsonObject]:
    found: list[JsonObject] = (action.undo or {}).get("changes", [])
    return found


async def _contents(connection: Connection, user_id: str, records: Sequence[tuple[str, UUID]]) -> dict[UUID, Content]:
    by_kind = defaultdict[str, set[UUID]](set)
    for kind, record_id in records:
        by_kind[kind].add(record_id)
    found: dict[UUID, Content] = {}
    for kind, ids in by_kind.items():
        found |= await list_contents(connection, kind, user_id, list(ids))
    return found


def _digest(content: Content | None) -> str | None:
    return None if content is None else sha256(canonical(content.shown)).hexdigest()


def canonical(value: Any) -> bytes:
    """JSON whose bytes are equal for equal values."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)
