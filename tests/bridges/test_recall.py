"""What bridges find in the user's memory."""

from uuid import UUID

from app.memory.recall import recall

from tests.bridges.conftest import Workshop

LATEST = UUID(int=2**128 - 1)


async def found(workshop: Workshop, text: str, *, before: UUID = LATEST, user: str = "ann") -> list[str]:
    async with workshop.services.database.connection() as connection:
        return [each.text for each in await recall(connection, user, text, before=before)]


async def test_what_shares_most_words_comes_first_and_at_most_five_come(workshop: Workshop) -> None:
    for number in range(7):
        await workshop.say(f"the database holds row {number}")
    await workshop.say("the database restarts at midnight")
    texts = await found(workshop, "when does the database restart at midnight?")
    assert texts[0] == "the database restarts at midnight"
    assert texts[1:] == [f"the database holds row {number}" for number in (6, 5, 4, 3)]


async def test_a_word_inside_another_is_not_that_word(workshop: Workshop) -> None:
    await workshop.say("we went async last year")
    assert await found(workshop, "sync") == []


async def test_japanese_is_found_by_pairs_of_kanji(workshop: Workshop) -> None:
    await workshop.say("認証機能はOAuthで作ることに決めた")
    await workshop.say("昼食はうどん")
    assert await found(workshop, "認証機能の設計は?") == ["認証機能はOAuthで作ることに決めた"]


async def test_neither_the_message_itself_nor_what_follows_nor_replies_nor_other_users_are_recalled(
    workshop: Workshop,
) -> None:
    await workshop.pool.execute("INSERT INTO users VALUES ('bob', 'Bob', 'member')")
    reply = await workshop.say("deploy on Fridays")
    await workshop.pool.execute("UPDATE messages SET content = 'deploy on Fridays, I heard' WHERE id = $1", reply)
    asked = (await workshop.row("messages", reply))["reply_to"]
    await workshop.say("deploy on Fridays, really")
    assert await found(workshop, "deploy on Fridays", before=asked) == []
    assert await found(workshop, "deploy on Fridays", user="bob") == []
    assert set(await found(workshop, "deploy on Fridays")) == {"deploy on Fridays", "deploy on Fridays, really"}


async def test_what_was_to_be_remembered_reaches_the_next_prompt_and_is_not_said_twice(workshop: Workshop) -> None:
    first = await workshop.say("Remember that the release is on Friday")
    async with workshop.bridge("message"), workshop.bridge("intent"):
        await workshop.until_status("messages", first, "complete")
        kept = await workshop.until(lambda: workshop.pool.fetchrow("SELECT * FROM intents WHERE status = 'completed'"))
        second = await workshop.say("When is the release?")
        await workshop.until_status("messages", second, "complete")
    assert "release is on Friday" in kept["metadata"]["remembered"]
    recalled = workshop.assistant.prompts[-1].recollections
    assert recalled
    assert len({each.text for each in recalled}) == len(recalled)
    assert all("release" in each.text for each in recalled)
