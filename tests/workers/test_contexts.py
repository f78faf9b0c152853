"""What replies and intents are given is kept, served, and counted as use of the memories in it."""

from sql.repositories.contexts import find_contexts
from tests.workers.conftest import Workshop


async def test_a_reply_is_given_what_was_remembered_and_keeps_what_it_was_given(workshop: Workshop) -> None:
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


async def test_an_intent_is_given_what_was_said_and_not_the_message_that_it_came_from(workshop: Workshop) -> None:
    await workshop.say("The store is PostgreSQL", announce=False)
    async with workshop.bridge("intent"):
        intent = await workshop.wish("Which store is it, PostgreSQL or MySQL?", intent_type="question")
        await workshop.until_status("intents", intent, "completed")
    [prompt] = workshop.assistant.prompts
    assert [found.text for found in prompt.recollections] == ["The store is PostgreSQL"]
    assert prompt.purpose == "work"
    async with workshop.services.database.connection() as connection:
        [(_, context)] = await find_contexts(connection, "ann", [intent])
    assert [item.layer for item in context.items] == ["system", "semantic", "user"]


async def test_a_reply_of_no_model_is_not_found_again(workshop: Workshop) -> None:
    workshop.assistant.model = None  # type: ignore[assignment]
    async with workshop.bridge("message"):
        first = await workshop.say("The release is on Friday")
        await workshop.until_status("messages", first, "complete")
    assert await workshop.pool.fetchval("SELECT count(*) FROM search_entries WHERE subject_id = $1", first) == 0
