"""What a coding agent may do itself: record what is new, and change what it recorded. All else it only proposes.

What an agent read, a page or a file of a repository, may tell it to act for the person. So its calls never have the
authority of a person, whatever they say.
"""

from uuid import UUID

from app.language.catalogue import stored_text
from app.tools.arguments import id_in
from app.tools.calls import ToolCall
from app.tools.tool import OnlyProposed, ToolContext
from sql.errors import NotFound
from sql.repositories.intents import NO_INTENT, find_intents
from sql.repositories.specifications import NO_SPECIFICATION, find_specifications
from sql.rows import IntentRow

AGENT = "agent"
"""The entry of an intent's metadata that names the agent that recorded it."""
OF_INTENTS = frozenset({"update_intent", "start_intent", "complete_intent", "cancel_intent", "reopen_intent"})
NEW = frozenset({"create_intent", "remember", "record_decision"})  # record_decision itself proposes a replacement


async def check_agent_may(context: ToolContext, call: ToolCall) -> None:
    """Raises OnlyProposed when only a person may do this."""
    if call.tool in NEW:
        return
    if call.tool == "write_specification" and await _is_draft(context, call):
        return
    if call.tool in OF_INTENTS and await _recorded_by(context, call):
        return
    raise OnlyProposed(stored_text("action.agent_proposes"))


async def _is_draft(context: ToolContext, call: ToolCall) -> bool:
    """Whether it writes a new specification, or a revision of one that no person has put under review."""
    if call.arguments.get("id") is None:
        return True
    wanted = id_in(call.arguments, "id", NO_SPECIFICATION)
    rows = await find_specifications(context.connection, context.user_id, [wanted])
    if not rows:
        raise NotFound(NO_SPECIFICATION)
    return rows[0].status == "draft"


async def _recorded_by(context: ToolContext, call: ToolCall) -> bool:
    """Whether the same agent of the same user recorded the intent, and it does not wait for a person's answer."""
    wanted: UUID = id_in(call.arguments, "id", NO_INTENT)
    rows = await find_intents(context.connection, context.user_id, [wanted])
    if not rows:
        raise NotFound(NO_INTENT)
    return _is_own(rows[0], context) and rows[0].status != "awaiting_confirmation"


def _is_own(intent: IntentRow, context: ToolContext) -> bool:
    """Agents of other members may have the same name."""
    return intent.user_id == context.user_id and intent.metadata.get(AGENT) == context.actor
