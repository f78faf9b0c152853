"""Dialogues with the scripted Messages API: what a reply does, says and how it ends, from dialogues.json.

A dialogue has the message (`said`), the answers of the model (text, calls of tools, faults), and the expected actions,
text and status. "$name" in the arguments of a call is the id of a record that exists before: of an intent in `intents`,
or made by the call of a tool in `records`. `steps` happen while the reply is written, each when the model has been
asked `asked` times, or when the reply contains `text` or has `status`. `told` must be in the last request, and `asked`
is the number of all requests. `settings` are those of the bridge, `model` is that of the conversation.
"""

import json
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson

from app.tools.calls import Caller, ToolCall
from sql.repositories.messages import mark_reply_continued, mark_reply_stopped
from tests.fakes.messages_api import MessagesApi
from tests.workers.acting.scripts import to_scripted, with_ids
from tests.workers.conftest import Workshop

FAR = datetime(2099, 1, 1, tzinfo=UTC)
FILE = Path(__file__).with_name("dialogues.json")
DIALOGUES: list[dict[str, Any]] = json.loads(FILE.read_text("utf-8"))
MARKS: dict[str, Any] = {"stop": mark_reply_stopped, "continue": mark_reply_continued}
LOST = "UPDATE messages SET lease_until = '2000-01-01' WHERE id = $1 AND claimed_by IS NOT NULL"
ENDED = ("complete", "failed", "stopped")


@dataclass
class Stage:
    """A workshop with a bridge that can be replaced by another one."""

    workshop: Workshop
    api: MessagesApi
    bridge: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def start(self, **settings: Any) -> None:
        services = self.workshop.services
        changed = replace(services, settings=services.settings.model_copy(update=settings))
        await self.bridge.aclose()
        self.bridge = AsyncExitStack()
        await self.bridge.enter_async_context(replace(self.workshop, services=changed).bridge("message"))

    async def records_of(self, dialogue: dict[str, Any]) -> dict[str, UUID]:
        ids = {
            name: await self.workshop.insert_intent(text, intent_type="reminder", next_attempt_at=FAR, due_at=FAR)
            for name, text in dialogue.get("intents", {}).items()
        }
        caller = Caller("ann", "test", datetime.now(UTC), said_by_user="instead")
        for name, (tool, given) in dialogue.get("records", {}).items():
            async with self.workshop.services.database.transaction() as connection:
                call = ToolCall(tool, with_ids(given, ids))
                action = await self.workshop.services.tools().perform(connection, caller, call)
            assert action.subject_id is not None, action
            ids[name] = action.subject_id
        return ids

    async def step(self, reply: UUID, step: dict[str, Any]) -> UUID:
        """The reply after the step: another version of it when it is written again."""

        async def reached() -> bool:
            row = await self.workshop.row("messages", reply)
            return (
                len(self.api.requests) >= step.get("asked", 0)
                and step.get("text", "") in row["content"]
                and row["status"] == step.get("status", row["status"])
            )

        await self.workshop.until(reached)
        match step["do"]:
            case "restart":
                await self.start()
            case "lose":
                await self.workshop.pool.execute(LOST, reply)
            case "regenerate":
                return await self.workshop.regenerate(reply)
            case mark:
                async with self.workshop.services.database.transaction() as connection:
                    await MARKS[mark](connection, "ann", reply)
                self.workshop.services.bus.announce("ann")
        return reply

    async def play(self, dialogue: dict[str, Any]) -> dict[str, Any]:
        """What the reply did, said and how it ended."""
        self.api.reset()
        self.api.requests.clear()
        self.api.refuses = set(dialogue.get("refuses", ()))
        if "settings" in dialogue:
            await self.start(**dialogue["settings"])
        ids = await self.records_of(dialogue)
        self.api.script(*(to_scripted(answer, ids) for answer in dialogue["answers"]))
        reply = await self.workshop.say(dialogue["said"], model=dialogue.get("model"))
        for step in dialogue.get("steps", ()):
            reply = await self.step(reply, step)
        row = await self.workshop.until(lambda: self._ended(reply))
        actions = await self.workshop.pool.fetch(
            "SELECT tool, status FROM actions WHERE message_id = $1 ORDER BY id", row["reply_to"]
        )
        if "settings" in dialogue:
            await self.start()
        return {
            "actions": [[action["tool"], action["status"]] for action in actions],
            "reply": row["content"],
            "status": row["status"],
            "key": row["error_key"],
            "asked": len(self.api.requests),
            "left": self.api.left,
        }

    async def _ended(self, reply: UUID) -> Any:
        row = await self.workshop.row("messages", reply)
        return row if row["status"] in ENDED and row["claimed_by"] is None else None

    async def problems_of(self, dialogue: dict[str, Any]) -> list[str]:
        """What differs from the expectation."""
        try:
            found = await self.play(dialogue)
        except TimeoutError:
            return [f"it does not end after {len(self.api.requests)} requests"]
        wanted = {"actions": [], "status": "complete", "key": None, "left": 0} | {
            n: dialogue[n] for n in found if n in dialogue
        }
        problems = [f"{name}: {found[name]!r}, not {value!r}" for name, value in wanted.items() if found[name] != value]
        told = orjson.dumps(self.api.requests[-1]).decode()
        return problems + [f"not told: {each}" for each in dialogue.get("told", ()) if each not in told]


@asynccontextmanager
async def open_stage(workshop: Workshop, api: MessagesApi) -> AsyncIterator[Stage]:
    stage = Stage(workshop, api)
    await stage.start()
    try:
        yield stage
    finally:
        await stage.bridge.aclose()


async def test_each_dialogue_has_its_actions_its_text_and_its_end(workshop: Workshop, api: MessagesApi) -> None:
    wrong: list[str] = []
    async with open_stage(workshop, api) as stage:
        for dialogue in DIALOGUES:
            wrong += [f"{dialogue['name']}: {each}" for each in await stage.problems_of(dialogue)]
    assert not wrong, "\n".join(wrong)
