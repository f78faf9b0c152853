"""Finds the statements that an action of the same message has recorded already, perhaps in other words."""

from collections.abc import Sequence

from app.memory.extraction.statements import shared_words
from sql.repositories.memories import NewMemory
from sql.rows import ActionRow

RECORDING = {"remember": ("content",), "record_decision": ("title", "topic", "value", "rationale")}
SAME_SUBJECT = 0.6  # the least part of the words that a statement and its record share


def recorded_by(found: Sequence[NewMemory], actions: Sequence[ActionRow]) -> dict[int, ActionRow]:
    """The action by the place of the statement that it has recorded. One action records one statement.

    Includes what was undone, dismissed or is only proposed: the person decides about it.
    """
    recorded: dict[int, ActionRow] = {}
    for action in actions:
        if action.tool not in RECORDING or action.status == "failed":
            continue
        text = " ".join(str(action.arguments.get(name) or "") for name in RECORDING[action.tool])
        left = {place: _likeness(memory, action, text) for place, memory in enumerate(found) if place not in recorded}
        place = max(left, key=lambda each: left[each], default=None)
        if place is not None and left[place] >= SAME_SUBJECT:
            recorded[place] = action
    return recorded


def _likeness(memory: NewMemory, action: ActionRow, text: str) -> float:
    """How probably the action has recorded the statement; the title of a decision may have none of its words."""
    is_decision = action.tool == "record_decision" and "decision" in memory.tags
    return shared_words(memory.content, text) + (SAME_SUBJECT if is_decision else 0.0)
