"""Dialogues with the scripted Messages API: what a reply does, says and how it ends, from dialogues.json.

A dialogue has the message, the answers of the model (text, calls of tools, faults), and the expected actions, text and
status. "$name" in the arguments of a call is the id of an intent in `intents`, which exists before.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.fakes.messages_api import MessagesApi
from tests.workers.acting.scripts import to_scripted
from tests.workers.conftest import Workshop

FAR = datetime(2099, 1, 1, tzinfo=UTC)
DIALOGUES: list[dict[str, Any]] = json.loads(Path(__file__).with_name("dialogues.json").read_text("utf-8"))


async def problems_of(workshop: Workshop, api: MessagesApi, dialogue: dict[str, Any]) -> list[str]:
    """What differs from the expectation."""
    ids = {
        name: await workshop.insert_intent(description, intent_type="reminder", next_attempt_at=FAR, due_at=FAR)
        for name, description in dialogue.get("intents", {}).items()
    }
    api.script(*(to_scripted(answer, ids) for answer in dialogue["answers"]))
    reply = await workshop.say(dialogue["said"])
    row = await workshop.until_status("messages", reply, "complete", "failed", "stopped")
    actions = await workshop.pool.fetch(
        "SELECT tool, status FROM actions WHERE message_id = $1 ORDER BY id", row["reply_to"]
    )
    found = {
        "actions": [[action["tool"], action["status"]] for action in actions],
        "reply": row["content"],
        "status": row["status"],
        "key": row["error_key"],
    }
    wanted = {"actions": [], "status": "complete", "key": None} | {n: dialogue[n] for n in found if n in dialogue}
    api.reset()
    return [f"{name}: {found[name]!r}, not {value!r}" for name, value in wanted.items() if found[name] != value]


@pytest.mark.parametrize("half", [0, 1])
async def test_each_dialogue_has_its_actions_its_text_and_its_end(
    workshop: Workshop, api: MessagesApi, half: int
) -> None:
    wrong: list[str] = []
    async with workshop.bridge("message"):
        for dialogue in DIALOGUES[half::2]:
            wrong += [f"{dialogue['name']}: {each}" for each in await problems_of(workshop, api, dialogue)]
    assert wrong == []
