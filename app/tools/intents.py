"""What the tools of intents share."""

from uuid import UUID

from app.tools.arguments import id_in
from app.tools.outputs import brief
from app.tools.tool import Arguments, ToolContext
from sql.errors import Conflict, NotFound
from sql.repositories.intents import NO_INTENT, find_intents, lock_intent
from sql.rows import IntentRow
from sql.sentences import Sentence

EDITABLE = ("pending", "awaiting_confirmation")
ENDED = ("completed", "failed", "cancelled")


async def lock_named(context: ToolContext, arguments: Arguments) -> IntentRow:
    """The intent with the id in the arguments, locked. Raises NotFound, and Conflict for another `expectedVersion`."""
    intent = await lock_intent(context.connection, context.user_id, id_in(arguments, "id", NO_INTENT))
    expected = arguments.get("expectedVersion")
    if expected is not None and expected != intent.version:
        raise Conflict("intent.changed", version=intent.version, expected=expected)
    return intent


async def find_named(context: ToolContext, intent_id: UUID) -> IntentRow:
    rows = await find_intents(context.connection, context.user_id, [intent_id])
    if not rows:
        raise NotFound(NO_INTENT)
    return rows[0]


async def summary_of(
    context: ToolContext, arguments: Arguments, key: str, key_of_choice: str, **params: str
) -> Sentence:
    """The sentence with the description of the intent, or that of a choice while the user has to choose one."""
    if arguments.get("id") is None:
        return Sentence(key_of_choice, params)
    intent = await find_named(context, id_in(arguments, "id", NO_INTENT))
    return Sentence(key, {"description": brief(intent.description), **params})
