"""The conversation as a model is shown it."""

from uuid import UUID

from app.models.ports import Turn
from sql.rows import MessageRow

MAX_TURNS = 40
MAX_TURN_CHARACTERS = 60_000


def up_to(asked: UUID, rows: list[MessageRow]) -> list[MessageRow]:
    """The rows up to the message that was asked; none when it is not among them, because it was deleted."""
    for place, row in enumerate(rows):
        if row.id == asked:
            return rows[: place + 1]
    return []


def to_turns(rows: list[MessageRow]) -> list[Turn]:
    """The latest turns that fit into 60,000 characters, oldest first; the last is always there."""
    turns: list[Turn] = []
    room = MAX_TURN_CHARACTERS
    for row in reversed(rows):
        room -= len(row.content)
        if turns and room < 0:
            break
        turns.append(Turn("assistant" if row.message_type in ("kana", "yuno") else "user", row.content))
    return turns[::-1]
