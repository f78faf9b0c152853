"""The registry of intent types: what must agree with it, and that a new type is one new file."""

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from app.intent_types import INTENT_TYPES, InvalidIntentType, load_intent_types
from app.workers.intents.handlers import load_handlers
from app.workers.intents.handlers.base import Handler
from app.workers.intents.worker import IntentBridge
from schema.intents import IntentType
from sql.repositories.intents import WAITING_TYPES
from tests.processes import ROOT
from tests.workers.conftest import Workshop

POEM = """
labels = { en = "Poem", ja = "詩" }
description = "a poem is to be written."
duty = "Write the poem."
examples = ["write a poem about leases", "リースについて詩を書いて"]
checked = false
"""
HANDLER = """
from app.workers.intents.handlers.base import Handler, HandlerContext, Outcome
from sql.rows import IntentRow


class PoemHandler(Handler):
    async def handle(self, intent: IntentRow, context: HandlerContext) -> Outcome:
        return Outcome("Roses are red")


HANDLER = PoemHandler
"""


def test_the_web_client_has_the_labels_of_the_registry() -> None:
    generated = (ROOT / "web/src/gql/intentTypes.ts").read_text()
    labels = {
        name.lower(): (en, ja) for name, en, ja in re.findall(r'(\w+): \{ en: "(.*?)", ja: "(.*?)" \}', generated)
    }
    assert labels == {name: (each.labels["en"], each.labels["ja"]) for name, each in INTENT_TYPES.items()}


def test_the_graphql_enum_has_exactly_the_types_of_the_registry() -> None:
    assert {each.value for each in IntentType} == set(INTENT_TYPES)


async def test_the_check_constraint_has_exactly_the_types_of_the_registry(workshop: Workshop) -> None:
    check = await workshop.pool.fetchval(
        "SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'intents_intent_type_check'"
    )
    assert set(re.findall(r"'(\w+)'", check)) == set(INTENT_TYPES)


def test_the_queue_knows_which_types_wait_until_they_are_due() -> None:
    assert {name for name, each in INTENT_TYPES.items() if each.due == "moment"} == WAITING_TYPES


def test_a_type_without_a_handler_module_is_written_by_the_assistant_and_needs_a_duty() -> None:
    for name, handler in load_handlers().items():
        assert handler.intent_type is INTENT_TYPES[name]
        assert type(handler) is not Handler or handler.intent_type.duty


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (POEM.replace("description", "describes"), "poem.toml lacks description"),
        (POEM + 'colour = "red"', "unknown fields: colour"),
        (POEM + 'due = "soon"', "due must be one of"),
        (POEM.replace('ja = "詩"', 'de = "Gedicht"'), "exactly en and ja"),
        (POEM + '[[rules]]\npattern = "("\nconfidence = 0.9', "valid `pattern`"),
    ],
)
def test_an_invalid_file_is_refused_with_its_name_and_field(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "poem.toml").write_text(text)
    with pytest.raises(InvalidIntentType, match=re.escape(message)):
        load_intent_types(tmp_path)


async def process(workshop: Workshop, handlers: dict[str, Handler]) -> str:
    """The result of a poem; the migration that a new type needs is done here."""
    await workshop.pool.execute("ALTER TABLE intents DROP CONSTRAINT intents_intent_type_check")
    services, settings = workshop.services, workshop.services.settings
    intent = await workshop.insert_intent("write a poem about leases", intent_type="poem")
    bridge = IntentBridge(
        services.database, services.bus, workshop.models(), settings, workshop.clock, services.memory, handlers
    )
    async with workshop.running(bridge):
        row = await workshop.until_status("intents", intent, "completed", "failed")
    assert row["error"] is None
    text: str = row["result"]["text"]
    return text


async def test_a_new_type_that_the_assistant_writes_is_one_new_file(workshop: Workshop, tmp_path: Path) -> None:
    (tmp_path / "poem.toml").write_text(POEM)
    workshop.assistant.script("Violets are blue")
    text = await process(workshop, load_handlers({**INTENT_TYPES, **load_intent_types(tmp_path)}))
    assert text == "Violets are blue"
    assert "Write the poem." in workshop.assistant.prompts[0].system


async def test_a_new_type_with_code_of_its_own_needs_only_a_handler_module_more(
    workshop: Workshop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "poem.toml").write_text(POEM)
    (tmp_path / "added_handlers").mkdir()
    (tmp_path / "added_handlers/poem.py").write_text(HANDLER)
    monkeypatch.syspath_prepend(tmp_path)
    handlers = load_handlers(load_intent_types(tmp_path), ("added_handlers",))
    assert await process(workshop, handlers) == "Roses are red"
    assert workshop.assistant.prompts == []
    del sys.modules["added_handlers.poem"]


async def test_a_type_that_needs_confirmation_waits_for_the_user(workshop: Workshop) -> None:
    handlers = {"task": Handler(replace(INTENT_TYPES["task"], confirmation=True))}
    services, settings = workshop.services, workshop.services.settings
    intent = await workshop.insert_intent("write it", intent_type="task")
    bridge = IntentBridge(
        services.database, services.bus, workshop.models(), settings, workshop.clock, services.memory, handlers
    )
    async with workshop.running(bridge):
        await workshop.until_status("intents", intent, "awaiting_confirmation")
