"""The context of replies and intents is stored, served, and counts as use of its memories."""

from zoneinfo import ZoneInfo

from app.models.in_use import ModelInUse
from app.workers.replies.context import ContextPreview
from app.workers.replies.state import read_state
from sql.repositories.contexts import find_contexts
from sql.repositories.decisions import NewDecision, insert_decision
from sql.repositories.projects import get_default_project
from tests.decided import decide_with
from tests.models.conftest import settings_for
from tests.workers.conftest import Workshop


async def test_a_reply_gets_memories_and_its_context_is_stored(workshop: Workshop) -> None:
    memory = await workshop.pool.fetchval(
        "INSERT INTO memories (user_id, content, kind) VALUES ('ann', 'The release is on Friday', 'longterm') "
        "RETURNING id"
    )
    async with workshop.bridge("message"):
        reply = await workshop.say("When is the release?")
        await workshop.until_status("messages", reply, "complete")
    [prompt] = workshop.assistant.prompts
    assert [found.text for found in prompt.recollections] == ["The release is on Friday"]
    async with workshop.services.database.connection() as connection:
        [(_, context)] = await find_contexts(connection, "ann", [reply])
    assert [item.layer for item in context.items] == ["system", "semantic", "user"]
    assert context.of("semantic")[0].source_id == memory
    used = await workshop.pool.fetchrow("SELECT access_count, last_accessed_at FROM memories")
    assert used is not None
    assert used["access_count"] == 1
    assert used["last_accessed_at"] is not None


async def test_an_intent_gets_earlier_messages_but_not_its_source_message(workshop: Workshop) -> None:
    await workshop.say("The store is PostgreSQL", announce=False)
    async with workshop.bridge("intent"):
        intent = await workshop.insert_intent("Which store is it, PostgreSQL or MySQL?", intent_type="question")
        await workshop.until_status("intents", intent, "completed")
    [prompt] = workshop.assistant.prompts
    assert [found.text for found in prompt.recollections] == ["The store is PostgreSQL"]
    assert prompt.purpose == "work"
    async with workshop.services.database.connection() as connection:
        [(_, context)] = await find_contexts(connection, "ann", [intent])
    assert [item.layer for item in context.items] == ["system", "semantic", "user"]


async def test_a_preview_is_what_the_reply_is_given(workshop: Workshop) -> None:
    await workshop.insert_intent("call the auditors", intent_type="task", assignee="person")
    decided = NewDecision("ann", "Use PostgreSQL", "database", "database", author="ann", actor="ann", kind="rule")
    async with workshop.services.database.transaction() as connection:
        await insert_decision(connection, decided)
    services, content = workshop.services, "What is open?"
    settings = settings_for("http://localhost", server_timezone="Asia/Tokyo")
    preview = ContextPreview(services.database, services.memory.assembler, workshop.clock, ModelInUse(settings))
    shown = (await preview.preview("ann", None, None, content)).of("system")[0].text
    assert "call the auditors" in shown
    assert "Use PostgreSQL" in shown
    async with workshop.bridge("message"):
        await workshop.until_status("messages", await workshop.say(content), "complete")
    assert workshop.assistant.prompts[0].system == shown


async def test_an_offline_reply_is_not_used_as_context(workshop: Workshop) -> None:
    workshop.assistant.model = None  # type: ignore[assignment]
    async with workshop.bridge("message"):
        first = await workshop.say("The release is on Friday")
        await workshop.until_status("messages", first, "complete")
    assert await workshop.pool.fetchval("SELECT count(*) FROM search_entries WHERE subject_id = $1", first) == 0


async def test_the_state_lists_the_decisions_and_the_open_work_of_the_project(workshop: Workshop) -> None:
    pool, database = workshop.pool, workshop.services.database
    other = await pool.fetchval("INSERT INTO projects (user_id, name, slug) VALUES ('ann', 'x', 'x') RETURNING id")
    await decide_with(database, "Cache: Redis", "Redis")
    await decide_with(database, "Queue: NATS", "NATS", project_id=other)
    async with database.connection() as connection:
        default_project = (await get_default_project(connection, "ann")).id
        await workshop.insert_intent("call the auditors", intent_type="task", assignee="person")
        there = await read_state(connection, "ann", other, ZoneInfo("UTC"))
        default = await read_state(connection, "ann", default_project, ZoneInfo("UTC"))
    assert [each in there for each in ("Redis", "NATS", "auditors")] == [False, True, False]
    assert [each in default for each in ("Redis", "NATS", "auditors")] == [True, False, True]
