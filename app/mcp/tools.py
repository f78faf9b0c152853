"""Calls of tools by agents, through the runner that the assistant uses: each call that writes is an action."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from app.clock import zone_of
from app.deferred_imports import imported
from app.graphql.limits.policy import Price
from app.live.bus.bus import Bus
from app.mcp.agent import Agent
from app.mcp.declarations import (
    CHECK,
    LONGEST_WAIT,
    OVERLAPS,
    PROPOSE,
    PROPOSING,
    RECORD_STATUS,
    WAIT,
    WAITING,
    is_listed,
)
from app.mcp.overlaps import UNFINISHED, list_work_on, tell_overlaps
from app.models.ports import Clock
from app.text_process import TextWork
from app.tools.arguments import check_arguments
from app.tools.calls import Caller, ToolCall
from app.tools.paths import PATHS, checked_paths
from app.tools.registry import TOOLS
from app.tools.runner import ToolRunner
from sql.errors import BadUserInput, Forbidden, NotFound, ResonantError, TimedOut
from sql.pool import Database, current_user
from sql.repositories.accounts import find_timezone
from sql.repositories.intent_lists import IntentFilter
from sql.repositories.nodes import NO_NODE
from sql.repositories.projects import find_project_of_new
from sql.rows import ActionRow, JsonObject
from sql.statements import Connection

POINTS = Price(10)
PRICES = {"search": Price(20, 20), PROPOSE: Price(200)}
OPEN = ("PROPOSED", "AWAITING_CONFIRMATION", "PENDING", "PROCESSING")
POLL_SECONDS = 0.5
REGISTERING = frozenset({"create_intent", "start_intent"})
"""Calls after which the work is compared; so is work that gets other paths."""
ACROSS_PROJECTS = frozenset({"trace", "preview_reversal"})
Charge = Callable[[str, Price], Awaitable[None]]
"""Takes points from the budget of a user. Raises RateLimited."""


class CallFailed(ResonantError):
    """The call was made and failed; the failure is stored as an action."""

    code = "FAILED"
    key = "tool.failed"


class AgentTools:
    """The tools, for the agent that calls them."""

    def __init__(
        self,
        database: Database,
        bus: Bus,
        runner: ToolRunner,
        clock: Clock,
        charge: Charge,
        work: TextWork,
        stopping: asyncio.Event,
        *,
        timezone: str,
        timeout: float,
    ) -> None:
        """`work` reads long messages. `timezone`: of users who have set none. `timeout`: seconds for one call."""
        self._database = database
        self._bus = bus
        self._runner = runner
        self._clock = clock
        self._charge = charge
        self._work = work
        self._stopping = stopping
        self._timezone = timezone
        self._timeout = timeout

    async def call(self, agent: Agent, name: str, arguments: Mapping[str, Any]) -> JsonObject:
        """The structured content of the result. Raises ResonantError."""
        current_user.set(agent.viewer.id)
        await self._charge(agent.viewer.id, PRICES.get(name, POINTS))
        if agent.bound:
            await self._check_project(agent, name, arguments)
        if name == WAIT:
            return await self._wait(agent, arguments)
        try:
            async with asyncio.timeout(self._timeout):
                if name == CHECK:
                    return await self._check(agent, arguments)
                if name == PROPOSE:
                    return {"items": await self._propose(agent, arguments)}
                if not TOOLS[name].writes:
                    output = await self.read(agent, name, arguments)
                    return {"items": output} if is_listed(TOOLS[name]) else dict(output)
                action = await self._write(agent, ToolCall(name, arguments))
        except TimeoutError:
            raise TimedOut("request.timeout", seconds=self._timeout) from None
        return await self._with_details(agent, action)

    async def _check_project(self, agent: Agent, name: str, arguments: Mapping[str, Any]) -> None:
        """Raises Forbidden when the token of one project names a record of another, or asks across projects.

        Raises BadUserInput for arguments of a wrong type.
        """
        if name in TOOLS:
            check_arguments(arguments, TOOLS[name].parameters)
        if name in ACROSS_PROJECTS or arguments.get("projectId") or arguments.get("conversationId"):
            raise Forbidden("token.other_project")
        named = [arguments.get("id"), *(arguments.get("supersedes") or []), *(arguments.get("sourceIds") or [])]
        async with self._database.connection() as connection:
            caller = await self._caller(connection, agent)
        for each in filter(None, named):
            record = (await self._runner.read(None, caller, ToolCall("get_record", {"id": each}))).row
            if record.project_id not in (None, agent.project_id):  # memories about the person have none
                raise NotFound(NO_NODE)

    async def read(self, agent: Agent, name: str, arguments: Mapping[str, Any]) -> Any:
        """The output of a tool that reads. Raises ResonantError."""
        async with self._database.connection() as connection:
            caller = await self._caller(connection, agent)
        return (await self._runner.read(None, caller, ToolCall(name, arguments))).output

    async def _check(self, agent: Agent, arguments: Mapping[str, Any]) -> JsonObject:
        """The decisions that a plan contradicts, and the work of other agents on its paths."""
        given = dict(arguments)
        paths = checked_paths(given.pop(PATHS, None) or [])
        found: JsonObject = {"items": await self.read(agent, CHECK, given)}
        if paths:
            async with self._database.connection() as connection:
                project_id = await find_project_of_new(connection, agent.viewer.id, agent.project_id, None)
            within, now = IntentFilter(statuses=UNFINISHED, project_id=project_id), self._clock.now()
            overlaps = await list_work_on(self._database, agent.viewer.id, within, paths, agent.actor, now)
            found[OVERLAPS] = [each.to_json() for each in overlaps]
        return found

    async def _propose(self, agent: Agent, arguments: Mapping[str, Any]) -> list[JsonObject]:
        """The proposals that are new."""
        check_arguments(arguments, PROPOSING["inputSchema"])
        if agent.viewer.role == "viewer":
            raise Forbidden("forbidden.read_only")
        conversation = await imported("app.mcp.conversation")
        async with self._database.transaction() as connection:
            caller = await self._caller(connection, agent)
            calls = await conversation.calls_in(connection, caller, arguments["messages"], self._work)
            actions = [await self._runner.propose(connection, caller, each) for each in calls]
        self._bus.announce(agent.viewer.id)
        return [_result(each) for each in actions]

    async def _write(self, agent: Agent, call: ToolCall) -> ActionRow:
        if agent.viewer.role == "viewer":
            raise Forbidden("forbidden.read_only")
        async with self._database.transaction() as connection:
            action = await self._runner.perform(connection, await self._caller(connection, agent), call)
        self._bus.announce(agent.viewer.id)
        if action.status == "failed":
            raise CallFailed(reason=action.reason or "")
        return action

    async def _with_details(self, agent: Agent, action: ActionRow) -> JsonObject:
        """The result, with the status of a decision, or the work that overlaps what was just registered or started."""
        if action.tool == "record_decision" and action.status == "done":
            record = await self.read(agent, "get_record", {"id": str(action.subject_id)})
            return {**_result(action), RECORD_STATUS: record["status"]}
        compared = action.tool in REGISTERING or PATHS in action.arguments
        if not compared or action.status != "done" or action.subject_id is None:
            return _result(action)
        overlaps = await tell_overlaps(self._database, self._work, agent, action.subject_id, self._clock.now())
        if overlaps:
            self._bus.announce(agent.viewer.id)
        return {**_result(action), **({OVERLAPS: [each.to_json() for each in overlaps]} if overlaps else {})}

    async def _wait(self, agent: Agent, arguments: Mapping[str, Any]) -> JsonObject:
        """The record as soon as it is no longer open, or as it is when the time is up or this process stops."""
        check_arguments(arguments, WAITING["inputSchema"])
        now = asyncio.get_running_loop().time
        deadline = now() + (arguments.get("seconds") or LONGEST_WAIT)
        while True:
            record = await self._awaited(agent, arguments["id"])
            if "status" not in record:
                raise BadUserInput("tool.nothing_to_wait_for", kind=record["kind"])
            remaining = deadline - now()
            if record["status"] not in OPEN or remaining <= 0 or self._stopping.is_set():
                return record
            await asyncio.sleep(min(POLL_SECONDS, remaining))

    async def _awaited(self, agent: Agent, record_id: str) -> JsonObject:
        """The record; for the handle of a call that recorded a decision the decision, which a person has to accept."""
        record: JsonObject = await self.read(agent, "get_record", {"id": record_id})
        if record.get("tool") == "record_decision" and record["status"] == "DONE":
            record = await self.read(agent, "get_record", {"id": record["subjectId"]})
        return record

    async def _caller(self, connection: Connection, agent: Agent) -> Caller:
        zone = zone_of(await find_timezone(connection, agent.viewer.id), {}, self._timezone)
        return Caller(
            user_id=agent.viewer.id,
            actor=agent.actor,
            now=self._clock.now().astimezone(zone),
            language=agent.language,
            project_id=agent.project_id,
            agent=True,
        )


def _result(action: ActionRow) -> JsonObject:
    """The action as declarations.ACTION describes it."""
    return {
        "action": str(action.id),
        "status": action.status.upper(),
        "summary": action.summary,
        "kind": action.subject_kind,
        "id": None if action.subject_id is None else str(action.subject_id),
        "reason": action.reason,
    }
