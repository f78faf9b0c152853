"""The handlers without a bridge."""

from dataclasses import fields
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from app.intent_types import INTENT_TYPES
from app.models.ports import AssistantError, Prompt, Recollection, Turn
from app.workers.intents.handlers import load_handlers
from app.workers.intents.handlers.base import CannotHandle, HandlerContext
from sql.rows import IntentRow
from tests.fakes.assistant import ScriptedAssistant

NOW = datetime(2026, 3, 4, 9, 0, tzinfo=UTC)
HANDLERS = load_handlers()
UNUSED: Any = None


def intent(kind: str, description: str, due_at: datetime | None = None) -> IntentRow:
    values: dict[str, Any] = dict.fromkeys(field.name for field in fields(IntentRow)) | {
        "id": UUID(int=1), "user_id": "ann", "description": description, "intent_type": kind, "status": "processing",
        "priority": 0, "metadata": {}, "version": 2, "attempts": 1, "max_attempts": 5, "due_at": due_at,
        "created_at": NOW, "updated_at": NOW,
    }  # fmt: skip
    return IntentRow(**values)


class Workbench:
    """A handler context, and the progress that was reported."""

    def __init__(self) -> None:
        self.assistant = ScriptedAssistant()
        self.reported: list[float] = []
        self.context = HandlerContext(
            self.assistant,
            NOW,
            self._prompt,
            self._report,
            lambda: None,
            claim=UNUSED,
            database=UNUSED,
            settings=UNUSED,
            specifications=UNUSED,
        )

    async def _prompt(self, system: str) -> Prompt:
        records = [Recollection("message", "1", NOW, "we use PostgreSQL")]
        return Prompt(system, [Turn("user", "describe the store")], records, purpose="work")

    async def _report(self, progress: float) -> None:
        self.reported.append(progress)


def test_every_type_of_intent_has_one_handler() -> None:
    assert set(HANDLERS) == set(INTENT_TYPES)


@pytest.mark.parametrize("kind", ["question", "task"])
async def test_the_assistant_writes_with_the_context_of_the_intent(kind: str) -> None:
    bench = Workbench()
    bench.assistant.script("# Result\n", "done\x00")
    outcome = await HANDLERS[kind].handle(intent(kind, "describe the store"), bench.context)
    [prompt] = bench.assistant.prompts
    assert outcome.text == "# Result\ndone\ufffd"
    assert (outcome.model, outcome.usage["output_tokens"]) == ("scripted-1", 2)
    assert kind in prompt.system
    assert [each.text for each in prompt.recollections] == ["we use PostgreSQL"]
    assert [each.subject_id for each in outcome.context] == ["1"]


async def test_progress_grows_with_the_text_and_is_not_reported_for_each_piece() -> None:
    bench = Workbench()
    bench.assistant.script(*["ten chars "] * 1000)
    await HANDLERS["task"].handle(intent("task", "write much"), bench.context)
    assert bench.reported[0] == 0.1
    assert bench.reported == sorted(set(bench.reported))
    assert len(bench.reported) < 12
    assert bench.reported[-1] < 1


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Remember that we deploy on Fridays", "we deploy on Fridays"),
        ("please note: the key is in the safe", "the key is in the safe"),
        ("リリースは金曜だと覚えておいてください。", "リリースは金曜"),
        ("覚えておいて: 認証はOAuth", "認証はOAuth"),
        ("The office is in Osaka", "The office is in Osaka"),
    ],
)
async def test_remember_stores_the_statement_without_the_request_phrase(said: str, kept: str) -> None:
    outcome = await HANDLERS["remember"].handle(intent("remember", said), Workbench().context)
    assert outcome.metadata == {"remembered": kept}
    assert kept in outcome.text


async def test_a_reminder_returns_its_text_and_one_without_a_time_is_refused() -> None:
    outcome = await HANDLERS["reminder"].handle(intent("reminder", "stand up", NOW), Workbench().context)
    assert outcome.text == "stand up"
    with pytest.raises(CannotHandle, match="reminder_time_missing"):
        await HANDLERS["reminder"].handle(intent("reminder", "stand up"), Workbench().context)
    missing = HANDLERS["reminder"].missing(intent("reminder", "stand up"))
    assert missing is not None
    assert missing.key == "intent.reminder_time_missing"
    assert HANDLERS["reminder"].missing(intent("reminder", "stand up", NOW)) is None


async def test_a_failure_of_the_assistant_is_raised_to_the_bridge() -> None:
    bench = Workbench()
    bench.assistant.script("half", AssistantError("model.overloaded", retryable=True))
    with pytest.raises(AssistantError, match="overloaded"):
        await HANDLERS["task"].handle(intent("task", "write it"), bench.context)
