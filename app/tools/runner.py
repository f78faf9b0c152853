"""Performs, proposes, accepts, dismisses and undoes calls of tools, each stored as an action."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from app.clock import zone_of
from app.language.catalogue import StoredText, message_of, to_stored_text
from app.language.text import storable_json
from app.models.ports import Clock
from app.tools.agents import check_agent_may
from app.tools.arguments import check_arguments
from app.tools.calls import Caller, ToolCall
from app.tools.foreseen import reason_with_conflicts
from app.tools.registry import TOOLS
from app.tools.registry.record_decision import to_new_decision
from app.tools.tool import Arguments, OnlyProposed, Tool, ToolContext, ToolResult
from app.tools.undo import are_undoable, undo, undo_of
from resolvers.checks import Limits, checked_id
from resolvers.ports import Searcher
from sql.errors import Conflict, NotFound, ResonantError, TimedOut, Unavailable
from sql.pool import Database
from sql.repositories.accounts import find_timezone
from sql.repositories.actions import (
    NewAction,
    Outcome,
    find_action_by_call,
    insert_action,
    lock_action,
    mark_action,
    update_action,
)
from sql.repositories.conversations import is_shared
from sql.repositories.decisions import NewDecision
from sql.repositories.events import clear_cause, set_cause
from sql.repositories.nodes import NO_NODE, check_writable
from sql.rows import ActionRow, JsonObject
from sql.sentences import sentence
from sql.statements import Connection

NO_TOOL = "tool.unknown"


class ToolRunner:
    """Stateless. Implements resolvers.ports.Tools."""

    def __init__(
        self,
        database: Database,
        searcher: Searcher,
        limits: Limits,
        clock: Clock,
        *,
        timezone: str,
        tools: Mapping[str, Tool] = TOOLS,
        model_configured: Callable[[], bool] = lambda: True,
    ) -> None:
        """`timezone`: of users who have set none. Without a model, work that needs one is handed to the person."""
        self._database = database
        self._searcher = searcher
        self._limits = limits
        self._clock = clock
        self._timezone = timezone
        self._tools = tools
        self._model_configured = model_configured

    async def perform(self, connection: Connection, caller: Caller, call: ToolCall) -> ActionRow:
        """Do the call, or propose it when the call or the tool says so. Needs a transaction.

        A call id that the message has already returns the stored action and does nothing. An expected failure is a
        FAILED action; only Unavailable and TimedOut are raised, so that the caller can try again.
        """
        call = _storable(call)
        if stored := await self._stored(connection, caller, call):
            return stored
        if call.propose or call.candidates:
            return await self.propose(connection, caller, call)
        try:
            outcome = await self._perform(connection, caller, call)
        except OnlyProposed as refusal:
            return await self.propose(connection, caller, replace(call, reason=refusal.reason))
        except (Unavailable, TimedOut):
            raise
        except ResonantError as failure:
            outcome = _failed(caller, call, failure)
        return await self._insert(connection, caller, call, outcome)

    async def propose(self, connection: Connection, caller: Caller, call: ToolCall) -> ActionRow:
        """Store the call as a proposal, which a person accepts or dismisses. Idempotent as `perform`."""
        call = _storable(call)
        if stored := await self._stored(connection, caller, call):
            return stored
        try:
            tool = self._writing(call.tool)
            check_arguments(call.arguments, tool.parameters, partial=bool(call.candidates))
            context = await self._context(connection, caller, call)
            summary = await self._summary(tool, context, call.arguments)
            await _check_may_accept(context, call)
            reason = await reason_with_conflicts(context, call)
            outcome = _outcome("proposed", caller, call, summary, reason)
        except (Unavailable, TimedOut):
            raise
        except ResonantError as failure:
            outcome = _failed(caller, call, failure)
        return await self._insert(connection, caller, call, outcome)

    async def read(self, connection: Connection | None, caller: Caller, call: ToolCall) -> ToolResult:
        """The result of a tool that only reads. Without a connection it takes one while it needs it. Raises."""
        tool = self._tool(call.tool)
        if tool.writes:
            raise ValueError(f"{tool.name} writes; perform or propose it")
        call = _storable(call)
        check_arguments(call.arguments, tool.parameters)
        if connection is not None or tool.searches:
            return await tool.run(await self._context(connection, caller, call), call.arguments)
        async with self._database.connection() as taken:
            return await tool.run(await self._context(taken, caller, call), call.arguments)

    async def run(self, connection: Connection, viewer_id: str, name: str, arguments: Mapping[str, Any]) -> Any:
        """A person's own mutation: the row of the subject. Makes no action; the arguments are not JSON. Raises."""
        return (await self._tool(name).run(await self._of_person(connection, viewer_id, name), arguments)).row

    async def new_decision(self, connection: Connection, viewer_id: str, arguments: Mapping[str, Any]) -> NewDecision:
        """The decision that record_decision would insert for a person. Raises."""
        return await to_new_decision(await self._of_person(connection, viewer_id, "record_decision"), arguments)

    async def _of_person(self, connection: Connection, viewer_id: str, name: str) -> ToolContext:
        """The context of a person's own mutation."""
        now = self._clock.now().astimezone(ZoneInfo(self._timezone))
        caller = Caller(user_id=viewer_id, actor=viewer_id, now=now)
        return replace(await self._context(connection, caller, ToolCall(name), person=True), records_changes=False)

    async def accept(
        self, connection: Connection, viewer_id: str, action_id: UUID, arguments: Mapping[str, Any]
    ) -> ActionRow:
        """Do what was proposed, with these arguments in place of those of the same name. Raises; it stays proposed."""
        action = await self._proposed(connection, viewer_id, action_id)
        zone = zone_of(await find_timezone(connection, viewer_id), {}, self._timezone)
        caller = Caller(
            user_id=viewer_id,
            actor=viewer_id,
            now=self._clock.now().astimezone(zone),
            language="ja" if action.language == "ja" else "en",
            project_id=action.project_id,
            message_id=action.message_id,
        )
        merged = {**action.arguments, **storable_json(dict(arguments))}
        call = ToolCall(action.tool, merged, reason=_stored_reason(action), confidence=action.confidence)
        await set_cause(connection, action_id)
        outcome = await self._perform(connection, caller, call, person=True)
        return await update_action(connection, action_id, replace(outcome, actor=action.actor))

    async def dismiss(self, connection: Connection, viewer_id: str, action_id: UUID) -> ActionRow:
        """Dismiss a proposal. Raises Conflict when it is none."""
        action = await self._proposed(connection, viewer_id, action_id)
        return await mark_action(connection, action.id, "dismissed")

    async def undo(self, connection: Connection, viewer_id: str, action_id: UUID) -> ActionRow:
        """Restore what the action changed. Raises Conflict when it cannot be undone, or changed since."""
        action = await lock_action(connection, viewer_id, action_id)
        await set_cause(connection, action_id)
        await undo(connection, viewer_id, action)
        return await mark_action(connection, action_id, "undone")

    async def undoable(self, connection: Connection, viewer_id: str, actions: Sequence[ActionRow]) -> list[bool]:
        """Whether each of the actions can be undone now."""
        return await are_undoable(connection, viewer_id, actions)

    async def _proposed(self, connection: Connection, viewer_id: str, action_id: UUID) -> ActionRow:
        action = await lock_action(connection, viewer_id, action_id)
        if action.status != "proposed":
            raise Conflict("action.not_proposed", status=action.status.upper())
        return action

    async def _stored(self, connection: Connection, caller: Caller, call: ToolCall) -> ActionRow | None:
        if caller.message_id is None or call.call_id is None:
            return None
        return await find_action_by_call(connection, caller.user_id, caller.message_id, call.call_id)

    async def _perform(
        self, connection: Connection, caller: Caller, call: ToolCall, *, person: bool = False
    ) -> Outcome:
        """The outcome of a call that was done. Everything is rolled back on a failure."""
        tool = self._writing(call.tool)
        check_arguments(call.arguments, tool.parameters)
        context = await self._context(connection, caller, call, person=person)
        async with connection.transaction():
            if caller.message_id is not None and not person:
                await set_cause(connection, caller.message_id)
            summary = await self._summary(tool, context, call.arguments)
            if context.agent:
                await check_agent_may(context, call)
            result = await tool.run(context, call.arguments)
            made = await undo_of(connection, caller.user_id, result.changes)
            if not person:
                await clear_cause(connection)
        return replace(
            _outcome("done", caller, call, result.summary or summary, call.reason),
            subject_kind=result.subject_kind,
            subject_id=result.subject_id,
            undo=made,
        )

    async def _insert(self, connection: Connection, caller: Caller, call: ToolCall, outcome: Outcome) -> ActionRow:
        new = NewAction(
            user_id=caller.user_id,
            message_id=caller.message_id,
            tool=call.tool,
            outcome=outcome,
            project_id=caller.project_id,
            confidence=call.confidence,
            candidates=call.candidates,
            language=caller.language,
            call_id=call.call_id,
        )
        return await insert_action(connection, new)

    async def _summary(self, tool: Tool, context: ToolContext, arguments: Arguments) -> StoredText:
        if tool.summary is None:
            raise ValueError(f"{tool.name} has no summary")
        return to_stored_text(await tool.summary(context, arguments), context.language)

    def _tool(self, name: str) -> Tool:
        tool = self._tools.get(name)
        if tool is None:
            raise NotFound(NO_TOOL, name=name[:80], tools=sorted(self._tools))
        return tool

    def _writing(self, name: str) -> Tool:
        tool = self._tool(name)
        if not tool.writes:
            raise ValueError(f"{name} only reads; call `read`")
        return tool

    async def _context(
        self, connection: Connection | None, caller: Caller, call: ToolCall, *, person: bool = False
    ) -> ToolContext:
        given: Any = connection  # a tool that searches needs none
        return ToolContext(
            connection=given,
            user_id=caller.user_id,
            actor=caller.actor,
            now=caller.now,
            limits=self._limits,
            searcher=self._searcher,
            project_id=caller.project_id,
            conversation_id=caller.conversation_id,
            message_id=caller.message_id,
            language=caller.language,
            said_by_user=caller.said_by_user,
            agent=caller.agent,
            person=person,
            reason=call.reason,
            confidence=call.confidence,
            model_configured=self._model_configured(),
            shared=await self._is_shared(connection, caller.conversation_id),
        )

    async def _is_shared(self, connection: Connection | None, conversation_id: UUID | None) -> bool:
        if conversation_id is None:
            return False
        if connection is not None:
            return await is_shared(connection, conversation_id)
        async with self._database.connection() as taken:
            return await is_shared(taken, conversation_id)


