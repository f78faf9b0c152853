"""set_decision_status: rejects, withdraws or reopens a decision; only a person accepts one."""

from app.language.catalogue import stored_text
from app.tools.arguments import enum_in, id_in
from app.tools.outputs import brief, decision_output
from app.tools.tool import Arguments, ForAgents, OnlyProposed, Tool, ToolContext, ToolResult, id_of, parameters, text
from app.tools.undo import change_of
from resolvers.checks import checked_line
from resolvers.decision_checks import MAX_TEXT
from sql.errors import BadUserInput
from sql.repositories.contradictions import count_open_contradictions_of_decision
from sql.repositories.decision_reads import NO_DECISION, get_decision, lock_with_project
from sql.repositories.decisions import set_decision_status
from sql.repositories.replacements import Replacement, find_replacement, undo_replacement
from sql.sentences import Sentence

STATUSES = ["ACCEPTED", "REJECTED", "WITHDRAWN", "PROPOSED"]
# For the decision that is named, and for several of which the user has to choose one.
SUMMARIES = {
    "accepted": ("action.accept_decision", "action.accept_decision.one_of"),
    "rejected": ("action.reject_decision", "action.reject_decision.one_of"),
    "withdrawn": ("action.withdraw_decision", "action.withdraw_decision.one_of"),
    "proposed": ("action.reopen_decision", "action.reopen_decision.one_of"),
}


async def run(context: ToolContext, arguments: Arguments) -> ToolResult:
    status = enum_in(arguments, "status") or ""
    reason = checked_line(arguments["reason"], "reason", MAX_TEXT)
    if status == "superseded":
        raise BadUserInput("decision.supersede_by_recording")
    decision_id = id_in(arguments, "id", NO_DECISION)
    if not context.person and (status == "accepted" or not context.said_by_user):
        raise OnlyProposed(stored_text("action.person_decides"))
    if status == "accepted" and (
        replacement := await find_replacement(context.connection, context.user_id, decision_id)
    ):
        return await _restore(context, replacement, reason)
    await lock_with_project(context.connection, context.user_id, decision_id)
    if not context.person and await count_open_contradictions_of_decision(context.connection, decision_id):
        raise OnlyProposed(stored_text("action.person_answers"))
    change = await change_of(context, "decision", decision_id)
    row = await set_decision_status(
        context.connection, context.user_id, decision_id, status, actor=context.actor, reason=reason
    )
    return ToolResult("decision", row.id, decision_output(context, row), row, [change])


async def _restore(context: ToolContext, replacement: Replacement, reason: str) -> ToolResult:
    """Accept a superseded decision and withdraw the one that superseded it."""
    intent = [await change_of(context, "intent", replacement.intent.id)] if replacement.intent else []
    # An undo goes backwards: at most one decision of a topic is accepted at any time.
    new = await change_of(context, "decision", replacement.new.id)
    old = await change_of(context, "decision", replacement.old.id)
    row = await undo_replacement(context.connection, context.user_id, replacement, actor=context.actor, reason=reason)
    return ToolResult("decision", row.id, decision_output(context, row), row, [*intent, new, old])


async def summary(context: ToolContext, arguments: Arguments) -> Sentence:
    key, key_of_choice = SUMMARIES[enum_in(arguments, "status") or "proposed"]
    if arguments.get("id") is None:
        return Sentence(key_of_choice)
    row = await get_decision(context.connection, context.user_id, id_in(arguments, "id", NO_DECISION))
    return Sentence(key, {"number": str(row.number), "title": brief(row.title)})


TOOL = Tool(
    name="set_decision_status",
    description={
        "en": "Reject, withdraw or reopen a decision because the user said so. Accepting one is only proposed. To "
        "revise a decision, record the new one with `supersedes`.",
        "ja": "利用者の発言に基づいて、決定を却下・撤回・再検討にします。承認は提案だけになります。"
        "決定を改めるときは、`supersedes`を指定して新しい決定を記録します。",
    },
    parameters=parameters(
        ["id", "status", "reason"],
        id=id_of("The id of the decision."),
        status={"type": "string", "enum": STATUSES, "description": "The new status; PROPOSED reopens it."},
        reason=text("Why, in the user's words."),
    ),
    run=run,
    summary=summary,
    writes=True,
    for_agents=ForAgents("Propose another status of a decision."),
    destructive=True,
    idempotent=True,
)
