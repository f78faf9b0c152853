"""Decisions and memories: record, supersede, edit, archive and delete."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.fakes.messages_api import Scripted
from tests.journeys.conftest import System, opened
from tests.journeys.test_pages import ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_decision_is_recorded_edited_superseded_and_reopened(shared_system: System, page: Page) -> None:
    await page.goto(f"{shared_system.url}/decisions")
    await page.get_by_role("button", name="Record a decision").click()
    await page.get_by_role("textbox", name="Decision In one sentence").fill("Jobs wait in PostgreSQL")
    await page.get_by_role("textbox", name="Topic").fill("queue")
    for number, option in enumerate(("RabbitMQ", "PostgreSQL", "Kafka"), 1):
        await page.get_by_role("button", name="Add an option").click()
        await page.get_by_role("textbox", name=f"Option {number}", exact=True).fill(option)
    record = page.get_by_role("button", name="Record", exact=True)
    await expect(record).to_be_disabled()  # none of the options is chosen
    await page.get_by_role("radio", name="Choose PostgreSQL").check()
    await page.get_by_role("textbox", name="Why not Kafka?").fill("one more thing to run")
    await page.get_by_role("textbox", name="Reasons").fill("it is *there* already")
    await page.get_by_role("textbox", name="Tags").fill("infra")
    await record.click()
    shown = page.get_by_role("article")
    await expect(shown).to_contain_text("ADR 1")
    await expect(shown).to_contain_text("PostgreSQL (chosen)")
    await expect(shown).to_contain_text("one more thing to run")
    await expect(shown.locator("em")).to_have_text("there")

    await shown.get_by_role("button", name="Edit").click()
    await page.get_by_role("textbox", name="Consequences").fill("no broker to operate")
    await page.get_by_role("button", name="Save").click()
    await expect(shown).to_contain_text("no broker to operate")
    await expect(shown).to_contain_text("Text edited")

    await shown.get_by_role("button", name="Replace").click()
    await page.get_by_role("textbox", name="Decision In one sentence").fill("Jobs wait in Kafka")
    await page.get_by_role("radio", name="Choose Kafka").check()
    dependents = page.get_by_role("group", name="What depends on ADR 1?")
    await expect(dependents).to_contain_text("Nothing is known to depend on it.")
    related = f'[{{kind: "decision", id: "{page.url.rpartition("/")[2]}", text: "ADR 1"}}]'
    work = f'{{description: "Draw the queue", assignee: PERSON, metadata: {{related: {related}}}}}'
    await ask(page, shared_system, f"mutation {{ createIntent(input: {work}) {{ id }} }}")
    await expect(dependents).to_contain_text("This work was prepared with decision 1")
    await dependents.get_by_role("checkbox", name="Draw the queue").focus()
    await page.keyboard.press("Space")
    await record.click()
    await expect(shown).to_contain_text("ADR 2")
    await page.get_by_role("button", name="1 to-do to review was created").click()
    await page.get_by_text("Review “Draw the queue”: decision ADR 1 was replaced by ADR 2").first.click()
    await page.get_by_role("dialog").get_by_role("link", name="ADR 2: Jobs wait in Kafka").click()
    await shown.get_by_role("link", name="ADR 1: Jobs wait in PostgreSQL").click()
    await expect(shown).to_contain_text("Superseded by ADR 2: Jobs wait in Kafka")
    await expect(shown.get_by_role("button", name="Replace", exact=True)).to_have_count(0)
    await expect(shown.get_by_role("button", name="Accept")).to_have_count(0)  # the replacement is undone instead
    await shown.get_by_role("button", name="Undo the replacement").click()
    await expect(shown.get_by_role("button", name="Replace", exact=True)).to_be_visible()

    await page.get_by_role("link", name="Jobs wait in Kafka").first.click()
    await expect(shown.get_by_role("region", name="History")).to_contain_text("The replacement was undone.")
    await shown.get_by_role("button", name="Accept").click()
    reason = page.get_by_role("dialog", name="Accept: ADR 2")
    await reason.get_by_role("textbox").fill("Kafka is there")
    await reason.get_by_role("button", name="Accept").click()
    await expect(page.get_by_text("ADR 1 decides this topic already").first).to_be_visible()
    await reason.get_by_role("button", name="Cancel").click()
    await expect(reason).to_have_count(0)


async def test_edit_of_a_decision_that_was_changed_meanwhile_is_compared_first(
    shared_system: System, page: Page
) -> None:
    record = 'mutation { recordDecision(input: {title: "Releases go out on Mondays", kind: RULE}) { id version } }'
    decision = (await ask(page, shared_system, record))["recordDecision"]
    await page.goto(f"{shared_system.url}/decisions/{decision['id']}")
    await page.get_by_role("button", name="Edit").click()
    await page.get_by_role("textbox", name="Consequences").fill("no release before the weekend")
    other = (
        f'mutation {{ updateDecision(input: {{id: "{decision["id"]}", expectedVersion: {decision["version"]}, '
        'context: "the team is small"}) { id } }'
    )
    await ask(page, shared_system, other)
    conflict = page.get_by_role("alert").filter(has_text="changed while you were writing")
    await expect(conflict).to_contain_text("the team is small")
    await expect(page.get_by_role("button", name="Save")).to_be_disabled()
    await conflict.get_by_role("button", name="Keep mine").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("article")).to_contain_text("no release before the weekend")


@pytest.mark.parametrize(
    ("locale", "goes_on", "cut"),
    [("en-US", "Continue", "The answer was cut off here."), ("ja-JP", "続きを書く", "返信がここで途切れました。")],
)
async def test_reply_that_was_cut_off_is_continued_in_the_same_message(
    shared_system: System, browser: Browser, locale: str, goes_on: str, cut: str
) -> None:
    shared_system.api.script(
        Scripted(pieces=["one two "], stop_reason="max_tokens"), Scripted(pieces=["three four"], continues=True)
    )
    async with opened(browser, locale=locale) as page:
        await page.goto(shared_system.url)
        await page.locator("main textarea").fill("what comes first?")
        await page.keyboard.press("Enter")
        reply = page.get_by_role("log").get_by_role("article")
        await expect(reply.get_by_role("alert")).to_contain_text(cut)
        await reply.get_by_role("button", name=goes_on).click()
        await expect(reply.locator(".prose-reply")).to_have_text("one two three four")
        await expect(reply.get_by_role("alert")).to_have_count(0)
        await expect(reply).to_have_count(1)


async def test_memory_is_created_found_by_meaning_edited_archived_and_deleted(
    shared_system: System, page: Page
) -> None:
    await page.goto(f"{shared_system.url}/memory")
    await page.get_by_role("button", name="Remember").click()
    form = page.get_by_role("dialog", name="Remember")
    await form.get_by_label("What is to be remembered?").fill("The cat is called Tama")
    await form.get_by_label("Tags").fill("home, cat")
    await form.get_by_role("button", name="Save").click()
    await ask(page, shared_system, 'mutation { saveMemory(input: {content: "The train leaves at nine"}) { id } }')
    memories = page.get_by_role("listitem").filter(has=page.get_by_role("checkbox"))
    await expect(memories).to_have_count(2)
    await expect(page.get_by_role("figure", name="Importance over time, if nothing is recalled")).to_be_visible()

    await page.get_by_role("searchbox", name="Search by meaning").fill("what is the cat called?")
    await expect(memories.first).to_contain_text("Tama")
    await page.get_by_role("searchbox", name="Search by meaning").fill("")
    card = memories.filter(has_text="The cat")
    await card.get_by_role("button", name="Edit").click()
    changing = page.get_by_role("dialog", name="Edit the memory")
    await changing.get_by_label("What is to be remembered?").fill("The cat is called Mike")
    await changing.get_by_role("button", name="Save").click()
    await expect(card).to_contain_text("Mike")
    await expect(card.get_by_role("listitem")).to_have_text(["home", "cat"])

    await card.get_by_role("button", name="Archive").click()
    await expect(card).to_have_count(0)
    await page.get_by_role("checkbox", name="Archived too").check()
    await card.get_by_role("button", name="Delete").click()
    await expect(card).to_have_count(0)
    await page.reload()
    await page.get_by_role("checkbox", name="Archived too").check()
    await expect(memories).to_have_count(1)


RECORDS = """
mutation {
  sendMessage(input: {content: "what goes into a bin?"}) { message { id conversation { id } } }
  createIntent(input: {description: "sort the bins", assignee: PERSON}) { id }
  saveSpecification(input: {title: "Bins", content: "one"}) { id }
  recordDecision(input: {title: "Bins are green", topic: "bins", kind: RULE}) { id number }
  saveMemory(input: {content: "The bins stand outside"}) { id }
}
"""


async def test_each_kind_of_record_is_deleted_and_brought_back_in_both_languages(
    shared_system: System, page: Page, browser: Browser
) -> None:
    url = shared_system.url
    made = await ask(page, shared_system, RECORDS)
    ids = {
        "m": made["sendMessage"]["message"]["id"],
        "c": made["sendMessage"]["message"]["conversation"]["id"],
        "i": made["createIntent"]["id"],
        "s": made["saveSpecification"]["id"],
        "d": made["recordDecision"]["id"],
        "r": made["saveMemory"]["id"],
    }
    again = f'saveSpecification(input: {{id: "{ids["s"]}", title: "Bins", content: "two"}}) {{ id }}'
    await ask(page, shared_system, f"mutation {{ {again} }}")
    await page.goto(f"{url}/specifications/{ids['s']}")
    await page.get_by_role("tab", name="Revisions").click()
    await page.get_by_role("button", name="Version 1").click()
    await page.get_by_role("button", name="Restore this version").click()
    await expect(page.get_by_role("button", name="Version 3")).to_be_visible()

    opened_pages = {
        "specifications": (ids["s"], "Bins"),
        "decisions": (ids["d"], "Bins are green"),
        "intents": (ids["i"], "sort the bins"),
        "memory": (ids["r"], "The bins stand outside"),
    }
    for path, (record, name) in opened_pages.items():
        await page.goto(f"{url}/{path}/{record}")
        place = page.get_by_role("listitem").filter(has_text=name) if path == "memory" else page
        await place.get_by_role("button", name="Delete", exact=True).last.click()
        await expect(page.get_by_role("main").get_by_text(name, exact=True)).to_have_count(0)
        await page.get_by_role("button", name="Undo").click()
        await expect(page.get_by_role("main").get_by_text(name, exact=True).first).to_be_visible()

    async with opened(browser, locale="ja-JP") as japanese:
        await japanese.goto(f"{url}/trash")
        await expect(japanese.get_by_text("30日間")).to_be_visible()
        await expect(japanese.get_by_role("status", name="読み込み中")).to_have_count(0)
        kinds = {"m": "Message", "c": "Conversation", "i": "Intent", "s": "Specification", "d": "Decision"}
        kinds["r"] = "Memory"
        deletions = " ".join(f'delete{kind}(id: "{ids[each]}")' for each, kind in kinds.items())
        await ask(page, shared_system, f"mutation {{ {deletions} }}")
        rows = japanese.get_by_role("main").get_by_role("listitem")
        await expect(rows.first).to_contain_text("The bins stand outside")
        await expect(rows.first).to_contain_text("自分で削除")
        decision = f"ADR {made['recordDecision']['number']}: Bins are green"
        for name in ("what goes into a bin?", "sort the bins", "Bins", decision, "The bins stand outside"):
            button = japanese.get_by_role("button", name=f"「{name}」を元に戻す", exact=True)
            await button.last.click()  # of the message, which brings its conversation
            await expect(button).to_have_count(0)
    await page.goto(f"{url}/c/{ids['c']}")
    await expect(page.get_by_role("log").get_by_text("You said: what goes into a bin?")).to_be_visible()