async def _check_may_accept(context: ToolContext, call: ToolCall) -> None:
    """Raises Forbidden for a reader of the project of the records: nothing is proposed that they could not accept."""
    for each in filter(None, [call.arguments.get("id"), *(call.arguments.get("supersedes") or [])]):
        await check_writable(context.connection, context.user_id, checked_id(str(each), NO_NODE), NO_NODE)


def result_of(action: ActionRow) -> JsonObject:
    """What a model gets as the result of an action; the same after a crash as at first."""
    result: JsonObject = {"status": action.status, "summary": action.summary}
    if action.subject_id is not None:
        result |= {"kind": action.subject_kind, "id": str(action.subject_id)}
    if action.reason is not None:
        result["reason"] = action.reason
    return result


def _storable(call: ToolCall) -> ToolCall:
    """The call with arguments that can be stored, also as those of a failed action."""
    return replace(call, arguments=storable_json(dict(call.arguments)))


def _stored_reason(action: ActionRow) -> StoredText | None:
    if action.reason is None:
        return None
    return StoredText(action.reason, action.reason_key, action.reason_params)


def _outcome(status: str, caller: Caller, call: ToolCall, summary: StoredText, reason: StoredText | None) -> Outcome:
    return Outcome(
        status=status,
        arguments=dict(call.arguments),
        summary=summary.text,
        key=summary.key,
        params=summary.params,
        actor=caller.actor,
        reason=None if reason is None else reason.text,
        reason_key=None if reason is None else reason.key,
        reason_params=None if reason is None else reason.params,
    )


def _failed(caller: Caller, call: ToolCall, failure: ResonantError) -> Outcome:
    """The outcome of a call that failed, with the failure as its reason."""
    name = f"tool.{call.tool}" if call.tool in TOOLS else NO_TOOL
    summary = to_stored_text(sentence(name, name=call.tool[:80], tools=sorted(TOOLS)), caller.language)
    reason = StoredText(message_of(failure, caller.language), failure.key, dict(failure.params))
    return _outcome("failed", caller, call, summary, reason)
