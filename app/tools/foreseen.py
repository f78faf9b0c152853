"""Says of a proposal which accepted decisions it contradicts or replaces, before a person accepts it."""

from uuid import UUID

from app.gate.checks import find_conflicts
from app.gate.statements import Statement, cited
from app.language.catalogue import StoredText, to_stored_text
from app.language.topics import topic_key
from app.tools.calls import ToolCall
from app.tools.registry.record_decision import unstated_topic
from app.tools.tool import ToolContext
from sql.repositories.decision_reads import find_decisions
from sql.repositories.projects import find_project_of_new
from sql.sentences import sentence


async def reason_with_conflicts(context: ToolContext, call: ToolCall) -> StoredText | None:
    """The reason of the proposal; when an accepted decision speaks against it, with its number and sentence.

    The arguments have been checked.
    """
    conflict = await _foreseen(context, call)
    if conflict is None or call.reason is None:
        return conflict or call.reason
    both = sentence("action.with_conflict", reason=call.reason.param, conflict=conflict.param)
    return to_stored_text(both, context.language)


async def _foreseen(context: ToolContext, call: ToolCall) -> StoredText | None:
    """What contradicts the proposal, or what it replaces."""
    given = call.arguments
    replaced = [UUID(str(each)) for each in given.get("supersedes") or []]
    rows = await find_decisions(context.connection, context.user_id, replaced) if replaced else []
    if accepted := [each for each in rows if each.status == "accepted"]:
        return to_stored_text(sentence("action.would_replace", decision=cited(accepted[0])), context.language)
    statement = _statement(call)
    if statement is None:
        return None
    project_id = await find_project_of_new(
        context.connection, context.user_id, context.project_id, context.conversation_id
    )
    conflicts = await find_conflicts(context.connection, context.user_id, project_id, statement)
    return conflicts[0].explanation if conflicts else None


def _statement(call: ToolCall) -> Statement | None:
    """What the gate compares when the proposal is accepted; None when it compares nothing."""
    given = call.arguments
    if call.tool in ("create_intent", "update_intent") and given.get("description"):
        return Statement(str(given["description"]), intent_type=str(given.get("intentType") or "task").lower())
    if call.tool != "record_decision" or not given.get("title"):
        return None
    title, chosen = str(given["title"]), given.get("chosen")
    topic = given.get("topic") or unstated_topic(title, chosen)
    return Statement(
        title,
        kind="decision",
        decision_kind=str(given.get("kind") or "choice").lower(),
        topic_key=topic_key(str(topic)),
        chosen=chosen,
        value=given.get("value"),
    )
