"""Random sequences of tools and undos leave the record as if the undone ones had never happened."""

import re
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.tools.calls import ToolCall
from sql.repositories.accounts import ensure_owner
from sql.repositories.contents import list_contents
from sql.rows import ActionRow, JsonObject
from tests.tools.conftest import Toolbox

KINDS = ("intent", "memory", "specification", "decision")
CREATING = ("create_intent", "remember", "write_specification", "record_decision")
CHANGING = (
    "update_intent",
    "hand_over",
    "start",
    "complete",
    "cancel_intent",
    "forget",
    "revise",
    "supersede",
    "withdraw",
)
SUBJECT = {
    "update_intent": "intent", "hand_over": "intent", "start": "intent", "complete": "intent",
    "cancel_intent": "intent",
    "forget": "memory", "revise": "specification", "supersede": "decision", "withdraw": "decision",
}  # fmt: skip
WHOSE = ("ASSISTANT", "PERSON")
UUIDS = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}")
Step = tuple[str, int]
steps = st.lists(st.tuples(st.sampled_from([*CREATING, *CHANGING, "undo", "undo"]), st.integers(0, 5)), max_size=9)


@dataclass
class Walk:
    """Steps of one user, with the actions that were done and the records that they made, in this order."""

    toolbox: Toolbox
    done: list[tuple[ToolCall, ActionRow]] = field(default_factory=list)
    made: list[tuple[str, UUID]] = field(default_factory=list)

    @property
    def user(self) -> str:
        return self.toolbox.caller.user_id

    async def perform(self, call: ToolCall) -> None:
        action = await self.toolbox.call(call)
        if action.status != "done":
            return
        self.done.append((call, action))
        subject = (action.subject_kind or "", action.subject_id)
        if subject[1] is not None and subject not in self.made:
            self.made.append((subject[0], subject[1]))

    async def undo(self, number: int) -> None:
        async with self.toolbox.database.transaction() as connection:
            actions = [action for _, action in self.done]
            able = await self.toolbox.runner.undoable(connection, self.user, actions)
            candidates = [index for index, can in enumerate(able) if can]
            if candidates:
                index = candidates[number % len(candidates)]
                await self.toolbox.runner.undo(connection, self.user, self.done.pop(index)[1].id)

    async def record(self) -> list[JsonObject]:
        """The contents of the records, in the order of their creation, with places instead of ids."""
        places = {str(each): f"#{place}" for place, (_, each) in enumerate(self.made)}
        found: list[JsonObject] = []
        async with self.toolbox.database.connection() as connection:
            for kind in KINDS:
                ids = [each for made, each in self.made if made == kind]
                contents = await list_contents(connection, kind, self.user, ids)
                shown = [contents[each].shown for each in ids if each in contents]
                found += [_without_ids(each, places | {self.user: "user"}) for each in shown]
        return found


def _without_ids(content: JsonObject, places: dict[str, str]) -> JsonObject:
    return {
        name: places.get(value, "-" if UUIDS.fullmatch(value) else value) if isinstance(value, str) else value
        for name, value in content.items()
    }


def _call(tool: str, number: int, place: int, subjects: list[UUID]) -> ToolCall | None:
    """The call of a step; None when there is nothing to change."""
    text = f"text {place}"
    target = str(subjects[number % len(subjects)]) if subjects else ""
    calls: dict[str, tuple[str, dict[str, Any]]] = {
        "create_intent": ("create_intent", {"description": text, "priority": number, "assignee": WHOSE[number % 2]}),
        "remember": ("remember", {"content": text}),
        "write_specification": ("write_specification", {"title": text, "content": text}),
        "record_decision": ("record_decision", {"title": text, "kind": "RULE", "topic": text}),
        "update_intent": ("update_intent", {"id": target, "description": text, "priority": number}),
        "hand_over": ("update_intent", {"id": target, "assignee": WHOSE[number % 2], "labels": [text]}),
        "start": ("start_intent", {"id": target}),
        "complete": ("complete_intent", {"id": target, "note": text}),
        "cancel_intent": ("cancel_intent", {"id": target}),
        "forget": ("forget", {"id": target}),
        "revise": ("write_specification", {"id": target, "content": text, "tags": [text]}),
        "supersede": ("record_decision", {"title": text, "kind": "RULE", "topic": text, "supersedes": [target]}),
        "withdraw": ("set_decision_status", {"id": target, "status": "WITHDRAWN", "reason": text}),
    }
    name, arguments = calls[tool]
    return ToolCall(name, arguments) if target or tool in CREATING else None


async def _walk(walk: Walk, chosen: list[Step]) -> None:
    for place, (tool, number) in enumerate(chosen):
        if tool == "undo":
            await walk.undo(number)
            continue
        subjects = [each for kind, each in walk.made if kind == SUBJECT.get(tool)]
        if call := _call(tool, number, place, subjects):
            await walk.perform(call)


async def _replay(walk: Walk, other: Walk) -> None:
    """Do what was not undone for another user, whose records have other ids."""
    for call, action in walk.done:
        ids = {str(mine): str(theirs) for (_, mine), (_, theirs) in zip(_kept(walk), other.made, strict=False)}
        arguments = {
            name: [ids.get(each, each) for each in value] if name == "supersedes" else ids.get(str(value), value)
            for name, value in call.arguments.items()
        }
        assert action.status == "done"
        await other.perform(replace(call, arguments=arguments))


def _kept(walk: Walk) -> list[tuple[str, UUID]]:
    """The records that an action that was not undone has made, in this order."""
    kept = dict.fromkeys((action.subject_kind or "", action.subject_id) for _, action in walk.done)
    return [(kind, each) for kind, each in kept if each is not None]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps)
async def test_undone_actions_leave_no_trace_in_the_record(toolbox: Toolbox, chosen: list[Step]) -> None:
    walks = []
    for _ in range(2):
        async with toolbox.database.transaction() as connection:
            count = await connection.fetchval("SELECT count(*) FROM users")
            user = (await ensure_owner(connection, f"user{count}", "x")).id
        caller = replace(toolbox.caller, user_id=user, message_id=None, said_by_user="やっぱり")
        walks.append(Walk(replace(toolbox, caller=caller)))
    walk, other = walks
    await _walk(walk, chosen)
    await _replay(walk, other)
    walk.made = _kept(walk)
    assert await walk.record() == await other.record()
