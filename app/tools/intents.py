"""What the tools of intents share."""

from datetime import datetime
from uuid import UUID

from app.tools.arguments import id_in
from app.tools.outputs import brief
from app.tools.tool import Arguments, ToolContext
from sql.errors import BadUserInput, Conflict, NotFound
from sql.recurrence import checked_recurrence
from sql.repositories.intents import NO_INTENT, find_intents, lock_intent
from sql.rows import IntentRow
from sql.sentences import Sentence

ENDED = ("completed", "failed", "cancelled")


async def lock_named(context: ToolContext, arguments: Arguments) -> IntentRow:
    """The intent with the id in the arguments, locked. Raises NotFound, and Conflict for another `expectedVersion`."""
    intent = await lock_intent(context.connection, context.user_id, id_in(arguments, "id", NO_INTENT))
    expected = arguments.get("expectedVersion")
    if expected is not None and expected != intent.version:
        raise Conflict("intent.changed", version=intent.version, expected=expected)
    return intent


def assignee_id_in(context: ToolContext, arguments: Arguments, assignee: str) -> str | None:
    """The user whose work it is; the repository checks that they are a member of the project."""
    given = arguments.get("assigneeId")
    if given is None:
        return None
    if assignee != "person":
        raise BadUserInput("intent.assignee_id_of_assistant")
    if not isinstance(given, str) or not given.isprintable():  # PostgreSQL refuses some of the others
        raise BadUserInput("intent.assignee_not_found")
    return given


def checked_repetition(rule: str | None, due_at: datetime | None) -> str | None:
    """The rule of an intent that is due at this time. Raises BadUserInput."""
    if rule is None:
        return None
    if due_at is None:
        raise BadUserInput("intent.recurrence_needs_due_at")
    return checked_recurrence(rule)


async def find_named(context: ToolContext, intent_id: UUID) -> IntentRow:
    rows = await find_intents(context.connection, context.user_id, [intent_id])
    if not rows:
        raise NotFound(NO_INTENT)
    return rows[0]


async def summary_of(
    context: ToolContext, arguments: Arguments, key: str, key_of_choice: str, **params: str | list[str]
) -> Sentence:
    """The sentence with the description of the intent, or that of a choice while the user has to choose one."""
    if arguments.get("id") is None:
        return Sentence(key_of_choice, params)
    intent = await find_named(context, id_in(arguments, "id", NO_INTENT))
    return Sentence(key, {"description": brief(intent.description), **params})
